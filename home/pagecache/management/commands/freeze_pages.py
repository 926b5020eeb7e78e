"""Keep the folder of kept pages as it is while an upgrade runs; kecamatan_site/production/upgrade.py ends it."""

from django.core.management.base import BaseCommand, CommandError

from home.pagecache import generation, store


class Command(BaseCommand):
    help = "Pertahankan halaman tersimpan selama pemutakhiran; hanya saat semua proses situs berhenti."

    def handle(self, *args, **options):
        if not store.is_on():
            raise CommandError("Tidak ada halaman tersimpan: PAGES_ROOT kosong.")
        generation.freeze()
        self.stdout.write("Halaman tersimpan dipertahankan.")
