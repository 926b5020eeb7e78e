"""The office, for tests of what surrounds the news."""

import pytest


@pytest.fixture
def news(office):
    """A live news item."""
    return office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu")).get_page()
