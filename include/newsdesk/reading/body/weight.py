"""How much a text weighs: characters, made comparable between scripts."""

from __future__ import annotations

import re

_WIDE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def weight(text: str) -> int:
    """Characters of a text; those of scripts that need fewer for the same count twice."""
    if text.isascii():
        return len(text)
    return len(text) + len(_WIDE.findall(text))
