"""A clock that the replay can set, so that a year of office life has the times it would have had.

Only the demo uses it, in its own process, while it replays: the steps themselves know nothing of it and take
the time from ``django.utils.timezone`` as ever. What is replaced is the ``datetime`` of that module, so that
also ``timezone.now`` given as a field's default follows.
"""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime):
    """Let Django believe, inside the block, that it is ``moment``."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    with patch.object(timezone, "datetime", Stopped):
        yield
