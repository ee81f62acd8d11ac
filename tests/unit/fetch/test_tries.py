from __future__ import annotations

import datetime as dt
import time

import pytest

from newsdesk.fetch.tries import Allowance, Patience, retry_after

NOW = dt.datetime(2022, 1, 13, 10, 52, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        (" 30 ", 30.0),
        ("9" * 400, 999_999_999.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Thu, 13 Jan 2022 10:53:00 GMT", 60.0),
        ("Thu, 13 Jan 2022 10:00:00 GMT", 0.0),
        ("Thu, 13 Jan 2022 13:53:00 +0300", 60.0),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("٣", None),
    ],
)
def test_what_retry_after_asks(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_waits_grow_and_end() -> None:
    patience = Patience(first_wait=1, longest_wait=10)
    for tried, longest in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (99, 10)]:
        waits = [patience.wait(tried) for _ in range(50)]
        assert longest / 2 <= min(waits)
        assert max(waits) <= longest


def test_an_allowance_is_spent() -> None:
    allowance = Allowance(10)
    assert allowance.for_headers == 5
    with allowance.spending():
        time.sleep(0.02)
    assert 9.9 < allowance.left < 9.99
    allowance.left = 3
    assert allowance.for_headers == 3
    with pytest.raises(LookupError), allowance.spending():
        raise LookupError
    assert allowance.left < 3
