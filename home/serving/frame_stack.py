"""Room on Python's stack of frames, taken once instead of again and again.

CPython 3.11 keeps frames in chunks of 16 KB; it maps one when a call crosses the end of the last, and unmaps it when
that call returns. A loop that calls a function just there pays two system calls and a page fault each time round: up
to 3,000 for one screen of the desk. A chunk is made as large as its first frame needs, rounded up to a power of two,
and what remains of it holds the frames of all that is called from there.
"""

from collections.abc import Callable
from typing import Any

#: Slots of one pointer that the first frame asks for: just over half of 1 MiB, so that nearly half remains for others.
_SLOTS = 66_000


def _call(function: Callable, arguments: tuple) -> Any:
    return function(*arguments)


# A larger stack than the code uses; CPython does not write to what is not used.
_call.__code__ = _call.__code__.replace(co_stacksize=_SLOTS)


def with_room(function: Callable) -> Callable:
    """Return the function with half a mebibyte for the frames of what it calls; meant for a process's loop."""
    return lambda *arguments: _call(function, arguments)
