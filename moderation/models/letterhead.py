"""What stands at the head and at the foot of the office's papers."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class LetterheadSettings(models.Model):
    """Letterhead and signature block, part of the office's settings."""

    letterhead_parent = models.CharField(
        "instansi induk", max_length=150, blank=True, default="Pemerintah Kabupaten Karanganyar"
    )
    letterhead_office = models.CharField("nama kantor", max_length=150, default="Kecamatan Mojogedang")
    letterhead_address = models.CharField(
        "alamat kantor", max_length=200, blank=True, help_text="Satu baris di bawah nama kantor. Opsional."
    )
    signing_place = models.CharField("tempat penandatanganan", max_length=100, blank=True, default="Mojogedang")
    signatory_title = models.CharField(
        "jabatan penanda tangan",
        max_length=150,
        default="Sekretaris Kecamatan Mojogedang selaku PPID Pembantu",
    )
    signatory_name = models.CharField(
        "nama penanda tangan",
        max_length=150,
        blank=True,
        help_text="Dengan gelar. Bila kosong, dicetak garis untuk diisi dengan tangan.",
    )
    signatory_rank = models.CharField("pangkat, golongan", max_length=100, blank=True)
    signatory_number = models.CharField("NIP", max_length=30, blank=True)

    letterhead_panels = [
        MultiFieldPanel(
            [FieldPanel("letterhead_parent"), FieldPanel("letterhead_office"), FieldPanel("letterhead_address")],
            heading="Kop naskah cetak",
        ),
        MultiFieldPanel(
            [
                FieldPanel("signing_place"),
                FieldPanel("signatory_title"),
                FieldPanel("signatory_name"),
                FieldPanel("signatory_rank"),
                FieldPanel("signatory_number"),
            ],
            heading="Blok tanda tangan naskah cetak",
        ),
    ]

    class Meta:
        abstract = True
