from django.db import models
from wagtail.admin.panels import FieldPanel, TitleFieldPanel

from .words import Named


class NewsCategory(Named):
    """The subject under which citizens find a news item; in use it cannot be deleted."""

    name = models.CharField(
        "nama",
        max_length=80,
        unique=True,
        help_text="Berita yang sudah diverifikasi tetap memakai nama yang diverifikasi.",
    )
    slug = models.SlugField(
        "alamat",
        max_length=80,
        unique=True,
        help_text="Bagian alamat halaman kategori, misalnya: kesehatan. Huruf kecil, angka, dan tanda hubung.",
    )

    panels = [TitleFieldPanel("name", targets=["slug"], placeholder="Nama kategori"), FieldPanel("slug")]

    class Meta:
        verbose_name = "kategori berita"
        verbose_name_plural = "kategori berita"
        ordering = ["name"]

    def __str__(self):
        return self.name
