from django.core.management.base import BaseCommand, CommandError

from home.watch import manifest


class Command(BaseCommand):
    """Compare the files of the program with those noted at the installation; exit with 1 where one differs."""

    help = "Compares code, packages and static files with the manifest; --renew makes it anew."

    def add_arguments(self, parser):
        parser.add_argument("--renew", action="store_true", help="note the files as they are now")

    def handle(self, *args, **options):
        if options["renew"]:
            self.stdout.write(f"{manifest.renew()} berkas program dicatat.")
            return
        found = manifest.find_changed(with_packages=True)
        for each in found:
            self.stdout.write(f"{each.place}: seharusnya {each.expected}, sekarang {each.received}")
        if found:
            raise CommandError("Berkas program berbeda dari yang dipasang.", returncode=1)
        self.stdout.write("Berkas program sama dengan yang dipasang.")
