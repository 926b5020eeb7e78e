"""``manage.py demo``: fill a fresh site with invented people and items, through the real steps."""

import logging
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from home.demo import information, people, replay, site
from home.demo.content import read_items
from home.starter import make_categories
from news.picture_files import prerender


@contextmanager
def quiet():
    """Silence log records below warning inside the block."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class Command(BaseCommand):
    """Create accounts with a known password, settings and items; a second run changes nothing."""

    help = "Fills a fresh site with invented accounts, settings and news; repeating it changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-known-password",
            action="store_true",
            help="Run although the settings are not those of a demo: everybody knows the accounts' password.",
        )

    def handle(self, *args, with_known_password, **options):
        # DEMO_ALLOWED is True in the settings of development and tests only.
        if not (settings.DEBUG or settings.DEMO_ALLOWED or with_known_password):
            raise CommandError(
                "These are the settings of a real site. The demo makes accounts with a password that everybody "
                "knows, a superuser among them. To do it all the same: manage.py demo --with-known-password"
            )
        items = read_items()
        if replay.is_foreign(items):
            raise CommandError("This site has dispositions of its own; the demo only fills a fresh site.")
        with quiet():
            users = people.make_people()
            site.point_site_here()
            is_fresh = replay.find(items[0]) is None
            if is_fresh:
                site.dress_site()
            replay.replay(items, users, make_categories())
            if is_fresh:
                site.put_in_front()
                information.list_information(users["bidang"])
                prerender.make_all()
        self.stdout.write(people.describe_accounts())
