"""The lead picture: its own address, the caption without the credit, the credit."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from newsdesk.article import LeadImage
from newsdesk.fields.images import canonical_image, split_credit
from newsdesk.fields.text import tidy
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.proposals import Proposal

_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-srcset", "srcset")


def pictures(doc: Document, around: LexborNode | None) -> list[Proposal[LeadImage]]:
    """What may be the lead picture, best first. ``around`` is the element of the story."""
    found: list[Proposal[LeadImage]] = []

    def add(
        rule: str, url: str | None, caption: str | None = None, credit: str | None = None
    ) -> None:
        address = canonical_image(url, doc.url) if url else None
        if address:
            found.append(Proposal(rule, LeadImage(address, caption, credit), url or ""))

    for node in doc.select(doc.epoch.lead_image)[:1]:
        image = node if node.tag in ("img", "amp-img") else node.css_first("img, amp-img")
        add("site", _address(image if image is not None else node))
    for value in jsonld.resolve(doc.story.get("image"), doc.known)[:1]:
        if isinstance(value, dict):
            url = value.get("url") or value.get("contentUrl") or value.get("@id")
            url = url[0] if isinstance(url, list) and url else url
            caption = jsonld.text_of(value.get("caption") or value.get("description"))
            text, credit = split_credit(caption) if caption else (None, None)
            credit = credit or jsonld.text_of(
                value.get("creditText") or value.get("copyrightHolder")
            )
            add("json_ld", url if isinstance(url, str) else None, text, credit)
        elif isinstance(value, str):
            add("json_ld", value)
    add("meta:og:image", doc.meta("og:image", "og:image:url", "og:image:secure_url"))
    add(
        "meta:twitter:image",
        doc.meta("twitter:image", "twitter:image:src", "sailthru.image.full", "parsely-image-url"),
    )
    figure = _figure(around)
    if figure is not None:
        image = figure.css_first("img, amp-img")
        add("figure", _address(image) if image is not None else None)
    return found


def with_caption(doc: Document, image: LeadImage, around: LexborNode | None) -> LeadImage:
    """A picture with the caption that the page prints under it."""
    texts = [text_in(node) for node in doc.select(doc.epoch.caption)[:1]]
    if not texts and (found := _printed(doc, image, around)):
        texts = [found]
    for text in texts:
        caption, credit = split_credit(text)
        return LeadImage(image.url, caption or image.caption, credit or image.credit)
    return image


def _printed(doc: Document, image: LeadImage, around: LexborNode | None) -> str | None:
    """The caption of the figure that shows the picture, or of the story's first figure."""
    first: str | None = None
    name = _file(image.url)
    for figure in (around if around is not None else doc.tree).css("figure")[:20]:
        caption = figure.css_first("figcaption")
        text = text_in(caption) if caption is not None else ""
        if not text:
            continue
        pictures_in = [_file(a) for n in figure.css("img, amp-img, source") if (a := _address(n))]
        if name in pictures_in:
            return text
        first = first or text
    return first


def _figure(around: LexborNode | None) -> LexborNode | None:
    if around is None:
        return None
    for figure in around.css("figure")[:5]:
        if figure.css_first("img, amp-img") is not None:
            return figure
    return None


def _address(node: LexborNode) -> str | None:
    attributes = node.attributes
    for name in _SOURCES:
        value = attributes.get(name)
        if value and not value.startswith("data:"):
            return tidy(value).split(" ")[0].rstrip(",")
    return attributes.get("href") or attributes.get("content")


def _file(url: str) -> str:
    return url.split("?")[0].rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
