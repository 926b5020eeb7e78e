"""Files with known answers: what a person can see or reach by one click is found, or named as unread."""

import json

import pytest

from tests.moderation.uploads.corpus import CASES
from tests.moderation.uploads.corpus.cases import Case, judge, read_cases

pytestmark = pytest.mark.db_agnostic

RECALL, PRECISION = 0.97, 0.97


def test_there_are_enough_files():
    assert len({case.name for case in CASES}) == len(CASES) >= 150


def test_nothing_is_missed_in_silence_and_little_is_missed_or_mistaken():
    score = judge(CASES)
    assert not score.silent
    assert score.recall >= RECALL, "\n".join(score.missed)
    assert score.precision >= PRECISION, "\n".join(score.mistaken)


@pytest.mark.parametrize(
    ("case", "silent", "missed", "mistaken"),
    [
        (Case("a.txt", lambda: b"Rapat", ("0812",)), 1, 1, 0),
        (Case("a.txt", lambda: b"HP 081297000003"), 0, 0, 1),
        (Case("a.txt", lambda: b"Rapat", (), "gambar"), 1, 0, 0),
        (Case("a.txt", lambda: b" "), 0, 0, 1),
    ],
)
def test_the_judge_counts_what_is_wrong(case, silent, missed, mistaken):
    score = judge([case])
    assert (len(score.silent), len(score.missed), len(score.mistaken)) == (silent, missed, mistaken)


def test_another_folder_of_files_is_judged_alike(tmp_path):
    (tmp_path / "daftar.txt").write_text("HP 081297000003", encoding="utf-8")
    (tmp_path / "answers.json").write_text(json.dumps([{"file": "daftar.txt", "finds": ["081297000003"]}]))
    assert judge(read_cases(tmp_path)).recall == 1
