"""Where archives lie: a folder, an S3-compatible store, or a folder of another machine over SSH.

An address is a path, ``s3://bucket/folder`` or ``sftp://user@host:port/folder``. An archive is encrypted and
authenticated, so whoever keeps it can neither read nor change it; there it is under its name whole, or not at all.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

#: Seconds without an answer after which another machine counts as unreachable.
_PATIENCE = 30


class TargetFailed(Exception):
    """The place could not be reached, or refused; the message says what it said."""


class Target(Protocol):
    """A place for archives, each under its name."""

    def list_names(self) -> list[str]:
        """Return the names of all files there."""

    def put(self, path: Path) -> None:
        """Copy a file there, under its own name."""

    def get(self, name: str, path: Path) -> None:
        """Copy a file from there."""

    def delete(self, name: str) -> None:
        """Delete a file."""


class Folder:
    """A folder of this machine, a mounted one as well."""

    def __init__(self, address: str):
        self._folder = Path(address)

    def list_names(self) -> list[str]:
        return [path.name for path in self._folder.iterdir()] if self._folder.is_dir() else []

    def put(self, path: Path) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self._folder / f"{path.name}.partial"
        try:
            shutil.copyfile(path, partial)
            partial.chmod(0o600)
            partial.replace(self._folder / path.name)
        finally:
            partial.unlink(missing_ok=True)

    def get(self, name: str, path: Path) -> None:
        shutil.copyfile(self._folder / name, path)

    def delete(self, name: str) -> None:
        (self._folder / name).unlink()


class S3:
    """A folder of a bucket."""

    def __init__(self, address: str):
        # Costs memory, and most processes never need it.
        import boto3
        from boto3.exceptions import Boto3Error
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        parts = urlsplit(address)
        self._bucket, folder = parts.netloc, parts.path.strip("/")
        self._folder = f"{folder}/" if folder else ""
        self._failures = (Boto3Error, BotoCoreError, ClientError)
        config = Config(connect_timeout=_PATIENCE, read_timeout=_PATIENCE, retries={"max_attempts": 3})
        try:
            self._client = boto3.client(
                "s3",
                endpoint_url=settings.BACKUP_S3_ENDPOINT or None,
                region_name=settings.BACKUP_S3_REGION,
                aws_access_key_id=settings.BACKUP_S3_KEY_ID or None,
                aws_secret_access_key=settings.BACKUP_S3_SECRET or None,
                config=config,
            )
        except self._failures as error:
            raise TargetFailed(str(error)) from error

    def _ask(self, what: str, *arguments: Any, **options: Any) -> Any:
        try:
            return getattr(self._client, what)(*arguments, **options)
        except self._failures as error:
            raise TargetFailed(str(error)) from error

    def list_names(self) -> list[str]:
        names: list[str] = []
        more: dict[str, str] = {}
        while True:
            said = self._ask("list_objects_v2", Bucket=self._bucket, Prefix=self._folder, Delimiter="/", **more)
            names += [each["Key"].removeprefix(self._folder) for each in said.get("Contents", [])]
            if not said.get("IsTruncated"):
                return names
            more = {"ContinuationToken": said["NextContinuationToken"]}

    def put(self, path: Path) -> None:
        self._ask("upload_file", str(path), self._bucket, self._folder + path.name)

    def get(self, name: str, path: Path) -> None:
        self._ask("download_file", self._bucket, self._folder + name, str(path))

    def delete(self, name: str) -> None:
        self._ask("delete_object", Bucket=self._bucket, Key=self._folder + name)


class Sftp:
    """A folder over SSH, by the system's own client; nobody is asked for a password."""

    def __init__(self, address: str):
        parts = urlsplit(address)
        if not parts.hostname or any(sign in address for sign in '"\n\\'):
            raise TargetFailed(f"{address} is no address of the form sftp://user@host/folder.")
        self._folder = parts.path.rstrip("/") or "."
        person = f"{parts.username}@" if parts.username else ""
        options = ["LogLevel=ERROR", "BatchMode=yes", "StrictHostKeyChecking=yes", f"ConnectTimeout={_PATIENCE}"]
        if settings.BACKUP_SSH_KEY:
            options += ["IdentitiesOnly=yes", f"IdentityFile={settings.BACKUP_SSH_KEY}"]
        if settings.BACKUP_SSH_KNOWN_HOSTS:
            options.append(f"UserKnownHostsFile={settings.BACKUP_SSH_KNOWN_HOSTS}")
        said = [word for option in options for word in ("-o", option)]
        self._command = ["sftp", "-b", "-", *said, "-P", str(parts.port or 22), f"{person}{parts.hostname}"]

    def _run(self, *lines: str) -> str:
        """Run lines of a batch; the first that fails ends it, but for one that begins with a dash."""
        try:
            done = subprocess.run(  # noqa: S603 - the system's own program, with the office's own address
                self._command, input="\n".join(lines) + "\n", capture_output=True, text=True, env=os.environ
            )
        except FileNotFoundError as error:
            raise TargetFailed("sftp is not installed. On Debian: apt-get install openssh-client") from error
        if done.returncode:
            raise TargetFailed(done.stderr.strip()[-500:] or f"sftp ended with {done.returncode}.")
        return done.stdout

    def list_names(self) -> list[str]:
        said = self._run(f'-mkdir "{self._folder}"', f'ls -1 "{self._folder}"')
        return [line.rpartition("/")[2] for line in said.splitlines() if line and not line.startswith("sftp>")]

    def put(self, path: Path) -> None:
        place = f"{self._folder}/{path.name}"
        put = f'put "{path}" "{place}.partial"'
        self._run(f'-mkdir "{self._folder}"', put, f'rename "{place}.partial" "{place}"')

    def get(self, name: str, path: Path) -> None:
        self._run(f'get "{self._folder}/{name}" "{path}"')

    def delete(self, name: str) -> None:
        self._run(f'rm "{self._folder}/{name}"')


def find_target(address: str) -> Target:
    """Return the place of an address; raise TargetFailed where it is none."""
    kinds: dict[str, Callable[[str], Target]] = {"s3": S3, "sftp": Sftp, "": Folder}
    kind = kinds.get(urlsplit(address).scheme)
    if kind is None:
        raise TargetFailed(f"{address} is neither a path nor begins with s3:// or sftp://.")
    return kind(address)


def fetch(address: str, folder: Path) -> Path:
    """Return an archive as a file of this machine, copied into the folder where it lies elsewhere."""
    if "://" not in address:
        return Path(address)
    place, _slash, name = address.rpartition("/")
    path = folder / name
    find_target(place).get(name, path)
    return path
