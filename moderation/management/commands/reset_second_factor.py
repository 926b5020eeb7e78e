"""Remove the second factors of somebody who lost the telephone and the recovery codes."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from moderation.sign_in import second_factor


class Command(BaseCommand):
    help = "Hapus faktor kedua sebuah akun, bila telepon dan kode pemulihannya hilang. Tercatat dalam jejak audit."

    def add_arguments(self, parser):
        parser.add_argument("username", help="nama pengguna")

    def handle(self, *args, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Tidak ada akun “{username}”.")
        if not second_factor.reset(user):
            raise CommandError(f"Akun “{username}” tidak mempunyai faktor kedua.")
        self.stdout.write(f"Faktor kedua akun “{username}” dihapus.")
