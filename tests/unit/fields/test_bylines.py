from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fields.bylines import (
    merge_bylines,
    read_byline,
    read_initials,
)
from newsdesk.fields.names import looks_like_person, squash

OUTLETS = ["The Daily Post", "dailypost.example"]


def names(text: str, *, trusted: bool = False) -> list[tuple[str, str]]:
    found = read_byline(text, outlets=OUTLETS, trusted=trusted)
    return [(one.name, one.kind) for one in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("by reuters", [("Reuters", "agency")]),
        ("By Ada Moss", [("Ada Moss", "person")]),
        ("ByAda Moss", [("Ada Moss", "person")]),
        ("BY ADA MOSS", [("Ada Moss", "person")]),
        ("By Ada Moss and Jon Reed", [("Ada Moss", "person"), ("Jon Reed", "person")]),
        ("Von Ada Moss und Jon Reed", [("Ada Moss", "person"), ("Jon Reed", "person")]),
        ("Par Ada Moss et Jon Reed", [("Ada Moss", "person"), ("Jon Reed", "person")]),
        ("By Ada Moss in Istanbul", [("Ada Moss", "person")]),
        ("By Ada Moss, Jan. 13, 2022 10:05", [("Ada Moss", "person")]),
        ("By Ada Moss ada@dailypost.example", [("Ada Moss", "person")]),
        ("By Ada Moss, Senior Political Editor", [("Ada Moss", "person")]),
        ("Ada Moss, MS, RDN", [("Ada Moss", "person")]),
        ("By George T. Vale III", [("George T. Vale III", "person")]),
        ("By Ada Moss | The Harbor Journal", [("Ada Moss", "person")]),
        ("By Ada Moss, The Daily Post", [("Ada Moss", "person")]),
        ("By Ludwig van der Meer", [("Ludwig van der Meer", "person")]),
        ("by The Daily Post", [("The Daily Post", "outlet")]),
        ("Daily Post Staff", [("Daily Post Staff", "desk")]),
        ("Compiled by newsroom staff", [("newsroom staff", "desk")]),
        ("Ada Moss, dpa", [("Ada Moss", "person"), ("dpa", "agency")]),
        ("بقلم ليلى حداد", [("ليلى حداد", "person")]),
        ("박준석 기자", [("박준석", "person")]),
        ("Jan. 13, 2022", []),
        ("Share this article", []),
        ("Read more", []),
        ("https://dailypost.example/author/ada", []),
        ("", []),
    ],
)
def test_what_a_line_names(line: str, expected: list[tuple[str, str]]) -> None:
    assert names(line, trusted=line == "Daily Post Staff") == expected


def test_with_is_a_role() -> None:
    first, second = read_byline("The Daily Post with AA", outlets=OUTLETS)
    assert (first.kind, first.role) == ("outlet", None)
    assert (second.name, second.kind, second.role) == ("Anadolu Agency", "agency", "with")


def test_a_job_title_belongs_to_the_name_before_it() -> None:
    (one,) = read_byline("By Ada Moss, Science Editor")
    assert one.role == "Science Editor"


def test_a_code_is_an_agency_only_in_capitals_or_alone() -> None:
    assert names("AP") == [("Associated Press", "agency")]
    assert names("by ap") == [("Associated Press", "agency")]
    assert names("ap and others") == []


def test_merging_keeps_the_first_mention() -> None:
    lines = [read_byline("By Ada Moss"), read_byline("By ADA MOSS and Jon Reed")]
    assert [one.name for one in merge_bylines(lines)] == ["Ada Moss", "Jon Reed"]


person = st.from_regex(r"[A-Z][a-z]{3,8} [A-Z][a-z]{3,8}", fullmatch=True).filter(
    lambda name: looks_like_person(name) and names(f"By {name}") == [(name, "person")]
)


@given(st.lists(person, min_size=1, max_size=5, unique_by=squash))
def test_names_that_are_joined_come_apart(people: list[str]) -> None:
    assert [name for name, _ in names("By " + ", ".join(people))] == people


@given(st.text(max_size=300))
def test_nothing_raises_and_no_name_is_an_address_or_a_date(text: str) -> None:
    for trusted in (False, True):
        for one in read_byline(text, outlets=OUTLETS, trusted=trusted):
            assert one.name.strip() == one.name != ""
            if one.kind == "person":
                assert "@" not in one.name
                assert not any(c.isdigit() for c in one.name)


def test_capitals_a_comma_before_and_and_a_place_behind_an_agency() -> None:
    assert names("By MARIA LOPEZ AND TOM REED") == [
        ("Maria Lopez", "person"),
        ("Tom Reed", "person"),
    ]
    assert names("By Maria Lopez, and Tom Reed") == [
        ("Maria Lopez", "person"),
        ("Tom Reed", "person"),
    ]
    assert names("Agence France-Presse in Paris") == [("Agence France-Presse", "agency")]
    assert names("Muhabir: Elif Şahin") == [("Elif Şahin", "person")]
    long = "María José de la Cruz van der Berg"
    assert names(f"By {long}") == [(long, "person")]


def test_the_paper_is_spelled_as_it_spells_itself() -> None:
    own = read_byline("by DAILY POST WITH REUTERS", outlets=["Daily Post", "DailyPost"])
    assert [(one.name, one.kind) for one in own] == [
        ("Daily Post", "outlet"),
        ("Reuters", "agency"),
    ]


def test_turkish_capitals() -> None:
    assert names("By ELİF ŞAHİN") == [("Elif Şahin", "person")]
    assert names("By ELİF IŞIK") == [("Elif Işık", "person")]
    assert names("By IAN SMITH") == [("Ian Smith", "person")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Elif ŞAHİN / ANKARA (DHA)", ["Elif Şahin", "DHA"]),
        ("Elif ŞAHİN-Ali KAYA/ANKARA, (DHA)", ["Elif Şahin", "Ali Kaya", "DHA"]),
        ("Ali YILMAZ / ANKARA", ["Ali YILMAZ"]),  # nothing tells which letter its I is
        ("Par Jean-Luc DUVAL", ["Jean-Luc Duval"]),
        ("By George Vale III", ["George Vale III"]),
        ("Von unserem Korrespondenten Jon Reed, Paris", ["Jon Reed"]),
        ("Von unserer Korrespondentin Ada Moss", ["Ada Moss"]),
        ("De notre envoyée spéciale Ada Moss", ["Ada Moss"]),
        ("By our own correspondent", ["our own correspondent"]),
        ("By OUR CORRESPONDENT", ["OUR CORRESPONDENT"]),
        ("By our correspondent Ada Moss", ["Ada Moss"]),
        ("Story and photos by Ada Moss", ["Ada Moss"]),
        ("بقلم سامي النجار وليلى حداد", ["سامي النجار", "ليلى حداد"]),
        ("سامي النجار، وليلى حداد", ["سامي النجار", "ليلى حداد"]),
        ("بقلم سامي وليد النجار", ["سامي وليد النجار"]),
        ("By Prof. Dr. Ada Moss and Dr Jon Reed", ["Ada Moss", "Jon Reed"]),
        ("بقلم د. سامي النجار", ["سامي النجار"]),
        ("By Drew Barns and Inga Moss", ["Drew Barns", "Inga Moss"]),
        ("Ada Moss (text) and Jon Reed (photos)", ["Ada Moss", "Jon Reed"]),
    ],
)
def test_lines_as_papers_of_many_languages_print_them(line: str, expected: list[str]) -> None:
    assert [name for name, _ in names(line)] == expected
    assert [name for name, _ in names(line, trusted=True)] == expected


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("By Ada Moss; Photos by Jon Reed", "photos"),
        ("By Ada Moss with video by Jon Reed", "video"),
        ("Text: Ada Moss, Fotos: Jon Reed", "fotos"),
        ("Haber: Ada Moss - Kamera: Jon Reed", "kamera"),
    ],
)
def test_what_somebody_did_is_a_role(line: str, role: str) -> None:
    wrote, did = read_byline(line)
    assert (wrote.name, wrote.role) == ("Ada Moss", None)
    assert (did.name, did.kind, did.role) == ("Jon Reed", "person", role)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mbr", [("mbr", "person")]),
        ("(mbr)", [("mbr", "person")]),
        ("— kolb", [("kolb", "person")]),
        ("mbr, kolb; Foto: Hafenamt", [("mbr", "person"), ("kolb", "person")]),
        ("dpo/mbr;kolb", [("dpo", "outlet"), ("mbr", "person"), ("kolb", "person")]),
        ("(mbr/AFP)", [("mbr", "person"), ("Agence France-Presse", "agency")]),
        ("(red/dpa)", [("red", "desk"), ("dpa", "agency")]),
        ("(dpa)", []),  # an agency alone is no initials
        ("mehr", []),  # a word
        ("mbr und der Rest eines Satzes", []),
        ("Mbr", []),
    ],
)
def test_initials_in_small_letters(line: str, expected: list[tuple[str, str]]) -> None:
    found = read_initials(line, outlets=["DPO"])
    assert [(one.name, one.kind) for one in found] == expected


@pytest.mark.parametrize(
    "desk",
    [
        "Haber Merkezi",
        "HABER MERKEZİ",
        "DIŞ HABERLER",
        "İnternet Haber",
        "Daily Post Haber Merkezi",
        "Daily Post Sports",
        "The Daily Post Arts",
        "Dailypost.example World",
    ],
)
def test_a_department_of_the_paper_is_a_desk(desk: str) -> None:
    assert names(desk, trusted=True) == names(f"By {desk}") == [(desk, "desk")]
    assert names(desk) == []


def test_a_name_that_begins_like_the_paper_s_is_a_person_s() -> None:
    found = read_byline("By Martin Reed", outlets=["Martin", "martin.example"])
    assert [(one.name, one.kind) for one in found] == [("Martin Reed", "person")]
    sports = read_byline("By Martin Sports", outlets=["Martin", "martin.example"])
    assert [(one.name, one.kind) for one in sports] == [("Martin Sports", "desk")]


def test_where_a_person_works_is_no_other_one_who_signed() -> None:
    (one,) = read_byline("By Ada Moss, Daily Post Sports Editor", outlets=["The Daily Post"])
    assert (one.name, one.role) == ("Ada Moss", "Daily Post Sports Editor")
    assert names("By Ada Moss, The Daily Post Sports") == [("Ada Moss", "person")]
    assert names("By Ada Moss, The Daily Post — Little Oaken") == [("Ada Moss", "person")]
    assert names("By Ada Moss — Jon Reed") == [("Ada Moss", "person"), ("Jon Reed", "person")]


def test_a_job_title_alone_names_nobody() -> None:
    assert names("By National Rowing Analyst") == []
    assert names("By An Nguyen, Rowing Analyst") == [("An Nguyen", "person")]


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("by German Press Agency - dpa", "dpa"),
        ("by French Press Agency - AFP", "Agence France-Presse"),
        ("by Demirören News Agency", "DHA"),
        ("وكالة الأناضول للأنباء", "Anadolu Agency"),
        ("by Polar News Agency", "Polar News Agency"),
        ("Haber: Kutup Haber Ajansı", "Kutup Haber Ajansı"),
    ],
)
def test_agencies_by_their_names(line: str, agency: str) -> None:
    assert names(line) == [(agency, "agency")]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By TILDA McMARSH, Associated Press", ["Tilda McMarsh", "Associated Press"]),
        ("BY TILDA McMARSH AND JON REED", ["Tilda McMarsh", "Jon Reed"]),
        ("By Tilda MacDONALD", ["Tilda MacDonald"]),
        ("By Tilda McMarsh", ["Tilda McMarsh"]),
        ("oprac. Piotr Zawadzki, PAP", ["Piotr Zawadzki", "PAP"]),
        ("Γράφει η Μαρία Παπαδοπούλου", ["Μαρία Παπαδοπούλου"]),
        ("Γράφουν οι Μαρία Παππά και Νίκος Γεωργίου", ["Μαρία Παππά", "Νίκος Γεωργίου"]),
    ],
)
def test_labels_and_capitals_as_papers_print_them(line: str, people: list[str]) -> None:
    assert [name for name, _ in names(line)] == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        (
            "By ADA MOSS and JON O’REED Associated Press",
            [("Ada Moss", None), ("Jon O’Reed", None), ("Associated Press", None)],
        ),
        ("By JON REED The Associated Press", [("Jon Reed", None), ("Associated Press", None)]),
        ("By Ada Moss of the Associated Press", [("Ada Moss", None), ("Associated Press", None)]),
        ("By Ada Moss AFP", [("Ada Moss", None), ("Agence France-Presse", None)]),
        ("Ada Moss BBC News", [("Ada Moss", None)]),
        ("By Ali Can Efe", [("Ali Can Efe", None)]),
        ("By Jean Pierre DUPONT", [("Jean Pierre Dupont", None)]),
        ("By Ada Moss For The Harbor Journal", [("Ada Moss", None)]),
        ("By Ada Moss, USA WEEKLY NETWORK", [("Ada Moss", None)]),
        ("PTI Bengaluru", [("PTI", None)]),
        ("PTI | New Delhi", [("PTI", None)]),
        ("By Press Association Reporters", [("PA Media", None)]),
        ("Por Redação p1 — Rio de Janeiro", [("Redação p1", None)]),
    ],
)
def test_where_somebody_works_or_is_needs_no_comma(
    line: str, people: list[tuple[str, str | None]]
) -> None:
    assert [(one.name, one.role) for one in read_byline(line)] == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By ADA MOSS Staff Writer", [("Ada Moss", "Staff Writer")]),
        ("Ada Moss Health reporter", [("Ada Moss", "Health reporter")]),
        ("By Ada Moss, AP Science Writer", [("Ada Moss", "AP Science Writer")]),
        ("By Hindustan Tribune Correspondent", [("Hindustan Tribune Correspondent", None)]),
        ("By Special Correspondent in New Delhi", [("Special Correspondent", None)]),
        ("Ada Núñez, corresponsal en Mar del Plata", [("Ada Núñez", "corresponsal")]),
        ("Corresponsal en Mar del Plata", []),
        ("Von Ada Moss (Text) und Jon Reed (Fotos)", [("Ada Moss", None), ("Jon Reed", "fotos")]),
        ("Words by Ada Moss. Photos by Jon Reed", [("Ada Moss", None), ("Jon Reed", "photos")]),
        ("Text: Ada Moss Bild: Jon Reed", [("Ada Moss", None), ("Jon Reed", "bild")]),
        ("By political editor Ada Moss", [("Ada Moss", "political editor")]),
        ("By Chief Sports Writer Ada Moss", [("Ada Moss", "Chief Sports Writer")]),
        ("Ada Moss Washington correspondent", [("Ada Moss", "Washington correspondent")]),
        ("By Ada Moss and Jon Reed Post Staff", [("Ada Moss", None), ("Jon Reed", "Post Staff")]),
        ("By Ada Moss Reed Staff", [("Ada Moss Reed Staff", None)]),
        ("AP Sports Writer", [("Associated Press", None)]),
        ("By Ada Moss · Translated by Jon Reed", [("Ada Moss", None), ("Jon Reed", "translated")]),
    ],
)
def test_what_somebody_is_or_did_is_a_role(line: str, people: list[tuple[str, str | None]]) -> None:
    assert [(one.name, one.role) for one in read_byline(line, outlets=OUTLETS)] == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Ada Moss, Globe Staff", ["Ada Moss"]),
        ("By Ada Moss, Denver Post", ["Ada Moss"]),
        ("By Ada Moss, Sun Sentinel", ["Ada Moss"]),
        ("By Ada Moss and Jon Herald", ["Ada Moss", "Jon Herald"]),
        ("By Ada Moss TDP", ["Ada Moss"]),
        ("By Ada Moss, New Delhi", ["Ada Moss"]),
        ("By ADA MOSS, NEW YORK", ["Ada Moss"]),
        ("New Delhi", []),
        ("By Ada Moss of the Daily Star", ["Ada Moss"]),
        ("By Abdul-Rahman al-Masri and Ada d'Moss", ["Abdul-Rahman al-Masri", "Ada d'Moss"]),
        ("By Guest Author", []),
        ("Paid for by Alder & Finch Kitchens", []),
        ("Nga Arben Hoxha", ["Arben Hoxha"]),
        ("By Nga Pham", ["Nga Pham"]),
        ("Avtor: Ana Novak", ["Ana Novak"]),
        ("Müəllif: Leyla Quliyeva", ["Leyla Quliyeva"]),
        ("Para assinantes", []),
        ("By the Rev. Ada Moss", ["Ada Moss"]),
        ("Guest columnist: Ada Moss", ["Ada Moss"]),
    ],
)
def test_employers_and_clerical_titles_are_no_names(line: str, people: list[str]) -> None:
    assert [one.name for one in read_byline(line, outlets=OUTLETS)] == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("本报记者 李明 王小红", ["李明", "王小红"]),
        ("記者李明／綜合報導", ["李明"]),
        ("〔記者李明／台北報導〕", ["李明"]),
        ("記者：山田 太郎", ["山田 太郎"]),
        ("作者：李明 王芳", ["李明", "王芳"]),
        ("Της Μαρίας Παπαδάκη", ["Μαρίας Παπαδάκη"]),
        ("โดย ทีมข่าวภูมิภาค", ["ทีมข่าวภูมิภาค"]),
        ("लेखक: नगर ब्यूरो, वाराणसी", ["नगर ब्यूरो"]),
        ("מאת יוסי כהן ודנה לוי", ["יוסי כהן", "דנה לוי"]),
        ("מאת דנה לוי ורד כהן", ["דנה לוי ורד כהן"]),  # a name may begin with that letter
    ],
)
def test_names_of_scripts_without_capitals_come_apart(line: str, people: list[str]) -> None:
    assert [one.name for one in read_byline(line)] == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Par Ada Moss (à Saint-Malo), avec AFP", ["Ada Moss", "Agence France-Presse"]),
        ("Ada Moss con información de EFE", ["Ada Moss", "EFE"]),
        ("Con información de EFE", ["EFE"]),
        ("Ada Moss (With inputs from PTI)", ["Ada Moss", "PTI"]),
        ("With files from The Canadian Press", ["Canadian Press"]),
        ("By Ada Moss with additional reporting by Jon Reed", ["Ada Moss", "Jon Reed"]),
        ("By Con Reed", ["Con Reed"]),
        ("By Ada Moss, with Jon Reed", ["Ada Moss", "Jon Reed"]),
        ("By Ada Moss Special to the Oaken Post", ["Ada Moss"]),
        ("By Ada Moss The Harbor Times", ["Ada Moss"]),
        ("Skrevet av Ada Moss", ["Ada Moss"]),
        ("от Мария Георгиева, БТА", ["Мария Георгиева", "BTA"]),
        ("Mihai Ionescu și Ada Moss", ["Mihai Ionescu", "Ada Moss"]),
        ("By Ada Moss With Reuters", ["Ada Moss", "Reuters"]),
        ("بواسطة وكالة الأناضول", ["Anadolu Agency"]),
        ("إعداد وليد فارس", ["وليد فارس"]),
        ("Compiled from wire services", ["Agencies"]),
        ("Kaynak: AA", ["Anadolu Agency"]),
        ("Źródło: PAP", ["PAP"]),
        ("Núria Puig / ACN", ["Núria Puig", "ACN"]),
        ("Մարիամ Գրիգորյան, ԱՐՄԵՆՊՐԵՍ", ["Մարիամ Գրիգորյան", "Armenpress"]),
        ("a cura di Ada Moss", ["Ada Moss"]),
        ("Scris de Ada Moss", ["Ada Moss"]),
        ("Írta: Ada Moss", ["Ada Moss"]),
        ("door onze redacteur Ada Moss", ["Ada Moss"]),
        ("By Ngala wa Moss", ["Ngala wa Moss"]),
    ],
)
def test_who_helped_and_who_told_in_the_words_of_many_languages(
    line: str, people: list[str]
) -> None:
    assert [one.name for one in read_byline(line)] == people
