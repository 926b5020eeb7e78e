"""The locks, the list of licences and the Pythons agree; reports on packages are judged, not believed."""

import json
import re

import pytest

from .audit import FOUND, NOT_ASKED, judge
from .environments import (
    BASE_DIR,
    DEV_LOCK,
    PROJECT,
    RUNTIME_LOCK,
    SUPPLY_LOCK,
    list_admitted,
    normalize,
    read_lock,
)
from .licences import LIST, LOOKED_AT, read_licence, write_list
from .sbom import list_problems

pytestmark = pytest.mark.db_agnostic


def test_the_start_takes_the_pythons_that_are_admitted():
    text = (BASE_DIR / ".ci" / "python").read_text()
    names = [f"python{version}" for version in list_admitted()]
    assert f"for name in {' '.join(names)} python3; do" in text
    least, most = list_admitted()[0], f"3.{int(list_admitted()[-1].split('.')[1]) + 1}"
    assert f"({least.replace('.', ', ')}) <= sys.version_info < ({most.replace('.', ', ')})" in text


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (RUNTIME_LOCK, PROJECT["project"]["dependencies"]),
        (DEV_LOCK, PROJECT["dependency-groups"]["dev"]),
        (SUPPLY_LOCK, PROJECT["dependency-groups"]["supply"]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_lock_holds_what_the_project_asks_for(lock, wanted):
    asked = {normalize(re.match(r"[\w.-]+", line)[0]) for line in wanted}
    assert asked <= read_lock(lock)


def test_the_list_of_licences_is_that_of_the_packages():
    """`make licences` writes it anew."""
    assert LIST.read_text() == write_list()
    assert {read_licence(name) for name in read_lock(RUNTIME_LOCK)} - LOOKED_AT == set()


#: Rows as pip-audit 2.10.1 writes them.
SOUND = {"name": "Django", "version": "5.2.19", "vulns": []}
CONCERNED = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [{"id": "GHSA-462w-v97r-4m45", "fix_versions": ["2.10.1"], "aliases": [], "description": ""}],
}
SKIPPED = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI and could not be audited: jinja2 (2.10)"}


@pytest.mark.parametrize(
    ("rows", "result", "said"),
    [
        ([SOUND, CONCERNED | {"vulns": []}], 0, "2 packages looked up, 0 advisories"),
        ([SOUND, CONCERNED], FOUND, "jinja2 2.10: GHSA-462w-v97r-4m45, mended in 2.10.1"),
        ([SOUND, SKIPPED], NOT_ASKED, "NOT ASKED: requirements.lock: no answer about jinja2"),
        ([SOUND], NOT_ASKED, "NOT ASKED: requirements.lock: no answer about jinja2"),
        ([], NOT_ASKED, "no answer about django, jinja2"),
    ],
)
def test_a_package_without_an_answer_is_no_sound_one(rows, result, said, capsys):
    assert judge("requirements.lock", json.dumps({"dependencies": rows}), {"django", "jinja2"}) == result
    assert said in "".join(capsys.readouterr())


def test_a_bill_of_materials_that_leaves_out_is_refused():
    whole = {"name": "wagtail", "version": "8.0.1", "purl": "pkg:pypi/wagtail@8.0.1", "licenses": [{"id": "BSD"}]}
    bill = {"components": [whole], "metadata": {"component": {"version": PROJECT["project"]["version"]}}}
    assert list_problems(bill, {"wagtail"}) == []
    assert list_problems(bill, {"wagtail", "django"}) == ["missing: django"]
    assert list_problems(bill | {"components": [whole | {"licenses": []}]}, {"wagtail"}) == [
        "without licenses: wagtail"
    ]
    assert list_problems(bill, set()) == ["not in the lock: wagtail"]
