"""The outbox: accounts, deliveries, and one line for everything that happened to a delivery."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.ports.exceptions import GuardViolation
from news.social import channels

from .account import Account, ConnectAttempt
from .leases import Leased, LeasedQuerySet
from .share import Share

__all__ = ["Account", "ConnectAttempt", "Delivery", "DeliveryAttempt", "FollowUp", "Share"]


class DeliveryQuerySet(LeasedQuerySet):
    def due(self, now):
        """Deliveries to send now, if their account may."""
        return self.filter(state=Delivery.State.PENDING, needs_person=False, next_attempt_at__lte=now)

    def in_hand(self):
        """Deliveries that a worker may hold."""
        return self.filter(state__in=(Delivery.State.SENDING, Delivery.State.UNCERTAIN))

    def to_look_for(self, now):
        """Deliveries of which nobody knows, to be looked for in the account now."""
        unknown = self.filter(state=Delivery.State.UNCERTAIN, needs_person=False, closed_at=None)
        return unknown.filter(next_attempt_at__lte=now, lease_until=None)

    def unsettled(self):
        """Deliveries that the office still has to wait for or to decide upon."""
        return self.filter(closed_at=None).exclude(state=Delivery.State.SENT)

    def held(self):
        """Deliveries that wait because their account is paused or switched off, or because they are too old."""
        is_held = ~Q(account__paused_at=None) | Q(account__enabled=False) | Q(needs_person=True)
        return self.filter(is_held, state=Delivery.State.PENDING)

    def waiting_for_person(self):
        """Deliveries that go no further until a person decides."""
        asked = Q(state__in=(Delivery.State.UNCERTAIN, Delivery.State.PENDING), needs_person=True)
        return self.filter(Q(state=Delivery.State.FAILED) | asked, closed_at=None)


class Delivery(Leased):
    """One post of one page to one account, written in the transaction that made the page live.

    The row moves by conditional updates only: ``pending → sending → sent | failed | uncertain``.
    ``sending`` is committed before the request leaves, so a row found there after its lease means
    that nobody knows, never that it may be sent again.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Menunggu"
        SENDING = "sending", "Dikirim"
        SENT = "sent", "Terkirim"
        FAILED = "failed", "Gagal"
        UNCERTAIN = "uncertain", "Tidak diketahui"

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
    #: The order, or a person later, said that it goes out however old it is.
    may_be_late = models.BooleanField(default=False)
    #: An order asked for a new post in its place, after this one was certainly not there any more.
    superseded_at = models.DateTimeField(null=True)

    #: What the adapter made before the post and needs for it: the numbers of uploads; never a secret.
    prepared = models.JSONField(default=dict, editable=False)

    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.URLField("tautan unggahan", max_length=500, blank=True)
    sent_at = models.DateTimeField("terkirim pada", null=True)
    last_error = models.CharField("keterangan", max_length=500, blank=True)
    closed_at = models.DateTimeField("ditutup pada", null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_note = models.TextField("catatan penutup", blank=True)
    #: The item was told that its deliveries are settled, or no longer needs to be.
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
        removed = self.follow_ups.filter(kind=FollowUp.Kind.DELETE, target=None, state=FollowUp.State.DONE)
        return not (self.state == self.State.SENT and removed.exists())

    @property
    def waits_for_person(self) -> bool:
        """Say whether it goes no further until a person decides; ``waiting_for_person`` for one row."""
        if self.closed_at is not None:
            return False
        asked = self.state in (self.State.UNCERTAIN, self.State.PENDING) and self.needs_person
        return self.state == self.State.FAILED or asked

    @property
    def state_label(self) -> str:
        """Return the state in the words of the office."""
        if self.superseded_at is not None:
            return f"{self.get_state_display()}, diganti unggahan baru"
        if self.closed_at is not None and self.state != self.State.SENT:
            return "Dibatalkan" if self.is_cancelled else f"{self.get_state_display()}, ditutup"
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


class DeliveryAttempt(models.Model):
    """One thing that happened to a delivery; appended, never changed."""

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
        CHECKED_SAME = "checked_same", "Diperiksa di kanal: sama"
        CHECKED_DIFFERENT = "checked_different", "Diperiksa di kanal: berbeda"
        CHECKED_MISSING = "checked_missing", "Diperiksa di kanal: tidak ditemukan"
        CHECKED_UNREADABLE = "checked_unreadable", "Diperiksa di kanal: tidak dapat dibaca"
        ACT_PLANNED = "act_planned", "Tindak lanjut dicatat"
        ACT_STARTED = "act_started", "Tindak lanjut dimulai"
        ACT_DONE = "act_done", "Tindak lanjut selesai"
        ACT_TRIED = "act_tried", "Tindak lanjut belum berhasil"
        ACT_DROPPED = "act_dropped", "Tindak lanjut tidak diperlukan lagi"

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="lines")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField(null=True)
    message = models.CharField(max_length=500, blank=True)
    #: What a check found on the channel where that is not what was sent.
    found_text = models.TextField(blank=True, default="")
    worker = models.CharField(max_length=100, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "catatan pengiriman"
        verbose_name_plural = "catatan pengiriman"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_outcome_display()}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise GuardViolation("Catatan pengiriman tidak dapat diubah.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Catatan pengiriman tidak dapat dihapus.")


class FollowUpQuerySet(LeasedQuerySet):
    def open(self):
        """What the office still has to wait for or to do itself."""
        return self.exclude(state__in=(FollowUp.State.DONE, FollowUp.State.CANCELLED))

    def waiting(self, now):
        """What to do now, if there is a post to do it to and its account may."""
        return self.filter(state=FollowUp.State.PENDING, next_attempt_at__lte=now)

    def due(self, now):
        """What to do now, if its account may: only to a post that is known to exist."""
        exists = Q(target=None, delivery__state=Delivery.State.SENT) | Q(target__state=FollowUp.State.DONE)
        return self.waiting(now).filter(exists)

    def in_hand(self):
        """What a worker may hold."""
        return self.filter(state__in=(FollowUp.State.DOING, FollowUp.State.UNCERTAIN))

    def to_look_for(self, now):
        """Replies of which nobody knows, to be looked for in the account now."""
        unknown = self.filter(state=FollowUp.State.UNCERTAIN, needs_person=False)
        return unknown.filter(next_attempt_at__lte=now, lease_until=None)

    def waiting_for_person(self):
        """What goes no further until a person does it or decides."""
        return self.filter(
            Q(state__in=(FollowUp.State.TASK, FollowUp.State.FAILED))
            | Q(state=FollowUp.State.UNCERTAIN, needs_person=True)
        )


class FollowUp(Leased):
    """What a ralat or a take-down means for one post: written in the transaction of that step.

    Moves like a delivery, by conditional updates: ``pending → doing → done | failed | uncertain``.
    Editing and deleting may be repeated after a lost answer; a reply is looked for, never repeated
    blindly. What no API can do is a ``task`` for a person.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", "Perbarui unggahan"
        REPLY = "reply", "Balas unggahan dengan RALAT"
        DELETE = "delete", "Hapus unggahan"

    class Occasion(models.TextChoices):
        CORRECTION = "correction", "Ralat"
        TAKE_DOWN = "take_down", "Penurunan"
        DECISION = "decision", "Keputusan petugas"

    class State(models.TextChoices):
        PENDING = "pending", "Menunggu"
        DOING = "doing", "Dikerjakan"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"
        UNCERTAIN = "uncertain", "Tidak diketahui"
        TASK = "task", "Perlu dikerjakan petugas"
        CANCELLED = "cancelled", "Tidak diperlukan"

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="follow_ups")
    permit = models.ForeignKey("moderation.PublicationPermit", on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField("sebab", max_length=20, choices=Occasion.choices)
    kind = models.CharField("tindakan", max_length=10, choices=Kind.choices)
    #: The reply to act upon; empty for the post itself.
    target = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    seal = models.CharField("sidik isi", max_length=64)
    link = models.CharField("tautan berita", max_length=500, blank=True)
    request_text = models.TextField("isi", blank=True)
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    state = models.CharField("status", max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    looks = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    first_sent_at = models.DateTimeField(null=True)
    uncertain_since = models.DateTimeField(null=True)
    needs_person = models.BooleanField(default=False)
    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.URLField("tautan", max_length=500, blank=True)
    last_error = models.CharField("keterangan", max_length=500, blank=True)
    done_at = models.DateTimeField("selesai pada", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "tindak lanjut unggahan"
        verbose_name_plural = "tindak lanjut unggahan"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "permit", "occasion"],
                condition=Q(target=None) & ~Q(state="cancelled"),
                name="one_follow_up_per_post",
            ),
            models.UniqueConstraint(
                fields=["target", "permit"], condition=~Q(state="cancelled"), name="one_follow_up_per_reply"
            ),
        ]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="follow_up_due")]

    def __str__(self):
        return f"{self.get_kind_display()} di {self.delivery.account}"

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.DONE, self.State.CANCELLED)

    @property
    def waits_for_person(self) -> bool:
        """Say whether it goes no further until a person acts; ``waiting_for_person`` for one row."""
        if self.state in (self.State.TASK, self.State.FAILED):
            return True
        return self.state == self.State.UNCERTAIN and self.needs_person

    @property
    def post_url(self) -> str:
        """The address of the post to act upon."""
        return self.target.remote_url if self.target_id else self.delivery.remote_url

    def get_composed(self) -> channels.Composed:
        """Return the stored text as the adapter takes it; it is never composed anew."""
        return channels.Composed(self.request_text, self.link, len(self.request_text), None)
