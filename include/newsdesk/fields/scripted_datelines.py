"""How papers in scripts other than Latin print where a story was filed, before its first words.

Each form is one that agencies print: the place stands beside an agency, a reporter or a day, in
brackets or between marks of its own. What only looks like a place is none.
"""

from __future__ import annotations

import re

from newsdesk.fields import months
from newsdesk.fields.agencies import agency

_CYRILLIC = "[А-ЯЁІЇЄҐЎ]"
_WORD = rf"{_CYRILLIC}[\w-]+"
_CAPITALS = rf"{_CYRILLIC}{{2,}}(?:[ -]{_CYRILLIC}+){{0,3}}"
_DAY = r"\d{1,2}\s+(?P<month>[а-яёіїєґў]{3,10})\.?"
_ARABIC = r"[\u0620-\u064a\u066e-\u06d3]"
_ARABIC_PLACE = rf"{_ARABIC}+(?:[ -]{_ARABIC}+){{0,3}}"
_ARABIC_NAME = rf"{_ARABIC}+(?: {_ARABIC}+){{0,2}}"
_ARABIC_SIGNED = rf"(?:{_ARABIC_NAME}\s*/\s*)?(?P<agency>{_ARABIC_NAME})"
_HAN = r"[\u4e00-\u9fff]"
_KATAKANA = r"[\u30a0-\u30ff]"

_FORMS = tuple(
    re.compile(form)
    for form in (
        # МОСКВА, 3 июн — РИА Новости.
        rf"(?P<place>{_CAPITALS}),\s+{_DAY}\s*[—–-]\s*(?P<agency>[^.,—–]{{2,30}})[.,]",
        # Москва. 3 июня. ИНТЕРФАКС -
        rf"(?P<place>{_WORD}(?: {_WORD})?)\.\s+{_DAY}\s+(?P<agency>[^—–-]{{2,30}}?)\.?\s*[—–-]",
        # أنقرة (رويترز) -, and أنقرة / فلان / الأناضول in a line of its own
        rf"(?P<place>{_ARABIC_PLACE})\s*\((?P<agency>[^()]{{2,30}})\)\s*[—–:ـ-]",
        rf"(?P<place>{_ARABIC_PLACE})\s*[/،]\s*{_ARABIC_SIGNED}\s*(?:[—–:ـ-]|$)",
        # (서울=연합뉴스)
        r"[(\[【](?P<place>[가-힣]{2,8})=(?P<agency>[^()=\[\]【】]{2,20})[)\]】]",
        # 新华社北京6月3日电
        rf"[【（(]?(?P<agency>新华社|中新社|中新网)(?P<place>{_HAN}{{2,10}}?)\d{{1,2}}月\d{{1,2}}日电",
        # 【ソウル時事】
        rf"【(?P<place>{_HAN}{{2,4}}|{_KATAKANA}{{2,12}})(?P<agency>共同|時事|ロイター)】",
        # 【ロンドン＝記者名】
        rf"【(?P<place>{_HAN}{{2,4}}|{_KATAKANA}{{2,12}})[＝=](?P<reporter>[^【】＝=]{{2,20}})】",
    )
)

_BRACKETS = frozenset("([【（")

NO_PLACES = frozenset(
    [
        *(
            "사진",
            "자료",
            "출처",
            "영상",
            "그래픽",
            "이미지",
            "제공",
            "종합",
            "속보",
            "단독",
            "인터뷰",
        ),
        *(
            "写真",
            "速報",
            "独自",
            "動画",
            "解説",
            "社説",
            "更新",
            "特集",
            "提供",
            "出典",
            "記者",
            "編集",
        ),
        *("インタビュー", "コラム", "ニュース", "ランキング", "スポーツ", "プレスリリース"),
        *("СРОЧНО", "МОЛНИЯ", "ВИДЕО", "ФОТО", "ОБЗОР", "АНОНС", "ЭКСКЛЮЗИВ"),
    ]
)
"""What stands in the same brackets: labels, and who took a picture."""


def scripted_dateline(text: str) -> tuple[str, str | None] | None:
    """The place that a text begins with, as printed, and the agency beside it.

    >>> scripted_dateline("(서울=연합뉴스) 배가 다시 떠났다.")
    ('서울', 'Yonhap')
    >>> scripted_dateline("【ロンドン＝山田花子】橋が再び開いた。")
    ('ロンドン', None)
    >>> scripted_dateline("(사진=연합뉴스) 다리가 다시 열렸다.")
    """
    first = text[:1]
    if first not in _BRACKETS and (first < "\u0400" or not first.isalpha()):
        return None  # as nearly always
    for form in _FORMS:
        found = form.match(text)
        if found is None:
            continue
        named = found.groupdict()
        month, printed = named.get("month"), named.get("agency")
        known = agency(printed, alone=True) if printed else None
        if (printed and known is None) or named["place"] in NO_PLACES:
            continue
        if month is None or month.lower() in months.names():
            return named["place"], known
    return None
