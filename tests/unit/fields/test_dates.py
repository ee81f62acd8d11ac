from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fields import months
from newsdesk.fields.dates import EARLIEST, TOLERANCE, Moment, Unreadable, read_date

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
ISTANBUL = ZoneInfo("Europe/Istanbul")
LANGUAGES = [
    "en",
    "tr",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "fi",
    "pl",
    "cs",
    "hu",
    "ru",
    "uk",
    "el",
    "ar",
    "hi",
    "bn",
]


def read(text: str, **more: object) -> Moment | Unreadable:
    told: dict[str, object] = {"zone": ISTANBUL, "captured_at": NOW, **more}
    return read_date(text, **told)  # type: ignore[arg-type] # told by keyword


@pytest.mark.parametrize(
    ("text", "at", "offset", "precision"),
    [
        ("Jan 13, 2022 - 1:52 pm GMT+3", "2022-01-13T10:52:00", 180, "minute"),
        ("2022-01-13T13:52:00+03:00", "2022-01-13T10:52:00", 180, "second"),
        ("2022-01-13T10:52Z", "2022-01-13T10:52:00", 0, "minute"),
        ("2022-01-13 13:52", "2022-01-13T10:52:00", 180, "minute"),
        ("Thu, 13 Jan 2022 10:52:07 GMT", "2022-01-13T10:52:07", 0, "second"),
        ("Fri Apr 28 19:20:36 CEST 2023", "2023-04-28T17:20:36", 120, "second"),
        ("Published February 7, 2016", "2016-02-07T10:00:00", None, "day"),
        ("7 Şubat 2016 09:05", "2016-02-07T07:05:00", 120, "minute"),
        ("13. Januar 2022, 13:52 Uhr", "2022-01-13T10:52:00", 180, "minute"),
        ("le 1er mars 2024 à 8h30", "2024-03-01T05:30:00", 180, "minute"),
        ("13.01.2022", "2022-01-13T09:00:00", None, "day"),
        ("١٣ يناير ٢٠٢٢ - ١٣:٥٢", "2022-01-13T10:52:00", 180, "minute"),
        ("24 نيسان / أبريل 2020 09:22 مساءً", "2020-04-24T18:22:00", 180, "minute"),
        ("2024年5月6日 午後3時07分", "2024-05-06T12:07:00", 180, "minute"),
        ("12 जून 2024, 10:15 AM", "2024-06-12T07:15:00", 180, "minute"),
        ("3 जनवरी 2024", "2024-01-03T09:00:00", None, "day"),
        ("३ फ़रवरी २०२४", "2024-02-03T09:00:00", None, "day"),
        ("১২ জানুয়ারি ২০২৪", "2024-01-12T09:00:00", None, "day"),
        ("1642071120", "2022-01-13T10:52:00", 0, "second"),
    ],
)
def test_every_way_a_paper_prints_a_moment(
    text: str, at: str, offset: int | None, precision: str
) -> None:
    found = read(text)
    assert isinstance(found, Moment), found
    assert (found.at.replace(tzinfo=None).isoformat(), found.offset, found.precision) == (
        at,
        offset,
        precision,
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no date"),
        ("yesterday at noon", "no date"),
        ("2022-02-30", "no such day"),
        ("1985-03-01", "before 1990"),
        ("2031-01-01T00:00:00Z", "later than the capture"),
        ("03/04/2024", "day and month may be swapped"),
        ("15 رمضان 1445", "another calendar"),
        ("9999-12-31T23:59:59-12:00", "no such day or time"),
        ("-0001-01-01", "no date"),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(text: str, reason: str) -> None:
    assert read(text) == Unreadable(reason)


def test_the_order_of_day_and_month_is_told_and_never_guessed() -> None:
    day_first, month_first = read("03/04/2024", day_first=True), read("03/04/2024", day_first=False)
    assert isinstance(day_first, Moment)
    assert isinstance(month_first, Moment)
    assert day_first.day_local == dt.date(2024, 4, 3)
    assert month_first.day_local == dt.date(2024, 3, 4)
    only_one = read("25/04/2024")
    assert isinstance(only_one, Moment)
    assert only_one.day_local == dt.date(2024, 4, 25)


def test_today_before_noon_is_not_in_the_future() -> None:
    morning = dt.datetime(2026, 6, 1, 5, tzinfo=dt.UTC)
    found = read("1 June 2026", captured_at=morning)
    assert isinstance(found, Moment)
    assert found.at <= morning
    assert found.precision == "day"


moments = st.datetimes(
    min_value=dt.datetime(1990, 1, 2),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=dt.datetime(2026, 5, 31),  # noqa: DTZ001 - hypothesis wants naive bounds
    timezones=st.builds(
        dt.timezone, st.integers(-11 * 60, 13 * 60).map(lambda m: dt.timedelta(minutes=m))
    ),
)


@given(moments)
def test_iso_8601_reads_as_itself(moment: dt.datetime) -> None:
    found = read(moment.isoformat())
    assert isinstance(found, Moment)
    assert found.at == moment.replace(microsecond=0).astimezone(dt.UTC)
    offset = moment.utcoffset()
    assert offset is not None
    assert found.offset == offset.total_seconds() // 60


@given(moments, st.sampled_from(LANGUAGES))
def test_a_month_by_its_name_is_that_month(moment: dt.datetime, language: str) -> None:
    name = next(
        name
        for name, number in months.names(language).items()
        if number == moment.month and name in months._NAMES[language].split()
    )
    found = read(f"{moment.day} {name} {moment.year}", language=language)
    assert isinstance(found, Moment), (name, found)
    assert found.day_local == moment.date()


@given(st.one_of(st.text(max_size=80), st.from_regex(r"[0-9 :./+-]{4,40}", fullmatch=True)))
def test_nothing_raises_and_everything_lies_in_the_window(text: str) -> None:
    found = read(text)
    if isinstance(found, Moment):
        assert EARLIEST <= found.at <= NOW + TOLERANCE
        assert found.at.tzinfo is dt.UTC


def test_an_order_that_lies_in_the_future_is_not_the_printed_one() -> None:
    found = read("11/12/2025", captured_at=dt.datetime(2025, 11, 25, tzinfo=dt.UTC))
    assert isinstance(found, Moment)
    assert found.day_local == dt.date(2025, 11, 12)
    assert read("11/12/2025") == Unreadable("day and month may be swapped")


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("24.03.2026 08:12 МСК", 180),
        ("24.03.2026 08:12 Uhr MEZ", 60),
        ("24.03.2026 08:12 TSİ", 180),
        ("24.03.2026 08:12 WITA", 480),
        ("24 Mar 2026 08:12 MYT", 480),
        ("24 Mar 2026 08:12 CLT", -240),
    ],
)
def test_zones_as_papers_abbreviate_them(text: str, offset: int) -> None:
    found = read(text, zone=ZoneInfo("America/New_York"))
    assert isinstance(found, Moment)
    assert found.offset == offset


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("令和8年5月3日", "ja", "2026-05-03"),
        ("令和元年5月6日", "ja", "2019-05-06"),
        ("民國115年5月3日", "zh", "2026-05-03"),
        ("中華民國115/05/03", None, "2026-05-03"),
        ("26.05.03 17:42", "ko", "2026-05-03"),
        ("입력 26.05.03. 17:42", "ko", "2026-05-03"),
        ("03.05.26", "de", "2026-05-03"),
    ],
)
def test_years_of_eras_and_short_years_that_stand_first(
    text: str, language: str | None, day: str
) -> None:
    found = read(text, language=language)
    assert isinstance(found, Moment)
    assert found.day_local.isoformat() == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("12 Ιουνίου 2024, 2:15 μ.μ.", "14:15"),
        ("12 Ιουνίου 2024, 2:15 π.μ.", "02:15"),
        ("2024年6月12日晚上8:15", "20:15"),
        ("2024年6月12日 星期三 下午8:15", "20:15"),
        ("2024-06-12 8:15 下午", "20:15"),
        ("2024年6月12日晚上12:15", "00:15"),
        ("2024年6月12日中午11:50", "11:50"),
        ("2024年6月12日中午12:10", "12:10"),
        ("2024年6月12日中午1:10", "13:10"),
        ("12 يونيو 2024 8:15 مساءا", "20:15"),
        ("12 يونيو 2024 3:15 بعد الظهر", "15:15"),
        ("12 जून 2024, शाम 5:30 बजे", "17:30"),
        ("12 जून 2024, रात 9:30 बजे", "21:30"),
        ("12 जून 2024, रात 2:30 बजे", "02:30"),
        ("12 Haziran 2024 öğleden sonra 3:15", "15:15"),
        ("12 Haziran 2024 öğleden önce 9:15", "09:15"),
        ("2024年6月12日晚上20:15", "20:15"),
    ],
)
def test_the_part_of_the_day_beside_a_time_of_twelve_hours(text: str, clock: str) -> None:
    found = read(text, zone=ZoneInfo("UTC"))
    assert isinstance(found, Moment), found
    assert f"{found.at:%H:%M}" == clock


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("เผยแพร่: 3 พ.ย. 2568 17:42", "2025-11-03T14:42:00"),
        ("วันจันทร์ ที่ 3 พฤศจิกายน พ.ศ. 2568, 17.42 น.", "2025-11-03T14:42:00"),
        ("13/11/2568 - 17:42", "2025-11-13T14:42:00"),
        ("ngày 3 tháng 11 năm 2025, 17:42", "2025-11-03T14:42:00"),
        ("2025 m. lapkričio 3 d. 17:42", "2025-11-03T14:42:00"),
        ("3. novembris, 2025, 17:42", "2025-11-03T14:42:00"),
        ("3. novembra 2025 ob 17:42", "2025-11-03T14:42:00"),
        ("3. новембар 2025. 17:42", "2025-11-03T14:42:00"),
        ("3 ноември 2025, 17:42", "2025-11-03T14:42:00"),
        ("3 noyabr 2025, 17:42", "2025-11-03T14:42:00"),
        ("3 نومبر 2025", "2025-11-03T09:00:00"),
        ("3 நவம்பர் 2025 5:42 pm", "2025-11-03T14:42:00"),
        ("3 नोव्हेंबर 2025", "2025-11-03T09:00:00"),
        ("3 Ogos 2025", "2025-08-03T09:00:00"),
        ("২৪ নভেম্বর ২০২৫, ০৩:১৫ পিএম", "2025-11-24T12:15:00"),
        ("24 نوفمبر 2025 12:30 صباحًا", "2025-11-23T21:30:00"),
        ("24 نوفمبر 2025 1:30 ظهرًا", "2025-11-24T10:30:00"),
        ("24 نوفمبر، 2025", "2025-11-24T09:00:00"),
        ("24 تشرين الثاني/ نوفمبر 2025", "2025-11-24T09:00:00"),
        ("24 تشرين ثاني 2025", "2025-11-24T09:00:00"),
        ("24 نونبر 2025", "2025-11-24T09:00:00"),
        ("24 בנובמבר 2025", "2025-11-24T09:00:00"),
        ("24 Nov 2025 3:15 petang", "2025-11-24T12:15:00"),
        ("24 Nobyembre 2025", "2025-11-24T09:00:00"),
        ("2025. gada 3. novembris, 17:42", "2025-11-03T14:42:00"),
        ("3 paź 2025", "2025-10-03T09:00:00"),
    ],
)
def test_months_and_years_of_more_languages(text: str, at: str) -> None:
    found = read(text)
    assert isinstance(found, Moment)
    assert found.at == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "language", "at"),
    [
        ("18. januara 2026", "sr", "2026-01-18"),
        ("18. фебруара 2026", "sr", "2026-02-18"),
        ("18. lis 2025. u 09:42", "hr", "2025-10-18"),
        ("18. studenog 2025.", "hr", "2025-11-18"),
        ("18 listopada 2025, 09:42", "pl", "2025-11-18"),
        ("18 јануари 2026", "mk", "2026-01-18"),
        ("18 de xaneiro de 2026", "gl", "2026-01-18"),
        ("18 Januarie 2026", "af", "2026-01-18"),
        ("2026. gada 18. janvārī", "lv", "2026-01-18"),
        ("2026 yil 18 yanvar", "uz", "2026-01-18"),
        ("2026 жылғы 18 қаңтар, 15:10", "kk", "2026-01-18"),
        ("2026 оны 01 сарын 18, 10:30", "mn", "2026-01-18"),
        ("2026ko urtarrilaren 18a, 17:45", "eu", "2026-01-18"),
        ("18 d’abril de 2026", "ca", "2026-04-18"),
        ("18 ta’ Jannar 2026", "mt", "2026-01-18"),
        ("ika-18 ng Enero 2026", "tl", "2026-01-18"),
        ("18 ਜਨਵਰੀ 2026", "pa", "2026-01-18"),
        ("18 ಜನವರಿ 2026", "kn", "2026-01-18"),
        ("18 មករា 2026", "km", "2026-01-18"),
        ("18 ມັງກອນ 2026", "lo", "2026-01-18"),
        ("Tue, 05/12/2026 - 09:15", "en", "2026-05-12"),
        ("Mon, 01/12/2026", "en", "2026-01-12"),
    ],
)
def test_months_orders_and_weekdays_of_many_languages(text: str, language: str, at: str) -> None:
    found = read(text, language=language, day_first=None if language == "en" else True)
    assert isinstance(found, Moment)
    assert found.day_local.isoformat() == at


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("18 جنوري 2026, 5:30 ماښام", 17),
        ("१८ जानेवारी २०२६ संध्याकाळी ५:३०", 17),
        ("18 జనవరి 2026, సాయంత్రం 5:30", 17),
        ("18 janar 2026, 5:30 MD", 17),
        ("18 জানুয়ারি ২০২৬, দুপুর ১:৩০", 13),
        ("18 Januari 2026, 1:30 tengah hari", 13),
        ("18 Januari 2026, 5:30 asubuhi", 5),
    ],
)
def test_the_part_of_the_day_in_more_languages(text: str, hour: int) -> None:
    found = read(text)
    assert isinstance(found, Moment)
    assert found.at.astimezone(ISTANBUL).hour == hour
