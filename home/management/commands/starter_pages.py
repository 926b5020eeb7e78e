"""``manage.py starter_pages``: create reference pages and menus, for the office to complete."""

from django.core.management.base import BaseCommand

from home.starter import make_starter_pages


class Command(BaseCommand):
    """Create missing sections; leave alone what exists."""

    help = "Makes the reference pages and menus that a new site begins with; repeating it changes nothing."

    def handle(self, *args, **options):
        count = make_starter_pages()
        self.stdout.write(f"{count} pages made.")
