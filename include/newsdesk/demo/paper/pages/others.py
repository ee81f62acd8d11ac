"""Pages that are no story: fronts, the list of feeds, the consent wall, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from newsdesk.demo.paper.pages.frame import document, link, newsletter, sub_menu
from newsdesk.demo.paper.plan import Story, headline, path_of
from newsdesk.demo.paper.site import ARABIC, TITLE, Desk


def front_page(stories: Iterable[Story]) -> str:
    """The front page with the newest stories."""
    return document("News from both shores", _cards(stories) + newsletter(), kind="home_page")


def section_page(desk: Desk, stories: Iterable[Story]) -> str:
    """The front of a section or subsection."""
    heading = f"<h1>{escape(desk.title)}</h1>\n"
    body = sub_menu(desk.section) + heading + _cards(stories) + newsletter()
    return document(desk.title, body, kind="section_page")


def rss_page(feeds: Mapping[str, str]) -> str:
    """The list of feeds, path to title."""
    items = "".join(f"<li>{link(path, title)}</li>\n" for path, title in feeds.items())
    return document("RSS", f"<h1>RSS</h1>\n<ul>\n{items}</ul>\n", kind="rss_page")


def notice_page(title: str, text: str, *, language: str = "en") -> str:
    """A page that only says why there is none."""
    body = f"<main><h1>{escape(title)}</h1>\n<p>{escape(text)}</p></main>\n"
    return document(title, body, language=language, kind="notice_page")


def consent_page(story: Story) -> str:
    """What readers without a cookie get in place of a story."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>Your privacy matters to us | {TITLE}</title>\n"
        '<meta name="robots" content="noindex">\n</head>\n<body>\n'
        '<div id="consent-wall" class="consent_dialog" role="dialog">\n'
        "<h1>Before you continue</h1>\n"
        f"<p>{TITLE} and its partners store and read cookies on your device to measure visits and "
        "to choose advertising. Please accept all cookies or manage your consent preferences to "
        "go on reading.</p>\n"
        f'<form method="post" action="/consent?return={escape(path_of(story))}">'
        "<button>Accept all cookies</button> <button>Reject all</button> "
        "<button>Manage consent</button></form>\n"
        f"<p>{link('/corporate/privacy', 'Privacy policy')}</p>\n</div>\n</body>\n</html>\n"
    )


def _cards(stories: Iterable[Story]) -> str:
    cards = "".join(
        f'<div class="widget_content"{" dir=rtl" if story.language == "ar" else ""}>'
        f"<h2>{link(path_of(story), headline(story))}</h2></div>\n"
        for story in stories
    )
    return f'<main class="cards">\n{cards}</main>\n<p>{link(f"/{ARABIC}", "عربي")}</p>\n'
