"""One page in, one reading out: the walk over the fields in the order they need each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from newsdesk.article import Article, Page, Reading, Rejection
from newsdesk.fields import text as texts
from newsdesk.reading import authors, headline, kind, moments, picture, places, tags, walls
from newsdesk.reading.body import Body, find_body
from newsdesk.reading.charset import as_utf8
from newsdesk.reading.document import Document
from newsdesk.reading.proposals import Proposal, Record, first
from newsdesk.reading.selectors import unanswered
from newsdesk.reading.surroundings import look_around
from newsdesk.sources import Source

READER_VERSION = 1
"""Grows whenever a rule changes what any page reads as. A row's ``reader_version`` is this and its
paper's ``rules_version`` together: either grows it, and nothing makes it less."""

BEGINNING = 80
"""Characters of a text by which a reader of candidates knows it."""

MAX_PAGE = 32_000_000
"""Bytes of a page; a longer one is not read. Fetching cuts pages at a third of this."""


def read_page(page: Page, source: Source, *, explain: bool = False) -> Reading:
    """Reads one page.

    Pure: the same page and source give the same reading.

    Args:
        page: What was captured.
        source: The paper it belongs to.
        explain: Whether the reading lists every candidate of every field.

    Returns:
        Every field that could be read, and the reason when the page is no story.
    """
    record = Record(explain=explain)
    if len(page.body) > MAX_PAGE:
        return unread(page, source, walls.Wall("too_complex", f"more than {MAX_PAGE:,} bytes"))
    if wall := walls.not_html(page.body, page.content_type):
        return unread(page, source, wall)
    html, encoding = as_utf8(page.body, page.content_type)
    doc = Document(page, source, html, explain=explain)
    if explain:
        record.candidates += unanswered(LexborHTMLParser(html), doc.epoch)
    article = _article(doc, record)
    article = dataclasses.replace(
        article, field_rules={**dict(sorted(record.rules.items())), "encoding": encoding}
    )
    found = walls.wall_of(doc, article)
    return Reading(
        article,
        _rejection(page, article, found) if found else None,
        tuple(record.candidates),
    )


def unread(page: Page, source: Source, wall: walls.Wall) -> Reading:
    """What is said of a page that was not read: its address, and why."""
    address = source.canonical_url(page.url)
    article = Article(
        article_id=source.article_id(address),
        source=source.name,
        url=page.url,
        canonical_url=address,
        captured_at=page.captured_at,
        reader_version=READER_VERSION + source.rules_version,
        capture=page.ref,
    )
    return Reading(article, _rejection(page, article, wall))


def _article(doc: Document, record: Record) -> Article:
    """Every field, each by its own rules."""
    page, source = doc.page, doc.source
    node = headline.headline_node(doc)
    bodies = find_body(doc, node)
    body = bodies[0] if bodies else None
    body_options = _told_apart(bodies)
    record.keep("body", body_options, first(body_options))
    around = look_around(doc, body, node)
    title_options = headline.headlines(doc, node)
    title = record.keep("headline", title_options, first(title_options))
    paragraphs = body.paragraphs if body else ()
    body_text = texts.join_paragraphs(paragraphs)
    words = texts.words(body_text)
    language_options = kind.languages(doc, body_text or title)
    language = record.keep("language", language_options, first(language_options))
    dates = moments.Dates(doc, language)
    published_options = dates.published(around)
    published = record.keep("published_at", published_options, moments.decide(published_options))
    record.rules |= moments.remarks(published, page.link, source.zone)
    modified_options = dates.modified(around)
    modified = record.keep("modified_at", modified_options, moments.decide(modified_options))
    if modified and published and modified.at < published.at - moments.APART:
        modified = None  # templates fill it with the time of something else
        record.rules["modified_at"] = "dropped: before published_at"
    byline_options, raw = authors.authors(doc, around, paragraphs)
    bylines = record.keep("bylines", byline_options, first(byline_options)) or ()
    dateline_options = places.datelines(doc, around, body, bylines)
    dateline = record.keep("dateline", dateline_options, first(dateline_options))
    section_options = places.sections(doc, title, around)
    section = record.keep("section", section_options, first(section_options)) or (None, None)
    image_options = picture.pictures(doc, node)
    image = record.keep("lead_image", image_options, first(image_options))
    if image is not None:
        image = picture.with_caption(doc, image, around)
    topic_options = tags.topics(doc, around)
    topics = record.keep("topics", topic_options, first(topic_options)) or ()
    keyword_options = tags.keywords(doc, around)
    keywords = record.keep("keywords", keyword_options, first(keyword_options)) or ()
    kind_options = kind.kinds(doc, section[0])
    article_type = record.keep("article_type", kind_options, first(kind_options)) or "news"
    access_options = kind.access(doc)
    access = record.keep("access", access_options, first(access_options)) or "unknown"
    summary_options = kind.summaries(doc, title, paragraphs, around)
    summary = record.keep("summary", summary_options, first(summary_options))
    address_options = kind.canonicals(doc)
    address = record.keep("canonical_url", address_options, first(address_options)) or page.url
    return Article(
        article_id=source.article_id(address),
        source=source.name,
        url=page.url,
        canonical_url=address,
        captured_at=page.captured_at,
        reader_version=READER_VERSION + source.rules_version,
        edition=source.edition_of(doc.path)[0],
        language=language,
        section=section[0],
        subsection=section[1],
        article_type=article_type,
        headline=title,
        summary=summary,
        bylines=bylines,
        byline_raw=raw,
        dateline=dateline,
        published_at=published.at if published else None,
        published_at_offset=published.offset if published else None,
        published_at_precision=published.precision if published else None,
        published_day_local=published.day_local if published else None,
        modified_at=modified.at if modified else None,
        body=body_text if source.store_body else None,
        paragraphs=len(paragraphs),
        word_count=len(words),
        lead_image=image,
        topics=topics,
        keywords=keywords,
        access=access,
        text_simhash=texts.simhash(words),
        content_hash=texts.content_hash(
            headline=title,
            summary=summary,
            body=body_text,
            bylines=bylines,
            published_at=published.at if published else None,
            image_url=image.url if image else None,
        ),
        capture=page.ref,
    )


def _told_apart(bodies: Sequence[Body]) -> list[Proposal[str]]:
    """Bodies as proposals whose values are short enough to be compared."""
    return [
        Proposal(
            one.rule,
            f"{len(one.paragraphs)} paragraphs, {one.size} characters: {one.paragraphs[0][:BEGINNING]}",
            one.evidence,
        )
        for one in bodies
    ]


def _rejection(page: Page, article: Article, wall: walls.Wall) -> Rejection:
    return Rejection(
        source=article.source,
        url=page.url,
        captured_at=page.captured_at,
        reason=wall.reason,
        evidence=wall.evidence[:300],
        reader_version=article.reader_version,
        article_id=article.article_id,
        capture=page.ref,
        http_status=page.status,
        headline=article.headline,
        published_at=article.published_at,
    )
