"""The check stage beside Great Expectations alone: processor time and memory, imports included.

Each is a process of its own, for importing is most of it:

* ``alone`` imports Great Expectations and has it judge one column of 2,000 rows;
* ``put`` stages a day of so many stories in a bucket, as discover and read would leave it;
* ``check`` is the step ``check`` of that day, and nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "include"), str(ROOT / "tests"), str(ROOT / "benchmarks")]

if TYPE_CHECKING:
    from newsdesk.steps import Desk

SHARD = 250
"""Stories of a staged file: a run has at most 8 shards for 2,000."""
BODY = 5_000
RUN = "nightly"
TIMES = 3
"""So often the two are timed, in turns, but for the largest day; the least counts, for other work
on the machine adds."""


@dataclass(frozen=True)
class Judged:
    """What a process took: seconds of the processor, bytes of memory at its peak."""

    seconds: float
    memory: int


def measure(folder: Path, counts: tuple[int, ...]) -> tuple[Judged, dict[int, Judged]]:
    """Great Expectations alone, and the check stage for so many stories."""
    from contracts.environment import environment_of
    from newsdesk.embedded import SeaweedFS
    from newsdesk.settings import Settings

    lone, checks = [], {}
    with SeaweedFS(folder / "seaweedfs") as server:
        for count in counts:
            times = 1 if count == max(counts) else TIMES
            tries = []
            for number in range(times):
                env = f"bench{count}-{number}"
                settings = environment_of(
                    Settings(
                        bucket=server.bucket,
                        catalog_uri=f"sqlite:///{folder / f'{env}.db'}",
                        server=server.server,
                        env=env,
                        contact="https://newsdesk.example/benchmarks",
                    )
                )
                _child("put", settings, count)
                tries.append(_child("check", settings, count))
                lone.append(_child("alone", {}, 0))
            checks[count] = min(tries, key=lambda one: one.seconds)
    return min(lone, key=lambda one: one.seconds), checks


def alone() -> None:
    import great_expectations as gx
    import pandas as pd

    frame = pd.DataFrame({"headline": [f"Story {n}" for n in range(2_000)]})
    context = gx.get_context(mode="ephemeral")
    batch = (
        context.data_sources.add_pandas("bench")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    assert batch.validate(gx.expectations.ExpectColumnValuesToNotBeNull(column="headline")).success


def put(settings: Mapping[str, str], count: int) -> None:
    from contracts.newsroom import DAY, capture_of, link_to, story
    from contracts.press import at
    from newsdesk import records
    from newsdesk.article import Discovery, Run, ShardReading
    from newsdesk.steps import Plan
    from newsdesk.steps.outline import Asked, Outline
    from newsdesk.steps.reading import stage
    from newsdesk.tables import TABLES

    desk, links = _desk(settings), []
    warehouse = desk.open_warehouse()
    for name in TABLES:
        warehouse.table(name)  # the first run of all also makes the tables
    warehouse.close()
    run = Run(DAY, RUN, at(24))
    for shard, first in enumerate(range(0, count, SHARD)):
        text = "The ferry left the harbour before dawn, and nobody said why. " * (BODY // 60)
        numbers = range(first, min(first + SHARD, count))
        articles = [story(n, text=f"{text} {n}") for n in numbers]
        mine = [link_to(one) for one in articles]
        captures = [capture_of(one, link) for one, link in zip(articles, mine, strict=True)]
        file = stage(desk, DAY, RUN, articles, captures)
        found = ShardReading(shard, file, (), tuple(captures))
        desk.store.put(desk.layout.reading(DAY, RUN, shard), records.pack(found))
        links.append(tuple(mine))
    every = tuple(link for part in links for link in part)
    plan = Plan(run, (Discovery("harbour_post", DAY, "looks", every),), (), tuple(links))
    desk.store.put(desk.layout.discovered(DAY, RUN), records.pack(plan))
    outline = Outline(run, (Asked("harbour_post", DAY),), len(links))
    desk.store.put(desk.layout.outline(DAY, RUN), records.pack(outline))


def check(settings: Mapping[str, str], count: int) -> None:
    import datetime as dt

    from newsdesk import steps

    done = steps.check(_desk(settings), dt.date(2026, 1, 15), RUN)
    assert (done["rows"], done["rejected"]) == (count, 0), done


def _desk(settings: Mapping[str, str]) -> Desk:
    import datetime as dt

    from newsdesk.connections import open_store, open_warehouse
    from newsdesk.layout import Layout
    from newsdesk.settings import Settings
    from newsdesk.sources import Discover, Source
    from newsdesk.steps import Desk

    source = Source(
        name="harbour_post",
        title="The Harbour Post",
        home="https://harbour-post.example/",
        domains=("harbour-post.example",),
        language="en",
        discover=Discover(),
    )
    known = Settings.from_environment(settings)
    return Desk(
        store=open_store(known),
        layout=Layout(known.env),
        sources={source.name: source},
        user_agent=lambda: "newsdesk-benchmarks",
        open_warehouse=lambda: open_warehouse(known),
        now=lambda: dt.datetime(2026, 1, 16, 1, tzinfo=dt.UTC),
    )


def _child(what: str, settings: Mapping[str, str], count: int) -> Judged:
    told = subprocess.run(
        [sys.executable, __file__, what, json.dumps(settings), str(count)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a bar of progress
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    return Judged(**json.loads(told.stdout.splitlines()[-1]))


def _main() -> None:
    what, settings, count = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    steps: dict[str, Any] = {"put": put, "check": check}
    alone() if what == "alone" else steps[what](settings, count)
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Not ru_maxrss: a child inherits there what its parent had when it was forked.
    status = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    print(json.dumps(asdict(Judged(used.ru_utime + used.ru_stime, peak))))


if __name__ == "__main__":
    _main()
