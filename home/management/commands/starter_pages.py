"""``manage.py starter_pages``: gives a new site its reference pages and menus, for the office to complete."""

from django.core.management.base import BaseCommand

from home.starter import make_starter_pages


class Command(BaseCommand):
    """Makes the sections that are missing; what the office has made or changed is left alone."""

    help = "Makes the reference pages and menus that a new site begins with; repeating it changes nothing."

    def handle(self, *args, **options):
        count = make_starter_pages()
        self.stdout.write(f"{count} pages made.")
