"""The stations of the walk from a shell: ``python -m newsdesk …``, or just ``newsdesk …``.

Exit status: 0 good, 1 the answer is bad (a page was rejected, a source is malformed), 2 usage or
environment. Errors are one line on stderr that names the subject.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from newsdesk import YEARS, __version__
from newsdesk.errors import NewsdeskError, SourceError

if TYPE_CHECKING:
    from rich.console import Console

    from newsdesk.settings import Settings
    from newsdesk.sources import Source

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, BAD, USAGE = 0, 1, 2

_WHERE = ("NEWSDESK_S3_BUCKET", "NEWSDESK_S3_ENDPOINT", "NEWSDESK_CATALOG_URI", "NEWSDESK_ENV")
"""Who sets one of these does not mean the local house."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives its exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except NewsdeskError as error:
        print(f"newsdesk: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        print("newsdesk: stopped", file=sys.stderr)
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newsdesk", description="Newspapers as tables a data team can trust."
    )
    parser.add_argument("--version", action="version", version=f"newsdesk {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(
        name: str, help_: str, example: str, under: Subparsers = commands
    ) -> argparse.ArgumentParser:
        return under.add_parser(
            name,
            help=help_,
            description=help_[0].upper() + help_[1:] + ".",
            epilog=f"example:\n  newsdesk {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    read = command(
        "read",
        "read saved pages and print what they say",
        "read page.html --url https://www.dailysabah.com/world/asia-pacific/a-story",
    )
    read.add_argument("page", nargs="?", type=Path, metavar="PAGE.html", help="a saved page")
    read.add_argument("--url", help="the page's address")
    read.add_argument("--at", type=_moment, metavar="TIME", help="when it was captured: ISO 8601")
    read.add_argument("--explain", action="store_true", help="add every candidate of every field")
    read.add_argument("--batch", type=Path, metavar="IN.jsonl", help="lines of id, url, path, at")
    read.add_argument("--out", type=Path, metavar="OUT.jsonl", help="where the answers go")
    read.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default 1)")
    read.set_defaults(run=_read, parser=read)

    sources = command("sources", "look after the papers' files", "sources check daily_sabah")
    actions = sources.add_subparsers(metavar="ACTION", required=True)
    check = command(
        "check", "check one paper's file, or all of them", "sources check daily_sabah", actions
    )
    check.add_argument("name", nargs="?", metavar="NAME", help="a paper, or a path to a file")
    check.set_defaults(run=_check_sources)
    add = command(
        "add",
        "find a paper's feeds, read a few stories and write its file",
        "sources add https://www.dailysabah.com/ --time-zone Europe/Istanbul",
        actions,
    )
    add.add_argument("home", metavar="URL", help="address of its front page")
    add.add_argument("--name", help="name of the paper; made of its host when left out")
    add.add_argument(
        "--time-zone", default="UTC", metavar="ZONE", help="IANA zone of times printed without one"
    )
    add.add_argument(
        "--folder",
        type=Path,
        help="where the file goes: the last folder of NEWSDESK_SOURCES, else ./sources",
    )
    add.add_argument("--via", metavar="URL", help="an address that stands in for the paper's hosts")
    add.set_defaults(run=_add_source, parser=add)

    plan = command(
        "plan",
        "say which strategy serves each day, and what it costs",
        "plan --from 2026-01-01 --to 2026-01-31 --source daily_sabah",
    )
    _take_range(plan)
    plan.add_argument("--source", action="append", default=[], metavar="NAME", help="a paper")
    plan.add_argument("--json", action="store_true", help="one JSON object a line")
    plan.set_defaults(run=_plan)

    status = command(
        "status",
        "how complete each day of each paper is",
        "status --from 2026-01-01 --to 2026-01-31",
    )
    status.add_argument("--from", dest="first", type=_day, metavar="DAY", help="first day")
    status.add_argument("--to", dest="last", type=_day, metavar="DAY", help="last day, inclusive")
    status.add_argument("--json", action="store_true", help="one JSON object a line")
    status.set_defaults(run=_status)

    query = command(
        "query",
        "ask the published tables with SQL (DuckDB)",
        'query "select source, count(*) from news.articles group by 1"',
    )
    query.add_argument("sql", metavar="SQL")
    query.add_argument(
        "--as-of", type=_moment, metavar="TIME", help="what was known then: ISO 8601 (UTC)"
    )
    form = query.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", dest="form", const="json", help="JSON lines")
    form.add_argument("--csv", action="store_const", dest="form", const="csv", help="CSV")
    query.set_defaults(run=_query, form="table")

    revisions = command(
        "revisions",
        "show every version of a story, and what differs between them",
        "revisions https://www.dailysabah.com/world/asia-pacific/a-story",
    )
    revisions.add_argument("story", metavar="URL|ARTICLE_ID", help="an address, or 32 hex digits")
    revisions.add_argument("--json", action="store_true", help="one JSON object a version")
    revisions.set_defaults(run=_revisions)

    release = command(
        "release",
        "publish a day that its checks have blocked, with who says so and why",
        'release 2026-01-15 --source daily_sabah --reason "a public holiday"',
    )
    release.add_argument("day", type=_day, metavar="DAY", help="the published day, UTC")
    release.add_argument("--source", metavar="NAME", help="a paper; else every one that waits")
    release.add_argument("--reason", type=_text, required=True, metavar="TEXT", help="why")
    _take_name(release)
    release.set_defaults(run=_release)

    erase = command(
        "erase",
        "take stories out of every table, snapshot, file and WARC, for good, and keep them out",
        'erase https://www.dailysabah.com/world/asia-pacific/a-story --reason "request 42"',
    )
    erase.add_argument(
        "stories", nargs="+", metavar="URL|ARTICLE_ID", help="addresses, or 32 hex digits"
    )
    erase.add_argument(
        "--reason", type=_text, required=True, metavar="TEXT", help="why; it stays in the receipt"
    )
    _take_name(erase)
    erase.set_defaults(run=_erase)

    export = command(
        "export",
        "write published days as plain Parquet, for engines that cannot read Iceberg",
        "export --from 2026-01-01 --to 2026-01-31",
    )
    _take_range(export)
    export.add_argument(
        "--purge", action="store_true", help="delete old versions at once, whoever reads them"
    )
    export.add_argument("--json", action="store_true", help="one JSON object a day")
    export.set_defaults(run=_export)

    reread = command(
        "reread",
        "read the landed pages of some days again, after a change of the reader, and publish them",
        "reread --from 2026-01-01 --to 2026-01-31 --source daily_sabah --dry-run",
    )
    _take_range(reread)
    reread.add_argument(
        "--published", action="store_true", help="days of publication; else days that runs were for"
    )
    reread.add_argument("--source", action="append", default=[], metavar="NAME", help="a paper")
    reread.add_argument("--dry-run", action="store_true", help="only say what would change")
    reread.add_argument(
        "--accept", action="store_true", help="publish though it looks like a regression"
    )
    reread.add_argument("--json", action="store_true", help="the report as one JSON object")
    reread.set_defaults(run=_reread)

    upkeep = command(
        "upkeep",
        "compact the tables, expire old snapshots, remove files that no snapshot has",
        "upkeep --dry-run",
    )
    upkeep.add_argument("--dry-run", action="store_true", help="only say what would be done")
    upkeep.add_argument("--json", action="store_true", help="one JSON object a table")
    upkeep.set_defaults(run=_upkeep)

    demo = command("demo", "run two days of a small newspaper end to end, locally", "demo")
    demo.set_defaults(run=_demo)
    up = command("up", "keep Airflow, the store and the demo paper running until Ctrl-C", "up")
    up.set_defaults(run=_up)
    return parser


def _take_range(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=_day, metavar="DAY", required=True)
    parser.add_argument("--to", dest="last", type=_day, metavar="DAY", required=True)


def _take_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", type=_text, metavar="NAME", help="who says so (default: the user)")


def _read(options: argparse.Namespace) -> int:
    from newsdesk.fields.urls import clean_url
    from newsdesk.reading import batch, children

    if options.batch or options.out:
        if not (options.batch and options.out) or options.page:
            options.parser.error("--batch IN.jsonl goes with --out OUT.jsonl, without a page")
        batch.read_batch(options.batch, options.out, _known_sources(), options.jobs)
        return GOOD
    if not (options.page and options.url):
        options.parser.error("a page needs its address: PAGE.html --url URL")
    if clean_url(options.url) is None:
        options.parser.error(f"--url {options.url}: expected an http(s) address")
    page = batch.load_page(options.page, options.url, options.at or dt.datetime.now(dt.UTC))
    reading = children.read_one(page, _known_sources(), explain=options.explain)
    print(json.dumps(batch.answer(reading, explain=options.explain), ensure_ascii=False, indent=2))
    return BAD if reading.rejection else GOOD


def _check_sources(options: argparse.Namespace) -> int:
    from newsdesk.reading import check_selectors
    from newsdesk.sources import load_source

    paths = _source_files(options.name)
    bad = 0
    for path in paths:
        try:
            source = load_source(path)
            check_selectors(source, str(path))
        except SourceError as error:
            bad += 1
            print(f"newsdesk: {error}", file=sys.stderr)
            continue
        found = source.discover
        print(
            f"{source.name}: good ({len(found.feeds)} feeds, {len(found.news_sitemaps)} news "
            f"sitemaps, {len(found.archive_sitemaps)} archive sitemaps, "
            f"{len(source.sections)} sections, {source.time_zone})"
        )
    return BAD if bad else GOOD


def _add_source(options: argparse.Namespace) -> int:
    from rich.text import Text

    from newsdesk import query, steps
    from newsdesk.errors import FeedError
    from newsdesk.fields.urls import clean_url
    from newsdesk.settings import source_folders, user_agent

    if clean_url(options.home) is None:
        options.parser.error(f"{options.home}: expected an http(s) address")
    folders = source_folders()[1:]
    folder = options.folder or (folders[-1] if folders else Path("sources"))
    console = _console()
    with console.status("asking") as progress:
        try:
            added = steps.add_source(
                options.home,
                folder,
                user_agent=user_agent(os.environ.get("NEWSDESK_CONTACT")),
                name=options.name,
                time_zone=options.time_zone,
                via=options.via,
                on_step=lambda step: progress.update(Text(query.harmless(step))),
            )
        except FeedError as error:
            print(f"newsdesk: {error}", file=sys.stderr)
            return BAD
    steps.show_added(added, console)
    return BAD if all(reading.rejection for reading in added.readings) else GOOD


def _plan(options: argparse.Namespace) -> int:
    from newsdesk import steps
    from newsdesk.connections import connect
    from newsdesk.discover.showing import show_plans

    with _settings() as settings:
        plans = steps.plan(connect(settings), options.first, options.last, options.source)
    show_plans(plans, _console(), budget=settings.host_requests, as_json=options.json)
    return GOOD if all(plan.served for plan in plans) else BAD


def _status(options: argparse.Namespace) -> int:
    from newsdesk import query
    from newsdesk.connections import open_warehouse

    with _settings() as settings:
        rows = query.status(open_warehouse(settings), options.first, options.last)
    query.show_status(rows, _console(), env=settings.env, as_json=options.json)
    return GOOD if rows else BAD


def _query(options: argparse.Namespace) -> int:
    from newsdesk import query
    from newsdesk.connections import open_warehouse

    with _settings() as settings:
        result = query.query(
            open_warehouse(settings),
            options.sql,
            as_of=options.as_of,
            server=settings.server,
        )
        query.show(result, _console(), form=options.form)
    return GOOD


def _revisions(options: argparse.Namespace) -> int:
    from newsdesk import query
    from newsdesk.connections import open_warehouse

    with _settings() as settings:
        found = query.revisions(open_warehouse(settings), options.story, _known_sources().values())
    if not found:
        print(f"newsdesk: {options.story}: no version of such a story", file=sys.stderr)
        return BAD
    query.show_revisions(found, _console(), as_json=options.json)
    return GOOD


def _who(options: argparse.Namespace) -> str:
    """Who says so: who was named, else the user."""
    import getpass

    return str(options.by or getpass.getuser())


def _release(options: argparse.Namespace) -> int:
    from newsdesk import steps
    from newsdesk.connections import connect

    with _settings() as settings:
        done = steps.release(
            connect(settings),
            options.day,
            by=_who(options),
            reason=options.reason,
            source=options.source,
        )
    if not done["released"]:
        whose = f" of {options.source}" if options.source else ""
        print(f"newsdesk: {options.day}: nothing{whose} waits for this day", file=sys.stderr)
        return BAD
    for day, told in done["days"].items():
        print(f"{day}: {told['added']} added, {told['changed']} changed, {told['rows']} rows now")
    for blocked in done["blocked"]:
        print(f"newsdesk: {blocked}: its stories wait on", file=sys.stderr)
    if done["days"]:
        print("Consumers are told by the DAG release_day, triggered for the same day.")
    return BAD if done["blocked"] else GOOD


def _erase(options: argparse.Namespace) -> int:
    from newsdesk import steps
    from newsdesk.connections import connect

    status = GOOD
    with _settings() as settings:
        desk = connect(settings)
        for story in options.stories:
            done = steps.erase(desk, story, by=_who(options), reason=options.reason)
            if not done["known"]:
                print(f"newsdesk: {story}: no paper's address, and in no table", file=sys.stderr)
                status = BAD
                continue
            places = ", ".join(f"{count} in {place}" for place, count in done["found"].items())
            print(f"erased: {places or 'nothing was there'}; {done['scanned']} objects searched")
            print(f"receipt: {done['receipt']}")
            if done["days"]:
                print(f"Load these days again wherever they were: {', '.join(done['days'])}")
                print("Consumers are told by the DAG erase_story, triggered for the same story.")
            for key in done["left"]:
                print(f"newsdesk: {key}: still has it: repeat the command", file=sys.stderr)
            for key in done["quoted"]:
                print(f"newsdesk: {key}: has words of it in another story", file=sys.stderr)
            status = BAD if done["left"] or done["quoted"] else status
    return status


def _export(options: argparse.Namespace) -> int:
    from newsdesk import steps
    from newsdesk.connections import connect
    from newsdesk.steps.planning import days_of

    with _settings() as settings:
        desk = connect(settings)
        run_id = f"export__{desk.now():%Y-%m-%dT%H:%M:%S}"
        for day in days_of(desk, options.first, options.last):
            done = steps.export(desk, day, run_id, purge=options.purge)
            if options.json:
                print(json.dumps(done))
            elif done["files"]:
                said = "unchanged" if done["unchanged"] else f"{done['bytes']:,} bytes written"
                print(f"{day}: {done['rows']} stories, {said}")
    return GOOD


def _reread(options: argparse.Namespace) -> int:
    from newsdesk.connections import connect
    from newsdesk.errors import RereadRefused
    from newsdesk.steps import rereading

    console = _console()

    def tell(report: rereading.Report) -> None:
        if options.json:
            print(json.dumps(rereading.as_dict(report)))
        else:
            rereading.show_report(report, console)

    with _settings() as settings, console.status("reading again") as progress:
        try:
            done = rereading.reread(
                connect(settings),
                options.first,
                options.last,
                published=options.published,
                papers=options.source,
                dry_run=options.dry_run,
                accept=options.accept,
                on_report=tell,
                on_step=progress.update,
            )
        except RereadRefused as error:
            print(f"newsdesk: {error}", file=sys.stderr)
            return BAD
    for blocked in done["blocked"]:
        print(f"newsdesk: {blocked}: its rows wait", file=sys.stderr)
    if done["days"] and not options.json:
        print(f"{len(done['days'])} days changed. Consumers are told by the DAG tell_consumers.")
    return BAD if done["blocked"] else GOOD


def _upkeep(options: argparse.Namespace) -> int:
    from newsdesk import steps
    from newsdesk.connections import connect

    with _settings() as settings:
        desk = connect(settings)
        for name in steps.table_names(desk)["tables"]:
            told = steps.tidy(desk, name, dry_run=options.dry_run)
            if told and options.json:
                print(json.dumps(told))
            elif told:
                print(
                    f"{name}: {told['files_before']} files, {told['bytes_before']:,} bytes -> "
                    f"{told['files_after']} files, {told['bytes_after']:,} bytes "
                    f"({told['compacted']} compacted into {told['into']}, "
                    f"{told['expired']} snapshots expired, "
                    f"{told['deleted'] + told['orphans']} files deleted)"
                )
        raw = steps.age_raw(desk, dry_run=options.dry_run)
    if options.json:
        print(json.dumps({"raw": raw}))
    else:
        print(
            f"raw: {raw['files_before']} files, {raw['bytes_before']:,} bytes, "
            f"{raw['removed']} removed ({raw['bytes_removed']:,} bytes), "
            f"{raw['kept_pointed']} old ones kept because something needs them"
        )
    return GOOD


def _demo(options: argparse.Namespace) -> int:
    from newsdesk.demo import tour
    from newsdesk.demo.home import Home

    return tour.demo(Home.default(), _console())


def _up(options: argparse.Namespace) -> int:
    from newsdesk.demo import tour
    from newsdesk.demo.home import Home

    return tour.up(Home.default(), _console())


@contextlib.contextmanager
def _settings() -> Iterator[Settings]:
    """The settings of the environment; without any of where to work, those of the local house."""
    from newsdesk.demo.home import Home
    from newsdesk.errors import SettingsError
    from newsdesk.settings import Settings

    if any(os.environ.get(name) for name in _WHERE):
        yield Settings.from_environment()
        return
    home = Home.default()
    if not home.exists:
        raise SettingsError(
            "NEWSDESK_S3_BUCKET", f"is not set, and there is no demo in {home.folder}: `make demo`"
        )
    with home.store_or_running() as endpoint:
        yield home.settings(endpoint)


def _source_files(name: str | None) -> list[Path]:
    from newsdesk.errors import SettingsError
    from newsdesk.settings import source_folders

    if name and (name.endswith(".toml") or "/" in name):
        if not Path(name).is_file():
            raise SettingsError(name, "no such file")
        return [Path(name)]
    paths: list[Path] = []
    for folder in source_folders():
        if not folder.is_dir():
            raise SourceError(str(folder), "no such folder of sources")
        paths += sorted(folder.glob("*.toml"))
    if name:
        paths = [path for path in paths if path.stem == name]
        if not paths:
            raise SettingsError(name, "no source file of that name")
    return paths


def _known_sources() -> dict[str, Source]:
    from newsdesk.settings import source_folders
    from newsdesk.sources import load_sources

    return load_sources(source_folders())


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else 120  # a file or a pipe has none of its own
    return Console(highlight=False, width=width)


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-01-31") from error
    if day.year not in YEARS:
        raise argparse.ArgumentTypeError(f"{text!r} is no day of {YEARS[0]} to {YEARS[-1]}")
    return day


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return text.strip()


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time in ISO 8601") from error


if __name__ == "__main__":
    sys.exit(main())
