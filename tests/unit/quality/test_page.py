from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from contracts.newsroom import DAY, PAPER, failing, passing
from newsdesk.quality import render

GOOD, BAD = passing((PAPER, DAY), 60), failing((PAPER, DAY), 3)


class Parsed(HTMLParser):
    """Tags and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_every_text_is_escaped() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=y>'
    one = replace(BAD, source=evil, expectation=evil, observed=evil, expected=evil)
    parsed = Parsed(render([one], title=evil))
    assert not {"script", "img"} & set(parsed.tags)
    assert "onerror" not in parsed.attributes
    assert parsed.texts.count(evil) == 6  # the title twice


def test_what_went_wrong_comes_first_and_what_passed_is_folded() -> None:
    raised = replace(BAD, outcome="not_evaluated", source="a_raised")
    warned = replace(BAD, severity="warning", source="b_warned")
    page = render([GOOD, warned, BAD, raised], title="Checks")
    assert "1 not evaluated, 2 failed, 1 passed" in page
    places = [page.index(one) for one in ("a_raised", f"<td>{PAPER}<", "b_warned", "<details>")]
    assert places == sorted(places)
    assert "<details><summary>1 passed</summary>" in page


def test_rows_and_days_are_told_apart() -> None:
    page = render([replace(BAD, published_day=None), BAD], title="Checks")
    assert "<td>staged rows<" in page
    assert f"<td>{DAY}<" in page


def test_a_run_without_results_says_so() -> None:
    assert "Nothing was judged." in render([], title="Checks")
