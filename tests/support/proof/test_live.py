"""A piece is taken away from code that is imported already, whoever holds it."""

import importlib
import sys

import pytest

from . import live
from .removal import Removal

pytestmark = pytest.mark.db_agnostic

SAMPLE = '''
import functools

LIMIT = 3

def decorated(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return ["seen", function(*arguments)]
    return wrapper

@decorated
def guard(word):
    """Words."""
    if word == "bad":
        return "refused"
    return "passed"

class Asked:
    @property
    def guard(self):
        return "refused" if LIMIT else "passed"

    def limit(self):
        return [number for number in range(5) if number < LIMIT]
'''


@pytest.fixture
def sample(tmp_path, monkeypatch):
    (tmp_path / "sample_of_guards.py").write_text(SAMPLE)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("sample_of_guards")
    del sys.modules["sample_of_guards"]


def remove(where: str, **edit) -> Removal:
    return Removal("x", f"sample_of_guards.py::{where}" if where else "sample_of_guards.py", ("tests",), **edit)


def test_whoever_holds_a_function_holds_the_edited_one(sample):
    held = sample.guard
    assert held("bad") == ["seen", "refused"]
    live.take_away(remove("guard", old='if word == "bad":', new="if False:"))
    assert held("bad") == ["seen", "passed"]
    live.take_away(remove("decorated", old='["seen", function(*arguments)]', new="function(*arguments)"))
    assert held("good") == "passed"


def test_a_property_and_what_stands_in_a_comprehension(sample):
    asked = sample.Asked()
    live.take_away(remove("Asked.guard", new='return "passed"'))
    live.take_away(remove("Asked.limit", old=" if number < LIMIT", new=""))
    assert (asked.guard, asked.limit()) == ("passed", [0, 1, 2, 3, 4])


@pytest.mark.parametrize("where", ["", "Asked"])
def test_what_runs_while_a_module_is_imported_is_past_editing(sample, where):
    edits = {"": {"old": "LIMIT = 3", "new": "LIMIT = 0"}, "Asked": {"old": "    @property\n", "new": ""}}
    with pytest.raises(live.NotLive):
        live.take_away(remove(where, **edits[where]))
