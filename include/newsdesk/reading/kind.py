"""Language, kind and access of a story, its summary and its address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsdesk.article import Access, ArticleType
from newsdesk.fields import urls
from newsdesk.fields.dates import DATE_LIKE
from newsdesk.fields.names import squash
from newsdesk.reading import jsonld
from newsdesk.reading.body.paragraphs import says_label
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import Surroundings, called

_SCRIPTS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("\u0600", "\u06ff", frozenset(["ar", "fa", "ur", "ps", "ku", "ckb", "ug", "sd"])),
    (
        "\u0400",
        "\u04ff",
        frozenset(["ru", "uk", "bg", "sr", "mk", "kk", "be", "ky", "mn", "tg", "tt", "uz", "bs"]),
    ),
    ("\u0370", "\u03ff", frozenset(["el"])),
    ("\u0590", "\u05ff", frozenset(["he", "yi"])),
    ("\u0900", "\u097f", frozenset(["hi", "mr", "ne", "sa"])),
    ("\u0980", "\u09ff", frozenset(["bn", "as"])),
    ("\u0b80", "\u0bff", frozenset(["ta"])),
    ("\u0e00", "\u0e7f", frozenset(["th"])),
    ("\uac00", "\ud7af", frozenset(["ko"])),
    ("\u3040", "\u30ff", frozenset(["ja"])),
    ("\u4e00", "\u9fff", frozenset(["zh", "ja", "yue"])),
    ("\u0530", "\u058f", frozenset(["hy"])),
    ("\u10a0", "\u10ff", frozenset(["ka"])),
    ("\u0a80", "\u0aff", frozenset(["gu"])),
    ("\u0a00", "\u0a7f", frozenset(["pa"])),
    ("\u0b00", "\u0b7f", frozenset(["or"])),
    ("\u0c00", "\u0c7f", frozenset(["te"])),
    ("\u0c80", "\u0cff", frozenset(["kn"])),
    ("\u0d00", "\u0d7f", frozenset(["ml"])),
    ("\u0d80", "\u0dff", frozenset(["si"])),
    ("\u1000", "\u109f", frozenset(["my"])),
    ("\u1780", "\u17ff", frozenset(["km"])),
    ("\u0e80", "\u0eff", frozenset(["lo"])),
    ("\u1200", "\u137f", frozenset(["am", "ti"])),
)
"""First and last letter of a script, and the languages that papers write in it, most read first
where one is much more likely than the others."""

_WESTERN = frozenset(["de", "en", "es", "fr", "it", "nl", "pt"])
_SPELLINGS: tuple[tuple[str, str, float, frozenset[str]], ...] = (
    ("ckb", "ڕڵۆێ", 0.01, frozenset(["ar", "fa"])),
    ("ps", "ټډړښځ", 0.01, frozenset(["ar", "fa"])),
    ("ur", "ٹڈڑںے", 0.01, frozenset(["ar", "fa"])),
    ("fa", "پچژگ", 0.01, frozenset(["ar"])),
    ("az", "ə", 0.05, _WESTERN | {"tr"}),
    ("tr", "ığş", 0.05, _WESTERN),
)
"""Languages, letters of theirs, the least share of these in a text, and the languages that then are
not the text's. Turkish names are full of such letters, which ask for more in another language."""

_LIKELIEST = ("ar", "ru", "el", "he", "hi", "bn", "ta", "th", "ko", "ja", "zh", "hy", "ka") + (
    "gu", "pa", "or", "te", "kn", "ml", "si", "my", "km", "lo", "am",
)  # fmt: skip
NEXT = 3
"""Lines after the headline among which a standfirst stands."""

_DECK = frozenset(
    [
        *("standfirst", "spot", "lead", "deck", "dek", "subtitle", "subheadline", "subheading"),
        *("summary", "intro", "excerpt", "sapo", "vorspann", "chapeau", "entradilla", "chapo"),
        *("description", "ingress", "ingressi", "manchet", "perex", "sommario", "bajada", "copete"),
        *("blurb", "desc", "lede", "preamble", "abstract", "inleiding", "einleitung", "teasertext"),
        *("podnaslov", "podnadslov", "subtitulo", "podtytul", "alcim", "entradeta", "catenaccio"),
        *("sottotitolo", "lid", "anons"),
    ]
)
"""What the box of a standfirst is called."""

_CUT = ("…", "...", "[…]", "[...]")
"""Ends of a text that was cut short."""

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]|$)")
SAMPLE = 600
"""Characters of a text that tell its script."""

SPELT = 300
"""Characters of a text from which its letters tell languages apart: names make up no text of that
length."""

ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "tl": "fil"}
_GALLERY = re.compile(
    r"/(?:gallery|galleries|photos?|pictures|photo-essays?|photo-?gallery|foto-?galeri|galeri|bilder|fotos|slideshow)(?:/|-gallery)"
)
_PODCAST = re.compile(r"/(?:podcasts?|audio|episodes?)/")
_VIDEO = re.compile(r"/(?:videos?|tv|watch|mediathek)/")
_LIVE = re.compile(
    r"/(?:live|liveblog|liveticker|en-direct|en-vivo)/|(?<=[/-])(?:live-?blog|live-updates)(?:[/.-]|$)"
)
_OPINION = re.compile(
    r"/(?:opinions?|columns?|columnists?|op-ed|editorials?|commentisfree|comment|blogs?|meinung|kommentare?|opinion[ei]s?|tribune|yazarlar|letters|viewpoints?|commentary)/"
)


_SHOWS = frozenset(["VideoObject", "ImageGallery", "MediaGallery", "PodcastEpisode"])
"""What a page may show instead of a text."""


def languages(doc: Document, text: str | None) -> list[Proposal[str]]:
    """What may be the language, best first: ISO 639-1, two letters.

    A language that is not written in the script or with the letters of the text is none of its
    languages: papers forget to change what a template declares.
    """
    found: list[Proposal[str]] = []
    sample = (text or "")[:SAMPLE]
    script = _script(sample)
    spelt, others = _spelling(sample)

    def add(rule: str, tag: str | None) -> None:
        match = _TAG.match((tag or "").strip().lower())
        code = ALIASES.get(match[1], match[1]) if match else None
        if code and code not in others and (script is None or code in _SCRIPTS[script][2]):
            found.append(Proposal(rule, code, tag or ""))

    if doc.source.enabled or doc.source.editions:
        add("edition", doc.source.edition_of(doc.path)[1])
    add("json_ld", jsonld.text_of(doc.story.get("inLanguage")))
    add("html", doc.language_tag)
    add("meta", doc.meta("content-language", "og:locale", "dc.language", "language"))
    add("letters", spelt)
    if script is not None:
        add("script", _LIKELIEST[script])
    return found


def _script(sample: str) -> int | None:
    """Which script of the list most of a text is in; ``None`` for Latin letters."""
    if sample.isascii():
        return None
    letters = [c for c in sample if c > "\u036f"]
    if 2 * len(letters) < len(sample) - sample.count(" "):
        return None
    letters = [c for c in letters if c.isalpha()]  # stops and marks are shared by scripts
    counts = [sum(low <= c <= high for c in letters) for low, high, _ in _SCRIPTS]
    best = max(range(len(counts)), key=counts.__getitem__)
    if 2 * counts[best] <= len(letters):
        return None
    # Japanese mixes Kana with Han: some Kana are enough.
    kana = next(n for n, script in enumerate(_SCRIPTS) if "ja" in script[2])
    return kana if counts[kana] * 10 > len(letters) else best


def _spelling(sample: str) -> tuple[str | None, frozenset[str]]:
    """The language that a text's letters tell, and those that it is not."""
    if len(sample) >= SPELT and not sample.isascii():
        size = len(sample) - sample.count(" ")
        for language, letters, share, others in _SPELLINGS:
            if sum(map(sample.count, letters)) >= share * size:
                return language, others
    return None, frozenset()


def shown(doc: Document) -> list[jsonld.Node]:
    """The data of the films or galleries that a page is there to show.

    Those are what bears the page's title, or all that are told of where the page says what it is.
    Others stand inside of a text.
    """
    said = [node for node in ([doc.story] if doc.story else doc.nodes) if _shows(node)]
    path, og = urls.path_of(doc.page.url).lower(), (doc.meta("og:type") or "").lower()
    told = bool(doc.story) or og.startswith("video")
    by_path = _VIDEO.search(path) or _GALLERY.search(path) or _PODCAST.search(path)
    return said if told or by_path else []


def _shows(node: jsonld.Node) -> bool:
    return not _SHOWS.isdisjoint(jsonld.types(node))


def kinds(doc: Document, section: str | None) -> list[Proposal[ArticleType]]:
    """What kind of story it may be, best first; the last resort is news."""
    found: list[Proposal[ArticleType]] = []
    path = urls.path_of(doc.page.url).lower()
    names = set(jsonld.types(doc.story)) if doc.story else set()
    shows = {name for node in shown(doc) for name in jsonld.types(node)}
    og = (doc.meta("og:type") or "").lower()
    if "LiveBlogPosting" in names or jsonld.is_live(doc.nodes):
        found.append(Proposal("json_ld", "live", "LiveBlogPosting"))
    if names & {"OpinionNewsArticle"}:
        found.append(Proposal("json_ld", "opinion", "OpinionNewsArticle"))
    if shows & {"ImageGallery", "MediaGallery"}:
        found.append(Proposal("json_ld", "gallery", "ImageGallery"))
    if "VideoObject" in shows or og.startswith("video"):
        rule = "json_ld" if "VideoObject" in shows else "meta:og:type"
        found.append(Proposal(rule, "video", og or "VideoObject"))
    patterns: tuple[tuple[ArticleType, re.Pattern[str]], ...] = (
        ("gallery", _GALLERY), ("video", _VIDEO), ("live", _LIVE), ("opinion", _OPINION),
    )  # fmt: skip
    for kind, pattern in patterns:
        if pattern.search(path):
            found.append(Proposal("url", kind, path))
    if section and re.fullmatch(
        r"(?i)opinions?|columns?|editorials?|op-ed|meinung|kommentar|opini[oó]n|görüş|رأي|مقالات|آراء",
        section,
    ):
        found.append(Proposal("section", "opinion", section))
    found.append(Proposal("default", "news", ""))
    return found


def access(doc: Document) -> list[Proposal[Access]]:
    """Whether the story may be read by all, from structured data alone, never guessed."""
    value = doc.story.get("isAccessibleForFree")
    text = str(value).strip().lower().rsplit("/", 1)[-1] if value is not None else ""
    if text in ("true", "1", "yes"):
        return [Proposal("json_ld", "free", str(value))]
    if text in ("false", "0", "no"):
        return [Proposal("json_ld", "paywalled", str(value))]
    tier = (doc.meta("article:content_tier") or "").lower()
    if tier in ("free", "locked", "metered"):
        return [
            Proposal("meta:article:content_tier", "free" if tier == "free" else "paywalled", tier)
        ]
    return []


def summaries(
    doc: Document, headline: str | None, paragraphs: Sequence[str], around: Surroundings
) -> list[Proposal[str]]:
    """What may be the standfirst, best first: what the page's data says, else what it prints."""
    found: list[Proposal[str]] = []
    same = squash(headline or "")

    def add(rule: str, text: str | None) -> None:
        if text and squash(text) != same and len(text) >= 20:
            found.append(Proposal(rule, text, text))

    for node in doc.select(doc.epoch.summary)[:1]:
        add("site", text_in(node))
    add("json_ld", jsonld.text_of(doc.story.get("description")))
    if found and not doc.explain and not _is_cut(found):
        return found
    for key in ("og:description", "description", "twitter:description", "dc.description"):
        add(f"meta:{key}", jsonld.text_of(doc.meta(key)))
    wanted = doc.explain or _is_cut(found) or not found
    head = [line for line in around.head if not says_label(line.text)] if wanted else []
    for line in head[:NEXT]:
        deck = line.tag in ("h2", "h3") or called(line, _DECK)
        is_dated = DATE_LIKE.search(line.text) is not None and line.text[-1] not in ".!?…"
        if deck and not is_dated and line.text not in paragraphs:
            add("visible", line.text)
    return _whole_first(found)


def _is_cut(found: Sequence[Proposal[str]]) -> bool:
    """Whether the best of some proposals ends in the middle of a sentence."""
    return bool(found) and found[0].value.endswith(_CUT)


def _whole_first(found: list[Proposal[str]]) -> list[Proposal[str]]:
    """The same; where the best one is cut, one that begins as it does and goes on comes first."""
    if not _is_cut(found):
        return found
    begun = squash(found[0].value)
    others = (one for one in found[1:] if not one.value.endswith(_CUT))
    whole = next((one for one in others if squash(one.value).startswith(begun)), found[0])
    return [whole, *(one for one in found if one is not whole)]


def canonicals(doc: Document) -> list[Proposal[str]]:
    """What may be the story's own address, best first.

    ``rel=canonical`` counts only on the paper's own domains and never when it names a front page
    or a section's: a lying one would make all stories one.
    """
    source = doc.source
    found: list[Proposal[str]] = []
    written = [
        ("link", doc.canonical),
        ("meta:og:url", doc.meta("og:url")),
    ]
    own_path = urls.path_of(doc.page.url)
    for rule, value in written:
        address = urls.clean_url(value, doc.url) if value else None
        if not address or not source.owns(address):
            continue
        path = urls.path_of(address)
        if urls.is_front(path) or (urls.has_slug(own_path) and not urls.has_slug(path)):
            continue
        found.append(Proposal(rule, source.canonical_url(address), value or ""))
    found.append(Proposal("url", source.canonical_url(doc.page.url), doc.page.url))
    return found
