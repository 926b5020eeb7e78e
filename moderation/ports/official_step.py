"""The mark that a step of the SOP is being taken: bookkeeping may move only under it."""

from contextlib import contextmanager
from contextvars import ContextVar

_official: ContextVar[bool] = ContextVar("official_step", default=False)


@contextmanager
def official_step():
    """Mark the block as part of a step; used by the transition function and by set-up alone."""
    token = _official.set(True)
    try:
        yield
    finally:
        _official.reset(token)


def in_official_step() -> bool:
    """Say whether a step is being taken in this thread of control."""
    return _official.get()
