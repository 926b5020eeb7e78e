"""Comparison of two texts: words, formatting, blocks; in bounded time for hostile texts."""

import random
import time

import pytest

from moderation.review.changes import richtext
from moderation.review.changes.results import Status
from moderation.review.changes.texts import REWRITTEN, TOO_LONG, Comparison
from moderation.review.changes.units import Leaf, Unit, pair_up
from moderation.review.changes.word_matching import Budget, longest_rise, match

pytestmark = pytest.mark.db_agnostic


def write(change) -> str:
    """Write a comparison in one line: +added+, -removed-, (old|new) for changes, {word: note} for formatting."""
    line = ""
    for stretch in change.stretches:
        before, after = ("".join(segment.text for segment in side) for side in (stretch.before, stretch.after))
        line += {
            Status.EQUAL: after,
            Status.ADDED: f"+{after}+",
            Status.REMOVED: f"-{before}-",
            Status.CHANGED: f"({before}|{after})",
            Status.FORMATTED: f"{{{after}: {stretch.note}}}",
        }[stretch.status]
    return line


def compare_plain(old, new):
    return Comparison(Budget()).compare_plain("Teks", old, new)


def compare_html(old, new):
    """Compare the only paragraph of two rich texts."""
    (before,), (after,) = richtext.read(old), richtext.read(new)
    comparison = Comparison(Budget(), lambda link: f"{link.kind} {link.target}")
    return comparison.compare_tokens("", before.tokens, after.tokens)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Tim memeriksa 14 buku.", "Tim memeriksa 11 buku.", "Tim memeriksa( 14| 11) buku."),
        (
            "Rabu (9/9/2026) pukul 09.00 WIB",
            "Rabu (9/9/2026) pukul 10.00 WIB",
            "Rabu (9/9/2026) pukul( 09.00| 10.00) WIB",
        ),
        ("Rp1.250.000,00", "Rp1.520.000,00", "(Rp1.250.000,00|Rp1.520.000,00)"),
        ("Kerja bakti warga", "Kerja bakti besar warga", "Kerja bakti+ besar+ warga"),
        ("Kerja bakti besar warga", "Kerja bakti warga", "Kerja bakti- besar- warga"),
        ("saling mengunjungi", "saling-mengunjungi", "(saling mengunjungi|saling-mengunjungi)"),
        ("di koreksi oleh Sekretaris", "dikoreksi oleh Sekretaris", "(di koreksi|dikoreksi) oleh Sekretaris"),
        ("buku , pena", "buku, pena", "buku( ,|,) pena"),
        ("", "Baru", "+Baru+"),
        ("Lama", "", "-Lama-"),
        ("Sama saja", "Sama saja", "Sama saja"),
        ("baris satu\nbaris dua", "baris satu baris dua", "baris satu(↵\nbaris| baris) dua"),
        ("Selamat 🎉", "Selamat 🎊", "Selamat( 🎉| 🎊)"),
        ("dua puluh kepala desa hadir", "dua puluh dua kepala desa hadir", "dua puluh+ dua+ kepala desa hadir"),
    ],
)
def test_words(old, new, expected):
    assert write(compare_plain(old, new)) == expected


def test_a_change_of_spaces_alone_is_told():
    change = compare_plain("Desa  Pojok", "Desa Pojok")
    assert change.status == Status.CHANGED
    assert change.note == "hanya spasi yang berubah"


def test_signs_that_nobody_sees_are_named():
    """A bidirectional control character could hide a change."""
    assert write(compare_plain("Bantuan cair", "Bantuan \u202ecair\u200b")) == "Bantuan( cair| [U+202E]cair[U+200B])"


def test_a_sentence_in_crumbs_is_shown_whole():
    old = "Bupati meninjau lokasi banjir di desa itu pagi tadi bersama tim."
    new = "Camat memantau wilayah longsor di dusun ini sore kemarin bersama tim."
    assert write(compare_plain(old, new)) == (
        "(Bupati meninjau lokasi banjir di desa itu pagi tadi|Camat memantau wilayah longsor di dusun ini sore kemarin)"
        " bersama tim."
    )


def test_another_text_altogether_is_shown_before_and_after():
    change = compare_plain(
        "Warga membersihkan saluran irigasi sejak pagi bersama perangkat desa",
        "Posyandu melayani penimbangan balita setiap bulan di balai dusun",
    )
    assert change.rewritten
    assert change.note == REWRITTEN
    assert [len(change.stretches), change.stretches[0].status] == [1, Status.CHANGED]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<p>Buku <b>kas</b> desa</p>", "<p>Buku kas desa</p>", "Buku{ kas: tebal dihapus} desa"),
        ("<p>Buku kas desa</p>", "<p>Buku <i>kas desa</i></p>", "Buku{ kas desa: miring ditambahkan}"),
        ("<p><b>a</b> b</p>", "<p><strong>a</strong> b</p>", "a b"),
        ("<p><b>a</b></p>", "<p><i>a</i></p>", "{a: miring ditambahkan, tebal dihapus}"),
        (
            "<p>lihat situs</p>",
            '<p>lihat <a href="https://a.id">situs</a></p>',
            "lihat{ situs: tautan ditambahkan: url https://a.id}",
        ),
        (
            '<p><a href="https://a.id">situs</a></p>',
            '<p><a href="https://b.id">situs</a></p>',
            "{situs: tautan diubah dari url https://a.id menjadi url https://b.id}",
        ),
        (
            '<p><a linktype="page" id="3">berita</a></p>',
            '<p><a linktype="document" id="3">berita</a></p>',
            "{berita: tautan diubah dari page 3 menjadi document 3}",
        ),
        ("<p>a &amp; b</p>", "<p>a &lt; b</p>", "a( &| <) b"),
        ('<p data-block-key="x1">sama</p>', '<p data-block-key="y2">sama</p>', "sama"),
        ("<p>satu<br/>dua</p>", "<p>satu dua</p>", "satu(↵\ndua| dua)"),
    ],
)
def test_looks_of_words(old, new, expected):
    assert write(compare_html(old, new)) == expected


def test_a_look_alone_is_no_change_of_words():
    assert compare_html("<p>kas desa</p>", "<p><b>kas</b> desa</p>").status == Status.FORMATTED


def test_rich_text_is_read_by_paragraph():
    html = (
        '<h2 data-block-key="a">Tindak <b>lanjut</b></h2><p>Teks.</p><ul><li>satu</li>'
        '<li>dua<ol><li>tiga</li></ol></li></ul><hr/><embed embedtype="image" id="7" alt="Rak"/>sisa<p></p>'
    )
    read = [(part.label, "".join(token.key for token in part.tokens), part.key) for part in richtext.read(html)]
    assert read == [
        ("Subjudul", "Tindak lanjut", "a"),
        ("Paragraf", "Teks.", ""),
        ("Butir daftar", "satu", ""),
        ("Butir daftar", "dua", ""),
        ("Butir daftar bernomor", "tiga", ""),
        ("Garis pemisah", "", ""),
        ("Sisipan", "", ""),
        ("Paragraf", "sisa", ""),
    ]


def unit(text, key="", kind="paragraph"):
    return Unit(kind, kind, key, [Leaf("", "", "text", text)])


def pairs_of(old, new):
    return [(pair.old_place, pair.new_place, pair.moved) for pair in pair_up(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # By key, whatever the text is.
        (
            [unit("satu", "k1"), unit("dua", "k2")],
            [unit("lain sama sekali", "k1"), unit("dua", "k2")],
            [(1, 1, False), (2, 2, False)],
        ),
        # Without keys: the same first, then the like.
        (
            [unit("alfa beta gama"), unit("delta")],
            [unit("delta"), unit("alfa beta gamma")],
            [(2, 1, True), (1, 2, False)],
        ),
        # Added in front: nothing else moved.
        (
            [unit("dua"), unit("tiga")],
            [unit("satu"), unit("dua"), unit("tiga")],
            [(0, 1, False), (1, 2, False), (2, 3, False)],
        ),
        # Removed: shown where it stood.
        (
            [unit("satu"), unit("dua"), unit("tiga")],
            [unit("satu"), unit("tiga")],
            [(1, 1, False), (2, 0, False), (3, 2, False)],
        ),
        # Moved to the end.
        (
            [unit("satu", "a"), unit("dua", "b"), unit("tiga", "c")],
            [unit("dua", "b"), unit("tiga", "c"), unit("satu", "a")],
            [(2, 1, False), (3, 2, False), (1, 3, True)],
        ),
        # A heading that became a paragraph is the same text.
        ([unit("Tindak lanjut", kind="heading")], [unit("Tindak lanjut", kind="paragraph")], [(1, 1, False)]),
        # The same key twice (a copy by hand) loses nothing.
        ([unit("satu", "k")], [unit("satu", "k"), unit("dua", "k")], [(1, 1, False), (0, 2, False)]),
    ],
)
def test_blocks_find_their_like(old, new, expected):
    assert sorted(pairs_of(old, new), key=str) == sorted(expected, key=str)
    assert [pair[1] for pair in pairs_of(old, new) if pair[1]] == list(range(1, len(new) + 1))


def test_a_removed_block_stands_where_it_stood():
    old = [unit("alfa"), unit("beta"), unit("gama"), unit("delta")]
    assert pairs_of(old, [unit("alfa"), unit("delta")]) == [(1, 1, False), (2, 0, False), (3, 0, False), (4, 2, False)]


def test_matching_keeps_order_and_equality():
    chance = random.Random(7)
    for _time in range(60):
        old = [chance.choice("abcdefg") for _ in range(chance.randrange(40))]
        new = [chance.choice("abcdefg") for _ in range(chance.randrange(40))]
        end_old = end_new = 0
        for i, j, size in match(old, new, Budget()):
            assert i >= end_old
            assert j >= end_new
            assert old[i : i + size] == new[j : j + size]
            end_old, end_new = i + size, j + size


def test_longest_rise():
    assert longest_rise([3, 1, 2, 9, 4, 5]) == [1, 2, 4, 5]
    assert longest_rise([]) == []


WORDS = ["di", "yang", "dan", "ke"]
_CHANCE = random.Random(1)
HOSTILE = {
    "ten megabytes": ("a" * 10_000_000, "b" * 10_000_000),
    "one word repeated": ("di " * 30_000, "di yang " * 15_000),
    "four words at random": tuple(" ".join(_CHANCE.choice(WORDS) for _ in range(15_000)) for _ in range(2)),
    "every second word": tuple(" ".join(f"{i} {mark}" for i in range(12_000)) for mark in "ab"),
    "shuffled": tuple(" ".join(map(str, _CHANCE.sample(range(15_000), 15_000))) for _ in range(2)),
    "signs": ("." * 90_000, "," * 90_000),
    "joined": ("a." * 45_000, "a." * 44_000 + "b"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_compared_within_seconds(name):
    started = time.process_time()
    change = compare_plain(*HOSTILE[name])
    assert time.process_time() - started < 8
    assert change.status == Status.CHANGED
    assert len(change.stretches) <= 4_001
    assert sum(len(s.text) for stretch in change.stretches for s in (*stretch.before, *stretch.after)) < 500_000


def test_a_text_too_long_to_compare_says_so():
    change = compare_plain("a " * 200_000, "b " * 200_000)
    assert change.note == TOO_LONG
    assert change.rewritten
    assert "dipersingkat; seluruhnya 399.999 karakter" in change.stretches[0].before[0].text


HOSTILE_MARKUP = [
    "<" * 300_000,
    "<a" * 100_000,
    "<b>" * 60_000 + "x",
    "<a " + "x" * 300_000,
    "<p><ul>" * 40_000,
    "<!--" * 70_000,
]


@pytest.mark.parametrize("html", HOSTILE_MARKUP, ids=lambda html: html[:8])
def test_hostile_markup_is_read_within_seconds(html):
    started = time.process_time()
    richtext.read(html)
    assert time.process_time() - started < 8
