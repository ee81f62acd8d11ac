"""What is small, what is old."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of upkeep.

    Attributes:
        keep_snapshots: How long a snapshot can be travelled to. A run that is repeated later
            than this finds its own commits no more, and signals nothing.
        keep_last: So many newest snapshots stay whatever their age. More than the newest hold what
            compaction has written anew, of a table that nothing is written to, for ever.
        keep_orphans: How old a file must be before it counts as left behind. Longer than any
            task runs: a writer's files are orphans until it commits.
        keep_raw: How long WARC files stay, counted from the day their run worked for, or from when
            they were written where that is later; ``None`` is for ever. They stay no shorter than
            ``keep_orphans``.
        drop_pointed: Whether an old WARC file goes even if rows still point into it.
        small: A data file of fewer bytes is small.
        target: Small files of a partition are put together up to so many bytes; a file takes
            several times as many in memory.
    """

    keep_snapshots: dt.timedelta = dt.timedelta(days=30)
    keep_last: int = 1
    keep_orphans: dt.timedelta = dt.timedelta(days=3)
    keep_raw: dt.timedelta | None = None
    drop_pointed: bool = False
    small: int = 8 * MB
    target: int = 16 * MB
