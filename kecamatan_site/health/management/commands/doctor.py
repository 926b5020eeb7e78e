"""``manage.py doctor``: say how the site is, row by row, and what to do."""

from django.core.management.base import BaseCommand

from kecamatan_site.health import doctor
from kecamatan_site.health.checks.outside import deliver_mail
from kecamatan_site.health.rows import Verdict

_MARKS = {Verdict.GOOD: "baik ", Verdict.ADVICE: "SARAN", Verdict.FAULT: "RUSAK"}


class Command(BaseCommand):
    """Print a row for each check; end with 1 where something is broken."""

    help = "Memeriksa situs dan mesinnya; setiap baris baik, atau mengatakan apa yang harus dilakukan."
    # They are rows of their own.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--mail", metavar="ALAMAT", help="kirim juga surel uji ke alamat ini, sekarang")

    def handle(self, *args, **options):
        rows = doctor.examine()
        if options["mail"]:
            rows.append(deliver_mail(options["mail"]))
        for row in rows:
            self.stdout.write(f"{_MARKS[row.verdict]} {row.label}{': ' if row.sentence else ''}{row.sentence}")
        if not doctor.is_well(rows):
            raise SystemExit(1)
