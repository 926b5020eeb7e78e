"""Models of the audit log (Jejak audit): append-only, chained by hash, without foreign keys."""

import hashlib
import json
from datetime import UTC

from django.db import models

from moderation.ports.exceptions import GuardViolation

GENESIS_HASH = "0" * 64


class AuditHead(models.Model):
    """The end of the chain: one row, locked while a line is appended, so lines never fork."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS_HASH)
    #: The key of the last line's code (``moderation.evidence.audit_keys``); "" while no line has one.
    key_name = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        verbose_name = "ujung jejak audit"

    def __str__(self):
        return f"{self.sequence} {self.hash[:12]}"


class AuditEntry(models.Model):
    """One line of the log (I11). All values are copied, none is a foreign key, so the line
    outlives the page, the user and the disposition it refers to."""

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    row = models.PositiveSmallIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=255, blank=True)
    role = models.CharField(max_length=100, blank=True)
    acting_note = models.CharField(max_length=255, blank=True)
    disposition_id = models.BigIntegerField(null=True, db_index=True)
    register_number = models.CharField(max_length=64, blank=True)
    page_id = models.BigIntegerField(null=True, db_index=True)
    title = models.CharField(max_length=255, blank=True)
    revision_id = models.BigIntegerField(null=True)
    round = models.PositiveSmallIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    output = models.CharField(max_length=255, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    #: The key of the code and the code over the hash (``moderation.evidence.audit_keys``); "" on lines older than both.
    key_name = models.CharField(max_length=20, blank=True, default="")
    code = models.CharField(max_length=64, blank=True, default="")

    #: The fields that the hash does not cover.
    UNHASHED = frozenset({"id", "hash", "key_name", "code"})

    class Meta:
        verbose_name = "baris jejak audit"
        verbose_name_plural = "jejak audit"
        ordering = ["sequence"]
        indexes = [models.Index(fields=["revision_id"], name="audit_revision")]

    def __str__(self):
        return f"{self.sequence} {self.action}"

    @classmethod
    def tells_of(cls, revision) -> bool:
        """Say whether a line refers to this revision, which is then evidence and must not change."""
        return revision.pk is not None and cls.objects.filter(revision_id=revision.pk).exists()

    def compute_hash(self) -> str:
        """Return SHA-256 (hex) over every field but the hash and the code over it, in canonical JSON."""
        fields = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.attname not in self.UNHASHED
        }
        # Microseconds in UTC: both databases give back exactly what was stored.
        fields["at"] = self.at.astimezone(UTC).isoformat()
        text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise GuardViolation("Jejak audit tidak dapat diubah.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Jejak audit tidak dapat dihapus.")
