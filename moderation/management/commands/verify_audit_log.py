"""Say whether the audit log is intact, or name its first broken line; then whether what is live is
what was verified."""

from django.core.management.base import BaseCommand, CommandError

from moderation.audit import find_first_break
from moderation.models import AuditEntry
from moderation.permits import find_unproven


class Command(BaseCommand):
    help = "Periksa rantai jejak audit dan sidik isi semua berita yang tayang."

    def handle(self, *args, **options):
        problem = find_first_break()
        if problem:
            raise CommandError(f"Jejak audit rusak. {problem}")
        self.stdout.write(f"Jejak audit utuh: {AuditEntry.objects.count()} baris.")
        unproven = find_unproven()
        if unproven:
            raise CommandError("\n".join(unproven))
        self.stdout.write("Semua berita yang tayang sama dengan yang diverifikasi.")
