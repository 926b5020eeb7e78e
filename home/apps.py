from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    """Front page, reference pages and the office's settings."""

    name = "home"
    verbose_name = "Situs"

    def ready(self):
        from moderation.evidence.own_contacts import register_allowed
        from news.cards.brand import register_brand

        from .serving import front_server, redirects
        from .starter import site_tree

        site_tree.connect(self)
        redirects.connect()
        checks.register(front_server.check_installed, checks.Tags.security, deploy=True)
        register_allowed(get_office_contacts)
        register_brand(get_card_brand)
        post_migrate.connect(set_site_address, sender=self)


def get_office_contacts() -> list[str]:
    """Return the contacts in the office's settings, which the check for personal data allows."""
    from .models import OfficeSettings

    contacts = OfficeSettings.objects.values_list("phone", "email")
    return [entry for pair in contacts for entry in pair if entry]


def get_card_brand():
    """Return name and logo for the drawn cards."""
    from .layout.brand import get_brand

    return get_brand()


def set_site_address(**kwargs) -> None:
    """Set host and port of the default site to those of SITE_URL, which posts and mails link to."""
    from wagtail.models import Site

    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None and (site.hostname, site.port) != (address.hostname, port):
        site.hostname, site.port = address.hostname, port
        site.save()
