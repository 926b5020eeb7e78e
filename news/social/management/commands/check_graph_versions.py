"""Tell, for each account on Meta's Graph API, when its version ends and what the next ones take away of what we use."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from news.social.channels.meta import versions
from news.social.models import Account

#: Kinds whose accounts name a version of the Graph API.
KINDS = ("facebook", "instagram")


class Command(BaseCommand):
    help = "Tampilkan versi Graph API setiap akun Meta, dan apa yang dihapus versi berikutnya dari yang dipakai."

    def handle(self, *args, **options):
        """Write one paragraph a version; raise CommandError where something that we use will be gone."""
        accounts: dict[str, list[str]] = {}
        for account in Account.objects.kept().filter(kind__in=KINDS):
            version = getattr(account.get_composer(), "version", versions.DEFAULT)
            accounts.setdefault(version, []).append(account.label)
        lost = {code for version in accounts or [versions.DEFAULT] for code in self._describe(version, accounts)}
        if lost:
            raise CommandError("Yang akan hilang masih dipakai: ubah adaptornya sebelum mengganti versi.")

    def _describe(self, version: str, accounts: dict[str, list[str]]) -> list[str]:
        labels = ", ".join(accounts.get(version, [])) or "versi bawaan; belum ada akun Meta"
        end = versions.ENDS.get(version)
        ending = f"paling cepat berakhir {end:%d-%m-%Y}" if end else "tidak dikenal"
        self.stdout.write(f"{version} ({labels}): {ending}.")
        for warning in versions.find_warnings(version, {}, timezone.localdate()):
            self.stdout.write(f"  {warning}")
        removals = versions.list_removals(version)
        if not removals:
            self.stdout.write("  Tidak diketahui versi berikutnya yang menghapus sesuatu.")
        for removal in removals:
            used = "MASIH DIPAKAI" if removal.code in versions.USED else "tidak dipakai"
            self.stdout.write(f"  {removal.version} menghapus: {removal.label} – {used}")
        return [removal.code for removal in removals if removal.code in versions.USED]
