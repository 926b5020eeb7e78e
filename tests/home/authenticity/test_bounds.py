"""What one anonymous question may cost, whatever is pasted: queries, work, pixels and memory; never seconds."""

import io
import subprocess
import sys
import tracemalloc
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from home.authenticity import code_reader, qr
from home.authenticity.addresses import MOST_ADDRESSES
from home.authenticity.checking import check
from home.authenticity.comparison.matching import Match, Matcher
from home.authenticity.comparison.passages import Effort, Passage
from home.authenticity.comparison.reading import MOST_PIECES, MOST_TOKENS, Reading

MOST_QUERIES = 25
MEGABYTE = 1024 * 1024
LEAD = "Warga Desa Buntar membersihkan saluran irigasi sepanjang dua kilometer pada hari Rabu."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "a1.id " * 8_000,
        "\n".join(f"https://alamat{number}.example.com/berita/{number}/" for number in range(1_100)),
        "\n".join(f"{{situs}}/berita/{number}/" for number in range(1_100)),
        "{situs}/" + "a/" * 20_000,
        "{lama}",
        "warga " * 8_000,
        "warga\n" * 8_000,
        f"{LEAD} " * 550,
        f"{LEAD}\n" * 550,
        "1. a\n" * 9_000,
        "[29/11/26, 07.15] Pak RT: warga\n" * 1_500,
        "~" * 48_000,
        ">" * 20_000 + "warga" + '"' * 20_000,
    ],
    ids=lambda text: text[:24].strip(),
)
def test_a_question_costs_few_queries(office, client, text):
    from wagtail.contrib.redirects.models import Redirect

    item = office.bring_to("composing")
    office.write(item, lead=LEAD)
    page = office.bring_to("live", item).get_page()
    site = page.full_url.removesuffix(page.url)
    Redirect.objects.create(old_path="/lama", redirect_link=f"{site}/baru/")
    client.get(reverse("genuine"))
    with CaptureQueriesContext(connection) as queries:
        response = client.post(reverse("genuine"), {"text": text.format(situs=site, lama=f"{site}/lama/")[:49_000]})
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES, [query["sql"][:120] for query in queries]
    assert len(response.context["finding"].foreign) <= MOST_ADDRESSES


def test_work_ends_when_it_is_used_up():
    passage = Passage.of("berita", "kerja bakti. " * 2_000)
    reading, effort = Reading("kerja bakti. " * 500), Effort(steps=2_000)
    assert len(reading.pieces) <= MOST_PIECES
    asked = 0
    while not effort.is_spent:
        passage.follow(reading, asked, effort)
        asked += 1
    assert asked < len(reading.pieces)
    assert effort.steps > -2_000 - len(reading.tokens)


@pytest.mark.parametrize("more", [" ½" * 24_000, " \ufdfa" * 24_000, " kata" * 10_000, " 1-" * 16_000])
def test_a_text_that_grows_beyond_any_article_is_not_compared(more):
    reading = Reading(f"{LEAD}{more}"[:50_000])
    assert len(reading.tokens) == MOST_TOKENS + 1
    effort = Effort()
    assert Matcher(reading, frozenset(), effort).match((Passage.of("berita", reading.text),)) == Match()
    assert effort == Effort()


def test_a_piece_is_looked_for_only_where_all_its_words_are():
    reading = Reading(f"{LEAD}\n" * 500)
    other = Passage.of("berita", LEAD.replace("irigasi", "desa") * 50)
    effort = Effort()
    assert Matcher(reading, frozenset(), effort).match((other,)) == Match()
    assert effort == Effort()


@pytest.mark.django_db
@pytest.mark.db_agnostic
@pytest.mark.parametrize("text", ["½" * 25_000, "a, b; " * 8_000, f"{LEAD}\n" * 500], ids=["grows", "words", "lines"])
def test_a_question_holds_less_than_60_megabytes(office, text):
    item = office.bring_to("composing")
    office.write(item, lead=LEAD)
    office.bring_to("live", item)
    check(LEAD)
    tracemalloc.start()
    try:
        check(text)
        assert tracemalloc.get_traced_memory()[1] < 60 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_text_of_more_pieces_than_any_article_is_not_read_piece_by_piece():
    reading = Reading("terima kasih.\n" * (MOST_PIECES + 1))
    assert {piece.kind for piece in reading.pieces} == {"words"}
    assert all(before.last == after.first for before, after in pairwise(reading.pieces))


class TestPicture:
    @pytest.mark.parametrize(
        ("size", "kind", "options"),
        [
            ((7_000, 7_000), "PNG", {}),
            ((4_000, 3_000), "PNG", {}),
            ((7_000, 7_000), "JPEG", {"progressive": True}),
        ],
    )
    def test_what_is_too_much_is_refused_in_words(self, size, kind, options):
        with pytest.raises(qr.UnreadablePicture, match=r"terlalu besar|dapat dibaca"):
            qr.read_code(draw(size, kind, **options))

    @pytest.mark.parametrize(
        ("size", "kind"), [((7_000, 7_000), "JPEG"), ((4_000, 3_000), "JPEG"), ((1_440, 3_200), "PNG")]
    )
    def test_a_photo_and_a_screen_are_read(self, size, kind):
        assert qr.read_code(draw(size, kind)) == ""

    @pytest.mark.parametrize(
        ("size", "kind"),
        [((7_000, 7_000), "PNG"), ((7_000, 7_000), "JPEG"), ((1_440, 3_200), "PNG"), ((1_440, 3_200), "WEBP")],
    )
    def test_the_reader_stays_below_60_megabytes(self, size, kind):
        assert measure_peak(draw(size, kind).read()) < 60 * MEGABYTE

    def test_a_file_that_is_too_large_is_not_read(self):
        file = SimpleUploadedFile("a.jpg", b"")
        file.size = qr.LARGEST_FILE + 1
        with pytest.raises(qr.UnreadablePicture, match="12 MB"):
            qr.read_code(file)


def draw(size, kind, **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind, **options)
    return SimpleUploadedFile(f"kartu.{kind.lower()}", stream.getvalue(), f"image/{kind.lower()}")


def measure_peak(content: bytes) -> int:
    """Return the most bytes of memory that the reader of pictures held."""
    program = (
        "import os, re, runpy\n"
        f"try:\n    runpy.run_path({code_reader.__file__!r}, run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "os.write(2, re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1].encode())\n"
    )
    limits = map(str, (qr.SECONDS, qr.MEMORY, qr.MOST_PIXELS))
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, *limits], input=content, capture_output=True, check=True
    )
    return int(done.stderr) * 1024
