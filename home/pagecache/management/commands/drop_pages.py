"""Empty the folders of kept pages, on every machine."""

from django.core.management.base import BaseCommand

from home.pagecache import generation
from home.pagecache.groups import EVERYTHING
from home.pagecache.models import PageChange


class Command(BaseCommand):
    help = "Kosongkan halaman tersimpan; setiap halaman disusun kembali saat dibuka."

    def handle(self, *args, **options):
        PageChange.objects.create(group=EVERYTHING)
        generation.catch_up()
        self.stdout.write("Halaman tersimpan dikosongkan.")
