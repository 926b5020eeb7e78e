"""Counts a text and finds its links as X does, by the rules of twitter-text-parser.

The library reads one of its own files through ``pkg_resources``, which newer setuptools no longer
have. While it loads, a stand-in reads that file; setuptools need not be installed.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any

#: Letters of an academic title; nobody writes a domain so.
TITLE = re.compile(r"[A-Z][A-Za-z]{0,3}(\.[A-Z][a-z]{0,3})+")


def weigh(text: str) -> int:
    """Return the weighted length of a text; a link weighs 23, most letters 1, emoji and CJK 2."""
    return int(_load().parse_tweet(text).weightedLength)


def find_links(text: str) -> list[str]:
    """Return what X makes a link of, bare domains included."""
    return list(_load().extract_urls(text))


def is_domain(word: str) -> bool:
    """Say whether a word without a scheme is a domain, and no academic title such as "M.Si" or "A.Md"."""
    return not TITLE.fullmatch(word) and find_links(word) == [word]


@cache
def _load() -> Any:
    with _resources_at_hand():
        return import_module("twitter_text")


@contextmanager
def _resources_at_hand() -> Iterator[None]:
    name = "pkg_resources"
    stand_in, before = ModuleType(name), sys.modules.get(name)
    stand_in.__dict__["resource_string"] = _read_beside
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before


def _read_beside(module: str, name: str) -> bytes:
    return files(module.rpartition(".")[0]).joinpath(name).read_bytes()
