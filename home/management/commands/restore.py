"""``manage.py restore``: put an archive in the place of this site's rows and files, or prove that it could be."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from home.backup import archive, proving, restoring, targets
from home.backup.sealed_stream import Unreadable
from home.pagecache import generation
from home.search import indexing
from moderation.management.jobs import integrity
from moderation.uploads.whole_files import StoreFailed
from news.social.outbox import reconciliation

REFUSALS = (
    *(Unreadable, proving.NotProven, targets.TargetFailed, StoreFailed),
    *(restoring.OtherVersion, restoring.NotFitting),
)


class Command(BaseCommand):
    """Restore an archive; without ``--yes`` only say what would be lost."""

    help = "Restores an archive that manage.py backup made."

    def add_arguments(self, parser):
        parser.add_argument("archive", help="a path, or as manage.py backup --list names it: s3://..., sftp://...")
        parser.add_argument("--yes", action="store_true", help="replace the rows and files that are here")
        parser.add_argument("--prove", action="store_true", help="restore beside the site and compare; change nothing")
        # What --prove runs in a database of its own.
        parser.add_argument("--compare", action="store_true", help="restore, compare, and do nothing else")
        # What move_database runs on the new one.
        parser.add_argument(
            "--fill", type=int, metavar="GENERATION", help="put the rows into a new database, and compare"
        )

    def handle(self, *args, **options):
        try:
            with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as folder:
                path = targets.fetch(options["archive"], Path(folder))
                if options["prove"]:
                    self.stdout.write(proving.prove(path))
                    return
                opened = archive.open_archive(path, Path(folder) / "opened")
                if options["compare"]:
                    restoring.restore(opened)
                    self._compare(opened)
                elif options["fill"] is not None:
                    restoring.restore_rows(opened)
                    generation.go_on_from(options["fill"])
                    self._index()
                    self._compare(opened)
                else:
                    self._restore(opened, options["yes"])
        except (OSError, ImproperlyConfigured, *REFUSALS) as error:
            raise CommandError(str(error)) from error

    def _restore(self, opened, is_meant: bool) -> None:
        taken_at = opened.manifest.taken_at
        if not is_meant:
            raise CommandError(
                f"The archive is whole and from {taken_at}. Everything that was written here since would be lost. "
                "Stop the web processes and the worker, then say it again with --yes."
            )
        replaced = restoring.restore(opened)
        self._refuse_differences(opened)
        count = reconciliation.note_restore(parse_datetime(taken_at))
        self._index()
        call_command("drop_pages", stdout=self.stdout)
        self.stdout.write(f"Restored as of {taken_at}. The files from before lie in {replaced.folder}.")
        self.stdout.write(
            f"{count} posts wait that may have left after that moment. The worker looks for each before it sends, also "
            "for what goes live again; the screen Unggahan > Pemulihan says what to check."
        )

    def _index(self) -> None:
        indexing.rebuild()
        call_command("update_index", verbosity=0)

    def _compare(self, opened) -> None:
        self._refuse_differences(opened)
        check = integrity.run_now()
        if not check.is_whole:
            raise CommandError("\n".join(["The proof of log and live pages fails:", *check.differences]))
        manifest = opened.manifest
        self.stdout.write(
            f"Proven: {len(manifest.tables)} tables row by row, {len(manifest.files)} files, "
            f"{check.lines} lines of the log, {check.pages} seals of live pages."
        )

    def _refuse_differences(self, opened) -> None:
        if differences := restoring.find_differences(opened.manifest):
            raise CommandError("\n".join(["What was restored is not what was backed up:", *differences]))
