"""The house as docs/architecture.md draws it: rooms, floors and arrows are those of the code."""

import ast
import inspect
import re
import tomllib
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import grimp
import pytest
from django.conf import settings

from moderation import sop
from moderation.chain.effects import EFFECTS
from news.social.channels import KINDS

pytestmark = pytest.mark.db_agnostic

ROOT = settings.BASE_DIR
PACKAGES = ("kecamatan_site", "home", "news", "moderation")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
MAX_ENTRIES = 15
#: Folders whose names and places Django gives.
OF_DJANGO = {"management", "migrations", "templatetags"}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [contract for contract in CONTRACTS if contract["type"] == "layers"]


def find_cycle(imports: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def list_packages(*roots: str):
    """Return the folders of Python files, migrations left out."""
    files = (path for root in roots for path in (ROOT / root).rglob("*.py"))
    return sorted({path.parent for path in files if "migrations" not in path.parts})


def read_table(heading: str, number: int = 0) -> list[list[str]]:
    """Return the rows of a table below a heading, the first one by default, without its head."""
    section = ARCHITECTURE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    tables = [part for part in section.split("\n\n") if part.strip().startswith("|")]
    rows = tables[number].strip().splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_a_cycle_is_found():
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}


def test_no_module_imports_itself_round_a_corner():
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    assert find_cycle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


@pytest.mark.parametrize("folder", list_packages(*PACKAGES, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_is_a_room(folder):
    """It says its one job, and one look takes in what stands in it."""
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    entries = {path.name for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert len(entries - OF_DJANGO - {"__init__.py"}) <= MAX_ENTRIES


@pytest.mark.parametrize("root", ["templates", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/static"))])
def test_templates_and_static_files_stand_in_rooms_too(root):
    found = defaultdict(set)
    for path in (ROOT / root).rglob("*"):
        found[path.parent].add(path.name)
    assert found
    assert {str(folder): len(names) for folder, names in found.items() if len(names) > MAX_ENTRIES} == {}


def read_picture() -> set[tuple[str, str, str]]:
    """Return the arrows of the picture: the package they are drawn in ("" for between packages), from, to."""
    drawn, labels, package = set(), {}, ""
    for line in re.search(r"```mermaid\n(.*?)```", ARCHITECTURE, re.S)[1].splitlines():
        if found := re.match(r'\s*subgraph \w+\["([\w.]+)"\]', line):
            package = found[1]
        elif line.strip() == "end":
            package = ""
        elif found := re.match(r'\s*(\w+)\["([^"]+)"\]$', line):
            labels[found[1]] = found[2]
        elif found := re.match(r"\s*(\w+) --> (\w+)$", line):
            drawn.add((package, *(labels.get(end, end) for end in found.groups())))
    return drawn


def test_the_picture_is_the_contracts():
    expected = set()
    for contract in LAYERS:
        [container] = contract.get("containers", [""])
        floors = [layer.replace(" | ", " · ") for layer in contract["layers"]]
        expected.update((container, above, below) for above, below in pairwise(floors))
    assert read_picture() == expected


def test_each_package_has_its_staircase():
    assert {tuple(contract.get("containers", [])) for contract in LAYERS} == {
        (),
        ("home",),
        ("moderation",),
        ("news",),
        ("news.social",),
    }
    assert all(contract["exhaustive"] for contract in LAYERS if "containers" in contract)


def test_the_rooms_say_their_own_jobs():
    """Each room of a staircase has a row, with the first line of its own docstring."""
    told = {path.strip("`"): job for path, job in read_table("Rooms")}
    expected = {}
    for contract in LAYERS:
        for container in contract.get("containers", []):
            for name in (name for layer in contract["layers"] for name in layer.split(" | ")):
                folder = ROOT / container.replace(".", "/") / name
                if folder.is_dir() and name not in OF_DJANGO:
                    job = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())).splitlines()[0]
                    expected[f"{folder.relative_to(ROOT)}/"] = job
    assert told == expected


def test_each_row_of_the_sop_names_its_files():
    rows = {int(row[0]): " ".join(row) for row in read_table("Where a row of the SOP lives")}
    assert set(rows) == {row.number for row in sop.ROWS}
    for action in sop.ACTIONS:
        for number in action.rows:
            assert f"`{action.code}`" in rows[number], action.code
            if action.code in EFFECTS:
                effect = EFFECTS[action.code]
                path = effect.__module__.replace(".", "/")
                assert f"`{path}.py::{effect.__name__}`" in rows[number], action.code


def test_each_guard_layer_is_that_of_the_invariants():
    layers = (ROOT / "docs" / "invariants.md").read_text().split("| Layer | Holds against | Code |\n", 1)[1]
    rows = [line.strip("|").split("|") for line in layers.split("\n\n", 1)[0].splitlines()[1:]]
    expected = {row[0].strip(): row[2].strip() for row in rows}
    assert dict(read_table("Where a guard layer lives")) == expected


def test_each_invariant_names_files_of_its_own():
    sections = (ROOT / "docs" / "invariants.md").read_text().split("\n## ")
    told = {section.split("\n", 1)[0]: section for section in sections if re.match(r"I\d+ ", section)}
    rows = read_table("Where a guard layer lives", 1)
    assert [row[0] for row in rows] == list(told)
    for heading, files in rows:
        for file in re.findall(r"`([^`]+)`", files):
            assert f"`{file}" in told[heading], f"{heading}: {file}"


def test_each_network_names_its_file():
    told = {kind.strip("`"): path.strip("`") for kind, _label, path in read_table("Where a network lives")}
    files = {kind: inspect.getfile(channel).removeprefix(f"{ROOT}/") for kind, channel in KINDS.items()}
    assert told == files
