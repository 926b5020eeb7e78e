"""Say whether everything is whole, or name what is not: the database's guards, the log and its codes, the register,
what is live and what was taken down; with ``--witness`` also whether the log is the one an outsider was told of."""

from django.core.management.base import BaseCommand, CommandError

from moderation.management.jobs import integrity
from moderation.records import witness


class Command(BaseCommand):
    help = "Periksa jejak audit, register, pengaman basis data, dan semua berita yang pernah tayang."

    def add_arguments(self, parser):
        parser.add_argument(
            "--witness",
            metavar="BERKAS|KODE",
            action="append",
            default=[],
            help="Bandingkan juga dengan berkas saksi atau kode cetak; dapat diulang.",
        )

    def handle(self, *args, witness: list[str], **options):
        stated, differences = self._compare(witness)
        check = integrity.run_now()
        differences += check.differences
        count = len(differences) - len(check.differences) + check.difference_count
        if count:
            raise CommandError("\n".join([f"Tidak utuh: {count} temuan.", *differences]))
        self.stdout.write(f"Jejak audit utuh: {check.lines} baris.")
        self.stdout.write(f"Semua berita yang tayang ({check.pages}) sama dengan yang diverifikasi.")
        if witness:
            self.stdout.write(f"Sama dengan saksi: {stated} pernyataan.")

    def _compare(self, sources) -> tuple[int, list[str]]:
        """Return the number of statements and how the log differs from them."""
        count = 0
        differences: list[str] = []
        for source in sources:
            try:
                for stated in witness.read(source):
                    count += 1
                    differences += filter(None, [witness.find_difference(stated)])
            except witness.Unreadable as problem:
                raise CommandError(str(problem)) from problem
        return count, differences
