"""A bucket of an S3-compatible server as a store."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from newsdesk.errors import ObjectConflict, ObjectMissing, StoreError
from newsdesk.store.protocol import BINARY, PIECE, ObjectInfo, entity_tag, whole

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

READS = 3
"""How often an object is asked for whose bytes break off."""


@dataclass(frozen=True, slots=True)
class S3Server:
    """An S3-compatible server, and who we are to it. Secrets are kept out of ``repr``.

    Attributes:
        endpoint: Its address; ``None`` is AWS.
        region: Its region.
        access_key: Credentials; ``None`` takes what boto3 finds (an instance's role).
        secret_key: The other half.
        session_token: What temporary credentials need beside them.
    """

    endpoint: str | None = None
    region: str = "us-east-1"
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)

    def client(self) -> S3Client:
        """A client of it; its own retries absorb short faults."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.session_token,
            config=Config(
                s3={"addressing_style": "path" if self.endpoint else "auto"},
                retries={"max_attempts": 4, "mode": "standard"},
                connect_timeout=5,
                read_timeout=60,
                max_pool_connections=16,
            ),
        )


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
            return there is not None and there.etag == entity_tag(body)
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
            complete = {"MultipartUpload": {"Parts": parts}, **condition}
            try:
                self._call("complete_multipart_upload", key, **complete, **upload)
            except (ObjectConflict, ObjectMissing):  # as in put_if_absent, it may be our own
                there = self.head(key)
                return there is not None and there.etag == f"{entity_tag(digests)}-{len(parts)}"
            unless_it_stands.pop_all()
        return True

    def abort_uploads(self, prefix: str, before: dt.datetime) -> int:
        """See ``Store.abort_uploads``."""
        count = 0
        markers: dict[str, str] = {}
        while True:
            reply = self._call("list_multipart_uploads", None, Prefix=whole(prefix), **markers)
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
            reply = self._call("list_objects_v2", None, Prefix=whole(prefix), **token)
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


def _size(file: BinaryIO) -> int:
    """How long a file is; it is at its begin then."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size
