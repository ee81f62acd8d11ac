"""A story's page: byline and date twice (once without the zone), caption twice, other stories."""

from __future__ import annotations

import datetime as dt
import json
from html import escape

from newsdesk.demo.paper.pages.frame import document, link, newsletter, sub_menu
from newsdesk.demo.paper.plan import Story, headline, path_of, stories_of, url_of
from newsdesk.demo.paper.site import (
    ARABIC,
    DOMAIN,
    HOME,
    TITLE,
    arabic_digits,
    local,
    offset_name,
    slug,
    words,
    written_date,
)
from newsdesk.demo.paper.stories import Telling, author_path, tell


def story_page(story: Story, clock: dt.datetime) -> str:
    """The page of a story as it stands by the paper's clock."""
    told = tell(story, clock)
    page = document(
        told.headline,
        _menu(told) + _article(told, clock),
        head=_head(told),
        language=told.language,
        kind="video_page" if story.kind == "video" else "article_page",
    )
    return _broken(page) if story.kind == "broken" else page


def amp_page(story: Story, clock: dt.datetime) -> str:
    """Its twin for phones, with little more than the text."""
    told = tell(story, clock)
    body = "".join(f"<p>{escape(text)}</p>\n" for text in told.paragraphs)
    return (
        f'<!doctype html>\n<html amp lang="{told.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(told.headline)} | {TITLE}</title>\n"
        f'<link rel="canonical" href="{escape(url_of(story))}">\n</head>\n<body>\n'
        f'<main class="article_holder">\n<h1 class="main_page_title">{escape(told.headline)}</h1>\n'
        f'<div class="article_info_top">{_info(told)}</div>\n'
        f'<div class="article_body">\n{body}</div>\n</main>\n</body>\n</html>\n'
    )


def printed_image(url: str, at: dt.datetime, size: str = "800x531") -> str:
    """A picture's address as pages print it: a thumbnail of a version."""
    folder, name = url.rsplit("/", 1)
    return f"{folder}/thumbs/{size}/{name}?v={int(at.timestamp())}"


# -- head -------------------------------------------------------------------------------------


def _head(told: Telling) -> str:
    story, url = told.story, url_of(told.story)
    parts = [f'<link rel="canonical" href="{escape(url)}">']
    if told.language == "en":
        parts.append(f'<link rel="amphtml" href="{escape(url)}/amp">')
    if told.metadata == "open_graph":
        parts += _open_graph(told)
    if told.metadata == "json_ld":
        parts.append(f'<script type="application/ld+json">{_json(_json_ld(told))}</script>')
        if story.kind == "video":
            clip = _json(_video_ld(told))
            parts.append(f'<script type="application/ld+json">{clip}</script>')
    if story.kind == "broken":
        cut = _json(_json_ld(told))[:90]
        parts.append(f'<script type="application/ld+json">{cut}</script>')
    return "\n".join(parts) + "\n"


def _open_graph(told: Telling) -> list[str]:
    story = told.story
    values = {
        "og:site_name": TITLE,
        "og:type": "article",
        "og:title": f"{told.headline} | {TITLE}",
        "og:description": told.summary or "",
        "og:url": url_of(story),
        "article:published_time": _iso(told.published_at),
        "article:modified_time": _iso(told.modified_at or told.published_at),
        "article:section": told.subsection or told.section,
    }
    if told.image:
        values["og:image"] = printed_image(told.image.url, story.first_at, "1200x675")
    return [
        f'<meta name="description" content="{escape(told.summary or "")}">',
        *(f'<meta property="{name}" content="{escape(v)}">' for name, v in values.items()),
    ]


def _json_ld(told: Telling) -> dict[str, object]:
    """As real papers write it: an agency's story bears the paper's own name as its author."""
    person = told.bylines[0].kind == "person"
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.headline,
        "description": told.summary,
        "datePublished": _iso(told.published_at),
        "dateModified": _iso(told.modified_at or told.published_at),
        "inLanguage": told.language,
        "articleSection": told.subsection or told.section,
        "mainEntityOfPage": url_of(told.story),
        "author": [{"@type": "Person", "name": c.name} for c in told.bylines]
        if person
        else {"@type": "Organization", "name": TITLE},
        "publisher": {
            "@type": "Organization",
            "name": TITLE,
            "logo": {"@type": "ImageObject", "url": f"{HOME}/static/logo.svg"},
        },
    }
    if told.image:
        data["image"] = [printed_image(told.image.url, told.story.first_at, "1200x675")]
    return data


def _video_ld(told: Telling) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": told.headline,
        "description": told.summary,
        "uploadDate": _iso(told.published_at),
        "contentUrl": _clip(told),
    }


def _clip(told: Telling) -> str:
    return f"https://video.{DOMAIN}/{slug(told.headline)}.mp4"


def _json(data: object) -> str:
    """JSON that may stand in a script element: no text can end it."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _iso(instant: dt.datetime) -> str:
    return local(instant).isoformat()


# -- body -------------------------------------------------------------------------------------


def _menu(told: Telling) -> str:
    desk = told.story.desk
    if told.language == "ar":
        return ""
    if told.story.kind == "column":  # its address does not say the section
        steps = [link("/", "Home"), link("/opinion", told.section)]
        steps.append(link(f"/{desk.path}", told.subsection or ""))
        return f'<nav class="breadcrumb">{" › ".join(steps)}</nav>\n'
    return sub_menu(desk.section)


def _article(told: Telling, clock: dt.datetime) -> str:
    return (
        '<main class="article_holder">\n'
        f'<h1 class="main_page_title">{escape(told.headline)}</h1>\n'
        f'<div class="article_info_top">\n{_info(told)}</div>\n'
        f"{_picture(told)}"
        f'<div class="article_info_bottom">{_authors(told)} '
        f'<span class="date_text">{escape(_date(told, zone=False))}</span></div>\n'
        f"{_text(told)}"
        '<ul class="share"><li>shortlink copied</li></ul>\n'
        f"{_labels(told)}{newsletter()}{_other_stories(told.story, clock)}</main>\n"
    )


def _info(told: Telling) -> str:
    place = f'<span class="place">{escape(told.dateline.raw)}</span> ' if told.dateline else ""
    return (
        f"{_authors(told)}\n"
        f'<div class="article_info">{place}'
        f'<span class="date_text">{escape(_date(told, zone=True))}</span></div>\n'
    )


def _authors(told: Telling) -> str:
    printed = told.byline_raw
    portrait = ""
    if told.story.kind == "column":
        source = f"https://img.{DOMAIN}/authors/{slug(printed)}.jpg"
        portrait = f'<img class="author_photo" src="{escape(source)}" alt="{escape(printed)}">'
    if told.language == "ar":
        return f'<div class="authors">{escape(printed)}</div>'
    name = printed.removeprefix("by ")
    return f'<div class="authors">{portrait}by {link(author_path(printed), name)}</div>'


def _date(told: Telling, *, zone: bool) -> str:
    if told.language == "ar":
        at = local(told.published_at)
        month = words("arabic")["months"][at.month - 1]
        dash = " - " if zone else " "
        return arabic_digits(f"{at.day} {month} {at.year}{dash}{at:%H:%M}")
    if not zone:
        return written_date(told.published_at, comma=False)
    return f"{written_date(told.published_at)} {offset_name(told.published_at)}"


def _picture(told: Telling) -> str:
    """Picture and caption, and the caption once more for narrow screens."""
    if told.image is None or told.article_type == "gallery":
        return ""
    source = escape(printed_image(told.image.url, told.story.first_at))
    if told.article_type == "video":
        return (
            f'<div class="video_player"><img src="{source}" alt="">'
            f'<video controls><source src="{_clip(told)}" type="video/mp4"></video></div>\n'
        )
    caption = escape(f"{told.image.caption} ({told.image.credit})")
    return (
        f'<div class="article_image"><img src="{source}" alt="{escape(told.headline)}">'
        f'<div class="image_caption">{caption}</div></div>\n'
        f'<div class="image_caption_mobile">{caption}</div>\n'
    )


def _text(told: Telling) -> str:
    if told.article_type == "gallery" and told.image:
        shots = ""
        for number, text in enumerate(told.paragraphs):
            url = told.image.url if number == 0 else told.image.url[:-4] + f"-{number}.jpg"
            source = escape(printed_image(url, told.story.first_at))
            shots += (
                f'<figure class="gallery_item"><img src="{source}" alt="">'
                f"<figcaption>{escape(text)}</figcaption></figure>\n"
            )
        return f'<div class="gallery">\n{shots}</div>\n'
    body = "".join(f"<p>{escape(text)}</p>\n" for text in told.paragraphs)
    return f'<div class="article_body">\n{body}</div>\n'


def _labels(told: Telling) -> str:
    edition = f"/{ARABIC}" if told.language == "ar" else ""
    topics = " ".join(link(f"{edition}/topic/{slug(topic)}", topic) for topic in told.topics)
    keywords = " ".join(link(f"{edition}/keyword/{slug(word)}", word) for word in told.keywords)
    titles = ("مواضيع ذات صلة", "كلمات مفتاحية") if edition else ("RELATED TOPICS", "KEYWORDS")
    return (
        f'<div class="related_topics"><h4>{titles[0]}</h4> {topics}</div>\n'
        f'<div class="keywords"><h4>{titles[1]}</h4> {keywords}</div>\n'
    )


def _other_stories(story: Story, clock: dt.datetime) -> str:
    """Teasers with captions, credits and labels of their own, and the photo gallery's."""
    before = story.day - dt.timedelta(days=1)
    others = [
        other
        for other in stories_of(before)
        if other.language == story.language and other.listed(clock) and other.kind != "document"
    ]
    picked = story.dice("others").draw(others, 4)
    cards = ""
    for other in picked:
        told = tell(other, clock)
        caption = ""
        if told.image and told.image.caption:
            credit = f" ({told.image.credit})" if told.image.credit else ""
            caption = f'<div class="card_caption">{escape(told.image.caption + credit)}</div>\n'
        cards += (
            f'<div class="card">{caption}<h3>{link(path_of(other), told.headline)}</h3>'
            f'<div class="card_label">{escape(told.topics[0])}</div></div>\n'
        )
    galleries = [other for other in others if other.kind == "gallery"]
    more = "".join(f"<li>{link(path_of(g), headline(g))}</li>" for g in galleries)
    return (
        f'<aside class="related_stories">\n{cards}</aside>\n'
        f'<aside class="photo_gallery"><h4>PHOTOGALLERY</h4><div>No Image</div>'
        f"<ul>{more}</ul></aside>\n"
    )


def _broken(page: str) -> str:
    """The same page as a careless template writes it: tags left open, the end cut off."""
    body, footer = page.rsplit("<footer>", 1)
    body = body.replace("</p>\n", "\n").replace("</div>\n<div", "\n</div><div")
    body = body.replace('<ul class="share"><li>', '<ul class="share"></b><li>')
    return body + "<footer>" + footer[: len(footer) // 3].rsplit(" ", 1)[0]
