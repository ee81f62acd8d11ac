"""Pages that are no story, and stories that look like none."""

from __future__ import annotations

import datetime as dt

import pytest

from newsdesk.article import Page
from newsdesk.reading import read_page, source_for
from newsdesk.reading.kind import ALIASES
from newsdesk.sources import Source

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HOST = "https://paper.example"
GONE = f"{HOST}/town/harbour/the-pier-is-closed-for-good"
DATED = '<meta property="article:published_time" content="2026-03-01T09:00:13Z">'
PRINTED = "<time datetime='2026-03-01T09:00:13Z'>March 1, 2026</time>"
TEASER = (
    "The harbour office said on Monday that the boats of the north pier will sail on Sundays too, "
    "from the first day of the month until the ice comes back."
)


def rejected(
    body: str, *, url: str = GONE, final: str | None = None, head: str = "", title: str = "Town"
) -> str | None:
    html = f"<html lang=en><head><title>{title} - The Paper</title>{head}</head><body>{body}</body>"
    page = Page(url=url, body=html.encode(), captured_at=AT, final_url=final)
    reading = read_page(page, source_for(url, {}))
    return reading.rejection.reason if reading.rejection else None


def teasers(count: int = 9, host: str = HOST) -> str:
    cards = (
        f"<div><a href='{host}/town/boats-sail-on-day-{n}'><h3>Boats sail on day {n}</h3></a>"
        f"<p>{n}. {TEASER}</p><span>Mar {n + 1}, 2026</span></div>"
        for n in range(count)
    )
    return f"<h1>Top stories</h1><main>{''.join(cards)}</main>"


def story(headline: str, paragraphs: int = 2, printed: str = "") -> str:
    text = "".join(f"<p>{n}. {TEASER}</p>" for n in range(paragraphs))
    return f"<article><h1>{headline}</h1>{printed}{text}</article>"


@pytest.mark.parametrize("final", ["/", "/en/", "/town/harbour", "/town/", "/business"])
def test_a_list_that_answers_for_a_story_that_is_gone_is_no_story(final: str) -> None:
    assert rejected(teasers(), final=HOST + final) == "section_front"


@pytest.mark.parametrize("path", ["/news/local", "/category/local/", "/author/ada-moss/"])
def test_a_list_with_long_teasers_is_no_story(path: str) -> None:
    assert rejected(teasers(), url=HOST + path) == "section_front"
    dated = teasers().replace("/town/boats-sail-on-day-", "/2026/03/1/")
    introduced = f"<p>{TEASER}</p>{dated}"
    assert rejected(introduced, url=HOST + path) == "section_front"


COLLECTION = '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("/tag/the-old-harbour", ""),
        ("/authors/ada-moss/page/3", ""),
        ("/stories-of-the-old-harbour", COLLECTION),
    ],
)
def test_a_list_that_calls_itself_a_story_is_none(path: str, head: str) -> None:
    head += "<meta property='og:type' content='article'>"
    assert rejected(teasers(), url=HOST + path, head=head) == "section_front"
    text = story("The pier is closed", 12, PRINTED)
    assert rejected(f"{text}<aside>{teasers()}</aside>", url=HOST + path, head=head) is None


@pytest.mark.parametrize(
    "final",
    [
        *("/article?id=7", "/?p=712", "/2026/03/01/81723.html", "/a/x7", "/town/pier-closed"),
        "/harbour/the-pier-is-closed-after-all",
    ],
)
def test_a_story_that_moved_is_a_story(final: str) -> None:
    assert rejected(story("The pier is closed", 2, PRINTED), final=HOST + final) is None


@pytest.mark.parametrize("final", ["/", "/town/harbour"])
def test_a_story_that_calls_itself_one_may_have_any_address(final: str) -> None:
    pages = "<meta property='og:type' content='article'><meta name=date content='2026-03-01'>"
    assert rejected(story("The pier is closed"), final=HOST + final, head=pages) is None


@pytest.mark.parametrize("path", ["/2009/05/pier", "/story/712", "/a/x7"])
def test_a_story_with_few_headlines_beside_it_may_have_an_address_without_words(path: str) -> None:
    others = f"<aside>{teasers(6).replace('h1', 'h2')}</aside>"
    assert rejected(story("The pier is closed", 4, PRINTED) + others, url=HOST + path) is None


def test_headlines_beside_a_storys_text_make_it_no_list() -> None:
    others = f"<aside>{teasers().replace('h1', 'h2')}</aside>"
    long = story("The pier is closed", 12, PRINTED)
    assert rejected(long + others, url=f"{HOST}/town/pier") is None
    elsewhere = f"<aside>{teasers(host='https://other.example').replace('h1', 'h2')}</aside>"
    short = story("The pier is closed", 4, PRINTED)
    assert rejected(short + elsewhere, url=f"{HOST}/town/pier") is None


PHRASES = [
    "Missing hiker not found after two-day search",
    "Kayıp balıkçı hâlâ bulunamadı",
    "Medicine no longer available",
    "Access denied: court bars reporters",
    "Airport security check queues grow",
    "Unusual traffic on the coast road",
    "Datenschutz: Behörde bestraft Reederei",
    "Einwilligung der Eltern fehlt",
    "Çerez satışları arttı",
    "Bakers agree on a cookie policy",
]


@pytest.mark.parametrize("headline", PHRASES)
def test_a_short_story_may_have_a_notices_words_in_its_headline(headline: str) -> None:
    assert rejected(story(headline), head=DATED, title=headline) is None
    assert rejected(story(headline, 2, PRINTED), title=headline) is None


@pytest.mark.parametrize(
    ("headline", "reason"),
    [
        ("Page not found", "soft_404"),
        ("Error 404: Page not found", "soft_404"),
        ("Just a moment...", "bot_wall"),
        ("Before you continue", "consent_wall"),
    ],
)
def test_a_notice_is_told_by_a_title_that_says_nothing_else(headline: str, reason: str) -> None:
    assert rejected(story(headline), head=DATED, title=headline) == reason


def test_a_title_with_a_notices_words_is_believed_where_nothing_dates_the_page() -> None:
    headline = "This story of the harbour is no longer available"
    assert rejected(story(headline), title=headline) == "soft_404"
    assert rejected(f"<h1>{headline}</h1><p>Go on.</p>", head=DATED, title=headline) == "soft_404"


@pytest.mark.parametrize(
    "says",
    [
        "Lesen mit der Verwendung von Cookies, sonst mit Pur-Abo.",
        "Nous et nos 213 partenaires traitons vos choix. Continuer sans accepter",
        "Alle cookies accepteren en doorgaan",
        "Vyjádřete souhlas a pokračujte ve čtení.",
    ],
)
def test_a_form_for_consent_in_other_languages(says: str) -> None:
    assert rejected(f"<h1>The Paper</h1><p>{says}</p><button>OK</button>") == "consent_wall"


def test_a_short_story_may_hold_words_of_such_a_form() -> None:
    text = story("Le barche", 1).replace(TEASER, f"{TEASER} La giunta accetta e il souhlas resta.")
    assert rejected(text, head=DATED) is None
    assert rejected(text.replace("<p>", f"{PRINTED}<p>", 1)) is None


def test_a_form_that_says_it_is_protected_is_no_wall() -> None:
    note = "<form><p>This site is protected by reCAPTCHA and the Privacy Policy applies.</p></form>"
    assert rejected(story("Boats sail again") + note, head=DATED) is None
    assert rejected(f"<h1>One moment</h1><p>Solve this reCAPTCHA to go on.</p>{note}") == "bot_wall"


@pytest.mark.parametrize(
    "title",
    [
        "ページが見つかりません",
        "페이지를 찾을 수 없습니다",
        "页面不存在",
        "הדף לא נמצא",
        "Halaman tidak ditemukan",
    ],
)
def test_a_page_that_is_gone_says_so_in_many_languages(title: str) -> None:
    assert rejected(f"<h1>{title}</h1><p>{TEASER}</p>", title=title) == "soft_404"


def test_a_text_that_only_members_may_read_says_so_in_many_languages() -> None:
    for says in (
        "この記事は有料会員限定です",
        "이 기사는 유료회원 전용입니다",
        "הכתבה למנויים בלבד",
    ):
        assert rejected(f"<h1>Boats</h1><p>{TEASER}</p><p>{says}</p>") == "paywall_stub"


def test_what_a_page_says_behind_a_few_paragraphs_makes_it_a_stub_however_long_its_menu_is() -> (
    None
):
    menu = "".join(f"<a href=/s{n}>Section number {n}</a> " for n in range(120))
    for says in (
        "Weiterlesen mit einem Abo",
        "Subscribe to continue reading",
        "Tylko dla prenumeratorów",
    ):
        page = f"{story('Boats sail', 1, PRINTED)}<div><p>{says}</p></div><footer>{menu}</footer>"
        assert rejected(page) == "paywall_stub"
    assert (
        rejected(f"{story('Boats sail', 1, PRINTED)}<footer>{menu} Premium content</footer>")
        is None
    )


def test_a_page_that_cannot_be_found_is_gone() -> None:
    says = "<h1>Oops! We can’t find that page.</h1>"
    assert rejected(f"{says}<p>{TEASER}</p>", title="Oops") == "soft_404"


@pytest.mark.parametrize(("declared", "printed"), [("tl", "fil"), ("tl", "tl"), ("nb", "no")])
def test_a_language_has_several_codes(declared: str, printed: str) -> None:
    paper = {"name": "paper", "title": "The Paper", "home": HOST, "domains": ["paper.example"]}
    source = Source.model_validate({**paper, "language": declared, "time_zone": "UTC"})
    html = f"<html lang={printed}><title>Town</title><body>{story('The pier', 4, PRINTED)}</body>"
    page = Page(url=f"{HOST}/town/the-pier-is-closed", body=html.encode(), captured_at=AT)
    reading = read_page(page, source)
    assert reading.rejection is None
    assert reading.article.language == ALIASES[declared]
