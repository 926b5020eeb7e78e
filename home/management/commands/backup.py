"""``manage.py backup``: one archive, on this machine and where copies go, then the old ones deleted."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from home.backup import archive, proving, retention
from home.backup.targets import Target, TargetFailed, find_target
from moderation.uploads.whole_files import StoreFailed


class Command(BaseCommand):
    """Back the running site up; a timer of systemd starts it every night."""

    help = "Backs up database and files as one encrypted archive."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="the folder; BACKUP_DIR")
        parser.add_argument("--prove", action="store_true", help="restore it beside the site and compare everything")
        parser.add_argument("--list", action="store_true", help="only name the archives, here and where copies go")

    def handle(self, *args, **options):
        folder = options["to"]
        if options["list"]:
            self._list([str(folder), *settings.BACKUP_COPIES])
            return
        path = folder / retention.make_name(timezone.now())
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            archive.check_space(path)
            manifest = archive.make(path)
            said = proving.prove(path) if options["prove"] else ""
        except (OSError, StoreFailed, DatabaseError, sqlite3.Error, ImproperlyConfigured) as error:
            raise CommandError(f"Nothing was backed up: {error}") from error
        except proving.NotProven as error:
            raise CommandError(f"{path} was written and could not be proven:\n{error}") from error
        rows = sum(int(tally.split(":")[0]) for tally in manifest.tables.values())
        size = path.stat().st_size / 2**20
        self.stdout.write(f"{path}: {rows} rows, {len(manifest.files)} files, {size:.1f} MiB. {said}".rstrip())
        self._delete_old(str(folder), find_target(str(folder)))
        self._copy(path)

    def _copy(self, path: Path) -> None:
        """Copy to every place; one that cannot be reached keeps no other from its copy."""
        failed = []
        for address in settings.BACKUP_COPIES:
            try:
                target = find_target(address)
                target.put(path)
                self.stdout.write(f"Copied to {address}.")
                self._delete_old(address, target)
            except (TargetFailed, OSError) as error:
                failed.append(f"{address}: {error}")
        if failed:
            raise CommandError("\n".join([f"{path} was written, and not copied to", *failed]))

    def _delete_old(self, address: str, target: Target) -> None:
        for name in retention.delete_old(target, retention.Keep(*settings.BACKUP_KEEP)):
            self.stdout.write(f"{address}/{name} was deleted.")

    def _list(self, addresses: list[str]) -> None:
        for address in addresses:
            try:
                names = retention.list_archives(find_target(address))
            except (TargetFailed, OSError) as error:
                raise CommandError(f"{address}: {error}") from error
            for name in names:
                self.stdout.write(f"{address.rstrip('/')}/{name}")
