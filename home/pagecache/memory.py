"""What this process remembers while no public page changes: the frame of all pages, lines of lists, their counts."""

import threading

from django.conf import settings

from . import store

#: Lists are many, readers look at few: the least recently asked for is forgotten first.
#: Most are the two kilobytes of an item in a list.
MAX_FACTS = 5000
_lock = threading.Lock()
_facts: dict = {}
_known_for: tuple | None = None


def remember(key: tuple, find):
    """Return what was found for the generation that this machine has followed to, else what is found now.

    It may be newer than that generation, never older. Until this machine follows, a reader may get it although a change
    was committed; such a page is not kept.
    """
    state = store.read_state() if store.is_on() else store.State()
    if state.number < 0:
        return find()
    known_for = (settings.PAGES_ROOT, state)
    with _lock:
        _forget_all_but(known_for)
        if key in _facts:
            _facts[key] = _facts.pop(key)
            return _facts[key]
    found = find()
    with _lock:
        if _known_for == known_for:
            _facts[key] = found
            while len(_facts) > MAX_FACTS:
                del _facts[next(iter(_facts))]
    return found


def _forget_all_but(known_for) -> None:
    global _known_for
    if _known_for != known_for:
        _facts.clear()
        _known_for = known_for
