"""People, items and the browserless admin client of the moderation tests."""

import pytest

from tests.factories import PASSWORD, Office


@pytest.fixture
def office(db):
    """The office with all its people."""
    return Office.open()


@pytest.fixture
def log_in(client):
    """Log the test client in as one of the office's people and return it."""

    def _log_in(user):
        assert client.login(username=user.username, password=PASSWORD)
        return client

    return _log_in
