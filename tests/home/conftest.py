"""The office, for tests of what surrounds the news."""

import pytest

from home.pagecache import generation
from tests.support.front.stack import running_front


@pytest.fixture
def news(office):
    """A live news item."""
    return office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu")).get_page()


@pytest.fixture
def front(programs, transactional_db, settings, tmp_path):
    """The site behind nginx, on this test's database and files."""
    with running_front(tmp_path, {}, settings.DATA_DIR, programs=programs) as site:
        yield site


@pytest.fixture
def pages(settings, tmp_path, db):
    """A folder for kept pages that is up to date."""
    settings.PAGES_ROOT = tmp_path / "pages"
    settings.SITE_URL = "https://situs.contoh"
    settings.SECURE_PROXY_SSL_HEADER = None
    generation.take_over()
    return tmp_path / "pages" / "live" / "pages"
