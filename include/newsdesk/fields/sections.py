"""Sections: the names by path that a paper's file gives, and what pages print instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from newsdesk.fields.text import tidy


def sections_of_path(path: str, sections: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Display names of the section and subsection that a URL path begins with.

    Only names of the paper's own list count, whole segments of the path only.

    >>> sections_of_path("/world/asia-pacific/a-b-c", {"world": "World",
    ...                  "world/asia-pacific": "Asia Pacific"})
    ('World', 'Asia Pacific')
    >>> sections_of_path("/asia-pacific/a-b-c", {"world": "World",
    ...                  "world/asia-pacific": "Asia Pacific"})
    ('World', 'Asia Pacific')
    >>> sections_of_path("/worldwide/a-b-c", {"world": "World"})
    (None, None)
    """
    parts = [p for p in path.lower().split("/") if p]
    for start in (0, 1):  # an edition's prefix, such as /arabic/, may stand first
        if len(parts) <= start:
            break
        section = sections.get(parts[start])
        if section:
            sub = (
                sections.get("/".join(parts[start : start + 2])) if len(parts) > start + 1 else None
            )
            return section, sub
    return _by_last(parts, sections)


def _by_last(parts: Sequence[str], sections: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Names by a first segment that is the last one of a single path: /europe/ of world/europe."""
    paths = [path for path in sections if parts and path.split("/")[1:] == parts[:1]]
    if len(paths) != 1:
        return None, None
    return sections.get(paths[0].split("/")[0]), sections[paths[0]]


def sections_by_name(
    names: Sequence[str], sections: Mapping[str, str]
) -> tuple[str | None, str | None]:
    """Section and subsection from printed names, outermost first.

    With a list of the paper's own only its names count, in its spelling; without one the names
    are taken as printed.

    >>> sections_by_name(["Home", "world", "Asia pacific"], {"world": "World",
    ...                  "world/asia-pacific": "Asia Pacific"})
    ('World', 'Asia Pacific')
    """
    names = [n for n in (tidy(name) for name in names) if n and not _HOME.fullmatch(n)]
    if not names:
        return None, None
    if not sections:
        usable = [n for n in names if len(n) <= 40]
        return (usable[0] if usable else None), (usable[1] if len(usable) > 1 else None)
    by_name = {_key(name): path for path, name in sections.items() if "/" not in path}
    for place, name in enumerate(names):
        if path := by_name.get(_key(name)):
            below = {
                _key(label): label for sub, label in sections.items() if sub.startswith(path + "/")
            }
            rest = names[place + 1 :]
            return sections[path], next((below[_key(n)] for n in rest if _key(n) in below), None)
    return None, None


_HOME = re.compile(
    r"(?i)home(page)?|start(seite|sida|side)?|inicio|in[ií]cio|accueil|anasayfa|ana sayfa|front page"
    r"|((all|more|latest|trending|top) )?news|nachrichten|noticias|not[ií]cias|notizie|haberler|berita|новости|новини|nyheter|nyheder|uutiset"
    r"|wiadomości|zprávy|hírek|știri|vijesti|ειδήσεις|أخبار|الأخبار|新闻|新聞|ニュース|뉴스"
    r"|p[áa]gina (inicial|principal)|portada|voorpagina|forside|etusivu|címlap|strona główna"
    r"|hlavn[íá] (strana|stránka)|acas[ăa]|beranda|главная(?: страница)?|головна|αρχικ[ήη]|الرئيسية"
    r"|صفحه اصلی|خانه|होम|मुख्य पृष्ठ|হোম|首页|首頁|ホーム|トップ|홈"
)
"""What papers call their front page."""


@lru_cache(maxsize=2048)
def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.replace("\u0130", "I").casefold())
