"""Models of the list of public information (Daftar Informasi Publik, DIP), one kind a row."""

from django.conf import settings
from django.db import models

from moderation.ports.exceptions import GuardViolation
from moderation.sop import choices


class PublicInformationQuerySet(models.QuerySet):
    def listed(self):
        """Filter rows that were not taken out of the list."""
        return self.filter(withdrawn_at=None)


class PublicInformation(models.Model):
    """One row of the DIP, with the seven columns of the law (Perki 1/2021) and the usual extras.

    Bidang creates it from one or more rows of the register (``ListedItem``), or for a document that
    was never news. Numbers are permanent: a row is not deleted but taken out with a reason.
    """

    class Form(models.TextChoices):
        """Bentuk informasi yang tersedia."""

        SOFTCOPY = "softcopy", "Softcopy"
        HARDCOPY = "hardcopy", "Hardcopy"
        BOTH = "keduanya", "Softcopy dan hardcopy"

    number = models.PositiveIntegerField("nomor", unique=True)
    title = models.CharField("jenis atau judul informasi", max_length=255)
    summary = models.TextField("ringkasan isi informasi", max_length=1000)
    custodian = models.CharField("pejabat/unit yang menguasai informasi", max_length=150)
    responsible = models.CharField("penanggung jawab pembuatan atau penerbitan informasi", max_length=150)
    made = models.CharField(
        "waktu dan tempat pembuatan informasi", max_length=200, help_text="Misalnya: Februari 2026, kantor kecamatan."
    )
    form = models.CharField(
        "bentuk informasi yang tersedia", max_length=10, choices=Form.choices, default=Form.SOFTCOPY
    )
    retention = models.CharField("jangka waktu penyimpanan atau retensi arsip", max_length=100)
    classification = models.CharField(
        "klasifikasi informasi",
        max_length=20,
        choices=choices.list_public_classifications,
    )
    link = models.URLField(
        "tautan",
        blank=True,
        help_text="Untuk dokumen yang tidak berasal dari register. Tautan berita terisi dengan sendirinya. Opsional.",
    )
    items = models.ManyToManyField("moderation.Disposition", through="moderation.ListedItem", related_name="+")
    listed_at = models.DateTimeField()
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdraw_reason = models.TextField(blank=True)

    objects = PublicInformationQuerySet.as_manager()

    class Meta:
        verbose_name = "informasi publik"
        verbose_name_plural = "daftar informasi publik"
        ordering = ["number"]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def delete(self, *args, **kwargs):
        raise GuardViolation("Baris DIP tidak dapat dihapus. Keluarkan dari daftar dengan alasan.")


class ListedItem(models.Model):
    """Links a row of the register to the one row of the DIP that covers it."""

    information = models.ForeignKey(PublicInformation, on_delete=models.CASCADE, related_name="listed_items")
    disposition = models.OneToOneField("moderation.Disposition", on_delete=models.PROTECT, related_name="listed_item")

    class Meta:
        verbose_name = "baris register dalam DIP"
        verbose_name_plural = "baris register dalam DIP"

    def __str__(self):
        return f"{self.information_id}: {self.disposition_id}"
