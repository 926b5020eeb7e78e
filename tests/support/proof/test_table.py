"""The table of `make prove-tests` is whole: it names code and tests that exist, and leaves no guard out."""

import ast
import functools
import re

import pytest

from home.pagecache.triggers import get_notes
from moderation.evidence.triggers import PREFIX, get_triggers

from .removal import BASE_DIR, BOTH, NothingToTakeAway, Removal, get_pattern
from .table import REMOVALS

pytestmark = pytest.mark.db_agnostic

DOCUMENT = BASE_DIR / "docs" / "invariants.md"
INVARIANTS = dict(re.findall(r"^## (I\d+) [^\n]*\n(.*?)(?=^## )", DOCUMENT.read_text(), re.M | re.S))


def read(path) -> str:
    return (BASE_DIR / path).read_text()


@functools.cache
def parse(path) -> ast.Module:
    return ast.parse(read(path))


def test_each_row_takes_away_code_that_exists():
    for removal in REMOVALS:
        source = read(removal.path)
        assert ast.dump(ast.parse(removal.edit(source))) != ast.dump(ast.parse(source)), removal.name


def test_each_row_names_tests_that_exist():
    assert all(removal.tests for removal in REMOVALS)
    for address in {address for removal in REMOVALS for address in removal.tests}:
        path, *names = re.sub(r"\[.*\]$", "", address).split("::")
        body = parse(path).body
        for name in names:
            found = [node for node in body if getattr(node, "name", None) == name]
            assert found, address
            body = found[0].body


def test_no_two_rows_are_the_same():
    names = [removal.name for removal in REMOVALS]
    edits = [(removal.where, removal.old, removal.new) for removal in REMOVALS]
    assert len(set(names)) == len(names)
    assert len(set(edits)) == len(edits)


@pytest.mark.parametrize("vendor", BOTH)
def test_each_trigger_of_the_guard_has_its_row(vendor):
    triggers = [trigger.name for trigger in get_triggers(vendor)]
    rows = [removal for removal in REMOVALS if removal.where.endswith("evidence/triggers.py::install_all")]
    assert sorted(removal.name.removeprefix("trigger: ") for removal in rows) == sorted(triggers)
    assert {removal.databases for removal in rows} == {BOTH}


@pytest.mark.parametrize("vendor", BOTH)
def test_each_note_of_the_page_cache_is_in_one_set(vendor):
    patterns = [get_pattern(removal) for removal in REMOVALS if removal.path == "home/pagecache/triggers.py"]
    names = [note.name for note in get_notes(vendor)]
    assert [name for name in names if sum(bool(pattern.fullmatch(name)) for pattern in patterns) != 1] == []
    assert [pattern for pattern in patterns if not any(map(pattern.fullmatch, names))] == []


def list_layers() -> list[str]:
    """Return the layers of the first table of docs/invariants.md."""
    table = DOCUMENT.read_text().partition("\n## ")[0]
    return [re.sub(r" \(.*", "", line).strip() for line in re.findall(r"^\| ([^|]+) \|", table, re.M)[1:]]


#: The layers that have rows of a kind of their own.
KINDS = {
    "guard": "guard:",
    "triggers": "trigger:",
    "audit log": "I11:",
    "nightly proof": "I1: every night",
    "witness": "proof: the witness",
}


def test_each_layer_has_a_row():
    layers = list_layers()
    assert len(layers) > 10
    starts = [KINDS.get(layer, "I9:" if layer == "outbox" else f"layer: {layer}") for layer in layers]
    assert [start for start in starts if not any(row.name.startswith(start) for row in REMOVALS)] == []


def test_the_document_has_all_twelve():
    assert list(INVARIANTS) == [f"I{number}" for number in range(1, 13)]


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_each_piece_of_code_that_holds_an_invariant_has_a_row(invariant):
    """The code that the tables name, and the triggers; a row may take away a part of what is named."""
    cells = re.findall(r"^\| [^|]+ \| (.*) \|$", INVARIANTS[invariant], re.M)[1:]
    named = re.findall(r"`([\w/]+(?:\.py)?(?:::[\w.]+|/)?)`", "\n".join(cells))
    code = [name for name in named if "/" in name]
    assert code
    assert [name for name in code if not any(row.where.startswith(name) for row in REMOVALS)] == []
    rows = {row.name for row in REMOVALS}
    assert [name for name in named if name.startswith(PREFIX) and f"trigger: {name[len(PREFIX) :]}" not in rows] == []


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_each_invariant_names_its_rows(invariant):
    words = " ".join(INVARIANTS[invariant].split())
    [named] = re.findall(rf'Taken away by `make prove-tests ARGS="{invariant}:"`: ([^.]+)\.', words)
    rows = [row.name.partition(": ")[2] for row in REMOVALS if row.name.startswith(f"{invariant}:")]
    assert rows
    assert named.split("; ") == rows


@pytest.mark.parametrize(
    ("where", "old"),
    [
        ("moderation/evidence/guards.py::guard_nothing", ""),
        ("moderation/evidence/guards.py::guard_page", "if nothing of the kind:"),
        ("moderation/evidence/guards.py::guard_page", "return"),
    ],
)
def test_a_row_without_its_code_is_an_error(where, old):
    with pytest.raises(NothingToTakeAway):
        Removal("x", where, ("tests",), old=old).edit(read("moderation/evidence/guards.py"))
