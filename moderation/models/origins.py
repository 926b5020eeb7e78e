"""Models of where an item comes from: letters, proposals, files that wait for a form, and quoted persons."""

import hashlib
import json
from datetime import UTC
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.urls import reverse

from moderation.ports.exceptions import GuardViolation
from moderation.uploads import materials

from .disposition import Disposition, Matter, private_storage


class IncomingLetter(models.Model):
    """One letter in the agenda of its year. A letter that a disposition names cannot be deleted."""

    agenda_year = models.PositiveSmallIntegerField("tahun agenda")
    agenda_sequence = models.PositiveIntegerField("nomor urut")
    received_date = models.DateField("tanggal terima")
    sender = models.CharField("pengirim", max_length=200)
    sender_address = models.CharField("alamat pengirim", max_length=200, blank=True)
    letter_date = models.DateField("tanggal surat")
    letter_number = models.CharField("nomor surat", max_length=100)
    classification_code = models.CharField("kode klasifikasi", max_length=30, blank=True, help_text="Misalnya: 400.1.")
    summary = models.CharField("isi ringkas atau perihal", max_length=200)
    attachments = models.CharField("lampiran", max_length=100, blank=True, help_text="Misalnya: 1 berkas.")
    forwarded_to = models.CharField("diteruskan kepada", max_length=150, blank=True)
    remark = models.CharField("keterangan", max_length=250, blank=True)
    scan = models.FileField(
        "berkas pindaian", upload_to="surat-masuk/%Y/%m", storage=private_storage, max_length=255, blank=True
    )
    scan_name = models.CharField(max_length=255, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    #: Counts the edits, so that a stale form is noticed.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "surat masuk"
        verbose_name_plural = "surat masuk"
        ordering = ["-agenda_year", "-agenda_sequence"]
        constraints = [
            models.UniqueConstraint(fields=["agenda_year", "agenda_sequence"], name="agenda_number_per_year")
        ]

    def __str__(self):
        return f"{self.agenda_number}/{self.agenda_year} {self.summary}"

    def get_absolute_url(self):
        return reverse("moderation:letter", args=[self.pk])

    @property
    def agenda_number(self) -> str:
        return f"{self.agenda_sequence:03}"

    @property
    def shown_type(self) -> str | None:
        """The content type under which a browser may show the scan in place; None: download only."""
        return materials.SHOWN_TYPES.get(PurePath(self.scan_name).suffix.lower().lstrip("."))


class Proposal(Matter):
    """Usulan: what Staf or Sekretariat propose to publish. PPID Pembantu alone makes a disposition of it (row 1)."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "menunggu", "Menunggu PPID Pembantu"
        RETURNED = "dikembalikan", "Dikembalikan untuk diperbaiki"
        REFUSED = "ditolak", "Tidak diterima"
        TAKEN = "disposisi", "Menjadi disposisi"

    state = models.CharField("status", max_length=20, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("diusulkan", auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("diputuskan", null=True)
    reason = models.TextField("alasan", blank=True)
    #: Counts the changes, so that a stale form is noticed.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "usulan"
        verbose_name_plural = "usulan"
        ordering = ["-proposed_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "proposed_at"], name="proposal_waiting"),
            models.Index(fields=["-proposed_at", "-id"], name="proposal_latest"),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("moderation:proposal", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its proposer may still change it."""
        return self.state in {self.State.WAITING, self.State.RETURNED}


class PendingUpload(models.Model):
    """A file of a form that is not taken yet, checked as Bahan is; its person's alone, and for a day."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.FileField("berkas", upload_to="bahan/%Y/%m", storage=private_storage)
    name = models.CharField("nama berkas", max_length=255)
    size = models.PositiveBigIntegerField("ukuran (byte)")
    added_at = models.DateTimeField("diterima", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "berkas yang belum dipakai"
        verbose_name_plural = "berkas yang belum dipakai"

    def __str__(self):
        return self.name


class SourceConfirmation(models.Model):
    """One passage that a quoted person (Narasumber) is asked about by a link, and what they answered, once.

    What was asked never changes, and the row is never deleted. The link's token is kept as a digest alone.
    """

    class Answer(models.TextChoices):
        """What the person says of the passage."""

        RIGHT = "benar", "Benar"
        CHANGE = "ubah", "Perlu diubah"

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="confirmations")
    passage = models.TextField("bagian")
    source = models.CharField("narasumber", max_length=150)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("diminta")
    expires_at = models.DateTimeField("berlaku sampai")
    token_digest = models.CharField(max_length=64, unique=True)
    #: When the link was taken back unanswered.
    withdrawn_at = models.DateTimeField("ditarik", null=True)
    answer = models.CharField("jawaban", max_length=10, choices=Answer.choices, blank=True)
    words = models.TextField("keterangan narasumber", blank=True)
    answered_at = models.DateTimeField("dijawab", null=True)

    #: The fields that are filled after the link was made.
    ADDED_LATER = frozenset({"withdrawn_at", "answer", "words", "answered_at"})

    class Meta:
        verbose_name = "konfirmasi narasumber"
        verbose_name_plural = "konfirmasi narasumber"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.source}: {self.get_answer_display() or 'belum dijawab'}"

    def compute_question(self) -> str:
        """Return SHA-256 (hex) over what was asked, for the lines of the log."""
        moments = [moment.astimezone(UTC).isoformat() for moment in (self.asked_at, self.expires_at)]
        asked = [self.disposition_id, self.passage, self.source, self.asked_by_id, self.token_digest, *moments]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def compute_answer(self) -> str:
        """Return SHA-256 (hex) over what was answered, for its line of the log; "" before an answer."""
        if self.answered_at is None:
            return ""
        given = [self.answer, self.words, self.answered_at.astimezone(UTC).isoformat()]
        return hashlib.sha256(json.dumps(given).encode()).hexdigest()

    def delete(self, *args, **kwargs):
        raise GuardViolation("Konfirmasi narasumber tidak dapat dihapus.")
