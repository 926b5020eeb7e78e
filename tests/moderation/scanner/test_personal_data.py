"""Recall and precision of the scanner on typical sentences of an office."""

import sys

import pytest
from stdnum.id import nik as oracle_nik
from stdnum.id import npwp as oracle_npwp

from moderation.scanner import RULES, scan
from tests.moderation.scanner.personal_data.cases import FOLDER, judge, read_cases

pytestmark = pytest.mark.db_agnostic

FILES = ("development", "held_out", "confirming", "fresh", "office_news", "notes")
RECALL, PRECISION = 0.95, 0.97


@pytest.fixture(scope="module", params=FILES)
def cases(request):
    return read_cases(FOLDER / f"{request.param}.txt")


def test_there_are_enough_sentences():
    counts = {name: len(read_cases(FOLDER / f"{name}.txt")) for name in FILES}
    assert counts["development"] >= 250
    assert counts["held_out"] >= 150
    assert counts["confirming"] >= 50


def test_every_kind_is_marked_somewhere():
    spans = [span for name in FILES for case in read_cases(FOLDER / f"{name}.txt") for span in case.spans]
    marked = {kind for span in spans for kind in span.kinds}
    assert marked <= {rule.code for rule in RULES}
    assert marked >= {rule.code for rule in RULES} - {"angka_16_digit"}


def test_recall(cases):
    score = judge(cases)
    assert score.recall >= RECALL, "\n".join(score.missed)


def test_precision(cases):
    score = judge(cases)
    assert score.precision >= PRECISION, "\n".join(score.mistaken)


def count_calls(text):
    """Return how many functions, Python's and C's, a scan calls: the same on a busy machine as on an idle one."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        scan(text)
    finally:
        sys.setprofile(None)
    return calls


def test_twice_the_text_is_twice_the_work(cases):
    """A sentence is looked at by itself, however many others stand around it."""
    text = "\n\n".join(case.text for case in cases) + "\n\n"
    once, twice = count_calls(text * 2), count_calls(text * 4)
    assert twice <= 2.1 * once


@pytest.mark.parametrize(
    "unit", ["Siswa Aa sakit. ", "RT 1 RW 1 ", "lahir 1 mei 1990 ", "rumah Jl. Aa No. 1 ", "HP\n81 ", "HP|Aa\n81|0 "]
)
def test_one_long_sentence_is_no_worse(unit):
    assert count_calls(unit * 2000) <= 2.1 * count_calls(unit * 1000)


# The build of the numbers, against python-stdnum --------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "3313150101800001", "3313154101800001", "3313153101800001", "3313157101800001", "3171011708450001",
        "1101010101010001", "9101010101010001", "3313152902000001", "3313152902010001", "3313153204800001",
        "3313150113800001", "0013150101800001", "9913150101800001",
    ],
)  # fmt: skip
def test_the_build_of_a_nik_is_that_of_the_oracle(number):
    found = [finding.code for finding in scan(f"NIK {number}")]
    assert (found == ["nik"]) == oracle_nik.is_valid(number)


def test_a_province_that_the_oracle_does_not_know_yet():
    """Papua Barat Daya is a province since 2022."""
    assert not oracle_nik.is_valid("9604010101010001")
    assert [finding.code for finding in scan("NIK 9604010101010001")] == ["nik"]


@pytest.mark.parametrize("number", ["01.300.066.6-091.000", "01.312.166.0-091.000", "013000666091000"])
def test_what_the_oracle_calls_an_npwp_is_found(number):
    assert oracle_npwp.is_valid(number)
    assert [finding.code for finding in scan(f"NPWP {number}")] == ["npwp"]


def test_a_slip_in_an_npwp_hides_nothing():
    """A check on the last digit would let a number pass that its owner still knows."""
    assert not oracle_npwp.is_valid("01.300.066.7-091.000")
    assert [finding.code for finding in scan("NPWP 01.300.066.7-091.000")] == ["npwp"]


# What the writer is told --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_names_its_law(rule):
    assert "UU " in rule.basis
    assert "Pasal " in rule.basis
