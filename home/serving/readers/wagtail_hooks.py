from django.urls import path
from wagtail import hooks

from .views import ReadersView


@hooks.register("register_admin_urls")
def register_readers_urls():
    """Register the report on readers."""
    return [
        path("laporan/pembaca/", ReadersView.as_view(), name="readers"),
        path("laporan/pembaca/pdf/", ReadersView.as_view(as_pdf=True), name="readers_pdf"),
    ]
