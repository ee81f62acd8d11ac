"""What the paper lists: feeds with short windows, a news sitemap, archive sitemaps, robots.txt.

As on real papers a feed shows the newest so many, the archive's ``lastmod`` is often not the date
of publication, and the index claims that every month changed just now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from email.utils import format_datetime
from functools import cache
from html import escape

from newsdesk.demo.paper.plan import Story, stories_of, url_of
from newsdesk.demo.paper.site import (
    ARABIC,
    FIRST_MONTH,
    HOME,
    TITLE,
    Desk,
    desks,
    local,
    sections,
)
from newsdesk.demo.paper.stories import tell

GENERAL_ITEMS = 36
SECTION_ITEMS = 34
SUBSECTION_ITEMS = 50
WINDOW = dt.timedelta(days=33)
"""How far back a feed reaches, however little a section writes."""

NEWS_WINDOW = dt.timedelta(days=2)
"""Of the news sitemap, by Google's rules."""

DAY = dt.timedelta(days=1)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

Wanted = Callable[[Story], bool]


def newest(clock: dt.datetime, count: int, wanted: Wanted) -> list[Story]:
    """The newest stories that are listed by the paper's clock, newest first."""
    found: list[Story] = []
    today = clock.astimezone(dt.UTC).date()
    for back in range(WINDOW.days + 1):
        if len(found) >= count + 1:  # a moved story of the day before may be newer
            break
        of_day = stories_of(today - back * DAY)
        found += [story for story in of_day if story.listed(clock) and wanted(story)]
    found.sort(key=lambda story: (story.published_at(clock), story.number), reverse=True)
    return found[:count]


def in_english(story: Story) -> bool:
    """Whether it belongs to the first edition."""
    return story.language == "en"


def in_arabic(story: Story) -> bool:
    """Whether it belongs to the Arabic edition."""
    return story.language == "ar"


def filed_under(desk: Desk) -> Wanted:
    """Whether a story is filed under a section (all of it) or a subsection."""

    def wanted(story: Story) -> bool:
        same = story.desk == desk if desk.subsection else story.desk.section == desk.section
        return same and in_english(story)

    return wanted


# -- feeds ------------------------------------------------------------------------------------


@cache
def feeds() -> dict[str, tuple[str, int, Wanted]]:
    """Every feed by path: its title, its length, what it lists."""
    found: dict[str, tuple[str, int, Wanted]] = {
        "/rss/latest": ("Latest", GENERAL_ITEMS, in_english),
        f"/rss/{ARABIC}": ("عربي", SECTION_ITEMS, in_arabic),
    }
    for path, desk in desks().items():
        length = SUBSECTION_ITEMS if desk.subsection else SECTION_ITEMS
        title = f"{desk.section_title}: {desk.title}" if desk.subsection else desk.title
        found[f"/rss/{path}"] = (title, length, filed_under(desk))
    return found


def feed(path: str, clock: dt.datetime) -> str | None:
    """A feed by its path or by its numeric twin ``/rssFeed/<n>``; ``None`` when there is none.

    ``/rssFeed`` without a number is a feed without items.
    """
    if path == "/rssFeed":
        return _rss("", [], clock, aliased=False)
    if path.startswith("/rssFeed/"):
        number = path.removeprefix("/rssFeed/")
        paths = list(feeds())
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(paths)):
            return None
        path = paths[int(number) - 1]
    if path not in feeds():
        return None
    title, length, wanted = feeds()[path]
    # the general feed still gives the section's old name
    return _rss(title, newest(clock, length, wanted), clock, aliased=path == "/rss/latest")


def _rss(title: str, stories: list[Story], clock: dt.datetime, *, aliased: bool) -> str:
    built = max((story.modified_at(clock) for story in stories), default=None)
    date = f"<lastBuildDate>{_rfc822(built)}</lastBuildDate>\n" if built else ""
    return (
        f'{_XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{escape(f'{TITLE} - {title}'.rstrip(' -'))}</title>\n<link>{HOME}/</link>\n"
        f"<description>News from both shores</description>\n{date}"
        + "".join(_item(story, clock, aliased=aliased) for story in stories)
        + "</channel>\n</rss>\n"
    )


def _item(story: Story, clock: dt.datetime, *, aliased: bool) -> str:
    told = tell(story, clock)
    url = url_of(story)
    if aliased:
        url = url.replace(f"{HOME}/turkiye/", f"{HOME}/turkey/")
    date = f"<pubDate>{_rfc822(told.published_at)}</pubDate>\n"
    return (
        f"<item>\n<title>{escape(told.headline)}</title>\n<link>{escape(url)}</link>\n"
        f'<guid isPermaLink="false">{story.day:%Y%m%d}-{story.number}</guid>\n'
        f"{'' if story.kind == 'undated' else date}"
        f"<dc:creator>{escape(told.byline_raw)}</dc:creator>\n"
        f"<category>{escape(told.subsection or told.section)}</category>\n"
        f"<description>{escape(told.paragraphs[0])}</description>\n</item>\n"
    )


def _rfc822(instant: dt.datetime) -> str:
    return format_datetime(local(instant))


# -- sitemaps ---------------------------------------------------------------------------------


def news_sitemap(clock: dt.datetime) -> str:
    """The stories of the last two days."""
    stories = newest(clock, 1_000, lambda story: story.kind != "document")
    entries = "".join(
        _news_url(story, clock)
        for story in stories
        if story.published_at(clock) > clock - NEWS_WINDOW
    )
    return f'{_XML}<urlset xmlns="{_SITEMAP}" xmlns:news="{_NEWS}">\n{entries}</urlset>\n'


def sitemap_index(clock: dt.datetime) -> str:
    """One sitemap a month, each said to have changed just now."""
    now = _w3c(clock.replace(microsecond=0))
    names = ["sections", *(f"archive-{y:04d}-{m:02d}" for y, m in _months(local(clock).date()))]
    children = "".join(
        f"<sitemap><loc>{HOME}/sitemap/{name}.xml</loc><lastmod>{now}</lastmod></sitemap>\n"
        for name in names
    )
    return f'{_XML}<sitemapindex xmlns="{_SITEMAP}">\n{children}</sitemapindex>\n'


def section_sitemap() -> str:
    """The fronts of all sections, which are no stories."""
    entries = "".join(_url(f"{HOME}/{desk.path}") for own in sections().values() for desk in own)
    return f'{_XML}<urlset xmlns="{_SITEMAP}">\n{entries}</urlset>\n'


def archive_sitemap(year: int, month: int, clock: dt.datetime) -> str | None:
    """Every story of a month of the paper's own calendar; ``None`` for one that has not begun.

    Only the month that goes on says when they were published; of older ones ``lastmod`` is all.
    """
    this = (local(clock).year, local(clock).month)
    if (year, month) > this:
        return None
    stories = _stories_of(year, month, clock)
    if (year, month) == this:
        entries = "".join(_news_url(story, clock) for story in stories)
    else:
        entries = "".join(_url(url_of(story), _lastmod(story, clock)) for story in stories)
    return f'{_XML}<urlset xmlns="{_SITEMAP}" xmlns:news="{_NEWS}">\n{entries}</urlset>\n'


def robots() -> str:
    """What robots may not ask for, and where the sitemaps are."""
    return (
        "User-agent: *\nDisallow: /search\nDisallow: /preview/\nAllow: /\n\n"
        f"Sitemap: {HOME}/sitemap.xml\nSitemap: {HOME}/sitemap/news.xml\n"
    )


def _months(until: dt.date) -> Iterator[tuple[int, int]]:
    year, month = FIRST_MONTH
    while (year, month) <= (until.year, until.month):
        yield year, month
        year, month = year + month // 12, month % 12 + 1


def _stories_of(year: int, month: int, clock: dt.datetime) -> Iterable[Story]:
    first = dt.date(year, month, 1)
    for offset in range(-2, 32):  # the local month begins on the UTC day before
        for story in stories_of(first + offset * DAY):
            at = local(story.published_at(clock))
            page = story.listed(clock) and story.kind != "document"
            if page and (at.year, at.month) == (year, month):
                yield story


def _lastmod(story: Story, clock: dt.datetime) -> str:
    """The time of the last change in one of several spellings, or a later one that is none."""
    modified = story.modified_at(clock)
    if story.number % 12 == 10 and (touched := _touched(story)) <= clock:
        return _w3c(touched)
    if story.number % 9 == 4:
        return f"{local(modified):%Y-%m-%d}"
    if story.number % 9 == 7:
        return f"{modified:%Y-%m-%dT%H:%M:%S}.000Z"
    return _w3c(modified)


def _touched(story: Story) -> dt.datetime:
    """When the paper's software saved a story again without a change: early next month."""
    at = local(story.first_at)
    first = dt.datetime(at.year + at.month // 12, at.month % 12 + 1, 3, 4, 0, tzinfo=dt.UTC)
    return first + dt.timedelta(minutes=7 * story.day.day + story.number)


def _news_url(story: Story, clock: dt.datetime) -> str:
    return _url(
        url_of(story),
        _w3c(story.modified_at(clock)),
        "<news:news><news:publication>"
        f"<news:name>{TITLE}</news:name><news:language>{story.language}</news:language>"
        "</news:publication>"
        f"<news:publication_date>{_w3c(story.published_at(clock))}</news:publication_date>"
        f"<news:title>{escape(tell(story, clock).headline)}</news:title></news:news>",
    )


def _w3c(instant: dt.datetime) -> str:
    return local(instant).isoformat()


def _url(address: str, modified: str | None = None, more: str = "") -> str:
    date = f"<lastmod>{modified}</lastmod>" if modified else ""
    return f"<url><loc>{escape(address)}</loc>{date}{more}</url>\n"
