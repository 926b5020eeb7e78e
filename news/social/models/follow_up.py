"""Model of the follow-ups of a correction or a take-down, one row for each act on a post."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from news.social import channels

from .delivery import Delivery
from .leases import Leased, LeasedQuerySet


class FollowUpQuerySet(LeasedQuerySet):
    def open(self):
        """Filter follow-ups that have not ended."""
        return self.exclude(state__in=(FollowUp.State.DONE, FollowUp.State.CANCELLED))

    def waiting(self, now):
        """Filter follow-ups to execute now, if their post exists and their account may."""
        return self.filter(state=FollowUp.State.PENDING, next_attempt_at__lte=now)

    def due(self, now):
        """Filter follow-ups to execute now on a post known to exist, if their account may."""
        exists = Q(target=None, delivery__state=Delivery.State.SENT) | Q(target__state=FollowUp.State.DONE)
        return self.waiting(now).filter(exists)

    def in_hand(self):
        """Filter rows that a worker may hold."""
        return self.filter(state__in=(FollowUp.State.DOING, FollowUp.State.UNCERTAIN))

    def to_look_for(self, now):
        """Filter uncertain replies to look up in the account now."""
        unknown = self.filter(state=FollowUp.State.UNCERTAIN, needs_person=False)
        return unknown.filter(next_attempt_at__lte=now, lease_until=None)

    def removals_done(self):
        """Filter completed removals of the post itself."""
        return self.filter(kind=FollowUp.Kind.DELETE, target=None, state=FollowUp.State.DONE)

    def waiting_for_person(self):
        """Filter follow-ups that wait for a person."""
        return self.filter(
            Q(state__in=(FollowUp.State.TASK, FollowUp.State.FAILED))
            | Q(state=FollowUp.State.UNCERTAIN, needs_person=True)
        )


class FollowUp(Leased):
    """One act on one post after a ralat or a take-down, written in the transaction of that step.

    Moves like a delivery, by conditional updates: ``pending → doing → done | failed | uncertain``.
    Editing and deleting may be repeated after a lost answer; a reply is looked for, never repeated
    blindly. What no API can do is a ``task`` for a person.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", "Perbarui unggahan"
        MEDIA = "media", "Ganti foto unggahan"
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
    #: The restore after which this reply was looked for before it was posted.
    restored_at = models.DateTimeField(null=True, editable=False)
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
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "permit", "occasion", "kind"],
                condition=Q(target=None) & ~Q(state="cancelled"),
                name="one_follow_up_of_each_kind",
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
