"""What this process remembers of long lists while no public page changes."""

import threading

from . import generation, store

#: Lists are many, readers look at few: the least recently asked for is forgotten first.
MAX_FACTS = 500
_lock = threading.Lock()
_facts: dict = {}
_known_for: int | None = None


def remember(key: tuple, find):
    """Return what was found for this generation, else what is found now.

    What is found while a change commits may be newer than the generation it is kept for, never older, and that
    generation is over then.
    """
    number = generation.get_settled_number() if store.is_on() else None
    if number is None:
        return find()
    with _lock:
        _forget_all_but(number)
        if key in _facts:
            _facts[key] = _facts.pop(key)
            return _facts[key]
    found = find()
    with _lock:
        if _known_for == number:
            _facts[key] = found
            while len(_facts) > MAX_FACTS:
                del _facts[next(iter(_facts))]
    return found


def _forget_all_but(number) -> None:
    global _known_for
    if _known_for != number:
        _facts.clear()
        _known_for = number
