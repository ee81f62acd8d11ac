"""The headline: what the page shows, checked against what it tells machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set as AbstractSet

from selectolax.lexbor import LexborNode

from newsdesk.fields.names import squash
from newsdesk.fields.text import tidy
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, text_in, value_of
from newsdesk.reading.lines import BREAK, label_of
from newsdesk.reading.proposals import Proposal

MAX_LENGTH = 400

_JOINT = re.compile(r"\s+[|–—»·•:-]\s+|\s*[|｜ㅣ：]\s*|\s+[-–—](?=\w)|(?<=\w)[-–—](?=\w)|:\s+")
_LAST_JOINT = re.compile(rf"{_JOINT.pattern}|\s*[(（【](?=[^()（）【】]*[)）】]$)")
"""The same, and a bracket that stands at the end."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""A letter of a script that parts no words."""

_KICKER = re.compile(
    r"over-?line|kicker|eyebrow|top-?line|dachzeile|spitzmarke|roof-?line|pre-?title|over-?title|antetitulo|hashtag|(?<![a-z])(?:label|category|section|tag|badge|premium|exclusive|subscriber|hidden|sr-only)(?![a-z])|visually-?hidden|offscreen"
)
"""What a part of a headline calls itself that is printed before it but none of it."""


def headline_node(doc: Document) -> LexborNode | None:
    """The element of the headline: the ``<h1>`` that most resembles what machines are told."""
    if selected := doc.select(doc.epoch.headline):
        return selected[0]
    nodes = doc.marked.get("h1") or doc.items.get("headline") or doc.tree.css("h2")
    if len(nodes) == 1 and nodes[0].tag == "h1" and 0 < len(text_in(nodes[0])) <= MAX_LENGTH:
        return nodes[0]
    told = [t for t in (doc.meta("og:title"), doc.title_tag, _told(doc)) if t]
    best, score = None, 0.0
    for node in nodes[:40]:
        text = text_in(node)
        if not text or len(text) > MAX_LENGTH:
            continue
        likeness = max((_likeness(text, one) for one in told), default=0.0)
        if best is None or likeness > score + 0.05:
            best, score = node, likeness
    if best is not None and best.tag == "h2" and score < 0.5:
        return None
    return best


def headlines(doc: Document, node: LexborNode | None) -> list[Proposal[str]]:
    """What may be the headline, best first."""
    visible = _visible(node) if node is not None else None
    names = doc.site_names
    found: list[Proposal[str]] = []
    known: dict[str, str] = {}  # pages say the same headline in many places

    def add(rule: str, text: str | None) -> None:
        clean = tidy(text.replace(BREAK, " ")) if text else ""
        bare = known.get(clean)
        if bare is None:
            bare = known[clean] = without_site(clean, names, visible)
        if bare and len(bare) <= MAX_LENGTH and squash(bare) not in names:
            found.append(Proposal(rule, bare, clean))

    if doc.select(doc.epoch.headline):
        add("site", visible)
    add("h1", visible)
    add("json_ld", _told(doc))
    add("meta:og:title", doc.meta("og:title"))
    add("microdata", next((value_of(n) for n in doc.items.get("headline", [])[:1]), None))
    add("meta:twitter:title", doc.meta("twitter:title", "dc.title", "parsely-title", "title"))
    add("title", doc.title_tag)
    if doc.page.link:
        add("feed", doc.page.link.headline_hint)
    return _ranked(found)


def _ranked(found: list[Proposal[str]]) -> list[Proposal[str]]:
    """The visible headline first, unless the page's data speaks for another one.

    ``<title>`` is written for search engines. Where the visible headline is the same and the
    data's differs, the data holds the editor's; where the data's is the title, the visible one
    is. Where the data and ``og:title`` agree and hold the visible one, they know the kicker too.
    """
    by_rule = {one.rule: one for one in reversed(found)}
    shown, told = by_rule.get("h1"), by_rule.get("json_ld")
    og, title = by_rule.get("meta:og:title"), by_rule.get("title")
    if shown is None or "site" in by_rule:
        return found
    h1, others = squash(shown.value), [squash(o.value) if o else "" for o in (told, og, title)]
    ld, og_key, title_key = others
    first: Proposal[str] | None = shown
    if ld and ld != h1:
        same = title_key in (h1, ld) and og_key and (h1.startswith(og_key) or og_key == ld)
        knows_kicker = ld == og_key and (h1 in ld or ld in h1)
        if knows_kicker or (same and (title_key == h1) != (og_key == ld)):
            first = told
    unlike = all(_likeness(shown.value, o.value) < 0.5 for o in (told, og, title) if o)
    if unlike and (told or og):
        first = told or og
    return [one for one in found if one is first] + [one for one in found if one is not first]


def without_site(text: str, names: AbstractSet[str], visible: str | None = None) -> str:
    """A headline without the paper's name, or what else its template adds at the end.

    The evidence is the page's own: a name of the paper, or that the visible headline ends before.

    >>> without_site("Rain falls | World | The Post", {"thepost"}, "Rain falls")
    'Rain falls'
    >>> without_site("The Post: Rain falls on the town", {"thepost"})
    'Rain falls on the town'
    """
    shown = squash(visible or "")
    joints = list(_LAST_JOINT.finditer(text))
    for joint in reversed(joints):
        head, tail = text[: joint.start()], squash(text[joint.end() :])
        if tail in names or (shown and squash(head) == shown):
            text = head.strip()
        elif not any(tail.endswith(name) for name in names if len(name) > 3):
            break
    head_joint = _JOINT.search(text)
    if head_joint and squash(text[: head_joint.start()]) in names:
        rest = text[head_joint.end() :].strip()
        return rest if len(rest) > 10 else text
    return text


def _visible(node: LexborNode) -> str:
    """The headline as shown, without the kicker inside its element."""
    text = text_in(node)
    for inner in node.css("[class]")[:4]:
        kicker = text_in(inner)
        if kicker and kicker != text and _KICKER.search(label_of(inner)):
            text = text.removeprefix(kicker).strip(" |:–—-") if text.startswith(kicker) else text
    return text


def _told(doc: Document) -> str | None:
    return jsonld.text_of(doc.story.get("headline")) or jsonld.text_of(doc.story.get("name"))


def _likeness(one: str, other: str) -> float:
    """Share of the words of one text that another one has, both ways, 0 to 1.

    Of texts that part no words it is the share of their pairs of letters.
    """
    if one == other:
        return 1.0
    parts = _pairs if _UNSPACED.search(one) or _UNSPACED.search(other) else _words
    a, b = Counter(parts(one)), Counter(parts(other))
    if not a or not b:
        return 0.0
    common = sum((a & b).values())
    return common / min(a.total(), b.total()) * (0.5 + 0.5 * common / max(a.total(), b.total()))


def _words(text: str) -> list[str]:
    found = re.findall(r"\w+", text.casefold())
    return found if len(found) > 2 else list("".join(found))


def _pairs(text: str) -> list[str]:
    key = squash(text)
    return [key[place : place + 2] for place in range(len(key) - 1)]
