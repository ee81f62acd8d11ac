"""JSON-LD: every shape that papers write it in, flattened, and the story's own node.

Shapes: one object, a list, ``@graph``, objects nested in ``mainEntity`` and the like, references
by ``@id``. Vocabulary: https://schema.org/NewsArticle.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from newsdesk.fields.text import tidy

Node = dict[str, Any]

MAX_NODES = 2_000
MAX_DEPTH = 12
_UPDATES = "liveBlogUpdate"
"""https://schema.org/liveBlogUpdate"""

MAX_ESCAPED = 4
"""How often a text is unescaped."""

_STORY = re.compile(
    r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting|Review|Recipe)$"
)
_SHOWS = frozenset(["VideoObject", "ImageGallery", "MediaGallery"])
_COMMENTS = re.compile(r"(?:[\s\ufeff>]|<!--|-->|//|/\*|\*/|<!\[CDATA\[)+")
_TRAILING_COMMA = re.compile(r",\s*(?=[,}\]])")
_MISSING_COMMA = re.compile(r'(["}\]])\s*\n\s*(?=")')
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def parse(text: str) -> Any:
    r"""The value of one script; ``None`` when it is beyond repair.

    Repaired where nothing can be misread: comments around it, raw line breaks in strings,
    trailing and doubled commas, missing commas between lines, escapes that JSON does not know, a
    script that is escaped as a whole.

    >>> parse('<!-- {"a": "x\ny",} -->')
    {'a': 'x\ny'}
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    if comments := _COMMENTS.match(text):  # those behind the value are not looked at
        text = text[comments.end() :]
    if text.startswith(("{&quot;", "[{&quot;")):
        text = html.unescape(text)
    for attempt in (
        text,
        _TRAILING_COMMA.sub("", _BAD_ESCAPE.sub("", text)),
        _MISSING_COMMA.sub(r"\1,\n", _TRAILING_COMMA.sub("", _BAD_ESCAPE.sub("", text))),
    ):
        try:
            return json.JSONDecoder(strict=False).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    return None


def flatten(values: Iterable[Any]) -> list[Node]:
    """Every typed object in some values, outer ones first, references by ``@id`` filled in."""
    nodes: list[Node] = []
    waiting: list[tuple[Any, int]] = [(value, 0) for value in values]
    waiting.reverse()
    while waiting and len(nodes) < MAX_NODES:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, list):
            waiting.extend((one, depth + 1) for one in reversed(value))
        elif isinstance(value, dict):
            if value.get("@type"):
                nodes.append(value)
            inner = [one for one in value.values() if isinstance(one, dict | list)]
            waiting.extend((one, depth + 1) for one in reversed(inner))
    return nodes


def types(node: Node) -> list[str]:
    """Names of a node's types, without the vocabulary's address."""
    written = node.get("@type")
    values = written if isinstance(written, list) else [written]
    return [str(value).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for value in values if value]


def is_story(node: Node) -> bool:
    """Whether a node is a written story, by its types."""
    return any(_STORY.match(name) for name in types(node))


def story_of(nodes: list[Node], title: str | None, path: str = "/") -> Node:
    """The node that describes the page's story; an empty one when there is none.

    Lists of related stories are nodes too: the one with the page's own title, or else with the
    most said about it, is the story's. One that has another title and another address is another
    story's. An entry of a live blog is none: the blog is.

    Args:
        nodes: What the page says.
        title: The page's title.
        path: The path of its address.
    """
    entries = {id(one) for node in nodes if _UPDATES in node for one in _entries(node)}
    stories = [node for node in nodes if is_story(node) and id(node) not in entries]
    wanted = _key(title or "")

    def weight(node: Node) -> tuple[bool, bool, int]:
        name = _key(text_of(node.get("headline")) or text_of(node.get("name")) or "")
        same = bool(name and wanted and (name in wanted or wanted in name))
        said = sum(
            bool(node.get(key))
            for key in ("author", "datePublished", "headline", "articleBody", "image", "publisher")
        )
        # Beside a live blog stands an article that is as old as its newest entry.
        return same, bool(node.get("datePublished") and _entries(node)), said

    if not stories:  # a film or a gallery is the story where nothing else is
        shows = [node for node in nodes if _SHOWS.intersection(types(node)) and weight(node)[0]]
        return max(shows, key=weight, default={})
    stories = [node for node in stories if weight(node)[0] or not _is_elsewhere(node, path)]
    best = max(stories, key=weight, default={})
    return best if weight(best)[2] else {}


def is_live(nodes: Iterable[Node]) -> bool:
    """Whether a page is a live blog: one of its nodes holds entries."""
    return any(_UPDATES in node for node in nodes)


def _entries(node: Node) -> list[Any]:
    """The entries of a live blog."""
    found = node.get(_UPDATES)
    return found if isinstance(found, list) else [found] if found else []


def _is_elsewhere(node: Node, path: str) -> bool:
    """Whether a node names an address, and not the page's own; the last part of a path tells."""
    if not text_of(node.get("headline")):
        return False
    page = node.get("mainEntityOfPage")
    said = [node.get("url"), page.get("@id") if isinstance(page, dict) else page]
    ends = [_last_part(one) for one in said if isinstance(one, str)]
    ends = [end for end in ends if end]
    return bool(ends) and _last_part(path) not in ends


def _last_part(address: str) -> str:
    parts = [part for part in re.split(r"[?#]", address, maxsplit=1)[0].split("/") if part]
    return next((part.lower() for part in reversed(parts) if part.lower() != "amp"), "")


def text_of(value: Any) -> str | None:
    """A property as one line of text: a string, or the name of an object; ``None`` if neither.

    Papers escape HTML in JSON, some of them more than once.
    """
    if isinstance(value, list):
        value = next((one for one in value if one), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("headline")
        return text_of(value) if not isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    if "&" in text:
        text = unescaped(text)
    if "<" in text:
        text = re.sub(r"</?[a-z][^<>]*>", " ", text, flags=re.IGNORECASE)
    return tidy(text) or None


def unescaped(text: str) -> str:
    """A text without the entities in it, however often each was escaped.

    >>> unescaped("Salt &amp;amp;amp; Pepper")
    'Salt & Pepper'
    """
    for _ in range(MAX_ESCAPED):
        if "&" not in text or (plain := html.unescape(text)) == text:
            break
        text = plain
    return text


def texts_of(value: Any) -> Iterator[str]:
    """Every text of a property that may be a list."""
    for one in value if isinstance(value, list) else [value]:
        text = text_of(one)
        if text:
            yield text


def by_id(nodes: Iterable[Node]) -> dict[str, Node]:
    """Nodes that say more than their ``@id``, by it."""
    found: dict[str, Node] = {}
    for node in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > len(found.get(key, {})):
            found[key] = node
    return found


def resolve(value: Any, known: dict[str, Node]) -> list[Any]:
    """A property as a list, with bare references replaced by what they mean."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [
        known.get(one["@id"], one)
        if isinstance(one, dict) and isinstance(one.get("@id"), str) and "name" not in one
        else one
        for one in values
    ]


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
