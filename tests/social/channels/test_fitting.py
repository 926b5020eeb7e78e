"""Fitting a post: whole link, text cut between words, tags where they fit."""

import unicodedata

import pytest

from news.social.channels import KINDS, build
from news.social.channels.base import Draft
from news.social.channels.fitting import fit, hashtags, normalise
from tests.social.servers import weigh

pytestmark = pytest.mark.db_agnostic

LINK = "https://mojogedang.example.go.id/berita/2026/musrenbang-kecamatan-tahun-2027/"
LEAD = (
    "Kecamatan Mojogedang menggelar Musyawarah Perencanaan Pembangunan di aula kecamatan – "
    "dihadiri 13 kepala desa, tokoh masyarakat, dan perwakilan perangkat daerah. "
)
CONFIGS = [
    {"kind": "x"},
    {"kind": "mastodon", "base_url": "https://m.example"},
    {"kind": "mastodon", "base_url": "https://m.example", "options": {"link_length": 256}},
    {"kind": "console"},
]


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("repeats", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("link", [LINK, "http://localhost:8000/berita/musrenbang/", ""])
def test_a_post_fits_and_keeps_the_link_whole(config, repeats, link):
    channel = build(config)
    composed = channel.compose(Draft(LEAD * repeats, link, ("musrenbang", "desa wisata")))

    assert composed.limit is None or composed.length <= composed.limit
    assert composed.length == channel.count(composed.text)
    assert composed.text.endswith(link)
    assert channel.compose(Draft(LEAD * repeats, link, ("musrenbang", "desa wisata"))) == composed


def test_every_kind_has_a_name_and_is_built_from_its_setting():
    assert {kind: build({"kind": kind}).kind for kind in KINDS} == {kind: kind for kind in KINDS}
    with pytest.raises(TypeError):
        build({"kind": "x", "credentials": {"acess_token": "mistyped"}})


def test_text_is_cut_between_words():
    text = fit("satu dua tiga empat", (), "https://a.go.id/1", len, 32)
    assert text == "satu dua…\n\nhttps://a.go.id/1"


def test_a_word_alone_too_long_is_cut_but_an_address_is_left_out():
    assert fit("x" * 50, (), "", len, 10) == "x" * 9 + "…"
    assert fit("https://b.go.id/" + "x" * 50, (), "https://a.go.id/1", len, 30) == "https://a.go.id/1"


def test_tags_never_cost_a_word():
    link = "https://a.go.id/1"
    assert fit("satu dua", ("panjang sekali", "desa"), link, len, 8 + 2 + 6 + len(link)) == f"satu dua\n\n#Desa\n{link}"


def test_a_link_already_in_the_text_is_not_repeated():
    assert (
        fit("Baca https://a.go.id/1 sekarang", (), "https://a.go.id/1", len, 100) == "Baca https://a.go.id/1 sekarang"
    )


def test_text_is_normalised_once_and_for_all():
    decomposed = unicodedata.normalize("NFD", "kafé")
    text = normalise(f" {decomposed} \r\n\r\n\r\n\r\nbaris  \r dua")
    assert text == "kafé\n\nbaris\n dua"
    assert normalise(text) == text


def test_hashtags():
    assert hashtags(("desa wisata", "UMKM", "2026", "desa Wisata", "!!!")) == ["#DesaWisata", "#UMKM"]
    assert hashtags(("Musrenbang",), "Hadir di #musrenbang.") == []


@pytest.mark.parametrize(
    ("tag", "hashtag"),
    [
        ("Jum'at berkah", "#JumatBerkah"),
        ("Jum’at berkah", "#JumatBerkah"),
        ("KTP-el", "#KTPel"),
        ("e-KTP", "#EKTP"),
        ("anak-anak", "#AnakAnak"),
        ("17-an", "#17an"),
        ("'berkah'", "#Berkah"),
    ],
)
def test_a_word_with_a_mark_inside_stays_one_word(tag, hashtag):
    assert hashtags([tag]) == [hashtag]


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("a" * 280, 280),
        ("…", 2),
        ("–", 1),
        ("👩‍👩‍👧", 2),
        (LINK, 23),
        ("kecamatan.go.id", 23),
        ("http://localhost/a", 18),
    ],
)
def test_x_counts_as_x_does(text, weight):
    assert build({"kind": "x"}).count(text) == weight


@pytest.mark.parametrize("text", ["Halo " + LINK, "musyawarah – “desa”…", "a" * 300, LEAD])
def test_the_loopback_x_agrees_with_the_library(text):
    assert weigh(text) == build({"kind": "x"}).count(text)


def test_excess_says_how_many_characters_are_over():
    x = build({"kind": "x"})
    assert x.excess("a" * 255) == 0
    assert x.excess("a" * 260) == 5
    assert x.compose(Draft("a" * 255, LINK)).text == "a" * 255 + "\n\n" + LINK
    assert build({"kind": "console"}).excess("a" * 100_000) == 0
