"""Years as papers of East Asia print them: of an era, or without their century.

The first year of an era is year one, or 元: https://en.wikipedia.org/wiki/Japanese_era_name and
https://en.wikipedia.org/wiki/Republic_of_China_calendar
"""

from __future__ import annotations

import re

_BEFORE = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
"""The year of the common era before the first one of an era."""

_YEAR = re.compile(rf"({'|'.join(_BEFORE)})\s?(元|\d{{1,3}})\s?(?=[年./-])")
_SHORT = re.compile(r"(?<![\d./:-])(\d\d)([./-])(\d\d)\2(\d\d)(?![\d/-])")
_YEAR_FIRST = frozenset(["ja", "ko", "zh"])
"""Languages in which a year stands before its month however it is written."""


def rewritten(text: str, language: str | None) -> str:
    """A text with years of four digits of the common era; others are as they were.

    Args:
        text: As printed, with ASCII digits.
        language: Two letters; tells whether a short year stands first.

    >>> rewritten("令和8年11月3日", "ja"), rewritten("民國115/11/03", None)
    ('2026年11月3日', '2026/11/03')
    >>> rewritten("26.11.03 17:42", "ko"), rewritten("26.11.03", "de")
    ('2026.11.03 17:42', '26.11.03')
    """
    if language in _YEAR_FIRST:
        text = _SHORT.sub(r"20\1\2\3\2\4", text)
    return text if text.isascii() else _YEAR.sub(_common, text)


def _common(found: re.Match[str]) -> str:
    return str(_BEFORE[found[1]] + (1 if found[2] == "元" else int(found[2])))
