"""The worker's jobs: what is done outside requests. Apps register theirs in ``ready()``."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

logger = logging.getLogger(__name__)


@dataclass
class Job:
    """One thing to look after: ``function`` returns how many items it dealt with."""

    name: str
    function: Callable[[], int]
    every_seconds: float
    due_at: float = 0.0


_jobs: dict[str, Job] = {}


def register_job(name: str, function: Callable[[], int], every_seconds: float) -> None:
    """Add a job; the same name replaces it."""
    _jobs[name] = Job(name, function, every_seconds)


def run_once() -> int:
    """Run every job once and return how many items were dealt with."""
    return sum(_run(job) for job in _jobs.values())


def run_until(stop: threading.Event) -> None:
    """Run each job when it is due, until ``stop`` is set; the job at hand is finished first."""
    while not stop.is_set():
        for job in _jobs.values():
            if stop.is_set():
                return
            if job.due_at <= time.monotonic():
                # A database that went away since the last round is connected anew.
                close_old_connections()
                done = _run(job)
                # A job that found work looks again at once: more may be waiting.
                job.due_at = time.monotonic() + (0 if done else job.every_seconds)
        stop.wait(0.2)


def _run(job: Job) -> int:
    """Run a job; one that fails is logged in full and does not stop the others."""
    try:
        return job.function()
    except Exception:
        logger.exception("Worker job %s failed", job.name)
        return 0
