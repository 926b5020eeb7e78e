"""``manage.py move_media``: put the uploads of this machine's folders into the store."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from home.backup import media_moving
from moderation.uploads.whole_files import StoreFailed


class Command(BaseCommand):
    """Fill the store that MEDIA_STORE names and read it back; the folders stay as they are."""

    help = "Moves pictures, documents and source material into the store, and proves that all of them lie there."

    def handle(self, *args, **options):
        if not settings.MEDIA_STORE:
            raise CommandError("MEDIA_STORE names no store (see .env.example).")
        try:
            moved = media_moving.move()
        except (StoreFailed, OSError) as error:
            raise CommandError(f"{settings.MEDIA_STORE}: {error}") from error
        if moved.wrong:
            raise CommandError("\n".join([f"{len(moved.wrong)} of {moved.files} files are wrong:", *moved.wrong]))
        self.stdout.write(
            f"Proven: all {moved.files} files that rows name lie in {settings.MEDIA_STORE}, {moved.size / 2**20:.1f} "
            f"MiB read back. Put there now: {moved.put}, signed anew: {moved.signed}."
        )
