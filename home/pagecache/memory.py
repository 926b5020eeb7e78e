"""Cache in this process what stays the same while no public page changes: menus, articles, lines of lists, counts."""

import sys
import threading
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models import Field, Manager
from django.http import HttpRequest
from wagtail.blocks import Block

from . import store

#: All that is kept, in bytes; the least recently used is dropped first. A larger fact is not kept.
MAX_BYTES = 12 * 1024 * 1024
#: What a process has anyway.
_SHARED = (
    type,
    ModuleType,
    FunctionType,
    MethodType,
    BuiltinFunctionType,
    partial,
    Block,
    Field,
    HttpRequest,
    Manager,
    Storage,
)
_lock = threading.Lock()
#: Fact and weight by key.
_facts: dict[tuple, tuple] = {}
_weight = 0
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
            return _facts[key][0]
    found = find()
    weight = weigh((key, found), MAX_BYTES)
    with _lock:
        if _known_for == known_for and weight <= MAX_BYTES:
            _keep(key, found, weight)
    return found


def _keep(key, found, weight) -> None:
    global _weight
    _drop(key)
    _facts[key] = (found, weight)
    _weight += weight
    while _weight > MAX_BYTES:
        _drop(next(iter(_facts)))


def _drop(key) -> None:
    global _weight
    _found, weight = _facts.pop(key, (None, 0))
    _weight -= weight


def _forget_all_but(known_for) -> None:
    global _known_for, _weight
    if _known_for != known_for:
        _facts.clear()
        _known_for, _weight = known_for, 0


def weigh(fact, most: int) -> int:
    """Return the bytes of an object and all that it holds, without what is shared; more than ``most`` is not told."""
    seen: set[int] = set()
    todo, total = [fact], 0
    while todo and total <= most:
        each = todo.pop()
        if id(each) in seen or isinstance(each, _SHARED):
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        if isinstance(each, dict):
            todo += each.keys()
            todo += each.values()
        elif isinstance(each, (list, tuple, set, frozenset)):
            todo += each
        elif hasattr(each, "__dict__"):
            todo.append(each.__dict__)
    return total
