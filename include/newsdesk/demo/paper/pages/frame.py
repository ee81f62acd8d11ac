"""What stands around every page: head, menus with every section, newsletter box, footer.

The years beside the owner's name differ from the story's on purpose, as they do on real papers.
"""

from __future__ import annotations

from html import escape

from newsdesk.demo.paper.site import ARABIC, OWNER, TITLE, sections, words

MENU_YEAR = 2023
FOOTER_YEAR = 2021


def document(
    title: str, body: str, *, head: str = "", language: str = "en", kind: str = "page"
) -> str:
    """A whole page.

    Args:
        title: What the browser shows, without the paper's name.
        body: Markup between menus and footer.
        head: More markup for the head.
        language: ``en`` or ``ar``.
        kind: Class of the body element.
    """
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} | {TITLE}</title>\n{head}</head>\n"
        f'<body class="{kind}">\n{_top_menu()}{_header(language)}{body}{_footer()}'
        "</body>\n</html>\n"
    )


def link(path: str, text: str) -> str:
    """A link within the paper."""
    return f'<a href="{escape(path)}">{escape(text)}</a>'


def sub_menu(section: str) -> str:
    """The bar that lists all of a section, whatever the page is about."""
    items = "".join(f"<li>{link(f'/{d.path}', d.title)}</li>" for d in sections()[section])
    return f'<nav class="sub_menu"><ul>{items}</ul></nav>\n'


def newsletter() -> str:
    """The box under every story."""
    return (
        '<div class="newsletter_box">\n'
        f"<h3>The {TITLE} Newsletter</h3>\n"
        "<p>A morning letter with what happened on both shores while you slept.</p>\n"
        '<form action="/newsletter"><input type="email" name="email" '
        'placeholder="E-mail address"><button>SIGN ME UP</button></form>\n'
        "<p>You may leave the list whenever you like. Signing up means that you accept our "
        f"{link('/corporate/terms', 'Terms of Use')} and "
        f"{link('/corporate/privacy', 'Privacy Policy')}. This form is guarded by reCAPTCHA; its "
        "own privacy policy and terms of service apply as well.</p>\n</div>\n"
    )


def _header(language: str) -> str:
    tree = "".join(
        f"<li>{link(f'/{own[0].path}', own[0].title)}<ul>"
        + "".join(f"<li>{link(f'/{d.path}', d.title)}</li>" for d in own[1:])
        + "</ul></li>\n"
        for own in sections().values()
    )
    if language == "ar":
        names = words("arabic")["sections"].items()
        tree = "".join(f"<li>{link(f'/{ARABIC}/{s}', own['title'])}</li>\n" for s, own in names)
    other = link("/", "English") if language == "ar" else link(f"/{ARABIC}", "عربي")
    return (
        f'<header>\n<a class="logo" href="/"><img src="/static/logo.svg" alt="{TITLE} logo"></a>\n'
        f'<div class="language">{other}</div>\n'
        f'<nav class="main_menu"><ul>\n{tree}</ul></nav>\n</header>\n'
    )


def _top_menu() -> str:
    groups = "".join(
        f"<div>{link(f'/{own[0].path}', own[0].title)} "
        + " ".join(link(f"/{d.path}", d.title) for d in own[1:])
        + "</div>\n"
        for own in sections().values()
    )
    return (
        f'<div class="top_menu">\n{groups}<div>{_small_print()}</div>\n'
        f"<div>© {OWNER} {MENU_YEAR}</div>\n</div>\n"
    )


def _footer() -> str:
    groups = "".join(
        "<ul>" + "".join(f"<li>{link(f'/{d.path}', d.title)}</li>" for d in own) + "</ul>\n"
        for own in sections().values()
    )
    return (
        f"<footer>\n{groups}<div>{_small_print()}</div>\n"
        f'<div class="copyright">© {OWNER} {FOOTER_YEAR}</div>\n</footer>\n'
    )


def _small_print() -> str:
    pages = {"jobs": "JOBS", "about": "ABOUT US", "privacy": "PRIVACY", "contact": "CONTACT US"}
    links = [link(f"/corporate/{name}", label) for name, label in pages.items()]
    return " ".join([*links, link("/rss", "RSS")])
