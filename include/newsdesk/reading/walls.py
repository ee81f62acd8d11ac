"""Pages that are no story, and why: one reason code each, with what was seen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsdesk.article import Article
from newsdesk.fields import urls
from newsdesk.fields.names import squash
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.headline import without_site
from newsdesk.reading.kind import ALIASES

REASONS: dict[str, str] = {
    "not_html": "The bytes are no HTML page: a PDF, a picture, a feed, nothing at all.",
    "consent_wall": "A consent form stands where the story should be.",
    "bot_wall": "The server wanted proof that a human reads.",
    "paywall_stub": "Only the beginning can be read, and the page says that one must pay.",
    "soft_404": "The page says that there is no such page, with a good status.",
    "section_front": "A front page or a list of stories.",
    "too_short": "There is a headline, but no text to speak of.",
    "wrong_language": "The text is in a language that the paper does not publish in.",
    "no_headline": "No headline could be read.",
    "no_date": "No time of publication could be read.",
    "same_text": "The text stands under many addresses of the host that should be other stories.",
    "too_complex": "The page is larger than any story's.",
    "reader_failed": "Reading the page failed; the evidence says how.",
    "reader_timeout": "Reading the page took too long and was ended.",
    "reader_memory": "Reading the page took more memory than any story's.",
    "reader_killed": "The process that read the page died; the evidence says of what.",
    "capture_corrupt": "The landed record is not what was landed; the evidence says where.",
}
"""Reason codes of rejected pages, and what they mean."""

ENOUGH_WORDS = 25
"""Words of a body below which a news story is too short."""

ENOUGH_OF = {"ko": 15}
"""The same in languages whose words hold more."""

FEW_WORDS = 120
"""Words below which a text may be a notice instead of a story."""

MANY = 8
"""Headlines with links from which a page with no story's address may be a list of stories."""

TEASERS = 0.8
"""Least number of such headlines for a paragraph: each may be a teaser's, but an introduction's."""

LAST = 60
"""Characters at the end of a text by which it is found in the page."""

BEHIND = 300
"""Characters behind a text among which a page says that one must pay for more."""

BESIDE = 0.3
"""Most of a story's title that may stand beside a notice's words for it to be a notice's."""

_CONSENT = re.compile(
    r"(?i)before you continue|we (?:value|care about) your privacy|your privacy (?:choices|matters)|consent (?:to|form|management)"
    r"|we use cookies|accept (?:all )?cookies|cookie (?:consent|settings|policy)|manage (?:your )?(?:consent|cookies|preferences)"
    r"|zustimm(?:en|ung)|verwendung von cookies|pur-abo|personenbezogene[nr]? daten|datenschutz|mit werbung (?:weiterlesen|lesen)|einwilligung|nous (?:utilisons|respectons).{0,40}(?:cookies|vie privée)"
    r"|accepter et continuer|continuer sans accepter|(?:partenaires|partner|partners|socios|parceiros) (?:traitons|trattiamo|verwerken|tratamos|utilizamos)"
    r"|accetta (?:tutti i cookie|e continua)|informativa (?:sulla )?privacy|alle cookies accepteren|godta alle|godkänn alla|hyväksy (?:kaikki )?evästeet|accepter alle|samtykke til|αποδοχή όλων|akceptuj wszystkie|zgody na przetwarzanie|(?:udělit|vyjádř\w+|bez) souhlas"
    r"|utilizamos cookies|acept(?:ar|a) (?:las )?cookies|cookie'?leri|çerez|gizlilik tercih"
)
_BOT = re.compile(
    r"(?i)just a moment|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|enable javascript and cookies"
    r"|attention required|access denied|access to this page has been denied|unusual traffic|captcha|ddos protection|request unsuccessful|press & hold|disable any ad blocker|you have been blocked|not available in your (?:region|country)|pardon our interruption|security check"
)
_PROTECTED = re.compile(r"(?i)\bprotected by (?:google )?recaptcha")
"""What a form for a newsletter says of itself, on every page of a paper."""

_GONE = re.compile(
    r"(?i)\b404\b|can['’]t find (?:that|the|this) page|page (?:may have been removed|isn['’]t available|has moved)|page (?:you .{0,40})?(?:not|cannot be|can't be|could not be) found|not found|no longer (?:available|exists?)|doesn['’]t exist|does not exist"
    r"|seite (?:wurde )?nicht gefunden|nicht (?:mehr )?verfügbar|página no (?:encontrada|existe)|page (?:introuvable|non trouvée)|pagina non trovata|pagina niet gevonden"
    r"|sayfa bulunamadı|bulunamadı|страница не найдена|الصفحة غير موجودة|لم يتم العثور على|見つかりません|찾을 수 없|页面不存在|頁面不存在|یافت نشد|ไม่พบหน้า|tidak ditemukan|không tìm thấy|לא נמצא|strona nie istnieje|nie znaleziono|página não encontrada|stránka (?:nenalezena|nebyla nalezena)|nem található|sivua ei löyt?[yd]|сторінку не знайдено|pagina nu a fost găsită|σελίδα δεν βρέθηκε|ikke funnet|siden (?:blev|ble) ikke fundet|sidan (?:kunde inte|finns inte)"
)
_PAY = re.compile(
    r"(?i)subscribe (?:now )?to (?:continue|read|keep reading|unlock)|subscribers? only|to (?:continue|keep) reading|already (?:a subscriber|subscribed|have a subscription)|(?:exclusive|available) to subscribers|want to read more|log ?in to (?:continue|read)|unlock this article"
    r"|premium (?:content|article)|mit (?:\w+ )?abo|nur für abonnenten|weiterlesen mit|réservée?s? aux abonnés|devamı için abone ol|contenido exclusivo para suscriptores|solo para suscriptores"
    r"|有料(?:会員|記事)|会員限定|유료 ?(?:회원|기사)|付费(?:阅读|内容)|訂閱(?:後|即可)|למנויים בלבד|للمشتركين فقط|khusus pelanggan|(?:solo|riservat\w+) (?:per |agli )?(?:gli )?abbonati|para assinantes|dla prenumeratorów"
    r"|pro předplatitele|(?:kun )?for abonnenter|för prenumeranter|vain tilaajille|για συνδρομητές|для подписчиков|для передплатників|voor abonnees|dành cho độc giả trả phí"
)

_DAY = re.compile(r"/(?:19|20)\d\d/\d\d?/")
"""What the path of a story may hold, and that of no section."""

_LISTS = frozenset(["CollectionPage", "ProfilePage", "SearchResultsPage"])
"""What the data of a page calls it that lists stories."""

_LIST = re.compile(
    r"/(?:tags?|topics?|themen|thema|temas?|etiketa?|keywords?|authors?|autor(?:en|es)?|auteurs?|autore|yazar(?:lar)?"
    r"|writers?|columnists?|contributors?|profiles?|category|categories|search|archives?)/[^/]*[^/\d][^/]*(?:/page/\d+)?/?$"
)
"""The path of a list: what it lists, and of whom."""

_DATED = ("site", "json_ld", "meta:", "microdata", "time")
"""Rules by which a page's own data says when it was published."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Why a page is no story, and what was seen."""

    reason: str
    evidence: str


def not_html(body: bytes, content_type: str | None) -> Wall | None:
    """Whether bytes are no HTML at all: told by their first bytes before the header's claim."""
    head = body[:1024].lstrip(b"\x00\t\n\r\x0c \xef\xbb\xbf")
    if not head:
        return Wall("not_html", "no bytes")
    for mark, name in (
        (b"%PDF-", "a PDF"), (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"), (b"PK\x03\x04", "a ZIP archive"), (b"\x1f\x8b", "gzip data"),
        (b"RIFF", "RIFF media"), (b"\x00\x00\x00", "media data"), (b"OggS", "Ogg media"),
        (b"ID3", "MP3 audio"), (b"wOF", "a font"),
    ):  # fmt: skip
        if head.startswith(mark):
            return Wall("not_html", name)
    lower = head.lower()
    if lower.startswith((b"<rss", b"<feed", b"<rdf:rdf", b"<urlset", b"<sitemapindex")) or (
        lower.startswith(b"<?xml")
        and re.search(rb"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b", lower)
    ):
        return Wall("not_html", "a feed or sitemap")
    if lower.startswith((b"{", b"[")) and b"<html" not in body[:4096].lower():
        return Wall("not_html", "JSON or JavaScript")
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind and "html" not in kind and "xml" not in kind and b"<" not in head:
        return Wall("not_html", f"content type {kind}")
    if b"<" not in body and kind != "text/html":
        return Wall("not_html", "no markup")
    return None


def wall_of(doc: Document, article: Article) -> Wall | None:
    """Why a read page is no story; ``None`` when it is one."""
    words = article.word_count
    wanted = ENOUGH_OF.get(article.language or "", ENOUGH_WORDS)
    if article.article_type in ("gallery", "video", "live"):
        wanted = 5
    if words < FEW_WORDS and (wall := _notice(doc, article, wanted)):
        return wall
    if not doc.story and (wall := _front(doc, article)):
        return wall
    if article.headline is None:
        return Wall("no_headline", doc.title_tag or "no title")
    if words < wanted:
        if article.access == "paywalled":
            return Wall("paywall_stub", f"{words} words, and not free by its own data")
        if not doc.story and len(doc.tree.css("article a, h2 a, h3 a")) > 15:
            return Wall("section_front", f"{words} words among many linked headlines")
        return Wall("too_short", f"{words} words")
    if (allowed := _languages(doc)) and article.language and article.language not in allowed:
        return Wall("wrong_language", f"{article.language}, expected {', '.join(sorted(allowed))}")
    if article.published_at is None:
        return Wall("no_date", "no time of publication")
    return None


def _notice(doc: Document, article: Article, wanted: int) -> Wall | None:
    """A short page that says what it is instead."""
    root = doc.tree.body
    whole = text_in(root) if root is not None else ""
    text = _PROTECTED.sub("", whole[:3000])
    enough = article.word_count >= wanted
    if doc.story and jsonld.text_of(doc.story.get("headline")) and enough:
        found = _PAY.search(text) if article.access == "paywalled" else None
        return Wall("paywall_stub", f"the page says: {found[0]}") if found else None
    dated = enough and article.field_rules.get("published_at", "").startswith(_DATED)
    titles = [title for title in (doc.title_tag, article.headline) if title]
    for reason, pattern in (("bot_wall", _BOT), ("soft_404", _GONE), ("consent_wall", _CONSENT)):
        for title in titles:
            found = pattern.search(title)
            if found and not (dated and _says_more(doc, article, title, pattern)):
                return Wall(reason, f"the title says: {found[0]}")
    if found := _PAY.search(_behind(article, whole)):
        return Wall("paywall_stub", f"behind the text the page says: {found[0]}")
    if not enough or len(text) < 1500:
        for reason, pattern in (
            ("bot_wall", _BOT), ("consent_wall", _CONSENT), ("paywall_stub", _PAY), ("soft_404", _GONE),
        ):  # fmt: skip
            found = pattern.search(text)
            if found and not ((doc.story or dated) and reason != "paywall_stub"):
                return Wall(reason, f"the page says: {found[0]}")
    return None


def _behind(article: Article, text: str) -> str:
    """What a page prints directly behind a story's last paragraph."""
    last = (article.body or "").rpartition("\n\n")[2][-LAST:]
    place = text.rfind(last) if last else -1
    return text[place + len(last) :][:BEHIND] if place >= 0 else ""


def _says_more(doc: Document, article: Article, title: str, notice: re.Pattern[str]) -> bool:
    """Whether a title says more than a notice does: stories tell of goods no longer available."""
    own = without_site(title, doc.site_names, article.headline)
    return len(squash(notice.sub(" ", own))) > BESIDE * len(squash(own))


def _front(doc: Document, article: Article) -> Wall | None:
    """A front page or a list of stories, also where it answers for a story that is gone.

    An address with a query is not judged but where it is a list's: it may be a story's number.
    """
    if urls.is_front(urls.path_of(article.canonical_url)):
        return Wall("section_front", f"the address {article.canonical_url} is a front page's")
    asked, answered = urls.path_of(doc.page.url), urls.path_of(doc.url)
    is_list = _is_list(doc, answered)
    if not is_list and (
        _is_storys(answered) or "?" in doc.url or _calls_itself_story(doc, article)
    ):
        return None
    if urls.is_front(answered) or (
        _is_storys(asked) and asked.startswith(answered.rstrip("/") + "/")
    ):
        return Wall("section_front", f"{doc.url} answered for the story")
    linked = _linked_headlines(doc)
    if linked >= max(MANY, TEASERS * article.paragraphs):
        why = "a list's data or address" if is_list else "no story's address"
        return Wall("section_front", f"{linked} linked headlines, and {why}")
    return None


def _is_list(doc: Document, path: str) -> bool:
    """Whether a page's data or its address says that it lists the stories of a topic or a writer."""
    said = any(not _LISTS.isdisjoint(jsonld.types(node)) for node in doc.nodes)
    return said or (_LIST.search(path) is not None and _DAY.search(path) is None)


def _is_storys(path: str) -> bool:
    return urls.has_slug(path) or _DAY.search(path) is not None


def _calls_itself_story(doc: Document, article: Article) -> bool:
    """Whether a page's metas say that it is a story, or when it was published."""
    dated = article.field_rules.get("published_at", "").startswith("meta:")
    return dated or (doc.meta("og:type") or "").lower() == "article"


def _linked_headlines(doc: Document) -> int:
    """How many stories of the paper a page's headlines link to."""
    links = {node.attributes.get("href") for node in doc.tree.css("h2 a, h3 a, a:has(h2, h3)")}
    addresses = {urls.clean_url(link, doc.url) for link in links if link}
    return sum(doc.source.owns(one) and _is_storys(urls.path_of(one)) for one in addresses if one)


def _languages(doc: Document) -> set[str]:
    source = doc.source
    if not source.enabled and not source.editions:
        return set()
    codes = source.normal.languages or (
        source.language, *(edition.language for edition in source.editions),
    )  # fmt: skip
    return {ALIASES.get(code, code) for code in codes}
