"""How right and how fast reading is: newsdesk and the best extractors, same run, same pages.

The pages are those of ``../shared/corpus``, read by general rules alone (no file of a paper).
Measured are

* every field of every tool against the truth, by the corpus' own scorer;
* pages per CPU-second: all fields and hashes, against trafilatura with metadata, in turns;
* how many pages BeautifulSoup touches, and how memory grows over 10,000 pages;
* ``read --batch --jobs 2`` against two independent ``read --batch --jobs 1``.

Run: ``python benchmarks/reading.py``; about a quarter of an hour. ``--folds`` scores newsdesk on fifths of the
publishers, too; ``--write`` puts the tables into ``docs/benchmarks.md``; ``--quick`` leaves out what
takes long.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring.document import write

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"
HOUSE = ROOT / ".newsdesk" / "benchmarks" / "reading"
PEERS = Path(__file__).parent / "peers"

TOOLS = (
    "trafilatura",
    "newspaper4k",
    "news-please",
    "goose3",
    "readability",
    "htmldate",
    "json-ld",
)
OURS = "newsdesk"
ROUNDS = 3
"""Turns in which newsdesk and trafilatura read every page."""
WARM = 100
"""Pages that a tool reads before it is measured: what it imports and compiles at first need is read in
by then. ``peers/extract.py`` has the same number."""
MANY = 10_000
FOLDS = 5

# field, group of pages, the scorer's name, how it is shown, what is aimed at (None: shown only)
ROWS = [
    ("headline, normalised", "fundus", "title.norm", 0.88),
    ("headline, normalised", "np4k", "title.norm", 0.88),
    ("authors F1", "fundus", "authors.f1", 0.93),
    ("authors F1", "np4k", "authors.f1", 0.88),
    ("invented authors (of 16 pages)", "np4k", "authors.false", 5 / 16),
    ("published day", "fundus", "published.day", 0.985),
    ("published day", "mediacloud", "published.day", 0.95),
    ("published instant with zone", "fundus", "published.instant", 0.98),
    ("keywords F1", "fundus", "keywords.f1", 0.82),
    ("lead image", "fundus", "image", 0.85),
    ("body, tokens F1", "fundus", "body.tok", 0.970),
    ("body, tokens F1", "np4k", "body.tok", 0.940),
    ("body, tokens F1", "zyte", "body.tok", 0.970),
    ("body, tokens F1", "fundus_eval", "body.tok", 0.960),
    ("body, whole paragraphs F1", "fundus", "body.para", 0.91),
    ("body, whole paragraphs F1", "np4k", "body.para", 0.85),
    ("body, whole paragraphs F1", "zyte", "body.para", 0.88),
    ("body, whole paragraphs F1", "fundus_eval", "body.para", 0.90),
]
SMALL_IS_GOOD = {"authors.false"}
Scores = dict[str, dict[str, float]]


# -- what runs in processes of its own --------------------------------------------------------


def loaded(jobs: str) -> list[Any]:
    """Every page in memory, with its paper."""
    import datetime as dt

    from newsdesk.reading import source_for
    from newsdesk.reading.batch import load_page

    now = dt.datetime.now(dt.UTC)
    found = []
    for line in Path(jobs).read_text("utf-8").splitlines():
        job = json.loads(line)
        page = load_page(Path(job["path"]), job["url"], now)
        found.append((job["id"], page, source_for(job["url"], {})))
    return found


def read_ours(jobs: str, target: str) -> dict[str, float]:
    """Reads every page; the processor seconds that it took, and who asked BeautifulSoup."""
    import bs4

    from newsdesk.reading import read_page
    from newsdesk.reading.batch import line_of

    pages = loaded(jobs)
    souped: set[str] = set()
    current = ""
    real = bs4.BeautifulSoup.__init__

    def counted(self: Any, *args: Any, **options: Any) -> None:
        souped.add(current)
        real(self, *args, **options)

    bs4.BeautifulSoup.__init__ = counted  # type: ignore[method-assign]
    for _, page, source in pages[:WARM]:
        read_page(page, source)
    souped.clear()
    spent, last = 0.0, 0
    with Path(target).open("w", encoding="utf-8") as out:
        for current, page, source in pages:
            started = time.process_time()
            reading = read_page(page, source)
            spent += time.process_time() - started
            last += reading.article.field_rules.get("body") == "trafilatura"
            out.write(json.dumps(line_of(current, reading), ensure_ascii=False) + "\n")
    return {"pages": len(pages), "seconds": spent, "souped": len(souped), "last_resort": last}


def grow(jobs: str) -> dict[str, float]:
    """Reads pages over and over; megabytes in use after the first thousand, and at the end."""
    from newsdesk.reading import read_page

    pages = loaded(jobs)
    used = []
    for number in range(MANY):
        _, page, source = pages[number % len(pages)]
        read_page(page, source)
        if number in (999, MANY - 1):
            status = Path("/proc/self/status").read_text()
            used.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)
    return {"after 1,000 pages": used[0], "at the end": used[1]}


# -- measures ---------------------------------------------------------------------------------


def peers_python() -> Path:
    """The peers' interpreter, in an environment that is made at its first use."""
    python = HOUSE / "bin" / "python"
    wanted = (PEERS / "reading.txt").read_text()
    stamp = HOUSE / "installed.txt"
    if not stamp.is_file() or stamp.read_text() != wanted:
        uv = [str(Path(sys.executable).parent / "uv"), "--quiet"]
        subprocess.run([*uv, "venv", "--clear", "--python", sys.executable, HOUSE], check=True)
        install = [*uv, "pip", "install", "--python", python, "-r", PEERS / "reading.txt"]
        subprocess.run(install, check=True)
        stamp.write_text(wanted)
    return python


def run(command: Sequence[object]) -> dict[str, float]:
    """The JSON object that a program prints."""
    done = subprocess.run([str(one) for one in command], check=True, capture_output=True, text=True)
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def note(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text} …", end="", file=sys.stderr, flush=True)


def work_of(truth: Sequence[dict[str, Any]], path: Path) -> Path:
    with path.open("w", encoding="utf-8") as out:
        for one in truth:
            page = CORPUS / "pages" / f"{one['id'].replace('/', '_')}.html.gz"
            out.write(json.dumps({"id": one["id"], "url": one["url"], "path": str(page)}) + "\n")
    return path


def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(folder: Path, tool: str) -> list[dict[str, Any]]:
    text = (folder / f"{tool}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def compare(folder: Path, jobs: Path, *, quick: bool) -> dict[str, dict[str, float]]:
    """Lets every tool read every page; what each took."""
    python = peers_python()
    took: dict[str, dict[str, float]] = {}
    rounds: dict[str, list[float]] = {OURS: [], "trafilatura": []}
    for number in range(1 if quick else ROUNDS):
        for tool, seconds in rounds.items():
            note(f"{tool}, round {number + 1}")
            mine = [sys.executable, __file__, "--part", "read", jobs, folder / f"{tool}.jsonl"]
            its = [python, PEERS / "extract.py", tool, jobs, folder / f"{tool}.jsonl"]
            took[tool] = run(mine if tool == OURS else its)
            seconds.append(took[tool]["seconds"])
    for tool, seconds in rounds.items():
        took[tool]["seconds"] = statistics.median(seconds)
    for tool in TOOLS:
        if tool not in took:
            note(tool)
            took[tool] = run([python, PEERS / "extract.py", tool, jobs, folder / f"{tool}.jsonl"])
    return took


def two_jobs(folder: Path, truth: Sequence[dict[str, Any]]) -> float:
    """What ``--jobs 2`` reaches of two independent processes: the median of some turns."""
    twice = [*truth, *truth]
    whole = work_of(twice, folder / "whole.jsonl")
    halves = [work_of(twice[n::2], folder / f"half{n}.jsonl") for n in range(2)]

    def batch(jobs: Path, processes: int) -> subprocess.Popen[bytes]:
        out = jobs.with_suffix(".out")
        read = [sys.executable, "-m", "newsdesk", "read", "--batch", jobs, "--out", out]
        return subprocess.Popen([*map(str, read), "--jobs", str(processes)])

    def seconds(*started: tuple[Path, int]) -> float:
        start = time.monotonic()
        for process in [batch(*one) for one in started]:
            assert process.wait() == 0
        return time.monotonic() - start

    ratios = []
    for number in range(ROUNDS):
        note(f"two jobs, round {number + 1}")
        apart = seconds((halves[0], 1), (halves[1], 1))
        ratios.append(apart / seconds((whole, 2)))
    return statistics.median(ratios)


# -- tables -----------------------------------------------------------------------------------


def cell(scores: Scores, group: str, metric: str) -> float | None:
    return scores.get(group, {}).get(metric)


def given(scores: Scores, group: str, metric: str) -> bool:
    """Whether a tool gives the field at all: a zero everywhere is no answer."""
    value = cell(scores, group, metric)
    field = metric.split(".")[0]
    if metric in SMALL_IS_GOOD:
        return bool(cell(scores, group, "authors.f1"))
    return bool(value) or (field == "published" and bool(cell(scores, group, "published.day")))


def field_table(scores: dict[str, Scores]) -> str:
    tools = [OURS, *TOOLS]
    lines = [
        f"| field | pages | aim | {' | '.join(tools)} |",
        "|---|---|---|" + "---|" * len(tools),
    ]
    for field, group, metric, aim in ROWS:
        values = {
            tool: cell(scores[tool], group, metric)
            for tool in tools
            if given(scores[tool], group, metric)
        }
        small = metric in SMALL_IS_GOOD
        known = [value for value in values.values() if value is not None]
        best = (min if small else max)(known)
        shown = []
        for tool in tools:
            value = values.get(tool)
            text = "–" if value is None else f"{value * 16:.0f}" if small else f"{value:.3f}"
            shown.append(f"**{text}**" if value == best and value is not None else text)
        wish = f"≤ {aim * 16:.0f}" if small else f"≥ {aim:g}"
        lines.append(f"| {field} | {group} | {wish} | {' | '.join(shown)} |")
    return "\n".join(lines)


def speed_table(took: dict[str, dict[str, float]]) -> str:
    pace = {tool: one["pages"] / one["seconds"] for tool, one in took.items()}
    lines = [
        "| tool | pages per CPU-second, trafilatura = 1 | pages it failed on |",
        "|---|---|---|",
    ]
    lines += [
        f"| {tool} | {pace[tool] / pace['trafilatura']:.1f} | {took[tool].get('failed', 0):.0f} |"
        for tool in sorted(pace, key=pace.__getitem__, reverse=True)
    ]
    return "\n".join(lines)


def fold_table(module: Any, truth: Sequence[dict[str, Any]], said: Sequence[Any]) -> str:
    """Newsdesk on fifths of the publishers: no publisher is in two of them."""
    whole: Scores = module.score(truth, said)[0]
    folds: list[Scores] = []
    for number in range(FOLDS):
        some = [one for one in truth if zlib.crc32(one["group"].encode()) % FOLDS == number]
        ids = {one["id"] for one in some}
        folds.append(module.score(some, [one for one in said if one["id"] in ids])[0])
    lines = [
        "| field | pages | all | mean of the fifths | least | most |",
        "|---|---|---|---|---|---|",
    ]
    for field, group, metric, _ in ROWS:
        values = [v for v in (cell(fold, group, metric) for fold in folds) if v is not None]
        numbers = (whole[group][metric], statistics.fmean(values), min(values), max(values))
        lines.append(f"| {field} | {group} | {' | '.join(f'{n:.3f}' for n in numbers)} |")
    return "\n".join(lines)


def measure(options: argparse.Namespace, folder: Path) -> dict[str, str]:
    module = scorer()
    truth = module.load(CORPUS / "truth.jsonl")
    jobs = work_of(truth, folder / "jobs.jsonl")
    took = compare(folder, jobs, quick=options.quick)
    scores = {tool: module.score(truth, predictions(folder, tool))[0] for tool in [OURS, *TOOLS]}
    mine = took[OURS]
    souped, last, pages = mine["souped"], mine["last_resort"], mine["pages"]
    lines = [
        f"- BeautifulSoup touched {souped / pages:.1%} of the pages (aim: at most 7%).",
        f"- trafilatura was the last resort for {last:.0f} of {pages:.0f} bodies.",
    ]
    if not options.quick:
        note("memory")
        used = run([sys.executable, __file__, "--part", "grow", jobs])
        first, last = used["after 1,000 pages"], used["at the end"]
        lines.append(f"- Over {MANY:,} pages memory grew from {first:.0f} to {last:.0f} MB.")
        share = two_jobs(folder, truth)
        lines.append(
            f"- `read --batch --jobs 2` reached {share:.0%} of two independent processes (aim: 90%)."
        )
    tables = {
        "fields": field_table(scores),
        "speed": speed_table(took),
        "reading": "\n".join(lines),
    }
    if options.folds:
        tables["folds"] = fold_table(module, truth, predictions(folder, OURS))
    note("")
    return tables


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folds", action="store_true", help="score fifths of the publishers, too")
    parser.add_argument("--quick", action="store_true", help="one round; no memory, no two jobs")
    parser.add_argument("--write", action="store_true", help="put the tables into the document")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)  # of this program itself
    options = parser.parse_args()
    if options.part:
        name, *given_ = options.part
        print(json.dumps((read_ours if name == "read" else grow)(*given_)))
        return 0
    if not CORPUS.is_dir():
        print("reading: the corpus of real pages is not beside this checkout (../shared/corpus)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        tables = measure(options, Path(folder))
    for name, text in tables.items():
        if options.write:
            write(name, text)
        print(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
