"""Cache results until something public changes: counts, page starts, teasers.

The app that tracks public changes registers its cache with ``use``; without one nothing is cached.
"""

from collections.abc import Callable


def _compute(key, find: Callable):
    return find()


_get_or_compute: Callable = _compute


def use(get_or_compute: Callable) -> None:
    """Use ``get_or_compute(key, find)`` as the cache; called from an ``AppConfig.ready``."""
    global _get_or_compute
    _get_or_compute = get_or_compute


def cached_until_change(key: tuple, find: Callable):
    """Return ``find()``, cached until something public changes."""
    return _get_or_compute(key, find)


def cached_for_anybody(request, key: tuple, find: Callable):
    """Return ``find()``, cached until something public changes where the request has no cookie.

    A request with one reads the database: people who are signed in, and the proof of what citizens get.
    """
    return find() if request.COOKIES else _get_or_compute(key, find)
