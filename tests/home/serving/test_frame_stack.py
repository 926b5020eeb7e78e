"""A web process maps memory for Python's frames once, however deep a request calls."""

import resource
from types import SimpleNamespace

import pytest

from home.pagecache import updater
from kecamatan_site import web_processes

pytestmark = pytest.mark.db_agnostic

CALLS, DEPTH = 400, 150


def leaf():
    pass


# So large that some depth leaves it no room in a chunk of CPython 3.11.
leaf.__code__ = leaf.__code__.replace(co_stacksize=200)


def count_faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def find_most_faults() -> int:
    """Return the page faults of a loop of calls, at the depth where it has most."""
    most = 0

    def go_down(left):
        nonlocal most
        before = count_faults()
        for _number in range(CALLS):
            leaf()
        most = max(most, count_faults() - before)
        if left:
            go_down(left - 1)

    go_down(DEPTH)
    return most


def test_no_depth_of_a_web_process_maps_memory_at_each_call(monkeypatch):
    monkeypatch.setattr(updater, "start", lambda: None)
    worker = SimpleNamespace(runs_jobs=False, run=find_most_faults)
    web_processes.post_worker_init(worker)
    assert worker.run() < CALLS
