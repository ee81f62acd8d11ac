"""Datelines, pictures, sections and texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.article import Dateline
from newsdesk.fields import captions, datelines, images, sections, text


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("ISTANBUL, June 3 (Reuters) — The ferries sailed again.", "Istanbul", "Reuters"),
        ("GAZA/JERUSALEM - The crossing opened.", "Gaza/Jerusalem", None),
        ("WASHINGTON (AP) — The vote was close.", "Washington", "Associated Press"),
        ("Berlin (dpa) - The train was late.", "Berlin", "dpa"),
        ("ST. PETERSBURG: Snow fell.", "St. Petersburg", None),
        ("أنقرة (رويترز) - عادت السفن إلى الإبحار.", "أنقرة", "Reuters"),
        ("إسطنبول / الأناضول - عادت السفن إلى الإبحار.", "إسطنبول", "Anadolu Agency"),
        ("أنقرة/ سامي النجار/ الأناضول", "أنقرة", "Anadolu Agency"),
        ("MOSCOW, June 3. /TASS/. The ferries sailed again.", "Moscow", "TASS"),
        (
            "WASHINGTON and NEW YORK (AP) — It rained.",
            "Washington and New York",
            "Associated Press",
        ),
        ("NEW DELHI, Nov 3 (PTI) The ferries sailed again.", "New Delhi", "PTI"),
        ("ACCRA, Nov. 3, GNA - The ferries sailed again.", "Accra", "GNA"),
        ("OAKEN (WQRT) — The ferries sailed again.", "Oaken", None),
        ("OAKEN, Ohio (XYZ) — The ferries sailed again.", "Oaken", None),
        ("LOS ANGELES (City Wire) - The ferries sailed again.", "Los Angeles", None),
        ("SYDNEY, AAP - The ferries sailed again.", "Sydney", "AAP"),
        ("Kampala, Uganda | AFP | The ferries sailed again.", "Kampala", "Agence France-Presse"),
        ("İSTANBUL, (DHA)- Vapurlar yeniden yola çıktı.", "İstanbul", "DHA"),
        ("DURANGO, Dgo., febrero 18 (EL PUERTO).- Los barcos.", "Durango", None),
        ("BERLIN taz | Die Fähre fährt wieder.", "Berlin", None),
        ("Berlin dpa - Die Fähre fährt wieder.", "Berlin", "dpa"),
        ("Dubai: The ferries sailed again.", "Dubai", None),
        ("Wien/Graz – Die Fähre fährt wieder.", "Wien/Graz", None),
        ("Pokhara, Nov 3: The ferries sailed again.", "Pokhara", None),
        ("PAPER.CO, Jakarta - Kapal itu berlayar lagi.", "Jakarta", None),
        ("МОСКВА, 3 июня. /ТАСС/. Паромы снова ходят.", "Москва", "TASS"),
        ("САНКТ-ПЕТЕРБУРГ, 3 июн — РИА Новости. Паромы ходят.", "Санкт-Петербург", "RIA Novosti"),
        ("Москва. 3 июня. INTERFAX.RU - Паромы снова ходят.", "Москва", "Interfax"),
        ("КИЕВ — Паромы снова ходят.", "Киев", None),
        ("【ロンドン＝山田花子】船が再び出た。", "ロンドン", None),
        ("【ソウル時事】船が再び出た。", "ソウル", "Jiji Press"),
        ("(서울=연합뉴스) 홍길동 기자 = 배가 다시 떠났다.", "서울", "Yonhap"),
        ("[부산=뉴시스] 배가 다시 떠났다.", "부산", "Newsis"),
        ("新华社北京6月3日电（记者王小明）渡轮再次启航。", "北京", "Xinhua"),
    ],
)
def test_a_first_paragraph_with_a_dateline(paragraph: str, place: str, agency: str | None) -> None:
    found = datelines.dateline_of(paragraph)
    assert found is not None
    assert (found.place, found.agency) == (place, agency)


@pytest.mark.parametrize(
    "paragraph",
    [
        "NATO — the alliance — met on Monday.",
        "قال الوزير (الأحد) - إن السفن عادت.",
        "BREAKING: The bridge is open.",
        "Berlin - a city that sleeps little.",
        "Summary: The bridge is open.",
        "Monday, Nov 3: The bridge opens.",
        "Harbour Fair, Nov 3: The bridge opens.",
        "BLACK and WHITE — The film is long.",
        "FERRYCO (FRRY) — Shares rose.",
        "Paper.com, which is - by far - the largest, fell.",
        "Deutsche Fähren dpa - Die Brücke ist frei.",
        "RELATED TOPICS",
        "The mayor spoke.",
        "Киев — город, который мало спит.",
        "Москва. 3 июня. Паромы снова ходят - после зимы.",
        "СРОЧНО, 3 июня. /ТАСС/. Паромы снова ходят.",
        "МОСКВА, 3 раза. /ТАСС/. Паромы снова ходят.",
        "MOSCOW /the city/ woke late.",
        "(사진=연합뉴스) 배가 다시 떠났다.",
        "(서울=어떤 사람) 배가 다시 떠났다.",
        "【独自＝山田花子】船が再び出た。",
        "【動画】船が再び出た。",
        "سامي النجار / عادت السفن",
    ],
)
def test_capitals_that_are_no_place(paragraph: str) -> None:
    assert datelines.dateline_of(paragraph) is None


def test_a_place_in_turkish_capitals() -> None:
    place = datelines.read_dateline("DİYARBAKIR")
    assert place == Dateline("Diyarbakır", "DİYARBAKIR")
    assert datelines.read_dateline("İSTANBUL") == Dateline("İstanbul", "İSTANBUL")


def test_a_dateline_before_a_date() -> None:
    found = datelines.dateline_before_date("RIO DE JANEIRO Jan 13, 2022 - 1:52 pm GMT-3")
    assert found == Dateline("Rio de Janeiro", "RIO DE JANEIRO")
    assert datelines.dateline_before_date("UPDATED Jan 13, 2022") is None
    arabic = datelines.dateline_before_date("إسطنبول ١٨ يناير ٢٠٢٦ - ٣:٢٠ م")
    assert arabic == Dateline("إسطنبول", "إسطنبول")
    assert datelines.dateline_before_date("الأحد ١٨ يناير ٢٠٢٦") is None
    delhi = datelines.dateline_before_date("New Delhi | Nov 3, 2026 17:42 IST")
    assert delhi == datelines.read_dateline("New Delhi") == Dateline("New Delhi", "New Delhi")
    assert datelines.dateline_before_date("Ada Moss | Nov 3, 2026 17:42 IST") is None


def test_an_agency_may_stand_before_the_place() -> None:
    found = datelines.dateline_of("(ANSA) - ROMA, 03 NOV - Il traghetto resta fermo.")
    assert found == Dateline("Roma", "ROMA", "ANSA")
    assert datelines.dateline_of("(sic) - ROMA, 03 NOV - Il traghetto resta fermo.") is None


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Roma, 3 nov. (Adnkronos) - Il traghetto resta fermo.", "Adnkronos"),
        ("Bogotá, 3 nov (EFE).- El ferry no sale.", "EFE"),
        ("Lisboa, 03 nov 2025 (Lusa) – O barco fica.", "Lusa"),
        ("München (dpa/lby) - Die Fähre steht.", "dpa"),
    ],
)
def test_datelines_as_agencies_print_them(text: str, agency: str) -> None:
    found = datelines.dateline_of(text)
    assert found is not None
    assert (found.place, found.agency) == (text.partition(",")[0].partition(" (")[0], agency)


def test_a_credit_is_no_place() -> None:
    assert datelines.read_dateline("APA/HANS PUNZ") is None
    for section in ("CRONACA", "ΚΟΙΝΩΝΙΑ", "ОБЩЕСТВО", "POLITIK IN KIEL", "EXCLUSIVA"):
        assert datelines.read_dateline(section) is None


def test_a_region_behind_a_place_is_none_of_it() -> None:
    gaza = Dateline("Deir al-Balah", "DEIR AL-BALAH")
    assert datelines.read_dateline("DEIR AL-BALAH, Gaza Strip") == gaza
    for land in ("Türkiye", "Perú", "Côte d’Ivoire", "Bosnia and Herzegovina"):
        assert datelines.dateline_of(f"ANKARA, {land} — The ferry sails.") == Dateline(
            "Ankara", "ANKARA"
        )
        assert datelines.dateline_before_date(f"ANKARA, {land} Jul 23, 2022") == Dateline(
            "Ankara", "ANKARA"
        )
    both = datelines.read_dateline("ISTANBUL AND ANKARA")
    assert both is not None
    assert both.place == "Istanbul and Ankara"
    assert datelines.dateline_before_date("DEIR AL-BALAH, Gaza Strip Jan 13, 2022") == gaza


@pytest.mark.parametrize(
    "home", ["Strona główna", "Главная", "होम", "Αρχική", "الرئيسية", "Página inicial", "HOME"]
)
def test_the_front_page_is_no_section(home: str) -> None:
    assert sections.sections_by_name([home, "Roses"], {}) == ("Roses", None)


@given(st.text(max_size=200))
def test_no_dateline_raises(paragraph: str) -> None:
    datelines.dateline_of(paragraph)
    datelines.read_dateline(paragraph)
    datelines.dateline_before_date(paragraph)


ORIGINAL = "https://cdn.example.com/ly/uploads/images/2022/01/13/171718.jpg"


@pytest.mark.parametrize(
    "url",
    [
        ORIGINAL,
        ORIGINAL + "?v=1642071138",
        ORIGINAL.replace("/171718", "/thumbs/800x531/171718"),
        "https://r.example.com/1f2e/645/344/0/0/800/427?u=" + ORIGINAL,
        "https://r.example.com/fit/" + ORIGINAL,
        "//cdn.example.com/ly/uploads/images/2022/01/13/171718-300x200.jpg",
    ],
)
def test_one_picture_has_one_address(url: str) -> None:
    assert images.canonical_image(url, "https://www.example.com/a") == ORIGINAL


@pytest.mark.parametrize("url", ["data:image/gif;base64,R0lGOD", "javascript:x", "http://", ""])
def test_what_is_no_picture_has_no_address(url: str) -> None:
    assert images.canonical_image(url, None) is None


@given(st.text(max_size=100))
def test_a_canonical_picture_is_its_own(url: str) -> None:
    found = images.canonical_image(url, "https://www.example.com/a/")
    if found is not None:
        assert images.canonical_image(found, None) == found


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("Boats sail. (AFP Photo)", ("Boats sail.", "AFP Photo")),
        ("Boats sail (Reuters)", ("Boats sail", "Reuters")),
        ("Boats sail. Photo: Ada Moss/Getty Images", ("Boats sail.", "Ada Moss/Getty Images")),
        ("The mayor (left) speaks.", ("The mayor (left) speaks.", None)),
        ("Reuters", (None, "Reuters")),
        ("Boats sail. REUTERS/Ada Moss", ("Boats sail.", "REUTERS/Ada Moss")),
        ("Boats sail in May AP/Ada Moss", ("Boats sail in May", "AP/Ada Moss")),
        ("Boats sail. Ada Moss / AFP", ("Boats sail.", "Ada Moss / AFP")),
        ("Boats sail — AFP", ("Boats sail", "AFP")),
        ("Boats sail — again", ("Boats sail — again", None)),
        ("Boats sail on River/Canal", ("Boats sail on River/Canal", None)),
        ("Фото: Ада Мохова", (None, "Ада Мохова")),
        ("Лодки. Фото: Ада Мохова", ("Лодки.", "Ада Мохова")),
        ("Łodzie w maju / fot. Ada Moss", ("Łodzie w maju", "Ada Moss")),
        ("Βάρκες. ΦΩΤΟ: Άντα Μος", ("Βάρκες.", "Άντα Μος")),
        ("渡し船。写真：森田", ("渡し船。", "森田")),
        ("(Photo: Ada Moss)", (None, "Ada Moss")),
        ("", (None, None)),
    ],
)
def test_caption_and_credit(caption: str, expected: tuple[str | None, str | None]) -> None:
    assert captions.split_credit(caption) == expected


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Boats sail. AP Photo/Ada Moss", "AP Photo/Ada Moss"),
        ("Boats sail. Ada Moss/Getty Images", "Ada Moss/Getty Images"),
        ("Boats sail, November 3, 2026. (EPA)", "EPA"),
        ("Boats sail. — AFP pic", "AFP pic"),
        ("Boats sail. Handout via REUTERS", "Handout via REUTERS"),
        ("Boats sail. Source: AAP", "AAP"),
        ("Boats sail. Credit...Ada Moss", "Ada Moss"),
        ("Los barcos zarpan. ADA NÚÑEZ", "ADA NÚÑEZ"),
        ("Boten varen. Foto ANP", "Foto ANP"),
        ("Łodzie płyną / Shutterstock", "Shutterstock"),
        ("Laivat lähtevät. KUVA: ADA MOSS / LEHTIKUVA", "ADA MOSS / LEHTIKUVA"),
        ("A hajók úton (Fotó: MTI)", "MTI"),
        ("Корабите плават (снимка: БТА)", "БТА"),
        ("Τα πλοία φεύγουν. Φωτ.: ΑΠΕ", "ΑΠΕ"),
        ("Thuyền ra khơi. Ảnh: TTXVN", "TTXVN"),
        ("港を出る船＝2026年11月3日、山田花子撮影", "山田花子撮影"),
        ("港を出る船（写真：共同）", "共同"),
        ("港口的船。李明摄", "李明摄"),
        ("港口的船。圖／市政府", "市政府"),
        ("항구의 배. /사진=뉴시스", "뉴시스"),
        ("항구의 배. 김민수 기자", "김민수 기자"),
        (
            "FILE PHOTO: Boats, May 3, 2025. REUTERS/Ada Moss/File Photo",
            "REUTERS/Ada Moss/File Photo",
        ),
        (
            "Boats sail. (AP Photo/Ada Moss) (Ada Moss, Copyright 2026 Wire. All rights reserved)",
            "AP Photo/Ada Moss",
        ),
        ("Boats sail.—APP/File", "APP/File"),
        ("Boats sail. PHOTO | ADA MOSS", "ADA MOSS"),
        ("Boats sail — Picture by Ada Moss", "Picture by Ada Moss"),
        (
            "Boats sail. REUTERS/Ada Moss Purchase Licensing Rights, opens new tab",
            "REUTERS/Ada Moss",
        ),
        ("Łodzie płyną (fot. Ada Moss)", "Ada Moss"),
        ("Os barcos partem - Ada Moss/AFP", "Ada Moss/AFP"),
        ("港口的船。記者陳怡君／攝影", "記者陳怡君／攝影"),
    ],
)
def test_credits_as_papers_of_many_languages_print_them(caption: str, credit: str) -> None:
    rest, found = captions.split_credit(caption)
    assert found == credit
    assert rest is not None
    assert credit not in rest


@pytest.mark.parametrize(
    "caption",
    [
        "Boats sail for the Getty museum.",
        "BOATS SAIL. ALL OF THEM",
        "Boats sail. The source: a spring in the hills",
        "Boats / ferries sail to the isle",
        "Boats sail. Foto of the day",
        "PHOTO: The boats at dusk. (XYZ)",
        "A picture: the boats at dusk",
    ],
)
def test_words_that_are_no_credit(caption: str) -> None:
    assert captions.split_credit(caption) == (caption, None)


def test_a_caption_is_told_by_its_credit_in_brackets() -> None:
    assert not captions.ends_in_credit("[Photo: Ada Moss]")  # a credit and no caption
    assert captions.ends_in_credit("Boats sail. (photo credit: ADA MOSS/FLASH)")
    assert not captions.ends_in_credit("Boats sail. (the photo was lost)")


@given(st.text(max_size=200))
def test_no_caption_raises_and_nothing_is_empty(caption: str) -> None:
    assert all(part is None or part.strip() for part in captions.split_credit(caption))
    captions.ends_in_credit(caption)


NAMES = {"world": "World", "world/asia-pacific": "Asia Pacific", "turkiye": "Türkiye"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/world/asia-pacific/a-b-c", ("World", "Asia Pacific")),
        ("/world/2016/02/03/a-b-c", ("World", None)),
        ("/arabic/turkiye/a-b-c", ("Türkiye", None)),
        ("/worldly/a-b-c", (None, None)),
        ("/", (None, None)),
    ],
)
def test_sections_of_a_path(path: str, expected: tuple[str | None, str | None]) -> None:
    assert sections.sections_of_path(path, NAMES) == expected


def test_sections_by_name_know_the_papers_own_list() -> None:
    assert sections.sections_by_name(["Home", "TÜRKİYE"], NAMES) == ("Türkiye", None)
    assert sections.sections_by_name(["Gardening"], NAMES) == (None, None)
    assert sections.sections_by_name(["Home", "Gardening", "Roses"], {}) == ("Gardening", "Roses")


@given(st.text(max_size=200))
def test_tidying_twice_is_tidying_once(line: str) -> None:
    once = text.tidy(line)
    assert text.tidy(once) == once
    assert "\n" not in once
    assert "\x00" not in once


@settings(max_examples=30)
@given(st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=60, max_size=120))
def test_near_duplicates_differ_in_few_bits(words: list[str]) -> None:
    other = [*words[:-1], "otherwise"]
    first, second = text.simhash(words), text.simhash(other)
    assert first is not None
    assert second is not None
    assert len(first) == 8
    distance = (int.from_bytes(first) ^ int.from_bytes(second)).bit_count()
    assert distance <= 20
    assert text.simhash([word.upper() for word in words]) == first


def test_a_text_without_words_has_no_simhash() -> None:
    assert text.simhash(text.words("…")) is None
