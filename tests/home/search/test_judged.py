"""The search as citizens use it, and the lexicon, on judged sets: ``make judge`` prints what is missed."""

import pytest

from home.search.lexicon.stemming import find_root
from tests.home.search import judging

SETS = ("tuned", "held")


@pytest.mark.db_agnostic
@pytest.mark.parametrize("name", SETS)
def test_related_words_meet_and_unrelated_ones_do_not(name):
    related = judging.judge_related(judging.FOLDER / f"related_{name}.txt")
    unrelated = judging.judge_unrelated(judging.FOLDER / f"unrelated_{name}.txt")
    assert related.judged >= 200
    assert related.share >= 0.95, related.missed
    assert unrelated.judged >= 200
    assert unrelated.share >= 0.99, unrelated.missed


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("mengurus", "urus"),
        ("mengirim", "kirim"),
        ("menerima", "terima"),
        ("menyusun", "susun"),
        ("memotong", "potong"),
        ("memasak", "masak"),
        ("memperbaiki", "baik"),
        ("mempertanggungjawabkan", "tanggungjawab"),
        ("ngurusin", "urus"),
        ("menit", "menit"),
        ("berlaku", "berlaku"),
        ("pemilu", "pemilu"),
        ("mojogedang", "mojogedang"),
        ("menyinkronkan", "sinkron"),
        ("", ""),
        ("me", "me"),
        ("dikan", "dikan"),
    ],
)
def test_a_root_is_read(word, root):
    assert find_root(word) == root


def test_what_citizens_type_leads_to_the_right_page(db):
    """On both databases."""
    judging.fill_site(judging.FOLDER)
    scores = [judging.judge_queries(judging.FOLDER / f"queries_{name}.txt") for name in SETS]
    assert sum(score.judged for score in scores) >= 200
    for score in scores:
        assert score.share >= 0.92, score.missed
    for typed, title in (
        ("jam buka", "Kontak"),
        ("ktp", "Perekaman KTP Elektronik"),
        ("KTP-el", "Perekaman KTP Elektronik"),
        ("ngurus layang pindah", "Surat Keterangan Pindah"),
    ):
        assert judging.answer(typed)[0][0] == title, typed
