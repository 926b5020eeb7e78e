"""Models of the disposition (Lembar disposisi), an item and register row, and of its materials."""

from pathlib import PurePath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.urls import reverse

from moderation import sop
from moderation.ports.exceptions import GuardViolation
from moderation.sop import choices
from moderation.uploads import materials

from .roles import Holders


class RegisterYear(models.Model):
    """The running numbers of one year; its row is locked while a number is drawn (no gaps)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_sequence = models.PositiveIntegerField(default=0)
    last_order_sequence = models.PositiveIntegerField(default=0)
    last_letter_sequence = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "tahun register"

    def __str__(self):
        return str(self.year)


class DispositionQuerySet(models.QuerySet):
    def open(self):
        """Filter items that wait for a step."""
        return self.filter(state__in=sop.OPEN_STATES)

    def ended(self):
        """Filter items that wait for no step.

        Exclude the other states instead of listing these: with a list, SQLite sorts all rows instead of
        reading an index in the order of time.
        """
        return self.exclude(state__in=sop.OPEN_STATES)

    def at_step(self, *steps):
        """Filter items that wait at one of these steps."""
        return self.filter(state__in=sop.states_at(*steps))


class Matter(models.Model):
    """What is to be published and why: the fields that a proposal and its disposition share."""

    class Origin(models.TextChoices):
        """The four "Keterkaitan" of the SOP's header."""

        LETTER = "surat_masuk", "Surat masuk"
        ACTIVITY = "kegiatan", "Penyelenggaraan kegiatan"
        WEBSITE = "pengelolaan_website", "Pengelolaan website"
        SOURCE = "narasumber", "Narasumber informasi"

    class Kind(models.TextChoices):
        """The item's kind on the website; each kind has its own list there."""

        NEWS = "berita", "Berita"
        ANNOUNCEMENT = "pengumuman", "Pengumuman"
        EVENT = "agenda", "Agenda"
        GALLERY = "galeri", "Galeri"

    origin = models.CharField("asal", max_length=30, choices=Origin.choices)
    kind = models.CharField("jenis materi", max_length=20, choices=Kind.choices, default=Kind.NEWS)
    subject = models.CharField("perihal", max_length=200)
    instructions = models.TextField("isi/catatan", blank=True)
    activity_name = models.CharField("nama kegiatan", max_length=200, blank=True)
    activity_date = models.DateField("tanggal kegiatan", null=True, blank=True)
    activity_place = models.CharField("tempat kegiatan", max_length=200, blank=True)
    source_person = models.CharField(
        "narasumber", max_length=200, blank=True, help_text="Jabatan atau lembaga narasumber."
    )
    source_note = models.TextField(
        "letak bahan hardcopy",
        blank=True,
        help_text="Misalnya: map kegiatan di meja Subbagian Umum. Wajib diisi bila tidak ada berkas yang diunggah.",
    )

    #: The item whose text the draft begins with, a yearly event for one; nothing of its verification comes along.
    based_on = models.ForeignKey(
        "moderation.Disposition", verbose_name="materi lama", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class Disposition(Matter):
    """One item of the "Daftar informasi yang akan dipublikasikan", from row 1 to SELESAI.

    ``state``, ``round``, ``version`` and all that follows from a step are written by
    ``transitions.take`` alone. Never deleted: cancelling needs a reason (I7).
    """

    class Priority(models.TextChoices):
        """Sifat. "Rahasia" contradicts publication and is refused."""

        ORDINARY = "biasa", "Biasa"
        URGENT = "segera", "Segera"
        VERY_URGENT = "sangat_segera", "Sangat segera"
        SECRET = "rahasia", "Rahasia"

    class Request(models.TextChoices):
        """Dengan hormat harap."""

        PREPARE = "siapkan", "Siapkan materi publikasi"
        RESPOND = "tanggapan", "Tanggapan dan saran"
        PROCESS = "proses", "Proses lebih lanjut"
        COORDINATE = "koordinasi", "Koordinasi/konfirmasi"

    register_year = models.PositiveSmallIntegerField()
    register_sequence = models.PositiveIntegerField()
    register_number = models.CharField("nomor register", max_length=64, unique=True)

    priority = models.CharField("sifat", max_length=20, choices=Priority.choices, default=Priority.ORDINARY)
    request = models.CharField("dengan hormat harap", max_length=20, choices=Request.choices, default=Request.PREPARE)

    #: The letter of the agenda it was issued from; the sheet's own fields are a copy of that day.
    letter = models.ForeignKey(
        "moderation.IncomingLetter",
        verbose_name="surat masuk",
        null=True,
        on_delete=models.PROTECT,
        related_name="dispositions",
    )
    #: The proposal that was turned into it. A proposal becomes one disposition at most.
    proposal = models.OneToOneField(
        "moderation.Proposal", verbose_name="usulan", null=True, on_delete=models.PROTECT, related_name="disposition"
    )
    letter_sender = models.CharField("surat dari", max_length=200, blank=True)
    letter_number = models.CharField("nomor surat", max_length=100, blank=True)
    letter_date = models.DateField("tanggal surat", null=True, blank=True)
    received_date = models.DateField("diterima tanggal", null=True, blank=True)
    agenda_number = models.CharField("nomor agenda", max_length=50, blank=True)

    issued_at = models.DateTimeField("tanggal disposisi")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="staf yang ditugaskan",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: By ``register_item`` lists of pages fetch their items at once; a page itself asks ``ModeratedPage.disposition``.
    page = models.OneToOneField("wagtailcore.Page", null=True, on_delete=models.PROTECT, related_name="register_item")
    classification = models.CharField(
        "klasifikasi informasi", max_length=20, choices=choices.list_classifications, blank=True
    )

    #: Serta merta: the same rows, first in every queue. Ends when Bidang sets another class.
    is_urgent = models.BooleanField(
        "serta merta (jalur cepat)",
        default=False,
        help_text="Pasal 10 UU 14/2008: “Badan Publik wajib mengumumkan secara serta-merta suatu informasi yang "
        "dapat mengancam hajat hidup orang banyak dan ketertiban umum.” Pengumumannya tidak boleh ditunda. "
        "Semua baris SOP tetap dijalankan, dan materi didahulukan dalam setiap antrean.",
    )

    state = models.CharField("status", max_length=30, choices=choices.list_states)
    state_since = models.DateTimeField("sejak")
    #: Since when the item waits for its holder; the step's target is measured from here.
    step_since = models.DateTimeField("menunggu sejak", null=True)
    round = models.PositiveSmallIntegerField("putaran", default=0)
    version = models.PositiveIntegerField(default=0)
    last_note = models.TextField("catatan terakhir", blank=True)
    last_note_by = models.CharField(max_length=255, blank=True)
    #: A ralat is running: rows 5 to 8 again, while the verified version stays live.
    correcting = models.BooleanField("sedang diralat", default=False)
    #: Since when Bidang is asked to judge findings of the personal-data check, before the text is handed over.
    assessment_asked_at = models.DateTimeField("penilaian temuan diminta sejak", null=True)
    #: Why the worker could not carry out a scheduled publication or the end of an order, in words for a person.
    schedule_error = models.TextField(blank=True)

    #: The row as it was read.
    _loaded_values: dict[str, Any]

    objects = DispositionQuerySet.as_manager()

    class Meta:
        verbose_name = "disposisi"
        verbose_name_plural = "disposisi"
        ordering = ["-register_year", "-register_sequence"]
        constraints = [
            models.UniqueConstraint(fields=["register_year", "register_sequence"], name="register_number_per_year")
        ]
        indexes = [
            models.Index(fields=["state", "is_urgent", "state_since"], name="disposition_queue"),
            models.Index(fields=["state", "is_urgent", "step_since"], name="disposition_due"),
            models.Index(fields=["-state_since", "-id"], name="disposition_latest"),
            models.Index(
                fields=["assessment_asked_at"],
                name="disposition_asked",
                condition=Q(assessment_asked_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.register_number} {self.subject}"

    @classmethod
    def from_db(cls, db, field_names, values):
        """Keep the values as read, so that ``save_changes`` knows what a step has changed."""
        item = super().from_db(db, field_names, values)
        item._loaded_values = dict(zip(field_names, values, strict=True))
        return item

    def save_changes(self) -> None:
        """Write the fields that differ from the row as it was read."""
        loaded = self._loaded_values
        names = [field.attname for field in self._meta.concrete_fields]
        self.save(update_fields=[name for name in names if getattr(self, name) != loaded[name]])
        loaded.update((name, getattr(self, name)) for name in names)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Baris register tidak dapat dihapus. Batalkan disposisi dengan alasan.")

    def get_absolute_url(self):
        return reverse("moderation:worksheet", args=[self.pk])

    @property
    def step(self) -> sop.Step | None:
        """The step of the SOP at which the item waits, None when it waits for nobody."""
        return sop.step_of(self.state)

    @property
    def holders(self) -> Holders | None:
        """Who holds the role of the item's step today, read once for this object and role; None when it has ended."""
        if self.step is None:
            return None
        known = self.__dict__.get("_holders")
        if known is None or known.role != self.step.role:
            known = self._holders = Holders.find(self.step.role)
        return known

    @property
    def state_label(self) -> str:
        label = sop.get_state(self.state).label
        return f"Ralat: {label[:1].lower()}{label[1:]}" if self.correcting else label

    @property
    def duty(self) -> str:
        """What is to be done with the item now: "harus dikoreksi"; "" when it has ended."""
        return sop.get_state(self.state).duty

    def get_page(self):
        """Read the item's page in its own class, as last published; None before row 5."""
        return self._read_page(apps.get_model(settings.MODERATED_PAGE_MODEL).objects.all())

    def get_text_to_copy(self):
        """Return the page of the item that this one is based on, as citizens read it; None where they read none."""
        page = self.based_on.get_page() if self.based_on is not None else None
        return page if page is not None and page.live else None

    def get_draft(self):
        """Return the item's page with the text of its newest revision; None before row 5."""
        pages = apps.get_model(settings.MODERATED_PAGE_MODEL).objects.select_related("latest_revision")
        page = self._read_page(pages)
        if page is None or page.latest_revision is None:
            return page
        return page.with_content_json(page.latest_revision.content)

    def read_newest_content(self) -> dict | None:
        """Read the content of the page's newest revision, knowing no more than the item's key; None before row 5."""
        own = Disposition.objects.filter(pk=self.pk)
        return own.values_list("page__latest_revision__content", flat=True).get()

    def read_version(self, revision):
        """Read the item's page as it is in one of its revisions."""
        revision.content_object = self.get_page()
        version = revision.as_object()
        version.revision_read = revision
        return version

    def _read_page(self, pages):
        """Read the row again: a page object in memory may be older than the newest revision."""
        if self.page_id is None:
            return None
        page = pages.get(pk=self.page_id)
        page.disposition = self
        return page


def private_storage():
    """Return the storage of source material, which has no public URL."""
    return storages["private"]


class SourceMaterial(models.Model):
    """Source material (Bahan) of row 1 in softcopy, opened on the desk alone; it may come with a proposal."""

    disposition = models.ForeignKey(Disposition, null=True, on_delete=models.PROTECT, related_name="materials")
    proposal = models.ForeignKey("moderation.Proposal", null=True, on_delete=models.PROTECT, related_name="materials")
    file = models.FileField("berkas", upload_to="bahan/%Y/%m", storage=private_storage)
    name = models.CharField("nama berkas", max_length=255)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "bahan"
        verbose_name_plural = "bahan"
        constraints = [
            models.CheckConstraint(
                condition=Q(disposition__isnull=False) | Q(proposal__isnull=False), name="material_belongs"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_image(self) -> bool:
        return (self.shown_type or "").startswith("image/")

    @property
    def shown_type(self) -> str | None:
        """The content type under which a browser may show the file in place; None: download only."""
        return materials.SHOWN_TYPES.get(PurePath(self.name).suffix.lower().lstrip("."))
