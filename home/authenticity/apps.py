from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuthenticityConfig(AppConfig):
    """ "Asli atau hoaks?" and the texts of every version that was live."""

    name = "home.authenticity"
    verbose_name = "Asli atau hoaks?"

    def ready(self):
        from moderation.ports.signals import page_corrected, page_taken_down, page_went_live

        from . import storing

        page_went_live.connect(storing.on_page_went_live, dispatch_uid="authenticity_store")
        page_corrected.connect(storing.on_page_went_live, dispatch_uid="authenticity_store_correction")
        page_taken_down.connect(storing.on_page_taken_down, dispatch_uid="authenticity_past")
        post_migrate.connect(storing.on_post_migrate, sender=self)
