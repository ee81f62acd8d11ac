"""What somebody sees who opens Airflow in a browser: the coverage of days, the checks of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.browser import Browser, browser
from contracts.newsroom import DAY, PAPER, Newsroom
from newsdesk.connections import open_store, open_warehouse
from newsdesk.demo.home import Home
from newsdesk.demo.standalone import Standalone
from newsdesk.layout import Layout
from unit.steps.test_publishing import STRICT, Walk, good

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(600)]


@dataclass
class Desk:
    """Airflow's UI, and a browser in which somebody has logged in."""

    url: str
    window: Browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A house in which one day of three stories is published."""
    folder = tmp_path_factory.mktemp("ui")
    home = Home(folder)
    with home.store() as endpoint:
        settings = home.settings(endpoint)
        warehouse = open_warehouse(settings)
        room = Newsroom(warehouse, open_store(settings), Layout(settings.env))
        walk = Walk(room, {PAPER: STRICT})
        assert walk.walk("a", [good(n) for n in (1, 2, 3)])["fates"] == {"published": 3}
        warehouse.close()
        with (
            Standalone(folder / "airflow", home.environment(endpoint)) as airflow,
            browser(folder) as window,
        ):
            airflow.wait({"daily_news"})
            window.open(airflow.url)
            window.type("input[name=username]", airflow.user)
            window.type("input[name=password]", airflow.password)
            window.click("button[type=submit]")
            yield Desk(airflow.url, window)


def test_coverage_is_a_page_of_the_navigation(desk: Desk, tmp_path: Path) -> None:
    window = desk.window
    window.click("a[aria-label=Coverage]")
    window.enter_frame("iframe")
    assert window.text("h1") == "Coverage"
    assert window.text(".days tbody tr th") == PAPER
    cell = f".days td[title^='{DAY}']"
    assert window.text(cell).startswith("3")
    assert "3 published of" in window.attribute(cell, "title")
    (tmp_path / "coverage.png").write_bytes(window.screenshot())
