"""``manage.py clean_up``: delete ended sessions, unfinished uploads, old cards, and what dead processes left."""

from django.core.management.base import BaseCommand

from home.backup.leftovers import delete_leftovers
from home.serving.leftovers import SCRATCH_AGE, clean_up


class Command(BaseCommand):
    """Delete what nobody needs any more; a timer of systemd starts it every night."""

    help = "Deletes ended sessions, unfinished uploads, scratch files, old drawn cards and leftovers of backups."

    def handle(self, *args, **options):
        counts = clean_up() | {"leftovers of backups": delete_leftovers(SCRATCH_AGE)}
        self.stdout.write("Deleted: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")
