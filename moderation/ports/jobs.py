"""Register and run the worker's jobs and services. Apps register theirs in ``ready()``.

Jobs run one after the other. Work that waits for a network is a service and has a thread of its own,
so that no job waits for it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connection

logger = logging.getLogger(__name__)


@dataclass
class Job:
    """One job of the worker; ``function`` returns how many items it dealt with."""

    name: str
    function: Callable[[], int]
    every_seconds: float
    due_at: float = 0.0


@dataclass(frozen=True)
class Service:
    """A thread beside the jobs; ``run`` returns when its event is set, earlier only by failing."""

    name: str
    run: Callable[[threading.Event], None]
    run_once: Callable[[], int]


#: Seconds until a service that failed is started anew.
RESTART_SECONDS = 5

_jobs: dict[str, Job] = {}
_services: dict[str, Service] = {}


def register_job(name: str, function: Callable[[], int], every_seconds: float) -> None:
    """Add a job; the same name replaces it."""
    _jobs[name] = Job(name, function, every_seconds)


def register_service(name: str, run: Callable[[threading.Event], None], run_once: Callable[[], int]) -> None:
    """Add a service; ``run_once`` is one round of it. The same name replaces it."""
    _services[name] = Service(name, run, run_once)


def run_once() -> int:
    """Run every job and one round of every service, and return how many items were dealt with."""
    rounds = [Job(service.name, service.run_once, 0) for service in _services.values()]
    return sum(_run(job) for job in [*_jobs.values(), *rounds])


def run_until(stop: threading.Event) -> None:
    """Run the services, and each job when it is due, until ``stop`` is set; finish what has begun first."""
    threads = [
        threading.Thread(target=_serve, args=(service, stop), name=service.name) for service in _services.values()
    ]
    for thread in threads:
        thread.start()
    try:
        _run_jobs(stop)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _run_jobs(stop: threading.Event) -> None:
    while not stop.is_set():
        for job in _jobs.values():
            if stop.is_set():
                return
            if job.due_at <= time.monotonic():
                _close_broken_connection()
                done = _run(job)
                # Run a job that found work again at once: more may be waiting.
                job.due_at = time.monotonic() + (0 if done else job.every_seconds)
        stop.wait(0.2)


def _close_broken_connection() -> None:
    """Test the connection where an error occurred on it, and no other: a test before each job is a query for each."""
    if connection.errors_occurred:
        close_old_connections()


def _run(job: Job) -> int:
    """Run a job; log a failure with its traceback and go on with the others."""
    try:
        return job.function()
    except Exception:
        logger.exception("Worker job %s failed", job.name)
        return 0


def _serve(service: Service, stop: threading.Event) -> None:
    """Keep a service running until ``stop`` is set; log a failure with its traceback and restart it."""
    while not stop.is_set():
        try:
            service.run(stop)
        except Exception:
            logger.exception("Worker service %s failed", service.name)
            connection.close()
            stop.wait(RESTART_SECONDS)
