"""The office, for tests of what surrounds the news."""

import pytest

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
