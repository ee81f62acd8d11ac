"""What on a page is no part of a story, told by what it calls itself and by how it is written.

The words are those that templates of newspapers use in class names and that papers print around
stories, in the languages they are printed in; no paper is named.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from newsdesk.reading.body import phrases
from newsdesk.reading.lines import Box, Line, words_of

TAGS = frozenset(
    [
        *("nav", "footer", "aside", "form", "button", "figure", "figcaption", "picture", "video"),
        *("audio", "object", "embed", "canvas", "dialog", "menu", "map", "amp-img", "amp-ad"),
        *("amp-carousel", "amp-social-share", "amp-sidebar", "fieldset", "input", "label", "time"),
    ]
)

_WORDS = frozenset(
    [
        *("ad", "ads", "adv", "adbox", "adslot", "adunit", "alert", "articleinfo", "author"),
        *("authors", "authorbio", "authorbox", "authorinfo", "authorcard", "authorname", "banner"),
        *("bio", "breadcrumb", "breadcrumbs", "byline", "bylines", "caption", "captions"),
        *("carousel", "comment", "commenting", "comments", "consent", "cookie", "cookies"),
        *("copyright", "credit", "credits", "cta", "disclaimer", "disqus", "donate", "donation"),
        *("eyebrow", "feedback", "follow", "footer", "gallery", "gdpr", "hidden", "kicker"),
        *("legal", "listen", "login", "membership", "menu", "meta", "metadata", "modal", "nav"),
        *("navbar", "navigation", "newsletter", "newsletters", "noprint", "notice", "outbrain"),
        *("overlay", "pager", "pagination", "player", "poll", "popular", "popup", "promo"),
        *("promos", "pubdate", "pullquote", "pullquotes", "quiz", "rating", "ratingbox", "ratings"),
        *("reaction", "reactions"),
        *("recaptcha", "related", "share", "shares", "sharing", "sidebar", "signup", "slider"),
        *("slideshow", "survey", "taboola", "tag", "taglist", "tags", "teaser", "teasers"),
        *("telegram", "ticker", "timestamp", "toc", "toolbar", "toolbox", "tooltip", "topic"),
        *("topics", "keywords", "trending", "upsell", "whatsapp"),
    ]
)
"""One of these in a label is enough."""

_PAIRS = frozenset(
    [
        *("alsoread", "appdownload", "apppromo", "calltoaction", "downloadapp", "followus"),
        *("hatomextra", "imagewrapper", "imgwrapper", "inlinelink", "jumplink", "liveticker"),
        *("moreon", "morestories", "photowrapper", "picturewrapper"),
        *("mostpopular", "mostread", "nextarticle", "nextpost", "nextstory", "noprint"),
        *("prevarticle", "prevpost", "prevstory", "previousarticle", "printonly", "publishdate"),
        *("publisheddate", "publishinfo", "publishtime", "readalso", "readingtime", "readmore"),
        *("relatedarticle", "relatedarticles", "relatedcontent", "relatedposts", "relatedstories"),
        *("screenreader", "seealso", "signup", "skiplink", "sronly", "tableofcontents", "taglist"),
        *("videocaption", "videoinfo", "videoplayer", "videotitle", "visuallyhidden"),
    ]
)
"""Two words of a label, side by side or written as one."""

_BEGINNINGS = ("advert", "audio", "promotion", "recommend", "social", "sponsor", "subscri")
"""A word that begins so."""

_NEVER = frozenset(
    ["newsletter", "newsletters", "cookie", "cookies", "consent", "gdpr", "disqus", "recaptcha"]
)
BODY = re.compile(
    r"article-?_*(?:body|content|text|copy|main)|story-?_*(?:body|content|text|copy)"
    r"|(?:post|entry|news|single|blog|page|node|detail)s?-?_*(?:body|content|text|detail)"
    r"|body-?_*(?:copy|text|content)|rich-?text|(?<![a-z])prose(?![a-z])|articlebody|texto-?noticia"
)


def is_junk(box: Box) -> bool:
    """Whether an element says that it is no part of a story's text."""
    if box.tag in TAGS or box.tag.startswith("amp-"):
        return True
    return len(box.label) > 1 and _says_junk(box.label)


@lru_cache(maxsize=8_192)  # a paper's pages are of one template, its labels the same
def _says_junk(label: str) -> bool:
    if BODY.search(label):
        return False
    words = words_of(label)
    if not _WORDS.isdisjoint(words):
        return True
    if not _PAIRS.isdisjoint(words) or any(word.startswith(_BEGINNINGS) for word in words):
        return True
    return any(one + two in _PAIRS for one, two in pairwise(words))


def is_never(box: Box) -> bool:
    """Whether an element is no story even if it is most of the page."""
    return not _NEVER.isdisjoint(box.words)


def is_skipped(text: str) -> bool:
    """Whether a line is one of those that papers print between a story's paragraphs."""
    return phrases.between(text)


def ends_story(line: Line) -> bool:
    """Whether a line is the heading of what follows a story."""
    return len(line.text) <= 80 and phrases.below(line.text)
