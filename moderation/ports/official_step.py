"""Mark the current context as inside a step of the SOP; guarded records are writable only there."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_official: ContextVar[bool] = ContextVar("official_step", default=False)


@contextmanager
def official_step() -> Iterator[None]:
    """Mark the block as part of a step; only for the transition function, set-up and the chain's own services."""
    token = _official.set(True)
    try:
        yield
    finally:
        _official.reset(token)


def in_official_step() -> bool:
    """Say whether a step is being taken in the current context (thread or task)."""
    return _official.get()
