from django.core.management.base import BaseCommand

from home.search.indexing import rebuild


class Command(BaseCommand):
    """Create the search index anew."""

    help = "Makes the index of the site's search anew, for instance after pages were put in by SQL."

    def handle(self, *args, **options):
        self.stdout.write(f"{rebuild()} pages are indexed.")
