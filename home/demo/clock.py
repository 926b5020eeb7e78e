"""Set the clock during the demo's replay.

Used by the demo alone, in its own process. Replaces ``datetime`` in ``django.utils.timezone``, so that ``timezone.now``
as a field's default follows, too.
"""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime):
    """Let ``timezone.now()`` return ``moment`` inside the block."""

    class AnyMoment(type):
        """Every datetime is an instance, as Django asks before it tells a time in the office's zone."""

        def __instancecheck__(cls, value):
            return isinstance(value, datetime)

    class Stopped(datetime, metaclass=AnyMoment):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    with patch.object(timezone, "datetime", Stopped):
        yield
