"""Take a piece away from code that is imported already: its functions get the code that the edited source gives them.

Whoever holds a function, under any name and behind any decorator, holds the edited one. What runs once, while a module
is imported, is past editing: ``NotLive`` says so, and a process of its own has to import the edited source.
"""

import gc
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType

from .removal import Removal


class NotLive(Exception):
    """The edit reaches beyond functions that still stand as they were imported."""


def take_away(removal: Removal) -> None:
    """Edit the functions of a module that is imported."""
    path = sys.modules[removal.module].__file__
    source = Path(path).read_text()
    before, after = (compile(text, path, "exec", dont_inherit=True) for text in (source, removal.edit(source)))
    changed = dict(_pair(before, after))
    functions = [found for found in gc.get_objects() if type(found) is FunctionType and found.__code__ in changed]
    functions = [function for function in functions if function.__code__.co_filename == path]
    if not functions:
        raise NotLive(f"no function of {removal.where} is left")
    for function in functions:
        after = changed[function.__code__]
        if len(after.co_freevars) != len(function.__code__.co_freevars):
            raise NotLive(f"{after.co_qualname} has other free names")
        function.__code__ = after


def _pair(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield each function that differs with what it becomes."""
    is_function = bool(before.co_flags & inspect.CO_OPTIMIZED)
    inner, new = _list_inner(before), _list_inner(after)
    differs = _describe(before) != _describe(after) or len(inner) != len(new)
    if differs and not is_function:
        raise NotLive(f"{before.co_qualname} runs while it is imported")
    pairs = [pair for two in zip(inner, new, strict=False) for pair in _pair(*two)]
    if is_function and (differs or pairs):
        yield before, after
    yield from pairs


def _list_inner(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _describe(code: CodeType) -> tuple:
    """Return what a piece of code does, without the numbers of its lines."""
    constants = tuple(repr(constant) for constant in code.co_consts if not isinstance(constant, CodeType))
    names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
    return code.co_code, constants, names, code.co_argcount, code.co_kwonlyargcount, code.co_flags
