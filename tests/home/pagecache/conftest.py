"""A folder for kept pages."""

import pytest

from home.pagecache import generation


@pytest.fixture
def pages(settings, tmp_path, db):
    """A folder for kept pages that is up to date."""
    settings.PAGES_ROOT = tmp_path / "pages"
    settings.SITE_URL = "https://situs.contoh"
    settings.SECURE_PROXY_SSL_HEADER = None
    generation.take_over()
    return tmp_path / "pages" / "live" / "pages"
