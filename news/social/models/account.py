"""Models of the office's accounts on the networks, and of attempts to connect one."""

from datetime import timedelta

from django.conf import settings as site_settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from news.social import channels
from news.social.channels.errors import AuthDead

from .fields import EncryptedJSONField, SecretUnreadable
from .leases import Leased, LeasedQuerySet

UNREADABLE = "Kredensial akun ini tidak dapat dibaca lagi karena kunci enkripsinya tidak ada. Hubungkan kembali akun."
INCOMPLETE = "Pengaturan akun ini tidak ada atau tidak lengkap. Hubungi pengelola situs."


class AccountQuerySet(LeasedQuerySet):
    def offered(self):
        """Accounts that an order can name."""
        return self.filter(enabled=True)

    def ready(self, now):
        """Accounts that may send now; while one worker renews the credentials, the others wait."""
        return self.filter(
            Q(not_before=None) | Q(not_before__lte=now),
            Q(lease_until=None) | Q(lease_until__lte=now),
            enabled=True,
            paused_at=None,
        )

    def kept(self):
        """Accounts that nobody deleted."""
        return self.filter(archived_at=None)


class Account(Leased):
    """One account of the office on a network.

    ``paused_at``: nothing is sent until a person resumes it. ``not_before``: nothing is sent until
    then, because the network asked for it or because it failed ``consecutive_failures`` times.
    ``lease_until``: one worker asks for new credentials; a time that is over means that its answer
    was lost.
    """

    key = models.SlugField("kunci", max_length=50, unique=True)
    kind = models.CharField("jenis", max_length=20)
    label = models.CharField("nama", max_length=100)
    enabled = models.BooleanField("tersedia", default=True)
    position = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField("dijeda sejak", null=True)
    pause_reason = models.CharField("alasan jeda", max_length=300, blank=True)
    not_before = models.DateTimeField("tidak sebelum", null=True)
    consecutive_failures = models.PositiveIntegerField(default=0)

    #: Declared in SOCIAL_CHANNELS: its settings and credentials stand there, not in this row.
    from_settings = models.BooleanField(default=True)
    settings = models.JSONField("pengaturan", default=dict, blank=True)
    credentials = EncryptedJSONField("kredensial")
    #: Changes with every change of what this row says, so that a form filled in earlier is noticed.
    version = models.PositiveIntegerField(default=0)
    account_name = models.CharField("nama akun di kanal", max_length=200, blank=True)
    #: The network's own name of the account; connecting again must not lead to another.
    account_id = models.CharField(max_length=200, blank=True)
    connected_by = models.ForeignKey(
        site_settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    connected_at = models.DateTimeField("dihubungkan pada", null=True)
    expires_at = models.DateTimeField("berakhir pada", null=True)
    data_expires_at = models.DateTimeField("akses data berakhir pada", null=True)
    #: The days before the end for which the warning went out last; None when none did.
    warned_days = models.PositiveSmallIntegerField(null=True)
    #: The month ("2026-11") in which the Sekretaris was told that the posts reached the office's limit of cost.
    spending_told = models.CharField(max_length=7, blank=True)
    refresh_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField("diuji pada", null=True)
    last_health = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField("dihapus pada", null=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = "akun kanal"
        verbose_name_plural = "akun kanal"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.label

    def is_ready(self, now) -> bool:
        """Say whether the account may send now."""
        return (
            self.enabled
            and self.paused_at is None
            and (self.not_before is None or self.not_before <= now)
            and (self.lease_until is None or self.lease_until <= now)
        )

    @property
    def is_held(self) -> bool:
        """Say whether the account's rows wait for a person."""
        return not self.enabled or self.paused_at is not None

    @property
    def kind_label(self) -> str:
        """Return the name of the network."""
        channel = channels.KINDS.get(self.kind)
        return channel.label if channel else self.kind

    @property
    def is_by_hand(self) -> bool:
        """Say whether a person posts there."""
        return self.kind == channels.BY_HAND

    def build_channel(self) -> channels.Channel:
        """Return the adapter with the account's settings as they are; AuthDead when they are gone or wrong."""
        try:
            if self.from_settings:
                return channels.build(site_settings.SOCIAL_CHANNELS[self.key])
            return channels.build(self.kind, self.settings, self.credentials.reveal())
        except SecretUnreadable as error:
            raise AuthDead(UNREADABLE) from error
        except (KeyError, TypeError, ValueError) as error:
            raise AuthDead(INCOMPLETE) from error

    def get_composer(self) -> channels.Channel:
        """Return an adapter that can compose, also for an account whose settings are gone."""
        try:
            return self.build_channel()
        except AuthDead:
            return channels.build({"kind": self.kind})


class ConnectAttempt(models.Model):
    """One attempt to connect through a consent screen, valid for one user, one session and ten minutes.

    The state and the session's part are stored as digests, secrets encrypted.
    """

    LIFETIME = timedelta(minutes=10)

    user = models.ForeignKey(site_settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: The account that is connected again; None where it becomes a new one.
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    flow = models.CharField(max_length=20)
    label = models.CharField(max_length=100)
    settings = models.JSONField(default=dict)
    secret = EncryptedJSONField()
    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    #: The state was used; it is valid once.
    returned_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.kind} ({self.flow})"

    @property
    def is_over(self) -> bool:
        """Say whether its ten minutes have passed."""
        return timezone.now() >= self.created_at + self.LIFETIME
