"""What is dear to find and holds until something public changes: counts, where pages begin, the lines of an item.

Without somebody who knows when that is (``use``), each is found anew every time.
"""

from collections.abc import Callable


def _find_anew(key, find: Callable):
    return find()


_remember: Callable = _find_anew


def use(remember: Callable) -> None:
    """Let ``remember(key, find)`` answer from now on; called from the ``AppConfig.ready`` of whoever knows."""
    global _remember
    _remember = remember


def recall(key: tuple, find: Callable):
    """Return what ``find`` would return, remembered while nothing public changes."""
    return _remember(key, find)
