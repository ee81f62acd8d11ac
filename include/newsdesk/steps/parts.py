"""Parts: a WARC file and the record beside it of what became of each link."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from newsdesk import __version__, records
from newsdesk.article import Capture, CaptureRef, Response, RobotsRecord
from newsdesk.fetch.hostfile import RobotsAnswer
from newsdesk.landing import Same, WarcWriter
from newsdesk.steps.desk import Desk

PART_BYTES = 32_000_000
"""A WARC file is closed before it grows beyond this size: most shards make one, and a task that is
killed loses no more than this."""


@dataclass(frozen=True, slots=True)
class CapturePart:
    """What became of some links: the record beside one WARC file."""

    captures: tuple[Capture, ...]
    robots: tuple[RobotsRecord, ...] = ()


class Part:
    """One part being filled: pages, then their record.

    Args:
        desk: The desk.
        day: The run's day.
        run_id: The run.
        shard: The shard.
        number: The number it would like to have.
    """

    def __init__(self, desk: Desk, day: dt.date, run_id: str, shard: int, number: int) -> None:
        self._desk = desk
        self._place = (day, run_id, shard)
        self.number = number
        self._writer = WarcWriter(
            desk.layout.raw(*self._place, number),
            software=f"newsdesk/{__version__}",
            info={"format": "WARC file version 1.1", "isPartOf": f"newsdesk run {day}"},
        )
        self._captures: list[Capture] = []
        self._robots: list[RobotsRecord] = []

    @property
    def day(self) -> dt.date:
        """The run's day."""
        return self._place[0]

    @property
    def empty(self) -> bool:
        """Whether no link's fate is in it."""
        return not self._captures

    def has_room(self, size: int) -> bool:
        """Whether a body of some bytes still fits; the first one of a part always does."""
        return self.empty or self._writer.size + size < PART_BYTES

    def land(self, response: Response, same: Same | None) -> CaptureRef:
        """Takes in a response; of one that adds nothing to an earlier capture the header alone."""
        if same is not None:
            return self._writer.add_revisit(response, same)
        return self._writer.add(response, archive_url=response.archive_url)

    def note(self, capture: Capture) -> None:
        """Takes in what became of a link."""
        self._captures.append(capture)

    def note_robots(self, answer: RobotsAnswer) -> None:
        """Takes in how asking a host for its rules went, with the answer."""
        ref = self._writer.add(answer.response) if answer.response else None
        self._robots.append(robots_record(answer, ref))

    def closed(self) -> Part:
        """Writes the part: first the pages, then the record that makes them known.

        Two tries at once may want the same part: the one whose WARC stands there first has it,
        the other moves on to the next number.

        Returns:
            The next part, empty.
        """
        store, layout = self._desk.store, self._desk.layout
        number = self.number
        while not store.upload_if_absent(
            layout.raw(*self._place, number), self._writer.file, content_type="application/warc"
        ):
            number += 1
        wanted = layout.raw(*self._place, self.number)
        key = layout.raw(*self._place, number)
        part = CapturePart(
            tuple(replace(one, ref=_moved(one.ref, wanted, key)) for one in self._captures),
            tuple(replace(one, ref=_moved(one.ref, wanted, key)) for one in self._robots),
        )
        store.put_if_absent(layout.capture_part(*self._place, number), records.pack(part))
        return Part(self._desk, *self._place, number + 1)


def robots_record(answer: RobotsAnswer, ref: CaptureRef | None = None) -> RobotsRecord:
    """The record of how asking a host for its rules went.

    Args:
        answer: How it went.
        ref: Where the answer is landed, if it is.
    """
    status = answer.response.status if answer.response else None
    return RobotsRecord(answer.url, answer.at, status, answer.problem, ref)


def _moved(ref: CaptureRef | None, wanted: str, key: str) -> CaptureRef | None:
    """The reference, in the file that the part became; what was landed before stays where it is."""
    return replace(ref, key=key) if ref is not None and ref.key == wanted else ref
