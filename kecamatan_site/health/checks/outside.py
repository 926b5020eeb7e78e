"""What leads out of the site: mails, accounts of networks, and the worker that serves both."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from kecamatan_site.health import heartbeat
from kecamatan_site.health.rows import Finding, Row, Verdict, advise, fault, good, name_unit
from moderation.chain.workflow.checks import check_mail
from moderation.models import Notification
from moderation.people.notifications import MAX_ATTEMPTS
from news.social.accounts.health_checks import WARN_DAYS, get_end
from news.social.channels.errors import AuthDead
from news.social.models import Account

#: A mail waits for seconds; the repeated tries of one that fails begin after minutes.
_LATE = timedelta(hours=1)
#: Mails that failed for good are told for so long.
_TOLD_FOR = timedelta(days=7)


def look_at_mails() -> Finding:
    """Say whether a mail server is set and whether mails go out."""
    if check_mail(None):
        return advise("Tidak ada peladen surel: tidak seorang pun diberi tahu. Isi EMAIL_URL di .env.")
    now = timezone.now()
    unsent = Notification.objects.filter(sent_at=None, in_digest=False)
    failed = unsent.filter(attempts__gte=MAX_ATTEMPTS, created_at__gt=now - _TOLD_FOR).count()
    late = unsent.filter(attempts__lt=MAX_ATTEMPTS, created_at__lt=now - _LATE).count()
    if failed or late:
        counts = f"{late} surel tertahan lebih dari satu jam, {failed} gagal dalam sepekan."
        return fault(f"{counts} Jalankan: manage.py doctor --mail ALAMAT, dan periksa alamat surel akun petugas.")
    return good("Untuk membuktikan pengiriman: manage.py doctor --mail ALAMAT")


def deliver_mail(address: str) -> Row:
    """Send a mail now, by the server of the settings; return how that went."""
    label, body = "Surel uji", f"Surel uji dari {settings.SITE_URL}. Bila Anda membaca ini, surel situs terkirim."
    try:
        send_mail("Surel uji situs kecamatan", body, None, [address])
    except (OSError, ValueError) as error:
        # smtplib's errors are OSErrors; its codes say what is wrong, its texts may hold a password.
        code = getattr(error, "smtp_code", "") or getattr(error, "errno", "") or ""
        reason = f"{type(error).__name__} {code}".strip()
        return Row(
            label, Verdict.FAULT, f"Tidak terkirim ({reason}). Periksa EMAIL_URL dan DEFAULT_FROM_EMAIL di .env."
        )
    return Row(label, Verdict.GOOD, "Diterima peladen surel. Lihat kotak masuk, juga folder spam.")


def look_at_accounts() -> Finding:
    """Name accounts that are paused, end soon, cannot be read or failed their daily test."""
    accounts, now = list(Account.objects.kept().offered()), timezone.now()
    broken = [f"{account.label} {reason}" for account in accounts if (reason := _find_trouble(account))]
    if broken:
        return fault(f"{'; '.join(broken)}. Buka Kanal, lalu hubungkan kembali.")
    soon = now + timedelta(days=max(WARN_DAYS))
    ending = [account.label for account in accounts if (end := get_end(account)) is not None and end <= soon]
    if ending:
        return advise(f"Izin segera berakhir: {', '.join(ending)}. Buka Kanal, lalu hubungkan kembali.")
    return good(f"{len(accounts)} akun siap." if accounts else "Belum ada akun.")


def _find_trouble(account: Account) -> str:
    if account.paused_at is not None:
        return "dijeda"
    try:
        account.build_channel()
    except AuthDead:
        return "tidak dapat dibaca kredensialnya"
    return "gagal dalam uji harian" if account.last_health.get("problems") else ""


def look_at_workers() -> Finding:
    """Say whether a worker's jobs come round."""
    alive, last = heartbeat.count_alive(), heartbeat.get_last()
    if alive:
        return good(f"{alive} pekerja berjalan.")
    since = f"sejak {timezone.localtime(last):%d-%m-%Y pukul %H.%M}" if last else "sampai sekarang"
    unit = name_unit("situs-web" if settings.WORKER_WITH_WEB else "situs-worker")
    advice = f"Jalankan: systemctl restart {unit}. Sebabnya: journalctl -u {unit}"
    return fault(f"Tidak ada pekerja yang berjalan {since}: surel, jadwal, dan unggahan berhenti. {advice}")
