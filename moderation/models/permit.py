"""Models of the publication permit (Perintah tayang) and of the take-down that ends one (I1, I5)."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from moderation.ports.exceptions import GuardViolation


class PublicationPermitQuerySet(models.QuerySet):
    def in_force(self):
        """Filter permits that were not revoked."""
        return self.filter(revoked_at=None)

    def executed(self):
        """Filter permits under which a page is live now."""
        return self.in_force().exclude(executed_at=None)

    def run_out(self, now):
        """Filter permits whose end has come while the page is still live under them."""
        return self.executed().filter(ends_at__lte=now)

    def ended_before_time(self, now):
        """Filter permits that ran out by a clock that was ahead of ``now``."""
        return self.filter(executed_at__isnull=False, revoked_at__gt=now, revoked_by=None, ends_at__gt=now)

    def carried_out(self):
        """Filter permits that were ever carried out, the last one first.

        By key, never by the clock: an order is issued and its line written while its item is locked, and a new
        one only when the order before was carried out or revoked. So the keys stand in the order of the log's
        lines, whatever the machine's clock said (``moderation.management.jobs.order_check`` compares them).
        """
        return self.exclude(executed_at=None).order_by("-pk")

    def active_for(self, page) -> "PublicationPermit | None":
        """Return the permit under which this page is live now, or None."""
        return self.executed().filter(page_id=page.pk).first()


class PublicationPermit(models.Model):
    """An order of the Sekretaris for exactly one version of one page (SOP row 8).

    Written once by the step "order". Afterwards only facts are added, each once: scheduled,
    executed, completed, revoked; at a take-down by whom and why comes first, and lets the page
    go down. At the end that the order itself names it goes down by nobody, for the order's reason.
    A page is live if and only if it has an executed permit that was not revoked, for its live
    revision, with its seal.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.PROTECT, related_name="publication_permits")
    # PROTECT keeps the verified revision from ``manage.py purge_revisions``.
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.PROTECT, related_name="publication_permits")
    disposition = models.ForeignKey("moderation.Disposition", on_delete=models.PROTECT, related_name="permits")
    seal = models.CharField("sidik isi", max_length=64)
    number = models.CharField("nomor perintah tayang", max_length=64)
    channels = models.JSONField("kanal", default=list)
    channel_labels = models.JSONField("nama kanal", default=dict)
    #: The channels that the order passes over: their names by key, and why.
    left_out_labels = models.JSONField("kanal yang tidak dipakai", default=dict)
    left_out_reason = models.TextField("alasan kanal tidak dipakai", blank=True, default="")
    #: Send posts however late; otherwise a post older than the office's limit waits for a decision.
    posts_late = models.BooleanField("tetap diunggah walaupun terlambat", default=False)
    #: The channels that get a new post although this is no first publication.
    posts_again = models.JSONField("kanal dengan unggahan baru", default=list)
    go_live_at = models.DateTimeField("waktu tayang", null=True)
    #: When the page goes down by itself, and why; without an end it stays.
    ends_at = models.DateTimeField("tayang sampai", null=True)
    end_reason = models.TextField("alasan berakhir", blank=True, default="")
    note = models.TextField("catatan", blank=True)
    is_correction = models.BooleanField("ralat", default=False)
    #: The public note of a ralat, as verified; empty for a minor edit.
    correction_note = models.TextField("keterangan ralat", blank=True, default="")
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    executed_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    #: Set when all of the page's rows are written: from then on triggers freeze them.
    completed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoke_reason = models.TextField(blank=True)

    objects = PublicationPermitQuerySet.as_manager()

    #: The facts that may be added to a permit after it was issued.
    ADDED_LATER = (
        "scheduled_by",
        "executed_at",
        "executed_by",
        "completed_at",
        "revoked_at",
        "revoked_by",
        "revoke_reason",
    )

    class Meta:
        verbose_name = "perintah tayang"
        verbose_name_plural = "perintah tayang"
        constraints = [
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(executed_at__isnull=False, revoked_at__isnull=True),
                name="one_executed_permit_per_page",
            )
        ]
        indexes = [models.Index(fields=["ends_at"], name="permit_end", condition=Q(ends_at__isnull=False))]

    def __str__(self):
        return self.number

    def save(self, *args, update_fields=None, **kwargs):
        if self.pk is not None and not set(update_fields or ("",)) <= set(self.ADDED_LATER):
            raise GuardViolation("Perintah tayang tidak dapat diubah setelah diterbitkan.")
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Perintah tayang tidak dapat dihapus.")

    def may_run_out(self, now) -> bool:
        """Say whether the order's own end, noted for its own reason, takes the page down now."""
        return self.ends_at is not None and self.ends_at <= now and self.revoke_reason == self.end_reason

    @property
    def has_run_out(self) -> bool:
        """Whether the page went down at the end that the order names, by nobody."""
        return self.executed_at is not None and self.revoked_at is not None and self.revoked_by_id is None

    @cached_property
    def version(self):
        """The page as this order makes it live, read from its revision."""
        version = self.revision.as_object()
        version.revision_read = self.revision
        return version

    def accept_version(self, page) -> None:
        """Use a page already in memory as ``version`` if it was read from this order's revision."""
        if page.revision_read is not None and page.revision_read.pk == self.revision_id:
            self.version = page

    def add_fact(self, **facts):
        """Add facts (see ``ADDED_LATER``) to the permit; the database refuses a second time."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=list(facts))


class SealedMediaQuerySet(models.QuerySet):
    def of(self, media):
        """Filter the rows of one image or document."""
        return self.filter(
            content_type__app_label=media._meta.app_label,
            content_type__model=media._meta.model_name,
            object_id=str(media.pk),
        )


class SealedMedia(models.Model):
    """An image or document inside the seal of a permit: unchangeable while the permit is not revoked."""

    permit = models.ForeignKey(PublicationPermit, on_delete=models.PROTECT, related_name="media")
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)

    objects = SealedMediaQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id"], name="sealed_media_object")]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id}"


class Withdrawal(models.Model):
    """One take-down of one page; written once, with the words of the Sekretaris for the public.

    The internal reason is stored on the revoked permit and never shown to citizens.
    """

    permit = models.OneToOneField("moderation.PublicationPermit", on_delete=models.PROTECT, related_name="withdrawal")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.PROTECT, related_name="withdrawals")
    at = models.DateTimeField("diturunkan pada")
    #: Nobody where the order named its end.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_public = models.BooleanField("dengan pemberitahuan", default=False)
    #: The title that the notice names; empty where naming it would repeat what was wrong.
    title = models.CharField("judul berita", max_length=255, blank=True)
    notice = models.TextField("isi pemberitahuan", blank=True)

    class Meta:
        verbose_name = "penurunan"
        verbose_name_plural = "penurunan"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.page_id} {self.at:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise GuardViolation("Catatan penurunan tidak dapat diubah.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Catatan penurunan tidak dapat dihapus.")
