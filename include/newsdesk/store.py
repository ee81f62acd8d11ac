"""The object store: a small protocol, and the two stores that speak it.

``S3Store`` is the real one, ``MemoryStore`` the one for unit tests; the same contract test
runs on both. Conditional writes are the base of exactly-once, so both have them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from newsdesk.errors import ObjectConflict, ObjectMissing, StoreError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

JSON = "application/json"
BINARY = "application/octet-stream"

READS = 3
"""How often an object is asked for whose bytes break off."""

PIECE = 8 * 1024 * 1024
"""Larger files are sent in pieces of so many bytes; S3 asks for 5 MiB or more."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One line of a listing: key, size in bytes, entity tag, and when it was written, UTC."""

    key: str
    size: int
    etag: str
    written_at: dt.datetime


class Store(Protocol):
    """What newsdesk asks of an object store. Keys are whole keys, as ``layout`` makes them."""

    def get(self, key: str, *, offset: int = 0, length: int | None = None) -> bytes:
        """The object's bytes, or ``length`` of them from ``offset``.

        Raises:
            ObjectMissing: No such object.
            StoreError: The store refused or could not be reached.
        """

    def head(self, key: str) -> ObjectInfo | None:
        """What a listing would say of the object; ``None`` when there is none."""

    def put(self, key: str, body: bytes, *, content_type: str = BINARY) -> str:
        """Writes the object, over any other; gives its entity tag."""

    def put_if_absent(self, key: str, body: bytes, *, content_type: str = BINARY) -> bool:
        """Writes the object unless another stands there; gives whether it stands there now.

        The same bytes count as written: a writer that is repeated meets its own first try.
        """

    def put_if_match(
        self, key: str, body: bytes, etag: str | None, *, content_type: str = BINARY
    ) -> str:
        """Writes the object if what stands there has that tag (``None``: nothing stands there).

        Raises:
            ObjectConflict: Something else stands there.
        """

    def upload_if_absent(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> bool:
        """Writes the object from a file unless one stands there; gives whether it wrote.

        A file of more than ``PIECE`` bytes goes piece by piece, so that no more than one of them
        is in memory. Nothing is visible before all are there; an upload that fails leaves nothing,
        one whose process was killed leaves what ``abort_uploads`` removes.
        """

    def upload(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> None:
        """Writes the object from a file, over any other, like ``upload_if_absent``."""

    def abort_uploads(self, prefix: str, before: dt.datetime) -> int:
        """Removes what uploads left under a prefix that were begun before a time and never ended.

        Returns:
            How many there were.
        """

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Every object under a prefix that ends in ``/`` or ``-``, in byte order of the keys."""

    def delete(self, key: str) -> None:
        """Removes the object; none there is no error."""

    def address(self, key: str) -> str:
        """The whole address of an object, as people and other programs call it."""


class MemoryStore:
    """A store in memory, for tests.

    Args:
        now: Its clock, UTC.
    """

    def __init__(self, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self.now = now
        self._objects: dict[str, tuple[bytes, dt.datetime]] = {}

    def get(self, key: str, *, offset: int = 0, length: int | None = None) -> bytes:
        """See ``Store.get``."""
        if key not in self._objects:
            raise ObjectMissing(key, "no such object")
        body, _ = self._objects[key]
        return body[offset : None if length is None else offset + length]

    def head(self, key: str) -> ObjectInfo | None:
        """See ``Store.head``."""
        if key not in self._objects:
            return None
        body, written_at = self._objects[key]
        return ObjectInfo(key, len(body), _tag(body), written_at)

    def put(self, key: str, body: bytes, *, content_type: str = BINARY) -> str:
        """See ``Store.put``."""
        self._objects[key] = (bytes(body), self.now())
        return _tag(body)

    def put_if_absent(self, key: str, body: bytes, *, content_type: str = BINARY) -> bool:
        """See ``Store.put_if_absent``."""
        if key in self._objects:
            return self._objects[key][0] == body
        self.put(key, body)
        return True

    def put_if_match(
        self, key: str, body: bytes, etag: str | None, *, content_type: str = BINARY
    ) -> str:
        """See ``Store.put_if_match``."""
        there = self.head(key)
        if (there.etag if there else None) != etag:
            raise ObjectConflict(key, "another object stands there")
        return self.put(key, body)

    def upload_if_absent(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> bool:
        """See ``Store.upload_if_absent``."""
        file.seek(0)
        return self.put_if_absent(key, file.read(), content_type=content_type)

    def upload(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> None:
        """See ``Store.upload``."""
        file.seek(0)
        self.put(key, file.read(), content_type=content_type)

    def abort_uploads(self, prefix: str, before: dt.datetime) -> int:
        """See ``Store.abort_uploads``; here there are none."""
        return 0

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """See ``Store.list``."""
        whole = _whole(prefix)
        for key in sorted(key for key in self._objects if key.startswith(whole)):
            body, written_at = self._objects[key]
            yield ObjectInfo(key, len(body), _tag(body), written_at)

    def delete(self, key: str) -> None:
        """See ``Store.delete``."""
        self._objects.pop(key, None)

    def address(self, key: str) -> str:
        """See ``Store.address``."""
        return f"memory://{key}"


class S3Store:
    """A bucket of an S3-compatible server.

    Args:
        client: A boto3 S3 client; its own retries absorb short faults.
        bucket: The bucket; it must exist.
    """

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    def get(self, key: str, *, offset: int = 0, length: int | None = None) -> bytes:
        """See ``Store.get``."""
        from botocore.exceptions import BotoCoreError

        if length == 0:
            return b""
        extra: dict[str, Any] = {}
        if offset or length is not None:
            end = "" if length is None else offset + length - 1
            extra["Range"] = f"bytes={offset}-{end}"
        broken: Exception | None = None
        for _ in range(READS):
            reply = self._call("get_object", key, **extra)
            try:
                return bytes(reply["Body"].read())
            except BotoCoreError as error:  # the client repeats requests, not what it streams
                broken = error
        raise StoreError(self.address(key), f"the answer broke off: {broken}") from broken

    def head(self, key: str) -> ObjectInfo | None:
        """See ``Store.head``."""
        try:
            reply = self._call("head_object", key)
        except ObjectMissing:
            return None
        etag = reply["ETag"].strip('"')
        return ObjectInfo(key, reply["ContentLength"], etag, reply["LastModified"])

    def put(self, key: str, body: bytes, *, content_type: str = BINARY) -> str:
        """See ``Store.put``."""
        reply = self._call("put_object", key, Body=body, ContentType=content_type)
        return str(reply["ETag"]).strip('"')

    def put_if_absent(self, key: str, body: bytes, *, content_type: str = BINARY) -> bool:
        """See ``Store.put_if_absent``.

        A retry inside the client may meet its own first write: an object with the same bytes
        counts as written.
        """
        try:
            self._call("put_object", key, Body=body, ContentType=content_type, IfNoneMatch="*")
        except ObjectConflict:
            there = self.head(key)
            return there is not None and there.etag == _tag(body)
        return True

    def put_if_match(
        self, key: str, body: bytes, etag: str | None, *, content_type: str = BINARY
    ) -> str:
        """See ``Store.put_if_match``."""
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        try:
            reply = self._call("put_object", key, Body=body, ContentType=content_type, **condition)
        except ObjectMissing as error:  # some servers answer 404, some 412, to If-Match on nothing
            raise ObjectConflict(key, "the object is gone") from error
        return str(reply["ETag"]).strip('"')

    def upload_if_absent(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> bool:
        """See ``Store.upload_if_absent``."""
        if _size(file) <= PIECE:
            return self.put_if_absent(key, file.read(), content_type=content_type)
        return self._upload(key, file, content_type, IfNoneMatch="*")

    def upload(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> None:
        """See ``Store.upload``."""
        if _size(file) <= PIECE:
            self.put(key, file.read(), content_type=content_type)
        elif not self._upload(key, file, content_type):
            raise ObjectConflict(self.address(key), "the upload was ended by another")

    def _upload(self, key: str, file: BinaryIO, content_type: str, **condition: str) -> bool:
        """Sends a file piece by piece; gives whether the object is this one now."""
        begun = self._call("create_multipart_upload", key, ContentType=content_type)
        upload = {"UploadId": begun["UploadId"]}
        parts, digests = [], b""
        with contextlib.ExitStack() as unless_it_stands:
            unless_it_stands.callback(self._abort, key, upload)
            for number, piece in enumerate(iter(lambda: file.read(PIECE), b""), 1):
                sent = self._call("upload_part", key, PartNumber=number, Body=piece, **upload)
                parts.append({"PartNumber": number, "ETag": sent["ETag"]})
                digests += hashlib.md5(piece, usedforsecurity=False).digest()
            whole = {"MultipartUpload": {"Parts": parts}, **condition}
            try:
                self._call("complete_multipart_upload", key, **whole, **upload)
            except (ObjectConflict, ObjectMissing):  # as in put_if_absent, it may be our own
                there = self.head(key)
                return there is not None and there.etag == f"{_tag(digests)}-{len(parts)}"
            unless_it_stands.pop_all()
        return True

    def abort_uploads(self, prefix: str, before: dt.datetime) -> int:
        """See ``Store.abort_uploads``."""
        count = 0
        markers: dict[str, str] = {}
        while True:
            reply = self._call("list_multipart_uploads", None, Prefix=_whole(prefix), **markers)
            for begun in reply.get("Uploads", []):
                if begun["Initiated"] < before:
                    self._abort(begun["Key"], {"UploadId": begun["UploadId"]})
                    count += 1
            if not reply.get("IsTruncated"):
                return count
            markers = {
                "KeyMarker": reply["NextKeyMarker"],
                "UploadIdMarker": reply["NextUploadIdMarker"],
            }

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """See ``Store.list``. Servers may list in another order than byte order: sorted here."""
        found: list[ObjectInfo] = []
        token: dict[str, str] = {}
        while True:
            reply = self._call("list_objects_v2", None, Prefix=_whole(prefix), **token)
            found += [
                ObjectInfo(one["Key"], one["Size"], one["ETag"].strip('"'), one["LastModified"])
                for one in reply.get("Contents", [])
            ]
            if not reply.get("IsTruncated"):
                break
            token = {"ContinuationToken": reply["NextContinuationToken"]}
        yield from sorted(found, key=lambda info: info.key.encode())

    def delete(self, key: str) -> None:
        """See ``Store.delete``."""
        self._call("delete_object", key)

    def address(self, key: str) -> str:
        """See ``Store.address``."""
        return f"s3://{self.bucket}/{key}"

    def _abort(self, key: str, upload: dict[str, str]) -> None:
        with contextlib.suppress(StoreError):  # it has ended meanwhile, or what failed is told
            self._call("abort_multipart_upload", key, **upload)

    def _call(self, operation: str, key: str | None, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        where = f"s3://{self.bucket}/{key or arguments.get('Prefix', '')}"
        if key is not None:
            arguments["Key"] = key
        try:
            return getattr(self._client, operation)(Bucket=self.bucket, **arguments)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if code == "NoSuchBucket":
                raise StoreError(f"s3://{self.bucket}", "the bucket does not exist") from error
            if code in {"NoSuchKey", "NoSuchUpload", "404", "NotFound"}:
                raise ObjectMissing(where, "no such object") from error
            if status in {409, 412}:
                raise ObjectConflict(where, "another object stands there") from error
            if status == 403:
                raise StoreError(where, f"access refused ({code}): check the keys") from error
            raise StoreError(where, f"{operation} failed: {code or status}") from error
        except BotoCoreError as error:
            endpoint = self._client.meta.endpoint_url
            raise StoreError(
                where, f"the store at {endpoint} cannot be reached: {error}"
            ) from error


def s3_client(
    endpoint: str | None,
    region: str,
    access_key: str | None,
    secret_key: str | None,
    session_token: str | None = None,
) -> S3Client:
    """A client of an S3-compatible server.

    Args:
        endpoint: Its address; ``None`` is AWS.
        region: Its region.
        access_key: Credentials; ``None`` takes what boto3 finds.
        secret_key: The other half.
        session_token: What temporary credentials need beside them.
    """
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=session_token,
        config=Config(
            s3={"addressing_style": "path" if endpoint else "auto"},
            retries={"max_attempts": 4, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=16,
        ),
    )


def _size(file: BinaryIO) -> int:
    """How long a file is; it is at its begin then."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def _tag(body: bytes) -> str:
    """The entity tag S3 gives to an object that was put whole."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def _whole(prefix: str) -> str:
    """A prefix must end where a name ends, or it also finds the neighbours."""
    if not prefix.endswith(("/", "-")):
        raise ValueError(f"prefix {prefix!r} must end in / or -")
    return prefix
