"""Three paragraphs of a story, long enough to be one."""

from __future__ import annotations

FIRST = (
    "The bridge over the river opened again on Sunday after eleven weeks of work on its piers, "
    "the harbour office said, and the first ferries of the season passed below it."
)
SECOND = (
    "Engineers had found cracks in two of the piers in December, which divers filled with a "
    "cement that hardens under water, at a cost that the town will share with the province."
)
THIRD = (
    "Lorries will use the road around the lake until the end of the month, because the last of "
    "the tests, with a train of forty wagons, is planned for the night of the twenty-eighth."
)
