"""Lets one tool read saved pages: ``extract.py TOOL IN.jsonl OUT.jsonl``, in the peers' environment.

Lines in and out are those of ``newsdesk read --batch``. Prints the processor seconds that the tool
took, loading of pages and imports apart, as one JSON object. Nothing may reach the network.
"""

from __future__ import annotations

import contextlib
import gzip
import html as entities
import json
import logging
import re
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Prediction = dict[str, Any]

WARM = 100
"""Pages that a tool reads before it is measured: what it loads at first need is not counted."""


def offline(*_: object) -> None:
    raise OSError("no network here")


def text_of(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def trafilatura() -> Callable[[str, str], Prediction]:
    from trafilatura import bare_extraction

    def read(page: str, url: str) -> Prediction:
        doc = bare_extraction(page, url=url, with_metadata=True, include_comments=False)
        if doc is None:
            return {}
        return {
            "title": doc.title,
            "authors": (doc.author or "").split("; "),
            "published_at": doc.date,
            "body": doc.text,
            "keywords": doc.tags,
            "lead_image": doc.image,
        }

    return read


def newspaper4k() -> Callable[[str, str], Prediction]:
    import newspaper

    def read(page: str, url: str) -> Prediction:
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=page)
        article.parse()
        return {
            "title": article.title,
            "authors": list(article.authors),
            "published_at": text_of(article.publish_date),
            "body": article.text,
            "keywords": list(article.meta_keywords) or list(article.tags),
            "lead_image": article.top_image or article.meta_img,
        }

    return read


def news_please() -> Callable[[str, str], Prediction]:
    from newsplease import NewsPlease

    def read(page: str, url: str) -> Prediction:
        article = NewsPlease.from_html(page, url=url, fetch_images=False)
        return {
            "title": article.title,
            "authors": list(article.authors or ()),
            "published_at": text_of(article.date_publish),
            "body": article.maintext,
            "keywords": [],
            "lead_image": article.image_url,
        }

    return read


def goose3() -> Callable[[str, str], Prediction]:
    from goose3 import Configuration, Goose

    settings = Configuration()
    settings.enable_image_fetching = False
    goose = Goose(settings)

    def read(page: str, url: str) -> Prediction:
        article = goose.extract(url=url, raw_html=page)
        image = (article.opengraph or {}).get("image")
        return {
            "title": article.title,
            "authors": list(article.authors),
            "published_at": text_of(article.publish_datetime_utc) or article.publish_date,
            "body": article.cleaned_text,
            "keywords": [one for one in (article.meta_keywords or "").split(",") if one.strip()],
            "lead_image": image[0] if isinstance(image, list) else image,
        }

    return read


def readability() -> Callable[[str, str], Prediction]:
    from lxml.html import fromstring
    from readability import Document

    def read(page: str, url: str) -> Prediction:
        doc = Document(page, url=url)
        blocks = fromstring(doc.summary()).iter("p", "li", "h2", "h3", "h4", "blockquote", "pre")
        body = [" ".join(one.text_content().split()) for one in blocks]
        return {"title": doc.short_title(), "body": "\n".join(filter(None, body))}

    return read


def htmldate() -> Callable[[str, str], Prediction]:
    from htmldate import find_date

    def read(page: str, url: str) -> Prediction:
        return {"published_at": find_date(page, url=url, original_date=True)}

    return read


def json_ld() -> Callable[[str, str], Prediction]:
    """What forty lines give: the largest JSON-LD article, else metas, else the first heading."""
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", huge_tree=True)

    def nodes(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            yield value
        for one in value.values() if isinstance(value, dict) else value:
            if isinstance(one, dict | list):
                yield from nodes(one)

    def names(value: Any) -> Iterator[str]:
        for one in value if isinstance(value, list) else [value]:
            name = one.get("name") or one.get("url") if isinstance(one, dict) else one
            if isinstance(name, list):
                yield from names(name)
            elif name:
                yield str(name)

    def read(page: str, url: str) -> Prediction:
        tree = document_fromstring(page.encode(), parser=parser)
        story: dict[str, Any] = {}
        for script in tree.iterfind('.//script[@type="application/ld+json"]'):
            try:
                found = list(nodes(json.loads(script.text or "{}", strict=False)))
            except ValueError:
                continue
            kinds = [one for one in found if re.search(r"Article|Posting", str(one.get("@type")))]
            story = max([story, *kinds], key=len)
        metas: dict[str, str] = {}
        for meta in tree.iter("meta"):
            metas.setdefault(meta.get("property") or meta.get("name") or "", meta.get("content"))
        heading = tree.find(".//h1")
        image = next(names([story.get("image")]), None) or metas.get("og:image")
        keywords = story.get("keywords") or metas.get("keywords") or ""
        if isinstance(keywords, str):
            keywords = keywords.split(",")
        title = story.get("headline") or metas.get("og:title")
        if not title and heading is not None:
            title = heading.text_content()
        return {
            "title": entities.unescape(str(title or "")),
            "authors": list(names(story.get("author"))) or list(names(metas.get("author"))),
            "published_at": story.get("datePublished") or metas.get("article:published_time"),
            "body": str(story.get("articleBody") or ""),
            "keywords": [str(one) for one in keywords],
            "lead_image": image,
        }

    return read


TOOLS = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "goose3": goose3,
    "readability": readability,
    "htmldate": htmldate,
    "json-ld": json_ld,
}


def main(tool: str, source: str, target: str) -> None:
    socket.socket.connect = offline  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = offline  # type: ignore[assignment]
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    read = TOOLS[tool]()
    jobs = [json.loads(line) for line in Path(source).read_text("utf-8").splitlines()]
    pages = [
        gzip.decompress(Path(job["path"]).read_bytes()).decode("utf-8", "replace") for job in jobs
    ]
    for job, page in zip(jobs[:WARM], pages, strict=False):
        with contextlib.suppress(Exception):  # it will be counted when the page's turn comes
            read(page, job["url"])
    spent, failed = 0.0, 0
    with Path(target).open("w", encoding="utf-8") as out:
        for job, page in zip(jobs, pages, strict=True):
            started = time.process_time()
            try:
                said = read(page, job["url"])
            except Exception as error:  # noqa: BLE001 - a tool that fails on a page gives nothing for it
                said, failed = {"error": type(error).__name__}, failed + 1
            spent += time.process_time() - started
            out.write(json.dumps({"id": job["id"], **said}, default=str) + "\n")
    print(json.dumps({"pages": len(pages), "seconds": spent, "failed": failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
