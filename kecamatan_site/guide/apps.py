from django.apps import AppConfig


class GuideConfig(AppConfig):
    """The user guide."""

    name = "kecamatan_site.guide"
    label = "guide"
    verbose_name = "Panduan"
