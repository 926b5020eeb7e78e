from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """The search of the public site."""

    name = "home.search"
    label = "site_search"
    verbose_name = "Pencarian situs"

    def ready(self):
        from . import indexing, tables

        indexing.connect()
        post_migrate.connect(tables.install, sender=self)
        post_migrate.connect(indexing.fill_when_stale, sender=self)
