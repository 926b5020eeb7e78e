from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    """Front page, reference pages and the office's settings."""

    name = "home"
    verbose_name = "Situs"

    def ready(self):
        from moderation.evidence import audit_labels
        from moderation.evidence.own_contacts import register_allowed
        from moderation.management.proof.checks import register_check, register_list
        from moderation.ports.jobs import register_job, register_service
        from news.cards.brand import register_brand

        from .served import items, lists
        from .serving import front_server, leftovers, redirects, site_address
        from .starter import site_tree
        from .watch import looking, manifest

        site_tree.connect(self)
        register_check("served", "alamat warga", items.take_part)
        register_check("lists", "daftar warga", lists.take_part)
        register_list("feeds", "umpan", lists.find_missing_in_feeds)
        register_list("sitemap", "peta situs", lists.find_missing_in_sitemap)
        redirects.connect()
        checks.register(front_server.check_installed, checks.Tags.security, deploy=True)
        checks.register(site_address.check_one_site, checks.Tags.database)
        register_allowed(get_office_contacts)
        register_brand(get_card_brand)
        audit_labels.register_labels(site_address.AUDIT_LABELS)
        audit_labels.register_labels(manifest.AUDIT_LABELS)
        register_service("penjaga situs", looking.run, looking.look_if_due)
        if settings.MEDIA_STORE:
            register_job("salinan berkas", leftovers.drop_copies, leftovers.COPIES_SECONDS)
        post_migrate.connect(site_address.set_up, sender=self)


def get_office_contacts() -> list[str]:
    """Return the contacts in the office's settings, which the check for personal data allows."""
    from .models import OfficeSettings

    contacts = OfficeSettings.objects.values_list("phone", "email")
    return [entry for pair in contacts for entry in pair if entry]


def get_card_brand():
    """Return name and logo for the drawn cards."""
    from .layout.brand import get_brand

    return get_brand()
