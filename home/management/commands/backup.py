"""``manage.py backup``: write an encrypted archive of database and files, and delete those that are not needed."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from home.backup import archive, proving, retention


class Command(BaseCommand):
    """Back the running site up; a timer of systemd starts it every night."""

    help = "Backs up database and files as one encrypted archive."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="the folder; BACKUP_DIR")
        parser.add_argument("--prove", action="store_true", help="restore it beside the site and compare everything")

    def handle(self, *args, **options):
        folder = options["to"]
        path = folder / retention.make_name(timezone.now())
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            archive.check_space(path)
            manifest = archive.make(path)
            said = proving.prove(path) if options["prove"] else ""
        except (OSError, ImproperlyConfigured) as error:
            raise CommandError(f"Nothing was backed up: {error}") from error
        except proving.NotProven as error:
            raise CommandError(f"{path} was written and could not be proven:\n{error}") from error
        rows = sum(int(tally.split(":")[0]) for tally in manifest.tables.values())
        size = path.stat().st_size / 2**20
        self.stdout.write(f"{path}: {rows} rows, {len(manifest.files)} files, {size:.1f} MiB. {said}".rstrip())
        for old in retention.find_old(retention.list_archives(folder), retention.Keep(*settings.BACKUP_KEEP)):
            old.unlink()
            self.stdout.write(f"{old} was deleted.")
