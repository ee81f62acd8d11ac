"""What can go wrong, as one tree.

::

    NewsdeskError                 the subject and what was wrong with it, in one line
    |-- SettingsError             an environment variable or connection is missing or malformed
    |-- SourceError               a paper's TOML file: names file, key and what was expected
    |-- StoreError                the object store refused or could not be reached
    |   |-- ObjectMissing         no object under that key
    |   `-- ObjectConflict        a conditional write lost: read again, then retry
    |-- FetchError                a page, feed or sitemap could not be fetched
    |   |-- AddressRefused        the guard refused the address, or the URL carries credentials
    |   |-- RobotsRefused         robots.txt says no
    |   `-- LimitExceeded         too large, too slow, too many redirects, an encoding refused
    |-- OverBudget                a host was sent all the requests of a run
    |-- FeedError                 a feed or sitemap that cannot be read as one
    |-- CatalogError              the Iceberg catalog could not be opened
    |-- QueryError                a query is wrong, or reaches for more than the tables
    |-- TargetError               the database that a consumer fills could not be opened or written
    |-- RereadRefused         pages read again look worse than before, and nobody accepted it
    |-- StagedCorrupt             a staged file is not what was checked
    `-- PublishBlocked            a day failed its checks and stays as it was

Expected trouble with one URL travels as a value (a ledger fate, a ``Rejection``); what is
raised ends a task, and the last line of its log names the subject.
"""

from __future__ import annotations


class NewsdeskError(Exception):
    """Base of all errors of newsdesk.

    Args:
        subject: What the error is about: a URL, a key, a file, a setting.
        reason: What was wrong with it, in one line.
    """

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(subject, reason)
        self.subject = subject
        self.reason = reason

    def __str__(self) -> str:
        """One line: the subject, then the reason."""
        return " ".join(f"{self.subject}: {self.reason}".split())


class SettingsError(NewsdeskError):
    """A setting is missing or malformed."""


class SourceError(NewsdeskError):
    """A source file is malformed."""


class StoreError(NewsdeskError):
    """The object store refused a request or could not be reached."""


class ObjectMissing(StoreError):
    """No object stands under that key."""


class ObjectConflict(StoreError):
    """A conditional write found another object than it expected."""


class FetchError(NewsdeskError):
    """A URL could not be fetched.

    Args:
        subject: The URL, without credentials.
        reason: One line.
        code: A short code for the ledger's ``reason`` column.
        retriable: Whether another try later may succeed.

    Attributes:
        attempts: Tries that were made; none where nothing was asked.
        retry_after: Seconds for which the host asked to be left alone, if that is why.
    """

    def __init__(
        self, subject: str, reason: str, *, code: str = "fetch_failed", retriable: bool = True
    ) -> None:
        super().__init__(subject, reason)
        self.code = code
        self.retriable = retriable
        self.attempts = 0
        self.retry_after: float | None = None


class AddressRefused(FetchError):
    """The address is none that newsdesk may connect to."""

    def __init__(self, subject: str, reason: str, *, code: str = "address_refused") -> None:
        super().__init__(subject, reason, code=code, retriable=False)


class RobotsRefused(FetchError):
    """robots.txt forbids the URL."""

    def __init__(self, subject: str, reason: str, *, code: str = "robots") -> None:
        super().__init__(subject, reason, code=code, retriable=False)


class LimitExceeded(FetchError):
    """A limit on time, size, redirects or encodings was passed."""

    def __init__(self, subject: str, reason: str, *, code: str = "limit") -> None:
        super().__init__(subject, reason, code=code, retriable=False)


class OverBudget(NewsdeskError):
    """A host was sent all the requests that a run may send it."""


class FeedError(NewsdeskError):
    """Bytes that claim to be a feed or sitemap and are not."""


class CatalogError(NewsdeskError):
    """The Iceberg catalog could not be opened."""


class QueryError(NewsdeskError):
    """A query cannot be answered."""


class TargetError(NewsdeskError):
    """The database that a consumer fills could not be opened or written."""


class RereadRefused(NewsdeskError):
    """Reading pages again would make the tables worse, and nobody accepted that."""


class StagedCorrupt(NewsdeskError):
    """A staged file does not have the digest that was checked."""


class PublishBlocked(NewsdeskError):
    """A published day failed a critical check and stays as it was."""
