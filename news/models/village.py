from django.db import models
from wagtail.admin.panels import FieldPanel, TitleFieldPanel

from .words import Named


class Village(Named):
    """One of the villages by which citizens find an item; in use it cannot be deleted."""

    name = models.CharField(
        "nama",
        max_length=80,
        unique=True,
        help_text="Tanpa kata “Desa”, misalnya: Sukamaju. Berita yang sudah diverifikasi tetap memakai nama yang "
        "diverifikasi.",
    )
    slug = models.SlugField(
        "alamat",
        max_length=80,
        unique=True,
        help_text="Bagian alamat daftar berita desa, misalnya: sukamaju. Huruf kecil, angka, dan tanda hubung.",
    )
    code = models.CharField(
        "kode wilayah", max_length=20, unique=True, help_text="Kode Kemendagri, misalnya: 31.01.01.2001."
    )

    panels = [
        TitleFieldPanel("name", targets=["slug"], placeholder="Nama desa"),
        FieldPanel("slug"),
        FieldPanel("code"),
    ]

    class Meta:
        verbose_name = "desa"
        verbose_name_plural = "desa"
        ordering = ["code"]

    def __str__(self):
        return self.name
