"""Captions of pictures, and the credit apart from them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from newsdesk.fields.agencies import agency
from newsdesk.fields.names import looks_like_person, squash

LAST_WORD = 5
"""Letters of a word that may stand for the paper's name."""

MAX_CAPTION = 600
"""Characters of the longest caption."""

SHORT = 60
"""Characters of a credit that needs no stop before it."""

MAX_CREDIT = 300
"""Characters at the end of a caption among which its credit is searched."""

_CREDIT_WORD = re.compile(
    r"(?i)\b(?:copyright|photos?|foto(?:s|graf\w*)?|photograph(?:s|er|y)?|pictures?|images?|bild(?:er)?|credits?|crédits?|crédito"
    r"|courtesy|handout|file|getty|shutterstock|istock|alamy|imago|unsplash|pool|via|screenshot|screengrab"
    r"|picture alliance|fotoğraf|صورة|illustration|collage|graphic by|map by|wikimedia|nasa|twitter|facebook|instagram)\b|©|®"
    r"|צילום|קרדיט|عکس|تصوير|फोटो|ছবি|فوٹو|[攝摄撮圖图]|写真|사진|ภาพ|படம்|\bfot\.|\b(?:фото|снимк|kuva|fotó|φωτ)"
)
_LAST_BRACKET = re.compile(
    r"[\s.]*[(\[（【]\s*([^()\[\]（）【】]{2,120}?)\s*[)\]）】]\s*[.。]?\s*$"
)
_KIND = (
    r"photo(?:graph)?|foto(?:ğraf|graf\w*)?|image|picture|bild|credit|crédito|credito|crédit(?: photo)?|imagen"
    r"|фото(?:графия)?|світлина|снимк[аи]|φωτ(?:[οό](?:γραφ[ίι]α)?)?\.?|kuva|fotó|beeld|ảnh|nuotr\."
    r"|写真(?:提供)?|사진(?:제공)?|图片来源|[图圖]片?|ภาพ(?:จาก)?|صورة|عکس|फोटो|ছবি|படம்|צילום|קרדיט"
    r"|nuotr|argazkia|grianghraf|llun|ljósmynd|ritratt|ფოტო|լուսանկար\w*|wêne|انځور|فوٹو|તસવીર|ਫੋਟੋ|ఫొటో|ಚಿತ್ರ|ഫോട്ടോ"
    r"|රූපය|तस्बिर|រូបថត|ພາບ|ፎቶ|sawir|larawan|picha|hoto|àwòrán|وێنە"
)
"""What stands before a credit and a colon; a pattern."""

_TOLD = r"[:：/／=＝]"
_TRAILING = re.compile(
    r"(?:^|(?<=[.!?。।\"”’)\s|]))\s*[|/–—-]?\s*"
    rf"((?:[©ⓒ]|[A-Z]{{2,9}}\s(?:photo|foto)\s?/|(?:{_KIND})s?(?:\s+(?:credit|by|via|courtesy(?: of)?|von))?\s*{_TOLD}|(?:{_KIND})s?\s(?:\||by\s)|fot\.\s"
    r"|credit\.{3}|handout\b|photo(?:graph)?s? by|photo courtesy of|courtesy(?: of)?\b|picture alliance|imago|getty images)\s*.{2,100})$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"(?i)^\W*(?:(?:{_KIND})s?(?:\s+(?:credit|by|source))?\s*{_TOLD}|(?:{_KIND})s?\s\||(?:image )?source\s*[:,]|fot\.|credit\.{{3}})\s*"
)
_LABEL_BEHIND = re.compile(
    rf"(?i)(?:^|\W)(?:{_KIND})s?(?:\s+(?:credit|source))?(?:\s*[:：/]|\s+by)\s*:?\s*$"
)
"""A label whose credit was cut off."""

_PHOTOGRAPHER = r"[^\W\d_a-z](?:\.|[\w'’-]*)(?: (?:[^\W\d_]\.|[\w'’-]+)){0,3}"
"""A name of up to four words: a full stop belongs to an initial alone."""

_CAPITAL = r"[^\W\d_a-z](?:\.|[\w'’-]*)"
_NAME = rf"{_CAPITAL}(?:\s(?:de|la|del|van|der|von|al|el|{_CAPITAL})){{0,4}}"
_UNLABELLED = re.compile(
    rf"(?:^(?P<alone>{_NAME}(?:\s?/\s?{_PHOTOGRAPHER}){{1,2}})"
    rf"|(?:[.!?\"”’)]\s+|\s-\s|[—–]\s?)(?P<slashed>{_PHOTOGRAPHER}(?:\s?/\s?{_PHOTOGRAPHER}){{1,2}}))$"
    rf"|(?<!\svia)\s(?P<code>[A-Z]{{2,12}}/{_PHOTOGRAPHER})$"
    r"|(?:^|[.!?]\s)(?i:source|quelle|bron|fuente|fonte|kaynak)\s?:\s(?P<source>[^:]{2,60})$"
    r"|(?:\s[-–—|]\s+|[–—]|\s/\s|[＝=]|[.。]\s?)(?P<behind>[^-–—|/＝=.。]{2,40})$"
)
"""Names without a label at the end of a caption; a credit where one of them is an agency."""

_SIGNED = re.compile(
    r"(?:^|[.。]\s?|[＝=])(?:[^＝=。]{0,16}、)?"
    r"(?P<name>(?:新华社)?(?:本报|本報)?(?:[记記]者)?\s?[\u4e00-\u9fff々]{2,6}\s?(?:[／/]?[攝摄]影?|撮影)|[가-힣]{2,4} (?:사진)?기자)$"
    r"|[.!?]\s(?P<loud>[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?:\s[A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){1,3})$"
    r"|[.!?]\s(?P<short>(?i:photo|foto|beeld|bild|kuva)\s(?:[A-ZÀ-Þ][\w.'’-]+\s?){1,3})$"
)
"""Who took a picture, as papers print it without a colon: …＝山田花子撮影, …。李明摄, … Foto ANP."""

_PICTURE_AGENCY = re.compile(
    r"\b(?:epa(?:-efe)?|getty(?: images)?|shutterstock|istock(?:photo)?|adobe ?stock|alamy|depositphotos|nurphoto"
    r"|zuma(?: press)?|sipa|abaca|sopa images|eurokinissi|lehtikuva|scanpix|ritzau|imago(?: images)?|unsplash|pexels"
    r"|pixabay|wikimedia(?: commons)?|picture alliance|bloomberg|視覺中國|视觉中国)\b",
    re.IGNORECASE,
)
"""Agencies that have pictures and hardly any text."""

_PICTURE = re.compile(r"(?i)\s(?:file\s)?(?:photos?|pics?|pictures?|foto)$")
_ENDS = re.compile(r"(?:[^\W\d_]{3}|\d)\. ")
"""A sentence's end, rather than an initial's."""

_SMALL = re.compile(r"[a-zß-öø-ÿ]")
_PARTS = tuple('.!?。।"”’)|/–—-')
"""What parts a caption from its credit."""

_OUR_LABEL = re.compile(r"(?i)^(?:image|picture|imagen)\s?:\s")
"""What a template prints before a caption."""

_RIGHTS = re.compile(r"copyright|rights reserved", re.IGNORECASE)
_LICENSING = re.compile(r"[,.]?\s*(?:opens new tab\s*)?Purchase Licensing Rights.{0,30}$")
"""What an agency sells under its picture."""

_SENTENCE_END = re.compile(r"[.!?。\"”’)]*")
_EDGES = " |/–—-"


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
    text = _LICENSING.sub("", " ".join(caption.split()))
    if not text:
        return None, None
    if told:
        names = [credit for one in told if (credit := _unlabelled(one))]
        return _without(text, told) or None, " / ".join(names) or None
    end = max(0, len(text) - MAX_CREDIT)
    bracket = _LAST_BRACKET.search(text, end)
    if bracket and _RIGHTS.search(bracket[1]):  # the agency's own credit stands before it
        rest, credit = split_credit(text[: bracket.start()], own=own)
        if credit:
            return rest, credit
    if bracket and _is_known(bracket[1], own):
        # the full stop before the bracket belongs to the caption
        kept = text[: bracket.start()] + re.match(r"[\s.]*", bracket[0])[0].strip()  # type: ignore[index] # always matches
        return kept.strip() or None, _unlabelled(bracket[1])
    if trailing := _trailing(text, end):
        return text[: trailing.start()].strip(_EDGES) or None, _unlabelled(trailing[1])
    for form in (_UNLABELLED, _SIGNED):
        bare = form.search(text, end)
        group = bare.lastgroup if bare else None
        if bare and group and (form is _SIGNED or _names_source(bare[group], own)):
            if group == "loud" and text.isupper():
                continue
            kept = text[: bare.start()] + _SENTENCE_END.match(bare[0])[0]  # type: ignore[index] # always matches
            return kept.strip(_EDGES) or None, _unlabelled(bare[group])
    if agency(text) or (len(text) < 60 and re.match(r"©|\(c\)", text)):
        return None, _unlabelled(text)
    return _OUR_LABEL.sub("", text), None


def _trailing(text: str, start: int) -> re.Match[str] | None:
    """The credit with a label that a caption ends in.

    One without a stop or a bar before it, or with nothing before it, may be the caption's own
    beginning: "FILE PHOTO: …", "A picture: …".
    """
    while found := _TRAILING.search(text, start):
        before = text[: found.start()].rstrip()
        is_one = len(found[1]) <= SHORT and not _ENDS.search(found[1])
        if before.endswith(_PARTS) or (is_one and not _SMALL.match(found[1])):
            return found
        start = found.start() + 1
    return None


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
        and len(bracket[0]) < len(text) < MAX_CAPTION  # a credit alone is no caption
        and _CREDIT_WORD.search(bracket[1])
        and (bracket[1][:1].isupper() or _LABEL.match(bracket[1]))
    )


def is_credit(text: str, own: Collection[str]) -> bool:
    """Whether the last part of a caption is a credit: an agency, the paper, or a person's name.

    >>> is_credit("Ada Moss", ()), is_credit("Getty Images", ()), is_credit("The boats.", ())
    (True, True, False)
    """
    if text.endswith((".", "!", "?", "…")):
        return False
    return _is_known(text, own) or looks_like_person(text)


def _is_known(text: str, own: Collection[str]) -> bool:
    """Whether what brackets hold is a credit."""
    known = agency(text, alone=True) or _CREDIT_WORD.search(text) or _names_source(text, own)
    return bool(known) and len(text) <= 100


def _names_source(text: str, own: Collection[str]) -> bool:
    """Whether one of some names is an agency's or the paper's own."""
    words = re.split(r"[/,:]|\s(?:via|and)\s", _PICTURE.sub("", text))
    return any(
        agency(word) or _is_own(squash(word), own) or _PICTURE_AGENCY.fullmatch(word.strip())
        for word in words
    )


def _is_own(key: str, own: Collection[str]) -> bool:
    """Whether a squashed name is the paper's, or the last word of it."""
    return key in own or (len(key) > LAST_WORD and any(name.endswith(key) for name in own))


def _unlabelled(credit: str) -> str | None:
    if whole := re.fullmatch(r"[(\[]([^()\[\]]+)[)\]]", credit):
        credit = whole[1]
    return _LABEL.sub("", credit).strip(" .|/-–—:") or None
