"""Counts and marks, compared with those of the networks' own programs on texts as the office writes them."""

import json
import random
import subprocess

import pytest

from news.social.channels.bluesky.text import count_graphemes, get_facets
from news.social.channels.x.weighing import weigh
from tests.support.node_packages import LOCKS, PROGRAMS, find_packages, get_environment

pytestmark = [pytest.mark.db_agnostic, pytest.mark.validators]

#: What stands in posts of an office, and what is easily misread.
PIECES = (
    *("Kecamatan Mojogedang", "warga Desa Buntar", "Jum’at berkah", "1–2 kilometer", "Rp1.500.000,00", "pukul 08.00"),
    *("mojogedang.karanganyarkab.go.id", "www.karanganyarkab.go.id/berita?id=7", "desa-buntar.desa.id", "lapor.go.id"),
    *("(lihat mojogedang.example.go.id)", "https://mojogedang.example.go.id/berita/musrenbang/", "http://a.id/x_(y)"),
    *("https://example.org/a?b=1&c=2", "surat.camat@example.go.id", "berkas.pdf", "v1.2.3", "dll.", "a.n. Camat"),
    *("#Jum’at", "#JumatBerkah", "#KTP-el", "#2026", "#17Agustus", "#desa_wisata,", "#", "#!", "##dua", "x#y", "#<b>"),
    *("<b>tebal</b>", "<…>", "& lain-lain", "“kutipan”", "‘tunggal’", "– jeda –", "…", "No. 12/2026", "100%", "50 m²"),
    *("🎉", "👩‍👩‍👧", "🇮🇩", "❤️", "1️⃣", "日本", "é", "ﬁ", "\u200btersembunyi", "Semarang–Solo", "a.b", "1.5jt"),
)
#: Words that another program links and we do not: titles lead to sites of strangers.
TITLES = ("Budi Santoso, S.Sos.", "Siti Aminah, A.Md", "Suparno, M.Si")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """500 texts of one to fourteen pieces, the same in every run."""
    chance = random.Random(16)
    between = (" ", " ", " ", "\n", ", ")
    return [
        "".join(f"{chance.choice(PIECES)}{chance.choice(between)}" for _ in range(length)).strip()
        for length in (chance.randint(1, 14) for _ in range(500))
    ]


@pytest.fixture(scope="module")
def judged(texts) -> list[dict]:
    """What the networks' own programs say of each text."""
    packages = find_packages("networks")
    assert packages, "the networks' programs are not installed; make test installs them"
    script = (LOCKS / "networks" / "judge.mjs").read_text()
    done = subprocess.run(
        [PROGRAMS / "node", "--input-type=module", "--eval", script],
        cwd=packages.parent,
        env=get_environment(),
        input="".join(f"{json.dumps(text)}\n" for text in texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_x_counts_what_its_own_program_counts(texts, judged):
    assert len(judged) == 500
    differ = [(text, weigh(text), said["weight"]) for text, said in zip(texts, judged, strict=True)]
    assert [found for found in differ if found[1] != found[2]] == []


def test_bluesky_counts_and_marks_what_its_own_client_does(texts, judged):
    for text, said in zip(texts, judged, strict=True):
        assert count_graphemes(text) == said["graphemes"], text
        assert _list_marks(get_facets(text)) == _list_marks(said["facets"]), text


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_no_link(title):
    assert get_facets(title) == []


def _list_marks(facets) -> list[tuple]:
    """Return place and target of links and tags; mentions and tickers are not ours to make."""
    marks = []
    for facet in facets:
        [feature] = facet["features"]
        kind = feature["$type"].rpartition("#")[2]
        target = feature.get("uri") or feature.get("tag")
        if kind in ("link", "tag") and not target.startswith("$"):
            marks.append((facet["index"]["byteStart"], facet["index"]["byteEnd"], kind, target))
    return sorted(marks)
