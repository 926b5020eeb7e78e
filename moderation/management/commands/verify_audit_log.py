"""Say whether the audit log is intact, or name its first broken line."""

from django.core.management.base import BaseCommand, CommandError

from moderation.audit import find_first_break
from moderation.models import AuditEntry


class Command(BaseCommand):
    help = "Periksa rantai jejak audit."

    def handle(self, *args, **options):
        problem = find_first_break()
        if problem:
            raise CommandError(f"Jejak audit rusak. {problem}")
        self.stdout.write(f"Jejak audit utuh: {AuditEntry.objects.count()} baris.")
