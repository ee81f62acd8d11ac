"""A headless Chromium, told what to do over the WebDriver protocol (https://www.w3.org/TR/webdriver2/)."""

from __future__ import annotations

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from newsdesk.embedded import free_port

T = TypeVar("T")

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element's reference, by the protocol."""


class Browser:
    """One window.

    Args:
        driver: Address of a ``chromedriver``.
        profile: An empty folder for what the browser keeps.
    """

    def __init__(self, driver: str, profile: Path) -> None:
        arguments = ["--headless=new", "--no-sandbox", "--window-size=1400,900"]
        arguments += ["--disable-dev-shm-usage", f"--user-data-dir={profile}"]
        wanted = {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}
        self._driver = driver
        made = self._send("POST", "/session", {"capabilities": wanted})
        self._session = f"/session/{made['sessionId']}"

    def open(self, url: str) -> None:
        """Goes to an address."""
        self._send("POST", f"{self._session}/url", {"url": url})

    def find(self, css: str, *, holding: str = "", within: float = 60.0) -> str:
        """An element that is shown, as soon as there is one; ``holding`` is text that it has."""
        return until(lambda: self._shown(css, holding), f"{css} {holding}", within)

    def text(self, css: str) -> str:
        """The text of the first such element, as it is shown."""
        return str(self._get(self.find(css), "text"))

    def attribute(self, css: str, name: str) -> str:
        """An attribute of the first such element."""
        return str(self._get(self.find(css), f"attribute/{name}"))

    def click(self, css: str, *, holding: str = "") -> None:
        """Clicks on an element."""
        self._send("POST", f"{self._session}/element/{self.find(css, holding=holding)}/click", {})

    def type(self, css: str, text: str) -> None:
        """Types into an element."""
        self._send("POST", f"{self._session}/element/{self.find(css)}/value", {"text": text})

    def enter_frame(self, css: str) -> None:
        """Goes on within a frame."""
        frame = {ELEMENT: self.find(css)}
        self._send("POST", f"{self._session}/frame", {"id": frame})

    def screenshot(self) -> bytes:
        """The window as a PNG picture."""
        return base64.b64decode(self._send("GET", f"{self._session}/screenshot"))

    def close(self) -> None:
        """Ends the browser."""
        self._send("DELETE", self._session)

    def _shown(self, css: str, holding: str) -> str | None:
        how = {"using": "css selector", "value": css}
        for found in self._send("POST", f"{self._session}/elements", how):
            element = str(found[ELEMENT])
            try:
                if self._get(element, "displayed") and holding in str(self._get(element, "text")):
                    return element
            except urllib.error.HTTPError:  # the page has just replaced it
                continue
        return None

    def _get(self, element: str, what: str) -> Any:
        return self._send("GET", f"{self._session}/element/{element}/{what}")

    def _send(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._driver + path, data, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]


def until(ask: Callable[[], T | None], what: str, within: float = 60.0) -> T:
    """What a question gives as soon as it gives something."""
    deadline = time.monotonic() + within
    while True:
        if found := ask():
            return found
        assert time.monotonic() < deadline, f"not there after {within:.0f} s: {what}"
        time.sleep(0.2)


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser of its own."""
    port = free_port()
    with (folder / "chromedriver.log").open("wb") as log:
        driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: _answers(f"{address}/status"), "chromedriver", 30)
        made = Browser(address, folder / "profile")
        try:
            yield made
        finally:
            made.close()
    finally:
        driver.terminate()
        driver.wait(30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:
        return False
