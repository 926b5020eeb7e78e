"""Cache in this process what stays the same while no public page changes: menus, lines of lists, counts."""

import threading

from django.conf import settings

from . import store

#: Entries, most of about 2 kB; the least recently used is dropped first.
MAX_FACTS = 5000
_lock = threading.Lock()
_facts: dict = {}
_known_for: tuple | None = None


def get_or_compute(key: tuple, find):
    """Return the cached result of ``find()`` for the generation this machine is at; call it where there is none.

    The result may be newer than that generation, never older. After a commit it is served until the machine catches
    up; a page rendered with it is not kept.
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
