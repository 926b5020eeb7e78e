"""Say whether the audit log is intact, or name its first broken line; then whether what is live is
what was verified, and whether the triggers stand."""

from django.core.management.base import BaseCommand, CommandError

from moderation.management.jobs import integrity


class Command(BaseCommand):
    help = "Periksa rantai jejak audit, pengaman basis data, dan sidik isi semua berita yang tayang."

    def handle(self, *args, **options):
        check = integrity.run_now()
        if not check.is_whole:
            raise CommandError("\n".join([f"Tidak utuh: {check.difference_count} temuan.", *check.differences]))
        self.stdout.write(f"Jejak audit utuh: {check.lines} baris.")
        self.stdout.write(f"Semua berita yang tayang ({check.pages}) sama dengan yang diverifikasi.")
