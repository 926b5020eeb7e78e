"""Re-encrypt every credential and second factor with the first of CHANNEL_KEYS, so that older keys can be removed."""

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from moderation.evidence import audit
from moderation.sign_in import second_factor
from news.social.accounts.oauth_connect import forget_old
from news.social.models import Account, ConnectAttempt
from news.social.models.fields import SecretUnreadable


class Command(BaseCommand):
    help = "Enkripsi ulang kredensial kanal dengan kunci terbaru pada CHANNEL_KEYS; aman diulang."

    def handle(self, *args, **options):
        """Re-encrypt row by row, each in its own transaction, so that an interruption loses nothing."""
        forget_old()
        unreadable = [name for name in map(_find_unreadable, Account.objects.all()) if name]
        if unreadable:
            raise CommandError(
                f"Tidak ada yang diubah. Kredensial tidak terbaca dengan kunci yang ada: {', '.join(unreadable)}. "
                "Tambahkan kunci lamanya pada CHANNEL_KEYS, atau hubungkan kembali akun itu."
            )
        counts = {True: 0, False: 0}
        for pk in Account.objects.values_list("pk", flat=True):
            counts[_rotate(Account, pk, "credentials")] += 1
        for pk in ConnectAttempt.objects.values_list("pk", flat=True):
            _rotate(ConnectAttempt, pk, "secret")
        try:
            factors = second_factor.rotate_keys()
        except InvalidToken as error:
            raise CommandError(
                "Kanal sudah dienkripsi ulang. Tetapi sebuah faktor kedua tidak terbaca dengan kunci yang ada: "
                "tambahkan kunci lamanya, atau hapus dengan reset_second_factor."
            ) from error
        audit.append(action="channel_keys_rotated", data={"rotated": counts[True], "current": counts[False]})
        self.stdout.write(f"Dienkripsi ulang: {counts[True]} akun. Sudah memakai kunci terbaru: {counts[False]} akun.")
        self.stdout.write(f"Faktor kedua yang dienkripsi ulang: {factors}.")


def _find_unreadable(account: Account) -> str:
    try:
        account.credentials.reveal()
    except SecretUnreadable:
        return f"{account.label} ({account.key})"
    return ""


@transaction.atomic
def _rotate(model, pk: int, name: str) -> bool:
    """Lock and re-encrypt one row; return whether that was needed."""
    row = model.objects.select_for_update().filter(pk=pk).first()
    secret = getattr(row, name) if row else None
    if not secret or secret.is_newest():
        return False
    model.objects.filter(pk=pk).update(**{name: secret.rotate()})
    return True
