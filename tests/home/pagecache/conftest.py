"""The production stack before readers."""

import pytest

from tests.support.front.stack import running_front


@pytest.fixture
def front(programs, transactional_db, settings, tmp_path):
    """The site behind nginx, on this test's database and files."""
    with running_front(tmp_path, {}, settings.DATA_DIR, programs=programs) as site:
        yield site
