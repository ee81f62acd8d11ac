"""What on a page is no part of a story, told by what it calls itself and by how it is written.

The words are those that templates of newspapers use in class names and that papers print around
stories, in the languages they are printed in; no paper is named.
"""

from __future__ import annotations

import re

from newsdesk.reading.body import phrases
from newsdesk.reading.lines import Box, Line

TAGS = frozenset(
    [
        *("nav", "footer", "aside", "form", "button", "figure", "figcaption", "picture", "video"),
        *("audio", "object", "embed", "canvas", "dialog", "menu", "map", "amp-img", "amp-ad"),
        *("amp-carousel", "amp-social-share", "amp-sidebar", "fieldset", "input", "label", "time"),
    ]
)

_LABELS = re.compile(
    r"(?<![a-z])(?:"
    r"comments?|commenting|disqus|related(?:articles?|stories|posts?|content)?|recommend\w*"
    r"|newsletters?|sign-?up|subscri(?:be|ption)\w*|promos?|promotion\w*|advert\w*|ads?|adv|adslot"
    r"|adunit|adbox|sponsor\w*|share|sharing|shares|social\w*|sidebar|footer|nav|navigation|navbar"
    r"|menu|breadcrumbs?|popup|modal|overlay|cookies?|consent|gdpr|banner|teasers?|most-?read"
    r"|most-?popular|trending|popular|read-?more|read-?also|also-?read|more-?on|more-?stories"
    r"|outbrain|taboola|toolbar|tooltip|captions?|photo-?credit|image-?credit|credits?|copyright"
    r"|byline|bylines|author|authors|author-?(?:bio|box|info|card|name|profile)|bio|meta|metadata"
    r"|dateline-?date|pubdate|publish(?:ed)?-?(?:date|time|info)|timestamp|tags?|tag-?list"
    r"|taglist|topics?|keywords|rating|ratings|pagination|pager|login|is-hidden|hidden|sr-only"
    r"|visually-?hidden|screen-?reader\w*|carousel|slider|slideshow|gallery|audio\w*|player"
    r"|video-?(?:player|caption|info|title)|disclaimer|feedback|survey|poll|quiz|donate|donation"
    r"|membership|upsell|cta|call-?to-?action|inline-?link|jump-?link|toc|table-?of-?contents"
    r"|see-?also|next-?(?:article|story|post)|prev(?:ious)?-?(?:article|story|post)|whatsapp"
    r"|telegram|follow-?us|follow|hatom-?extra|skip-?link|noprint|no-?print|print-?only|ticker"
    r"|reactions?|embed-?caption|kicker|eyebrow|listen|podcast-?promo|app-?promo|download-?app"
    r"|legal|notice|alert|toolbox|live-?ticker-?nav|ratingbox|articleinfo|reading-?time"
    r")(?![a-z])"
)
_NEVER = re.compile(r"(?<![a-z])(?:newsletters?|cookies?|consent|gdpr|disqus|recaptcha)(?![a-z])")
_WORD = re.compile(r"[a-z]{2,}")
BODY = re.compile(
    r"article-?_*(?:body|content|text|copy|main)|story-?_*(?:body|content|text|copy)"
    r"|(?:post|entry|news|single|blog|page|node|detail)s?-?_*(?:body|content|text|detail)"
    r"|body-?_*(?:copy|text|content)|rich-?text|(?<![a-z])prose(?![a-z])|articlebody|texto-?noticia"
)

SKIPPABLE = 240
"""Characters of a line that may be no paragraph."""


def is_junk(box: Box) -> bool:
    """Whether an element says that it is no part of a story's text."""
    if box.tag in TAGS or box.tag.startswith("amp-"):
        return True
    return len(box.label) > 1 and bool(_LABELS.search(box.label)) and not BODY.search(box.label)


def is_never(box: Box) -> bool:
    """Whether an element is no story even if it is most of the page."""
    return len(box.label) > 1 and bool(_NEVER.search(box.label))


def words(label: str) -> frozenset[str]:
    """The words of a label: ``article-body__text`` is article, body, text."""
    return frozenset(_WORD.findall(label))


def is_skipped(line: Line) -> bool:
    """Whether a line is one of those that papers print between a story's paragraphs."""
    return len(line.text) < SKIPPABLE and phrases.between(line.text)


def ends_story(line: Line) -> bool:
    """Whether a line is the heading of what follows a story."""
    return len(line.text) <= 80 and phrases.below(line.text)
