"""The lead picture: its own address, the caption without the credit, the credit."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Sequence
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from newsdesk.article import LeadImage
from newsdesk.fields.captions import ends_in_credit, is_credit, split_credit
from newsdesk.fields.images import canonical_image
from newsdesk.fields.text import tidy
from newsdesk.reading import jsonld
from newsdesk.reading.body.weight import weight
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.lines import Line, children, label_of
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import LABELLED, Surroundings, is_caption

MAX_PICTURES = 120
MAX_FIGURES = 20
MAX_PARTS = 8
"""Elements inside a caption that are looked at."""

MAX_CREDIT = 100
"""Characters of an element that is a credit."""

_PICTURES = frozenset(["img", "amp-img", "source", "video"])
_APART = frozenset(["span", "p", "div", "small", "cite"])
_SHOWN = frozenset(["img", "amp-img", "video"])
PARAGRAPH = 80
"""Weighted characters of a paragraph of the story; half as many are half of one."""

PREFIX = 16
"""Characters of a long identifier that are the picture's; the rest says how it is cut."""

_CREDIT = re.compile(r"credit|copyright|attribution|photographer|(?<![a-z])source(?![a-z])")
"""What an element inside a caption calls itself that says whose the picture is."""

_DECORATION = re.compile(
    r"author|avatar|headshot|mugshot|(?<![a-z])profile|logo|icon|portrait|byline|sprite|pixel|blank|spacer|placeholder|share|badge|newsletter"
    r"|(?<![a-z])(?:ads?|advert\w*|social|user(?!_upload))(?![a-z])|\.svg|1x1"
)
_ELSEWHERE = re.compile(
    r"(?<![a-z])(?:related|recommend\w*|teasers?|sidebar|trending|most-?read|more-?(?:stories|news)|footer)(?![a-z])"
)
"""What the boxes of other stories call themselves: below them stands no picture of this one."""

NEAREST = 3
"""Of them those that say what the picture itself is."""

AROUND = 5
"""Elements around a picture, itself included, that may say whose it is."""

_LOGO = re.compile(r"(?:^|[-_.])logo(?:[-_.]|$)")
"""A file's name that says the picture is the paper's mark."""

_TOKEN = re.compile(r"(?=[A-Za-z]*\d)[A-Za-z0-9]{6,}")
_NO_IDENTIFIER = re.compile(r"(?:19|20)\d{2}(?:[01]\d){1,2}\d{0,2}|\d{2,4}x\d{2,4}|[whcxyq]\d+")
_GENERIC = re.compile(
    r"(?:image|photo|default|logo|social|share|wide|square|original)s?(?:[_.-]|$)"
)
_SOURCES = ("poster", "src", "data-src", "data-original", "data-lazy-src", "data-srcset", "srcset")


def pictures(doc: Document, headline: LexborNode | None) -> list[Proposal[LeadImage]]:
    """What may be the lead picture, best first.

    The page's data names a picture, often cut for social media; where the page shows the same
    picture, it is taken as shown. ``headline`` is the element after which a lead picture stands.
    """
    told: list[Proposal[LeadImage]] = []

    def add(
        rule: str, url: str | None, caption: str | None = None, credit: str | None = None
    ) -> None:
        address = canonical_image(url, doc.url) if url else None
        if address and not _LOGO.search(_file(address)):
            told.append(Proposal(rule, LeadImage(address, caption, credit), url or ""))

    for node in doc.select(doc.epoch.lead_image)[:1]:
        image = node if node.tag in ("img", "amp-img") else node.css_first("img, amp-img")
        add("site", _address(image if image is not None else node))
    if told:
        return told
    written = doc.story.get("image") or doc.story.get("thumbnailUrl")  # a film has the latter
    for value in jsonld.resolve(written, doc.known)[:1]:
        add("json_ld", *_described(value))
    add("meta:og:image", doc.meta("og:image", "og:image:url", "og:image:secure_url"))
    add("meta:twitter:image", doc.meta("twitter:image", "twitter:image:src", "parsely-image-url"))
    for one in told[:2]:
        if same := _shown(doc, one.value.url):
            shown = dataclasses.replace(one.value, url=same)
            return [Proposal(f"shown:{one.rule}", shown, one.evidence), *told]
    lead = _after(doc, headline)
    if lead:
        told.insert(0, Proposal("shown", LeadImage(lead), lead))
    return told


def _described(value: object) -> tuple[str | None, str | None, str | None]:
    """Address, caption and credit of a picture in the page's data."""
    if isinstance(value, str):
        return value, None, None
    if not isinstance(value, dict):
        return None, None, None
    url = value.get("url") or value.get("contentUrl") or value.get("@id")
    url = url[0] if isinstance(url, list) and url else url
    written = jsonld.text_of(value.get("caption") or value.get("description"))
    caption, credit = split_credit(written) if written else (None, None)
    credit = credit or jsonld.text_of(value.get("creditText") or value.get("copyrightHolder"))
    return (url if isinstance(url, str) else None), caption, credit


def is_same_picture(one: str, other: str) -> bool:
    """Whether two addresses are of one picture: the same, or in other sizes with one identifier.

    >>> is_same_picture("https://a.example/7712345_16x9.jpg", "https://b.example/x/7712345-s.webp")
    True
    >>> is_same_picture("https://a.example/2024/05/a.jpg", "https://a.example/2024/05/b.jpg")
    False
    """
    if one == other:
        return True
    mine, theirs = _identifiers(one), _identifiers(other)
    return bool(mine & theirs) or any(
        a[:PREFIX] == b[:PREFIX] for a in mine for b in theirs if min(len(a), len(b)) > PREFIX
    )


def _identifiers(url: str) -> set[str]:
    path = unquote(urlsplit(url).path)
    found = {token for token in _TOKEN.findall(path) if not _NO_IDENTIFIER.fullmatch(token)}
    name = path.rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return found | ({name} if len(name) >= 8 and not _GENERIC.search(name) else set())


def _names(url: str, identifiers: set[str]) -> bool:
    """Whether an address may be of a picture with some identifiers."""
    return any(name[:PREFIX] in url for name in identifiers)


def _shown(doc: Document, url: str) -> str | None:
    """The address under which the page shows a picture."""
    wanted, path = _identifiers(url), urlsplit(url).path
    for node in [node for node in doc.marks if node.tag in _PICTURES][:MAX_PICTURES]:
        raw = _address(node)
        if not raw or not (_names(raw, wanted) or path in raw):
            continue  # cheap, and true of nearly all
        address = canonical_image(raw, doc.url)
        if address and is_same_picture(address, url):
            return address
    return None


def _after(doc: Document, headline: LexborNode | None) -> str | None:
    """The picture between the headline and the first paragraphs."""
    root = doc.tree.body
    if headline is None or root is None:
        return None
    passed, paragraphs = False, 0.0
    for node in doc.marks if headline.tag == "h1" else root.css("h1, h2, img, amp-img, p")[:400]:
        if node.mem_id == headline.mem_id:
            passed = True
        elif passed and node.tag == "p":
            size = weight(node.text())
            paragraphs += 1 if size >= PARAGRAPH else 0.5 if 2 * size >= PARAGRAPH else 0
            if paragraphs > 1:
                return None
        elif passed and node.tag in _SHOWN and (url := _address(node)):
            labels = [label_of(one) for one in _around(node)]
            if _ELSEWHERE.search(" ".join(labels)):
                return None
            if not _DECORATION.search(" ".join([url.lower(), *labels[:NEAREST]])):
                return canonical_image(url, doc.url)
    return None


def _around(node: LexborNode) -> list[LexborNode]:
    """An element and some of those around it."""
    found: list[LexborNode] = []
    one: LexborNode | None = node
    while one is not None and len(found) < AROUND:
        found.append(one)
        one = one.parent
    return found


def with_caption(doc: Document, image: LeadImage, around: Surroundings) -> LeadImage:
    """A picture with the caption that the page prints under it."""
    selected = [[node] for node in doc.select(doc.epoch.caption)[:1]]
    printed = next(iter(selected), None) or _printed(doc, image)
    text = tidy(" ".join(part for node in printed for part in _parts(node)))
    if not text and (line := _captioned(doc, image, around)):
        text, printed = line.text, list(line.nodes)
    if not text:
        return image
    caption, credit = split_credit(
        text, own=doc.site_names, told=_credits_in(printed, text, doc.site_names)
    )
    return LeadImage(image.url, caption or image.caption, credit or image.credit)


def _parts(node: LexborNode) -> list[str]:
    """The texts of the elements that a caption is made of; its text where it is not of some."""
    inner: list[LexborNode] = []
    while len(inner) < 2:
        inner = [one for one in children(node) if text_in(one)]
        if len(inner) != 1 or inner[0].tag == "-text":
            break
        node, inner = inner[0], []
    apart = len(inner) > 1 and all(one.tag in _APART for one in inner)
    if len(inner) == 2 and inner[0].tag == "-text" and inner[1].tag in _APART:
        apart = text_in(inner[0])[-1:] in ".!?。"  # a sentence, and an element behind it
    return list(map(text_in, inner)) if apart else [text_in(node)]


def _credits_in(nodes: Sequence[LexborNode], text: str, own: Collection[str]) -> list[str]:
    """What elements inside a caption say are its credits, or the last of them is by its words."""
    found: list[str] = []
    for inner in [one for node in nodes for one in node.css("cite, [class]")[:MAX_PARTS]]:
        label = label_of(inner)
        if inner.tag == "figcaption" or not (inner.tag == "cite" or _CREDIT.search(label)):
            continue
        said = text_in(inner)
        if not said or said not in text or len(said) > MAX_CREDIT:
            continue
        holds_all = said == text and "caption" in label
        is_title = inner.tag == "cite" and text[: text.rindex(said)].rstrip()[-1:].isalnum()
        if not holds_all and not is_title and not any(said in one for one in found):
            found.append(said)
    ends = [parts[-1] for node in nodes if len(parts := _parts(node)) > 1]
    return found or [end for end in ends if is_credit(end, own)]


def _printed(doc: Document, image: LeadImage) -> list[LexborNode]:
    """The caption of the figure that shows the picture."""
    wanted, name = _identifiers(image.url), _file(image.url)
    for figure in doc.marked.get("figure", [])[:MAX_FIGURES]:
        caption = figure.css_first("figcaption")
        if caption is None or not text_in(caption):
            continue
        for node in figure.css("img, amp-img, source"):
            url = _address(node)
            if not url or not (_names(url, wanted) or _file(url) == name):
                continue
            shown = canonical_image(url, doc.url)
            if shown and is_same_picture(shown, image.url):
                return [caption]
    return []


def _captioned(doc: Document, image: LeadImage, around: Surroundings) -> Line | None:
    """The first line near the headline that is a caption by its box or by its credit.

    Where the page shows the picture, a figure that shows another one has the other one's.
    """
    is_shown = _shown(doc, image.url) is not None
    for line in (*around.head, *around.inside):
        if not (is_caption(line) or ends_in_credit(line.text)):
            continue
        if not is_shown:
            return line
        figure = next((box.node for box in line.box.above(LABELLED) if box.tag == "figure"), None)
        shown = figure.css("img, amp-img, source") if figure is not None else []
        addresses = [canonical_image(url, doc.url) for node in shown if (url := _address(node))]
        if not addresses or any(one and _is_one(one, image.url) for one in addresses):
            return line
    return None


def _is_one(one: str, other: str) -> bool:
    return _file(one) == _file(other) or is_same_picture(one, other)


def _address(node: LexborNode) -> str | None:
    attributes = node.attributes
    for name in _SOURCES:
        value = attributes.get(name)
        if value and not value.startswith("data:"):
            return tidy(value).split(" ")[0].rstrip(",")
    return attributes.get("href") or attributes.get("content")


def _file(url: str) -> str:
    return url.split("?")[0].rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
