"""The office, for tests of what surrounds the news."""

import pytest

from tests.factories import Office


@pytest.fixture
def office(db):
    """The office with all its people."""
    return Office.open()


@pytest.fixture
def news(office):
    """A live news item."""
    return office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu")).get_page()
