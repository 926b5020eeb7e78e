"""``manage.py clean_up``: delete ended sessions, unfinished uploads, scratch files and old drawn cards."""

from django.core.management.base import BaseCommand

from home.serving.leftovers import clean_up


class Command(BaseCommand):
    """Delete what nobody needs any more; a timer of systemd starts it every night."""

    help = "Deletes ended sessions, unfinished uploads, scratch files and old drawn cards."

    def handle(self, *args, **options):
        counts = clean_up()
        self.stdout.write("Deleted: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")
