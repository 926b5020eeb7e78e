"""Settings of the office's own procedure, editable in the admin; they begin as the office's file has them."""

from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from moderation.ports.office import get_fact
from moderation.scanner.redaction import is_contact, mask
from moderation.sop.numbering import format_number


class LetterheadSettings(models.Model):
    """Letterhead and signature block, part of the office's settings."""

    letterhead_parent = models.CharField(
        "instansi induk", max_length=150, blank=True, default=partial(get_fact, "government")
    )
    letterhead_office = models.CharField("nama kantor", max_length=150, default=partial(get_fact, "name"))
    letterhead_address = models.CharField(
        "alamat kantor",
        max_length=200,
        blank=True,
        default=partial(get_fact, "address_line"),
        help_text="Satu baris di bawah nama kantor. Opsional.",
    )
    signing_place = models.CharField(
        "tempat penandatanganan", max_length=100, blank=True, default=partial(get_fact, "place")
    )
    signatory_title = models.CharField(
        "jabatan penanda tangan", max_length=150, default=partial(get_fact, "signatory_title")
    )
    signatory_name = models.CharField(
        "nama penanda tangan",
        max_length=150,
        blank=True,
        default=partial(get_fact, "signatory_name"),
        help_text="Dengan gelar. Bila kosong, dicetak garis untuk diisi dengan tangan.",
    )
    signatory_rank = models.CharField(
        "pangkat, golongan", max_length=100, blank=True, default=partial(get_fact, "signatory_rank")
    )
    signatory_number = models.CharField("NIP", max_length=30, blank=True, default=partial(get_fact, "signatory_number"))

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


@register_setting(icon="clipboard-list", order=910)
class OfficeProcedure(LetterheadSettings, BaseGenericSetting):
    """Number format, standing columns of the register, and who may carry out row 8."""

    number_template = models.CharField(
        "format nomor register",
        max_length=100,
        default="{urut:03}/{kode}/{bulan_romawi}/{tahun}",
        help_text="Boleh memuat {urut}, {urut:03}, {kode}, {bulan_romawi}, {tahun}.",
    )
    archive_code = models.CharField("kode arsip", max_length=20, default=partial(get_fact, "archive_code"))
    custodian = models.CharField(
        "pejabat/unit yang menguasai informasi",
        max_length=150,
        default=partial(get_fact, "custodian"),
    )
    responsible = models.CharField(
        "penanggung jawab",
        max_length=150,
        default=partial(get_fact, "responsible"),
    )
    retention = models.CharField("jangka waktu simpan", max_length=100, default="Belum ditetapkan")
    sekretaris_may_publish = models.BooleanField(
        "Sekretaris boleh menayangkan sendiri",
        default=True,
        help_text="Baris 7 SOP: materi dapat ditayangkan oleh Sekretaris. Tercatat dalam jejak "
        "audit sebagai penayangan oleh Sekretaris.",
    )

    verifier_may_not_order = models.BooleanField(
        "pejabat yang memverifikasi tidak memerintahkan tayang",
        default=False,
        help_text="Bila dicentang, perintah tayang diterbitkan oleh orang lain daripada yang memverifikasi versi itu. "
        "SOP membolehkan satu orang yang memegang kedua peran; bila itu terjadi, berkas materi menyebutnya.",
    )

    official_contacts = models.TextField(
        "nomor dan surel resmi kantor",
        blank=True,
        help_text="Satu nomor atau alamat surel pada setiap baris, misalnya nomor WhatsApp layanan. Pemeriksaan data "
        "pribadi tidak menandainya. Jangan memasukkan nomor pribadi.",
    )

    post_age_limit = models.PositiveSmallIntegerField(
        "batas umur unggahan (jam)",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text="Unggahan media sosial yang belum terkirim setelah batas ini, misalnya karena gangguan, menunggu "
        "keputusan petugas dan tidak dikirim begitu saja.",
    )

    second_factor_from = models.DateField(
        "faktor kedua wajib mulai",
        null=True,
        blank=True,
        help_text="Mulai tanggal ini Sekretaris, Bidang, PPID Pembantu dan pengelola situs hanya dapat bekerja setelah "
        "memasang faktor kedua (aplikasi kode atau passkey). Sebelumnya mereka diingatkan. Kosong: tidak wajib.",
    )

    panels = [
        MultiFieldPanel([FieldPanel("number_template"), FieldPanel("archive_code")], heading="Penomoran"),
        MultiFieldPanel(
            [FieldPanel("custodian"), FieldPanel("responsible"), FieldPanel("retention")],
            heading="Kolom tetap daftar publikasi",
        ),
        MultiFieldPanel(
            [FieldPanel("sekretaris_may_publish"), FieldPanel("verifier_may_not_order")], heading="Pemisahan tugas"
        ),
        FieldPanel("post_age_limit"),
        MultiFieldPanel([FieldPanel("official_contacts")], heading="Pemeriksaan data pribadi"),
        MultiFieldPanel([FieldPanel("second_factor_from")], heading="Masuk ke halaman pengelolaan"),
        *LetterheadSettings.letterhead_panels,
    ]

    class Meta:
        verbose_name = "prosedur kantor"

    def __str__(self):
        return str(self._meta.verbose_name)

    def get_official_contacts(self) -> list[str]:
        """Return the office's own numbers and addresses, one an entry."""
        return [line.strip() for line in self.official_contacts.splitlines() if line.strip()]

    def clean(self):
        super().clean()
        wrong = [line for line in self.get_official_contacts() if not is_contact(line)]
        if wrong:
            lines = "; ".join(mask(line)[:60] for line in wrong[:5])
            raise ValidationError(
                {"official_contacts": f"Bukan nomor telepon, nomor rekening kantor, atau alamat surel: {lines}."}
            )
        try:
            format_number(self.number_template, 1, self.archive_code, 1, 2026)
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            raise ValidationError(
                {"number_template": "Format nomor tidak dikenali. Gunakan hanya kode yang ada."}
            ) from error
