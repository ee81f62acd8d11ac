"""How the tables reach S3. Imported by pyiceberg alone, through the ``py-io-impl`` property."""

from __future__ import annotations

from urllib.parse import urlsplit

import pyarrow.fs
from pyiceberg.io import (
    S3_ACCESS_KEY_ID,
    S3_ENDPOINT,
    S3_REGION,
    S3_SECRET_ACCESS_KEY,
    S3_SESSION_TOKEN,
)
from pyiceberg.io.pyarrow import PyArrowFileIO

TRIES = 5
"""A commit asks for a hundred objects and more, one after the other: where one request in three fails,
three tries for each, the client's own measure, hardly ever get through all of them."""


class OnePutFileIO(PyArrowFileIO):
    """pyiceberg's own, but a small file costs one request.

    pyarrow opens a multipart upload for every file, which is three write requests, unless the
    upload's opening is delayed until the first part is full (5 MB).
    """

    def _initialize_s3_fs(self, netloc: str | None) -> pyarrow.fs.FileSystem:
        endpoint = urlsplit(self.properties.get(S3_ENDPOINT) or "")
        return pyarrow.fs.S3FileSystem(
            access_key=self.properties.get(S3_ACCESS_KEY_ID),
            secret_key=self.properties.get(S3_SECRET_ACCESS_KEY),
            session_token=self.properties.get(S3_SESSION_TOKEN),
            region=self.properties.get(S3_REGION),
            scheme=endpoint.scheme or "https",
            endpoint_override=endpoint.netloc or None,  # also makes it address by path
            allow_delayed_open=True,
            connect_timeout=5,
            request_timeout=60,
            retry_strategy=pyarrow.fs.AwsStandardS3RetryStrategy(max_attempts=TRIES),
        )
