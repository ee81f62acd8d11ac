"""What kind of story a page tells, and in which language."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from newsdesk.article import Article, Page
from newsdesk.reading import read_page, source_for

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
URL = "https://paper.example/town/the-bridge-is-open-again"
TEXT = "The bridge over the river opened again on Sunday, and the first ferries passed below it. "
PUBLISHED = '<meta property="article:published_time" content="2026-03-01T09:00:13Z">'


def read(
    text: str = TEXT * 3,
    *,
    url: str = URL,
    lang: str = "en",
    head: str = "",
    data: dict[str, object] | None = None,
) -> Article:
    told = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    html = (
        f"<html lang={lang}><head><meta charset=utf-8><title>The bridge is open again</title>{head}"
        f"{told}</head><body><article><h1>The bridge is open again</h1><time>1 March 2026</time>"
        f"<p>{text}</p></article></body>"
    )
    page = Page(url=url, body=html.encode(), captured_at=AT)
    return read_page(page, source_for(url, {})).article


def film(name: str, kind: str = "VideoObject") -> dict[str, object]:
    return {"@type": kind, "name": name, "uploadDate": "2023-11-02T08:00:07Z"}


@pytest.mark.parametrize("kind", ["VideoObject", "ImageGallery"])
@pytest.mark.parametrize("og", ["", '<meta property="og:type" content="article">'])
def test_a_film_in_a_text_neither_dates_it_nor_makes_it_a_film(kind: str, og: str) -> None:
    article = read(head=PUBLISHED + og, data=film("The flood of the century", kind))
    assert (article.article_type, article.published_day_local) == ("news", dt.date(2026, 3, 1))
    printed = read(head=og, data=film("The flood of the century", kind))
    assert (printed.article_type, printed.published_day_local) == ("news", dt.date(2026, 3, 1))


@pytest.mark.parametrize(
    ("url", "name", "head"),
    [
        (URL, "The bridge is open again", ""),
        (URL.replace("town", "video"), "Ferries below the bridge", ""),
        (URL, "Ferries below the bridge", '<meta property="og:type" content="video.other">'),
    ],
)
def test_a_film_that_the_page_is_there_to_show_dates_it(url: str, name: str, head: str) -> None:
    article = read(url=url, head=head, data=film(name))
    assert article.article_type == "video"
    assert article.published_at == dt.datetime(2023, 11, 2, 8, 0, 7, tzinfo=dt.UTC)


def test_what_is_told_of_the_story_comes_before_what_is_told_of_its_page() -> None:
    page: dict[str, object] = {
        "@type": "WebPage",
        "name": "The bridge is open again",
        "datePublished": "2019-05-06T07:00:05Z",
    }
    article = read(head=PUBLISHED, data=page)
    assert article.published_at == dt.datetime(2026, 3, 1, 9, 0, 13, tzinfo=dt.UTC)
    alone = read(data=page)
    assert alone.published_at == dt.datetime(2019, 5, 6, 7, 0, 5, tzinfo=dt.UTC)


PERSIAN = (
    "پل بزرگ روی رودخانه پس از یازده هفته کار دوباره باز شد و نخستین کشتی‌های فصل از زیر آن گذشتند. "
    "مهندسان در ماه دسامبر چند ترک در پایه‌های پل پیدا کرده بودند و غواصان آنها را پر کردند. "
    "کامیون‌ها تا پایان ماه از راه کنار دریاچه می‌گذرند، چون آخرین آزمایش با یک قطار سنگین هنوز مانده است. "
    "شهردار گفت که هزینه کار را شهر و استان با هم می‌پردازند."
)
URDU = (
    "دریا پر بنا ہوا بڑا پل گیارہ ہفتوں کے کام کے بعد دوبارہ کھول دیا گیا اور موسم کی پہلی کشتیاں اس کے نیچے سے گزریں۔ "
    "انجینئروں کو دسمبر میں پل کے دو ستونوں میں دراڑیں ملی تھیں جنہیں غوطہ خوروں نے بھر دیا۔ "
    "ٹرک مہینے کے آخر تک جھیل کے کنارے والی سڑک سے گزریں گے کیونکہ آخری جانچ ایک بھاری ریل گاڑی کے ساتھ باقی ہے۔"
)
ARABIC = (
    "أعيد فتح الجسر الكبير فوق النهر يوم الأحد بعد أحد عشر أسبوعا من العمل في دعائمه، ومرت تحته أولى عبارات الموسم. "
    "وكان المهندسون قد وجدوا شقوقا في دعامتين منه في شهر كانون الأول، فملأها الغواصون بإسمنت يتصلب تحت الماء. "
    "وستسلك الشاحنات الطريق حول البحيرة حتى نهاية الشهر، لأن آخر الاختبارات بقطار ثقيل لم يجر بعد."
)
TURKISH = (
    "Nehrin üzerindeki büyük köprü on bir hafta süren çalışmanın ardından pazar günü yeniden açıldı ve "
    "mevsimin ilk vapurları altından geçti. Mühendisler aralık ayında iki ayakta çatlak bulmuş, dalgıçlar "
    "bunları su altında sertleşen bir çimentoyla doldurmuştu. Ağır kamyonlar ay sonuna kadar gölün "
    "çevresindeki yolu kullanacak, çünkü kırk vagonlu bir trenle yapılacak son deneme henüz bekliyor."
)
AZERBAIJANI = (
    "Çayın üzərindəki böyük körpü on bir həftəlik işdən sonra bazar günü yenidən açıldı və mövsümün ilk "
    "gəmiləri onun altından keçdi. Mühəndislər dekabrda iki dayaqda çatlar tapmışdılar, dalğıclar isə "
    "onları su altında bərkiyən sementlə doldurdular. Yük maşınları ayın sonuna qədər gölün ətrafındakı "
    "yoldan istifadə edəcək, çünki qatarla son sınaq hələ keçirilməyib."
)
NAMES = (
    "Kasımpaşa and Beşiktaş drew on Sunday, while Başakşehir lost to Fatih Karagümrük. Barış Yılmaz, "
    "who had come from Eskişehir in the summer, scored twice in the first half before he was carried "
    "off. The second half had no goals, and the coach said that the weather was to blame for it. Both "
    "teams meet again in the cup in March, when the stadium by the water will have its new stand."
)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (PERSIAN, "ar", "fa"),
        (PERSIAN.replace("ی", "ي").replace("ک", "ك"), "ar", "fa"),
        (PERSIAN, "fa", "fa"),
        (PERSIAN, "ckb", "ckb"),
        (URDU, "ar", "ur"),
        (URDU, "fa", "ur"),
        (ARABIC, "ar", "ar"),
        (ARABIC, "en", "ar"),
        (TURKISH, "en", "tr"),
        (TURKISH, "de-DE", "tr"),
        (TURKISH, "crh", "crh"),
        (AZERBAIJANI, "en", "az"),
        (AZERBAIJANI, "tr", "az"),
        (NAMES, "en", "en"),
        (TURKISH[:90], "en", "en"),
    ],
)
def test_a_text_is_in_no_language_that_does_without_its_letters(
    text: str, declared: str, language: str
) -> None:
    assert read(text, lang=declared).language == language


@pytest.mark.parametrize(
    ("printed", "summary"),
    [
        ("<p class=ingress>{}</p>", "The old bridge was closed for eleven weeks."),
        ("<p class=article__desc>{}</p>", "It will be painted in 2028 by the town."),
        ("<p class=ingress>{}</p>", None),
    ],
)
def test_a_standfirst_in_a_box_of_its_own(printed: str, summary: str | None) -> None:
    shown = printed.format(summary or "Updated March 1, 2026 at 14:05")
    html = (
        "<html lang=en><head><title>The bridge is open again</title></head><body><article>"
        f"<h1>The bridge is open again</h1>{shown}<time>1 March 2026</time>"
        f"<div class=content><p>{TEXT * 3}</p><p>{TEXT}</p></div></article></body>"
    )
    page = Page(url=URL, body=html.encode(), captured_at=AT)
    assert read_page(page, source_for(URL, {})).article.summary == summary


def test_what_the_data_cuts_short_is_taken_whole_from_the_page() -> None:
    whole = "The old bridge was closed for eleven weeks, and nobody crossed the river."
    head = f"<meta property='og:description' content='{whole[:40]}...'>"
    html = (
        f"<html lang=en><head><title>The bridge is open again</title>{head}</head><body><article>"
        f"<h1>The bridge is open again</h1><h2 class=deck>{{}}</h2><time>1 March 2026</time>"
        f"<div class=content><p>{TEXT * 3}</p><p>{TEXT}</p></div></article></body>"
    )
    for printed, summary in ((whole, whole), ("Nobody crossed the river.", f"{whole[:40]}...")):
        page = Page(url=URL, body=html.format(printed).encode(), captured_at=AT)
        assert read_page(page, source_for(URL, {})).article.summary == summary


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("ਪੁਲ ਐਤਵਾਰ ਨੂੰ ਮੁੜ ਖੁੱਲ੍ਹ ਗਿਆ ਅਤੇ ਲੋਕ ਲੰਘੇ। ", "pa", "pa"),
        ("પુલ રવિવારે ફરી ખૂલ્યો, અને લોકોએ ‘जय’ કહ્યું. ", "gu", "gu"),
        ("ស្ពានបានបើកឡើងវិញនៅថ្ងៃអាទិត្យ 中国 ", "km", "km"),
        ("ପୋଲ ରବିବାର ଦିନ ପୁଣି ଖୋଲିଲା। ", "en", "or"),
    ],
)
def test_a_text_is_in_the_script_of_most_of_its_letters(
    text: str, lang: str, expected: str
) -> None:
    assert read(text * 4, lang=lang).language == expected
