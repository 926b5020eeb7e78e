"""Facts of the office's file (``kecamatan.toml``), as models name them for their first values."""

from typing import Any

from django.conf import settings


def get_fact(name: str) -> Any:
    """Return a fact of the office by its field of ``kecamatan_site.settings.office.Office``."""
    return getattr(settings.OFFICE_FACTS, name)
