"""Puts what was measured into ``docs/benchmarks.md``."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def write(name: str, text: str) -> None:
    """Puts a text between the marks of its name in the document, which must be there."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    head, _, rest = DOCS.read_text("utf-8").partition(begin)
    _, closed, tail = rest.partition(end)
    assert closed, f"{DOCS}: no marks for {name}"  # there is no end without a beginning
    DOCS.write_text(f"{head}{begin}{text}\n{end}{tail}", "utf-8")
