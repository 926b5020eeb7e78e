from django.db import models
from wagtail.admin.panels import FieldPanel


class Synonym(models.Model):
    """What citizens type, and the words that the site's pages have for it; read by ``home.search.lexicon.synonyms``."""

    written = models.CharField(
        "yang diketik warga",
        max_length=300,
        unique=True,
        help_text="Satu kata atau lebih, beberapa ejaan dipisahkan dengan koma. Misalnya: akte, akteh.",
    )
    meant = models.CharField(
        "kata pada halaman situs",
        max_length=200,
        blank=True,
        help_text="Beberapa kemungkinan dipisahkan dengan koma. Misalnya: akta. Kosongkan bila kata itu tidak perlu "
        "dicari selama ada kata lain, misalnya: cara, bikin.",
    )
    services_first = models.BooleanField(
        "layanan dan jam buka didahulukan",
        default=False,
        help_text="Centang bila orang yang mengetik kata ini bertanya tentang layanan: halaman layanan dan kontak "
        "tampil sebelum berita.",
    )

    panels = [FieldPanel("written"), FieldPanel("meant"), FieldPanel("services_first")]

    class Meta:
        verbose_name = "padanan kata"
        verbose_name_plural = "padanan kata"
        ordering = ["written"]

    def __str__(self):
        return self.written
