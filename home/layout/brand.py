"""Name and logo on drawn cards, from the office's settings."""

from django.conf import settings

from home.models import OfficeSettings
from news.cards.brand import Brand

DEMO = "Situs contoh. Seluruh berita adalah data rekaan."


def get_brand() -> Brand:
    """Return name, subtitle and logo; a demo's subtitle says that it is one."""
    stored = OfficeSettings.objects.filter(site__is_default_site=True).select_related("logo").first()
    office = stored or OfficeSettings()
    line = DEMO if office.is_demo else office.parent_body
    return Brand(office.office_name, line, office.logo, settings.OFFICE_FACTS.colours)
