"""Models of the outbox: one row for each post, and one row for each event of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.ports.exceptions import GuardViolation
from news.social import channels

from .account import Account
from .leases import Leased, LeasedQuerySet


class DeliveryQuerySet(LeasedQuerySet):
    def due(self, now):
        """Filter deliveries to send now, if their account may."""
        return self.filter(state=Delivery.State.PENDING, needs_person=False, next_attempt_at__lte=now)

    def in_hand(self):
        """Filter deliveries that a worker may hold."""
        return self.filter(state__in=(Delivery.State.SENDING, Delivery.State.UNCERTAIN))

    def in_progress(self):
        """Filter deliveries that are due now or later, in hand, or to be looked for."""
        return self.filter(state__in=(Delivery.State.PENDING, Delivery.State.SENDING, Delivery.State.UNCERTAIN))

    def to_look_for(self, now):
        """Filter uncertain deliveries to look up in the account now."""
        unknown = self.filter(state=Delivery.State.UNCERTAIN, needs_person=False, closed_at=None)
        return unknown.filter(next_attempt_at__lte=now, lease_until=None)

    def unsettled(self):
        """Filter deliveries that have not ended."""
        return self.filter(closed_at=None).exclude(state=Delivery.State.SENT)

    def held(self):
        """Filter deliveries held because their account is paused or off, or because they are too old."""
        is_held = ~Q(account__paused_at=None) | Q(account__enabled=False) | Q(needs_person=True)
        return self.filter(is_held, state=Delivery.State.PENDING)

    def waiting_for_person(self):
        """Filter deliveries that wait for a person's decision."""
        asked = Q(state__in=(Delivery.State.UNCERTAIN, Delivery.State.PENDING), needs_person=True)
        return self.filter(Q(state__in=(Delivery.State.FAILED, Delivery.State.TASK)) | asked, closed_at=None)

    def tasks(self):
        """Filter the posts that a person is to make, in a place where no program posts."""
        return self.filter(state=Delivery.State.TASK, closed_at=None)


class Delivery(Leased):
    """One post of one page to one account, written in the transaction that made the page live.

    The row moves by conditional updates only: ``pending → sending → sent | failed | uncertain``.
    ``sending`` is committed before the request leaves, so a row found there after its lease means
    that nobody knows, never that it may be sent again. In a place where a person posts it is a
    ``task → sent | failed``, and no worker takes it.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Menunggu"
        SENDING = "sending", "Dikirim"
        SENT = "sent", "Terkirim"
        FAILED = "failed", "Gagal"
        UNCERTAIN = "uncertain", "Tidak diketahui"
        TASK = "task", "Perlu dibagikan petugas"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="deliveries", verbose_name="kanal")
    disposition = models.ForeignKey("moderation.Disposition", on_delete=models.PROTECT, related_name="deliveries")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.PROTECT, related_name="+")
    permit = models.ForeignKey("moderation.PublicationPermit", on_delete=models.PROTECT, related_name="+")
    seal = models.CharField("sidik isi", max_length=64)
    kind = models.CharField("jenis kanal", max_length=20)

    title = models.CharField("judul", max_length=255)
    link = models.CharField("tautan berita", max_length=500, blank=True)
    alt = models.CharField("teks alternatif", max_length=250, blank=True)
    request_text = models.TextField("isi unggahan")

    state = models.CharField("status", max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    next_attempt_at = models.DateTimeField("percobaan berikutnya", default=timezone.now)
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first_sent_at = models.DateTimeField(null=True)
    uncertain_since = models.DateTimeField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    needs_person = models.BooleanField("perlu keputusan", default=False)
    #: Exempt from the age limit, by the order or by a later decision.
    may_be_late = models.BooleanField(default=False)
    #: The restore after which it was last looked for before it was sent, by its moment.
    restored_at = models.DateTimeField(null=True, editable=False)
    #: Replaced by a new post that an order asked for, after this one was certainly gone.
    superseded_at = models.DateTimeField(null=True)

    #: State of the adapter from before the post, such as upload ids; never a secret.
    prepared = models.JSONField(default=dict, editable=False)

    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.URLField("tautan unggahan", max_length=500, blank=True)
    sent_at = models.DateTimeField("terkirim pada", null=True)
    last_error = models.CharField("keterangan", max_length=500, blank=True)
    closed_at = models.DateTimeField("ditutup pada", null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_note = models.TextField("catatan penutup", blank=True)
    #: Counted in closing the item, or no longer relevant to it.
    settlement_done = models.BooleanField(default=False)
    created_at = models.DateTimeField("dibuat pada", default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "unggahan"
        verbose_name_plural = "unggahan"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "account"],
                condition=Q(superseded_at=None),
                name="one_delivery_per_page_and_account",
            )
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="delivery_due"),
            models.Index(fields=["settlement_done", "disposition"], name="delivery_settlement"),
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
        ]

    def __str__(self):
        return f"{self.title} – {self.account}"

    @property
    def is_cancelled(self) -> bool:
        """Say whether it was closed before it could be sent, because the news was taken down."""
        return self.state == self.State.FAILED and self.closed_at is not None and self.closed_by_id is None

    @property
    def may_stand(self) -> bool:
        """Say whether citizens may see the post, now or soon: a new one in its place would be a second."""
        if self.state == self.State.FAILED:
            return self.closed_at is None
        return not (self.state == self.State.SENT and self.follow_ups.removals_done().exists())

    @property
    def waits_for_person(self) -> bool:
        """Say whether it goes no further until a person decides; ``waiting_for_person`` for one row."""
        if self.closed_at is not None:
            return False
        asked = self.state in (self.State.UNCERTAIN, self.State.PENDING) and self.needs_person
        return self.state in (self.State.FAILED, self.State.TASK) or asked

    @property
    def is_by_hand(self) -> bool:
        """Say whether a person posts it."""
        return self.kind == channels.BY_HAND

    @property
    def state_label(self) -> str:
        """Return the state in the words of the office."""
        if self.superseded_at is not None:
            return f"{self.get_state_display()}, diganti unggahan baru"
        if self.closed_at is not None and self.state != self.State.SENT:
            return "Dibatalkan" if self.is_cancelled else f"{self.get_state_display()}, ditutup"
        if self.state == self.State.SENT and self.is_by_hand:
            return f"Dibagikan petugas ({self.closed_note})" if self.closed_note else "Dibagikan petugas"
        if self.state == self.State.PENDING and self.needs_person:
            return "Dijeda, perlu keputusan"
        if self.state == self.State.PENDING and self.account.is_held:
            return "Dijeda"
        if self.state == self.State.UNCERTAIN and self.needs_person:
            return "Tidak diketahui, perlu keputusan"
        return self.get_state_display()

    def get_composed(self) -> channels.Composed:
        """Return the stored post as the adapter takes it; the text is never composed anew."""
        return channels.Composed(self.request_text, self.link, len(self.request_text), None)


class DeliveryEvent(models.Model):
    """One event of a delivery; append-only."""

    class Outcome(models.TextChoices):
        STARTED = "started", "Pengiriman dimulai"
        SENT = "sent", "Terkirim"
        NOT_SENT = "not_sent", "Tidak sampai ke kanal"
        THROTTLED = "throttled", "Diminta menunggu oleh kanal"
        HELD = "held", "Akun dijeda"
        REJECTED = "rejected", "Ditolak kanal"
        UNKNOWN = "unknown", "Jawaban tidak diketahui"
        FOUND = "found", "Ditemukan di kanal"
        ABSENT = "absent", "Belum ditemukan di kanal"
        LOOK_FAILED = "look_failed", "Kanal tidak dapat dibaca"
        LATE = "late", "Jawaban terlambat"
        CANCELLED = "cancelled", "Dibatalkan"
        DECIDED = "decided", "Keputusan petugas"
        REPLACED = "replaced", "Teks diganti ralat"
        TOO_OLD = "too_old", "Lewat batas umur, menunggu keputusan"
        SUPERSEDED = "superseded", "Diganti unggahan baru"
        SOUGHT = "sought", "Dicari dulu sesudah pemulihan"
        CHECKED_SAME = "checked_same", "Diperiksa di kanal: sama"
        CHECKED_DIFFERENT = "checked_different", "Diperiksa di kanal: berbeda"
        CHECKED_MISSING = "checked_missing", "Diperiksa di kanal: tidak ditemukan"
        CHECKED_UNREADABLE = "checked_unreadable", "Diperiksa di kanal: tidak dapat dibaca"
        ACT_PLANNED = "act_planned", "Tindak lanjut dicatat"
        ACT_STARTED = "act_started", "Tindak lanjut dimulai"
        ACT_DONE = "act_done", "Tindak lanjut selesai"
        ACT_TRIED = "act_tried", "Tindak lanjut belum berhasil"
        ACT_DROPPED = "act_dropped", "Tindak lanjut tidak diperlukan lagi"

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField(null=True)
    message = models.CharField(max_length=500, blank=True)
    #: The text found on the channel if it differs from what was sent.
    found_text = models.TextField(blank=True, default="")
    worker = models.CharField(max_length=100, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "catatan pengiriman"
        verbose_name_plural = "catatan pengiriman"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_outcome_display()}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise GuardViolation("Catatan pengiriman tidak dapat diubah.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Catatan pengiriman tidak dapat dihapus.")
