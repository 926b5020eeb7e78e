"""The worker's heartbeat: a row that each worker writes as one of its jobs, so that it stops when the jobs stop."""

import os
import socket
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from .models import Heartbeat

EVERY = timedelta(seconds=30)
#: One long job, such as a picture of twenty megapixels, holds the next beat up.
ALIVE = timedelta(minutes=3)
_FORGOTTEN = timedelta(days=1)


def beat() -> int:
    """Write down that this worker's jobs came round; a job of the worker, which found no work."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(worker=f"{socket.gethostname()[:100]}:{os.getpid()}", defaults={"beat_at": now})
    Heartbeat.objects.filter(beat_at__lt=now - _FORGOTTEN).delete()
    return 0


def count_alive() -> int:
    """Return how many workers run."""
    return Heartbeat.objects.filter(beat_at__gt=timezone.now() - ALIVE).count()


def get_last() -> datetime | None:
    """Return when any worker last came round, None where none ever did."""
    return Heartbeat.objects.aggregate(last=Max("beat_at"))["last"]
