"""The storage of uploads where several machines share a store (``MEDIA_STORE``); each keeps copies of what it used.

Nothing in the store is written over. With each file lies a signature over its name and its bytes, by the site's own
key: what anybody else puts there is no file of this site, and no machine gives it out. Imported where a store is set
alone.
"""

import contextlib
import functools
import hashlib
import logging
import mimetypes
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.core.signing import BadSignature, Signer
from django.utils.crypto import get_random_string
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from .whole_files import SCRATCH, StoredFile, StoreFailed, list_named, remember, walk

logger = logging.getLogger(__name__)
#: Seconds within which a connection, or an answer, must come; a request takes at most ``REQUEST_SECONDS``.
_CONNECT, _ANSWER = 5, 15
#: A copy that is younger may belong to a row that is about to be written; one used since then stays.
_SETTLING = timedelta(minutes=10)
#: What a store says where there is a file under this name already, or another is just being put there.
_TAKEN = {409, 412}
_MARK = "signature"
_one_at_a_time = threading.Lock()


class Taken(Exception):
    """There is a file under this name already."""


class SharedFileStorage(S3Storage):
    """Files in the store. To read one is to read this machine's copy, once it is known to be what the store has."""

    def __init__(self, folder: str, copies: str, base_url: str | None):
        parts = urlsplit(settings.MEDIA_STORE)
        super().__init__(
            bucket_name=parts.netloc,
            location="/".join(filter(None, [parts.path.strip("/"), folder])),
            endpoint_url=settings.MEDIA_S3_ENDPOINT or None,
            region_name=settings.MEDIA_S3_REGION,
            access_key=settings.MEDIA_S3_KEY_ID or None,
            secret_key=settings.MEDIA_S3_SECRET or None,
            file_overwrite=False,
            client_config=Config(
                connect_timeout=_CONNECT,
                read_timeout=_ANSWER,
                retries={"total_max_attempts": 2},
                # A store at an address of its own rarely has a name for each bucket.
                s3={"addressing_style": "path" if settings.MEDIA_S3_ENDPOINT else "auto"},
            ),
        )
        self.copies = FileSystemStorage(location=copies, base_url=base_url)
        # Two processes cannot talk over one connection.
        os.register_at_fork(after_in_child=self._forget_connections)

    def path(self, name: str) -> str:
        """Return the path of this machine's copy; raise FileNotFoundError where the store has no such file of ours.

        A name may be given again after a deletion, and this machine may still have the earlier file.
        """
        place = Path(self.copies.path(name))
        said = self._ask("head_object", name)
        if not _is_copy(place, said["ContentLength"], said["LastModified"]):
            self._fetch(name)
        # The moment of use, also where the file system notes none.
        os.utime(place, (time.time(), place.stat().st_mtime))
        return str(place)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address at the site itself: the store is nobody's business."""
        return self.copies.url(name)

    def size(self, name: str) -> int:
        return Path(self.path(name)).stat().st_size

    def exists(self, name: str) -> bool:
        try:
            self._ask("head_object", name)
        except FileNotFoundError:
            return False
        return True

    def get_modified_time(self, name: str) -> datetime:
        return self._ask("head_object", name)["LastModified"]

    def delete(self, name: str) -> None:
        """Delete the file and this machine's copy; one that stays in the store for now is named by the watch."""
        Path(self.copies.path(name)).unlink(missing_ok=True)
        try:
            self._ask("delete_object", name)
        except StoreFailed:
            logger.exception("%s could not be deleted from the store", self._get_key(name))

    def put(self, name: str, content: bytes, **conditions: str) -> None:
        """Put a file into the store, in the place of any; with ``IfNoneMatch="*"`` raise Taken where there is one."""
        kind = mimetypes.guess_type(name)[0] or self.default_content_type
        mark = {_MARK: _sign(self._get_key(name), content)}
        self._ask("put_object", name, Body=content, ContentType=kind, Metadata=mark, **conditions)

    def read_genuine(self, name: str) -> tuple[bytes, bool]:
        """Return the bytes in the store, and whether the newest key signed them; else raise FileNotFoundError."""
        content, mark, _put_at = self._get(name)
        return content, mark == _sign(self._get_key(name), content)

    def list_files(self) -> Iterator[StoredFile]:
        """Yield every file of the store below this storage's folder, whoever put it there."""
        prefix = f"{self.location}/"
        more: dict[str, str] = {}
        while True:
            said = self._ask("list_objects_v2", None, Prefix=prefix, **more)
            for each in said.get("Contents", []):
                yield StoredFile(each["Key"].removeprefix(prefix), each["Size"], each["LastModified"])
            if not said.get("IsTruncated"):
                return
            more = {"ContinuationToken": said["NextContinuationToken"]}

    def probe(self) -> None:
        """Put, read and delete a file; raise StoreFailed where the store cannot, or lets a name be given twice."""
        name = f".periksa-{get_random_string(16)}"
        self.put(name, b"periksa", IfNoneMatch="*")
        try:
            self.read_genuine(name)
            self.put(name, b"periksa", IfNoneMatch="*")
        except Taken:
            return
        finally:
            self._ask("delete_object", name)
        raise StoreFailed("The store overwrites files: it does not know the condition If-None-Match.")

    def drop_copies(self, most_bytes: int) -> int:
        """Delete copies that no row names, then those used longest ago until the rest fits; return how many."""
        root, named, count = Path(self.copies.location), list_named(self), 0
        oldest = time.time() - _SETTLING.total_seconds()
        kept: list[tuple[float, int, Path]] = []
        for path in [*walk(root), *root.rglob(f"{SCRATCH}*")]:
            with contextlib.suppress(FileNotFoundError):
                status = path.lstat()
                used = max(status.st_atime, status.st_ctime)
                if path.relative_to(root).as_posix() in named:
                    kept.append((used, status.st_size, path))
                elif status.st_ctime < oldest:
                    path.unlink()
                    count += 1
        total = sum(size for _used, size, _path in kept)
        for used, size, path in sorted(kept):
            if total <= most_bytes or used > oldest:
                break
            # What was uploaded before there was a store is no copy until it lies there.
            if self.exists(path.relative_to(root).as_posix()):
                path.unlink(missing_ok=True)
                total -= size
                count += 1
        return count

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("A stored file is never changed.")
        return File(Path(self.path(name)).open("rb"))

    def _save(self, name: str, content: File) -> str:
        name = clean_name(name)
        content.seek(0)
        body = content.read()
        while True:
            try:
                self.put(name, body, IfNoneMatch="*")
            except Taken:
                name = self.get_available_name(name)
            else:
                remember(self, name)
                return name

    def _fetch(self, name: str) -> None:
        """Make this machine's copy; it is there whole, and genuine, or not at all."""
        content, _mark, put_at = self._get(name)
        place = Path(self.copies.path(name))
        scratch = f"{Path(name).with_name(SCRATCH + get_random_string(16))}"
        moment = put_at.timestamp()
        try:
            self.copies.save(scratch, ContentFile(content))
            os.utime(self.copies.path(scratch), (time.time(), moment))
            Path(self.copies.path(scratch)).replace(place)
        except OSError as error:
            Path(self.copies.path(scratch)).unlink(missing_ok=True)
            raise StoreFailed(f"No copy of {name} can be made: {error}") from error

    def _get(self, name: str) -> tuple[bytes, str, datetime]:
        """Return bytes, signature and moment; raise FileNotFoundError where the site did not put them there."""
        said = self._ask("get_object", name)
        try:
            content = said["Body"].read()
        except BotoCoreError as error:
            raise StoreFailed(str(error)) from error
        mark = said["Metadata"].get(_MARK, "")
        if not _is_signed(self._get_key(name), content, mark):
            logger.error("%s in the store is not what the site put there", self._get_key(name))
            raise FileNotFoundError(f"{name} in the store is not what the site put there.")
        return content, mark, said["LastModified"].astimezone(UTC)

    @property
    def connection(self) -> Any:
        """This thread's connection; threads do not make theirs at once, and share what describes the protocol."""
        with _one_at_a_time:
            return super().connection

    def _create_session(self) -> boto3.Session:
        return _make_session(self.access_key, self.secret_key)

    def _forget_connections(self) -> None:
        self._connections, self._bucket = threading.local(), None

    def _get_key(self, name: str) -> str:
        return self._normalize_name(clean_name(name))

    def _ask(self, what: str, name: str | None, **options: Any) -> dict[str, Any]:
        """Ask the store; raise FileNotFoundError, Taken, or StoreFailed with what it said."""
        if name is not None:
            options["Key"] = self._get_key(name)
        try:
            return getattr(self.connection.meta.client, what)(Bucket=self.bucket_name, **options)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status == 404 and error.response.get("Error", {}).get("Code") != "NoSuchBucket":
                raise FileNotFoundError(f"{name} is not in the store.") from error
            if status in _TAKEN and "IfNoneMatch" in options:
                raise Taken(name) from error
            raise StoreFailed(str(error)) from error
        except BotoCoreError as error:
            raise StoreFailed(str(error)) from error


@functools.cache
def _make_session(access_key: str | None, secret_key: str | None) -> boto3.Session:
    """Return the one session of this process: each reads 13 MiB of descriptions into memory."""
    return boto3.Session(aws_access_key_id=access_key, aws_secret_access_key=secret_key)


def _is_copy(place: Path, size: int, put_at: datetime) -> bool:
    """Say whether a file is the copy of what was put into the store at that moment."""
    try:
        status = place.stat()
    except FileNotFoundError:
        return False
    return (status.st_size, status.st_mtime) == (size, put_at.timestamp())


def _sign(key: str, content: bytes) -> str:
    return Signer(salt="uploads").signature(_describe(key, content))


def _is_signed(key: str, content: bytes, mark: str) -> bool:
    signer = Signer(salt="uploads")
    try:
        signer.unsign(f"{_describe(key, content)}{signer.sep}{mark}")
    except BadSignature:
        return False
    return True


def _describe(key: str, content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()} {key}"
