from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class PageCacheConfig(AppConfig):
    """The page cache."""

    name = "home.pagecache"
    label = "pagecache"
    verbose_name = "Halaman tersimpan"

    def ready(self):
        from wagtail.models import ReferenceIndex

        from home.models import OfficeSettings
        from moderation.evidence.trigger_check import register_neighbours
        from moderation.ports.jobs import register_service
        from news import memo

        from . import generation, memory, triggers, updater

        # Wagtail does not index the references of settings by itself.
        ReferenceIndex.register_model(OfficeSettings)
        pre_migrate.connect(triggers.drop_all, sender=self)
        post_migrate.connect(triggers.install_all, sender=self)
        register_neighbours(triggers.list_statements)
        memo.use(memory.get_or_compute)
        register_service("halaman tersimpan", updater.run, generation.catch_up)
