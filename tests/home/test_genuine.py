"""“Asli atau hoaks?”: only what stands word for word in a version that was live is called genuine."""

from io import BytesIO

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from moderation.transitions import take
from news.social.models import Delivery
from tests.factories import slip_past_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

LEAD = "Bantuan langsung tunai disalurkan kepada 52 keluarga di Desa Pendem tanpa potongan biaya apa pun."


@pytest.fixture
def item(office):
    """An item that is live, with this lead."""
    item = office.bring_to("composing")
    office.write(item, title="Penyaluran BLT Dana Desa", lead=LEAD)
    return office.bring_to("live", item)


def ask(client, text="", picture=None):
    data = {"text": text} | ({"picture": picture} if picture else {})
    return client.post(reverse("genuine"), data)


def verdict(response):
    return response.context["finding"].verdict


def draw_code(text):
    stream = BytesIO()
    segno.make(text).save(stream, kind="png", scale=8)
    return SimpleUploadedFile("kartu.png", stream.getvalue(), "image/png")


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            LEAD,
            LEAD.upper(),
            f"  “{LEAD}”\n\nWarga bekerja bakti membersihkan saluran irigasi di Desa Buntar.",
            LEAD.replace(" ", "\u200b \u00a0"),
            f"Penyaluran BLT Dana Desa\n{LEAD}\n#desa",
        ],
    )
    def test_word_for_word_is_genuine(self, item, client, text):
        response = ask(client, text)
        assert verdict(response) == "asli"
        assert item.register_number in response.content.decode()

    @pytest.mark.parametrize(
        ("forged", "shown"),
        [
            (LEAD.replace("52", "25"), "25"),
            (LEAD.replace("tanpa potongan", "dengan potongan"), "dengan"),
            (LEAD.replace("tanpa ", ""), "tanpa"),
            (f"{LEAD} Daftar sekarang melalui nomor berikut.", "Daftar"),
        ],
    )
    def test_one_word_makes_a_forgery_and_is_shown(self, item, client, forged, shown):
        response = ask(client, forged)
        assert verdict(response) == "mirip"
        marked = "".join(response.content.decode().split("<ins>")[1:] + response.content.decode().split("<del>")[1:])
        assert shown in marked

    def test_of_a_long_article_only_the_part_in_question_is_compared(self, office, client):
        long = "".join(f"<p>Kelompok {n} menanam bibit di lahan {n} pada pagi hari.</p>" for n in range(200))
        item = office.bring_to("composing")
        office.write(item, lead=LEAD, body=[("paragraph", long)])
        office.bring_to("live", item)
        response = ask(client, "Kelompok 77 menanam bibit di lahan 77 pada sore hari. Kelompok 78 menanam bibit.")
        change = response.context["finding"].change
        assert verdict(response) == "mirip"
        assert not change.rewritten
        assert sum(len(segment.text) for stretch in change.stretches for segment in stretch.after) < 150
        removed = [part.before for part in change.stretches if part.status == "dihapus" or part.status == "diubah"]
        assert any("pagi" in segment.text for segments in removed for segment in segments)

    def test_a_foreign_address_beside_a_genuine_text_is_named(self, item, client):
        response = ask(client, f"{LEAD} https://bansos-mojogedang.example.com/daftar")
        assert verdict(response) == "asli"
        assert "bansos-mojogedang.example.com" in response.content.decode()

    def test_another_text_is_not_found_and_not_called_a_hoax(self, item, client):
        response = ask(client, "Jalan raya antarkota ditutup selama dua hari karena perbaikan jembatan.")
        assert verdict(response) == "tidak-ditemukan"
        assert "tidak berarti pasti hoaks" in response.content.decode()

    def test_few_words_prove_nothing(self, item, client):
        assert verdict(ask(client, "Desa Pendem")) == "terlalu-pendek"

    def test_a_draft_is_not_confirmed(self, office, client):
        office.write(office.bring_to("composing"), lead=LEAD)
        assert verdict(ask(client, LEAD)) == "tidak-ditemukan"

    def test_the_text_before_a_ralat_is_called_corrected(self, office, item, client):
        office.bring_to("done", office.open_ralat(item, lead=LEAD.replace("52", "62")))
        assert verdict(ask(client, LEAD)) == "diralat"
        assert verdict(ask(client, LEAD.replace("52", "62"))) == "asli"

    def test_what_was_taken_down_is_called_so_and_not_repeated(self, office, item, client):
        take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
        response = ask(client, LEAD)
        assert verdict(response) == "diturunkan"
        assert "Penyaluran BLT" not in response.content.decode()


class TestLink:
    def test_the_items_address(self, office, item, client):
        address = item.get_page().full_url
        assert verdict(ask(client, address)) == "asli"
        assert verdict(ask(client, f"{address}?utm=x")) == "asli"
        assert verdict(ask(client, address.replace("/berita/", "/berita/tidak-"))) == "tidak-ditemukan"
        take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
        assert verdict(ask(client, address)) == "diturunkan"

    def test_the_same_path_on_another_host_is_foreign(self, item, client):
        response = ask(client, f"https://palsu.example.com{item.get_page().url}")
        assert verdict(response) == "tidak-ditemukan"
        assert "palsu.example.com" in response.content.decode()

    def test_the_address_of_a_post(self, office, client):
        item = office.bring_to("composing")
        item = office.bring_to("live", item, channels=["console"])
        slip_past_triggers(
            Delivery.objects.filter(disposition=item), state="sent", remote_url="https://sosial.example/@kantor/7"
        )
        assert verdict(ask(client, "https://sosial.example/@kantor/7?s=20")) == "asli"
        assert verdict(ask(client, "https://sosial.example/@orang/7")) == "tidak-ditemukan"


class TestPicture:
    def test_the_code_of_a_card_leads_to_its_item(self, item, client):
        assert verdict(ask(client, picture=draw_code(item.get_page().full_url))) == "asli"

    @pytest.mark.parametrize(
        "content", [b"", b"bukan gambar", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"GIF89a" + b"\x01" * 30]
    )
    def test_what_is_no_picture_is_refused_in_words(self, client, content):
        response = ask(client, picture=SimpleUploadedFile("kartu.png", content, "image/png"))
        assert response.status_code == 200
        assert response.context["form"].errors["picture"]

    def test_a_picture_without_a_code(self, client):
        from tests.factories import make_photo

        content = make_photo().file.read()
        response = ask(client, "teks tetap ada", picture=SimpleUploadedFile("a.jpg", content, "image/jpeg"))
        assert "Kode QR tidak ditemukan" in response.content.decode()
        assert "teks tetap ada" in response.content.decode()


@pytest.mark.parametrize("text", ["", "\x00", "<script>alert(1)</script> " * 20, "kata " * 3999, "'\" OR & | !" * 50])
def test_whatever_is_pasted_gets_an_answer_without_a_cookie(item, client, text):
    client.cookies.clear()
    response = ask(client, text)
    assert response.status_code == 200
    assert not response.cookies
    assert "<script>alert" not in response.content.decode()


def test_too_long_is_refused_and_stays_in_the_form(client):
    response = ask(client, "kata " * 5000)
    assert "paling banyak 20000" in response.content.decode()
