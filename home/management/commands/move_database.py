"""``manage.py move_database``: take every row from SQLite to PostgreSQL."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from home.backup import moving
from home.backup.proving import NotProven
from moderation.uploads.whole_files import StoreFailed


class Command(BaseCommand):
    """Fill a new database with this one's rows and compare them; the site goes on with this one until told."""

    help = "Moves the site to a new PostgreSQL database and proves that all of it arrived."

    def add_arguments(self, parser):
        parser.add_argument("url", help="the new database, as DATABASE_URL has it")

    def handle(self, *args, **options):
        try:
            said = moving.move(options["url"])
        except (moving.Unsuitable, NotProven, OSError, StoreFailed, ImproperlyConfigured) as error:
            raise CommandError(f"Nothing has changed here: the site keeps its database.\n{error}") from error
        self.stdout.write(f"{said}\nSet DATABASE_URL to the new database, then start the site. Everyone signs in anew.")
