"""Pictures: one address for the many a CDN gives, and the credit apart from the caption."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from newsdesk.fields.agencies import agency
from newsdesk.fields.names import squash
from newsdesk.fields.urls import clean_url

MAX_CAPTION = 600
"""Characters of the longest caption."""

MAX_CREDIT = 300
"""Characters at the end of a caption among which its credit is searched."""

_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)$", re.IGNORECASE)
_ORIGINALS = ("url", "u", "src", "image", "img", "file")
_SIZED = re.compile(
    r"/(?:thumbs?/)?\d{2,4}x\d{2,4}(?=/)"  # /thumbs/800x531/, /1200x675/
    r"|/(?:cdn-cgi/image|fit-in|resize)/[^/]*(?=/)"
    r"|/(?:(?:[whcqfg]|ar|dpr|fl|e)_[\w.:!-]+,?)+(?=/)"  # /c_fill,w_800,h_600/
)
_WORDPRESS = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w{3,4}$)")
_CREDIT_WORD = re.compile(
    r"(?i)\b(?:photos?|foto(?:s|graf\w*)?|photograph(?:s|er|y)?|pictures?|images?|bild(?:er)?|credits?|crédits?|crédito"
    r"|courtesy|handout|file|getty|shutterstock|istock|alamy|imago|unsplash|pool|via|screenshot|screengrab"
    r"|picture alliance|fotoğraf|صورة|illustration|collage|graphic by|map by|wikimedia|nasa|twitter|facebook|instagram)\b|©|®"
    r"|צילום|عکس|تصوير|फोटो|ছবি|فوٹو|[攝摄撮]"
)
_LAST_BRACKET = re.compile(r"[\s.]*[(\[]\s*([^()\[\]]{2,120}?)\s*[)\]]\s*\.?\s*$")
_KIND = (
    r"photo(?:graph)?|foto(?:ğraf|graf\w*)?|image|picture|bild|credit|crédit(?: photo)?|imagen"
    r"|фото(?:графия)?|світлина|φωτ[οό](?:γραφ[ίι]α)?|写真|사진"
)
"""What stands before a credit and a colon; a pattern."""

_TRAILING = re.compile(
    r"(?:^|(?<=[.!?。\"”’)\s|]))\s*[|/–—-]?\s*"
    rf"((?:©|(?:{_KIND})s?(?:\s+(?:credit|by|via|courtesy(?: of)?|von))?\s*[:：/]|fot\.\s"
    r"|photo(?:graph)?s? by|photo courtesy of|courtesy(?: of)?\b|picture alliance|imago|getty images)\s*.{2,100})$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"(?i)^\W*(?:(?:{_KIND})s?(?:\s+(?:credit|by|source))?\s*[:：/]|(?:image )?source\s*[:,]|fot\.)\s*"
)
_LABEL_BEHIND = re.compile(
    rf"(?i)(?:^|\W)(?:{_KIND})s?(?:\s+(?:credit|source))?(?:\s*[:：/]|\s+by)\s*:?\s*$"
)
"""A label whose credit was cut off."""

_PHOTOGRAPHER = r"[^\W\d_a-z](?:\.|[\w'’-]*)(?: (?:[^\W\d_]\.|[\w'’-]+)){0,3}"
"""A name of up to four words: a full stop belongs to an initial alone."""

_UNLABELLED = re.compile(
    rf"(?:^|[.!?\"”’)]\s+)(?P<slashed>{_PHOTOGRAPHER}(?:\s?/\s?{_PHOTOGRAPHER}){{1,2}})$"
    rf"|(?<!\svia)\s(?P<code>[A-Z]{{2,12}}/{_PHOTOGRAPHER})$"
    r"|(?:\s[-–—|]\s+|[–—])(?P<dashed>[^-–—|/]{2,40})$"
)
"""Names without a label at the end of a caption; a credit where one of them is an agency."""

_EDGES = " |/–—-"


def canonical_image(url: str, base: str | None = None) -> str | None:
    """The picture's own address, behind resizers, thumbnails and versions.

    Args:
        url: As written.
        base: Address of the page.

    Returns:
        ``None`` when it is no usable address.

    >>> canonical_image("https://cdn.example.com/u/thumbs/800x531/7.jpg?v=1642")
    'https://cdn.example.com/u/7.jpg'
    >>> canonical_image("https://r.example.com/x/480/0?u=https%3A%2F%2Fcdn.example.com%2F7.jpg")
    'https://cdn.example.com/7.jpg'
    """
    if url.startswith("data:"):
        return None
    cleaned = clean_url(url, base)
    for _ in range(2):  # a resizer may stand behind another one
        inner = _original(cleaned) if cleaned else None
        if inner is None:
            break
        cleaned = clean_url(inner, base)
    if cleaned is None:
        return None
    parts = urlsplit(cleaned)
    path = _SIZED.sub("", parts.path)
    path = _WORDPRESS.sub("", path) if "/uploads/" in path else path
    query = "" if _FILE.search(path) else parts.query
    return f"{parts.scheme}://{parts.netloc}{path}{'?' + query if query else ''}"


def split_credit(
    caption: str, *, own: Collection[str] = (), told: Sequence[str] = ()
) -> tuple[str | None, str | None]:
    """A caption without its credit, and the credit without brackets and label.

    Args:
        caption: As printed, credit and all.
        own: The paper's names, squashed: a photographer's name stands beside one of them.
        told: The parts of it that elements inside say are credits.

    >>> split_credit("Boats in the harbour, May 2, 2022. (AFP Photo)")
    ('Boats in the harbour, May 2, 2022.', 'AFP Photo')
    >>> split_credit("The mayor (left) speaks.")
    ('The mayor (left) speaks.', None)
    """
    text = " ".join(caption.split())
    if not text:
        return None, None
    if told:
        names = [credit for one in told if (credit := _unlabelled(one))]
        return _without(text, told) or None, " / ".join(names) or None
    end = max(0, len(text) - MAX_CREDIT)
    bracket = _LAST_BRACKET.search(text, end)
    if bracket and _is_credit(bracket[1], own):
        # the full stop before the bracket belongs to the caption
        kept = text[: bracket.start()] + re.match(r"[\s.]*", bracket[0])[0].strip()  # type: ignore[index] # always matches
        return kept.strip() or None, _unlabelled(bracket[1])
    if trailing := _TRAILING.search(text, end):
        return text[: trailing.start()].strip(_EDGES) or None, _unlabelled(trailing[1])
    bare = _UNLABELLED.search(text, end)
    if bare and bare.lastgroup and _names_source(bare[bare.lastgroup], own):
        kept = text[: bare.start(bare.lastgroup)].strip(_EDGES)
        return kept or None, _unlabelled(bare[bare.lastgroup])
    if agency(text) or (len(text) < 60 and re.match(r"©|\(c\)", text)):
        return None, _unlabelled(text)
    return text, None


def _without(text: str, told: Sequence[str]) -> str:
    """A caption without some credits, their labels and the brackets around them."""
    for credit in told:
        before, _, after = text.rpartition(credit)
        before = _LABEL_BEHIND.sub("", before.rstrip(f"{_EDGES}([")).rstrip(_EDGES)
        text = f"{before} {after.lstrip(f'{_EDGES}.)]')}".strip()
    return text


def ends_in_credit(text: str) -> bool:
    """Whether a text ends in a photographer's or an agency's credit in brackets: a caption.

    >>> ends_in_credit("Boats in the harbour. (AFP Photo)"), ends_in_credit("Rain fell. (Reuters)")
    (True, False)
    """
    if text.rstrip(". ")[-1:] not in (")", "]") or len(text) > MAX_CAPTION:
        return False
    bracket = _LAST_BRACKET.search(text[-130:])
    return bool(
        bracket
        and len(text) < MAX_CAPTION
        and _CREDIT_WORD.search(bracket[1])
        and (bracket[1][:1].isupper() or _LABEL.match(bracket[1]))
    )


def _original(url: str) -> str | None:
    """The picture's address inside a resizer's: in its query, or at the end of its path."""
    if "?" not in url and "http" not in url[8:].lower() and ".wp.com/" not in url:
        return None  # nearly always
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _ORIGINALS and (
            re.match(r"(?:https?:)?//", value) or (value.startswith("/") and _FILE.search(value))
        ):
            return clean_url(value, url)
    found = re.search(r"(?<=/)(https?(?::|%3a)(?:/|%2f){1,2}[^/].*)$", parts.path, re.IGNORECASE)
    if found:
        inner = unquote(found[1]) if "%2f" in found[1].lower() else found[1]
        return re.sub(r"^(https?):/{1,2}", r"\1://", inner)
    if re.fullmatch(r"i\d\.wp\.com", parts.netloc):
        return "https:/" + parts.path
    return None


def _is_credit(text: str, own: Collection[str]) -> bool:
    """Whether what brackets hold is a credit."""
    if agency(text, alone=True) or squash(text) in own or _CREDIT_WORD.search(text):
        return len(text) <= 100
    return bool(re.search(r"[/,]|\s(?:via|and)\s", text)) and _names_source(text, own)


def _names_source(text: str, own: Collection[str]) -> bool:
    """Whether one of some names is an agency's or the paper's own."""
    words = re.split(r"[/,]|\s(?:via|and)\s", text)
    return any(agency(word) or squash(word) in own for word in words)


def _unlabelled(credit: str) -> str | None:
    if whole := re.fullmatch(r"[(\[]([^()\[\]]+)[)\]]", credit):
        credit = whole[1]
    return _LABEL.sub("", credit).strip(" .|/-–—:") or None
