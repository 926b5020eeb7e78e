"""“Asli atau hoaks?”: only what stands word for word in a version that was live is called genuine."""

import copy
from io import BytesIO

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.authenticity import storing
from home.authenticity.models import PublishedVersion
from moderation.chain.transitions import take
from moderation.models import Disposition, PublicationPermit
from moderation.ports import jobs
from news.cards.content import get_link
from news.social.models import Delivery
from tests.support.factories import slip_past_triggers
from tests.support.many import multiply_deliveries

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

    def test_official_words_with_others_around_them_have_a_verdict_of_their_own(self, item, client):
        for addition in ("Daftar sekarang melalui nomor berikut.", "#DIBATALKAN #HOAKS"):
            response = ask(client, f"{LEAD}\n{addition}")
            assert verdict(response) == "ditambah"
            assert f"<ins>{addition}</ins>" in response.content.decode()

    def test_numbers_that_differ_are_named_as_values(self, long_item, client):
        response = ask(client, "Iuran ditetapkan Rp1,25 juta bagi setiap kelompok pada 3 Agustus 2026.")
        assert verdict(response) == "mirip"
        named = {(each.official, each.pasted) for each in response.context["finding"].differences}
        assert ("1.250.000", "1,25") in named

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
        response = ask(client, f"{LEAD} Ambil sekarang.")
        removed = "".join(response.content.decode().split("<del>")[1:])
        assert verdict(response) == "mirip"
        assert "62" in removed.split("</del>")[1], "compared with what holds now"

    def test_a_post_from_before_a_ralat_is_called_corrected_too(self, office, client):
        item = office.bring_to("composing")
        text = "Sebanyak 62 keluarga menerima bantuan langsung tunai di balai desa hari ini."
        office.write(item, lead=text)
        item = office.bring_to("live", item, channels=["console"])
        jobs.run_once()
        item.refresh_from_db()
        assert item.state == "done"
        office.bring_to("live", office.open_ralat(item, lead=text.replace("62", "52")))
        assert verdict(ask(client, text)) == "diralat"

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
    def test_the_code_of_a_card_leads_to_its_item(self, office, item, client):
        page = item.get_page()
        assert verdict(ask(client, picture=draw_code(get_link(page)))) == "asli"
        # Cards that were drawn before hold the item's own address.
        assert verdict(ask(client, picture=draw_code(page.full_url))) == "asli"
        never_public = get_link(office.bring_to("ordered").get_page())
        for address in (never_public, get_link(page).replace(f"/{page.pk}", "/999999999")):
            assert verdict(ask(client, picture=draw_code(address))) == "tidak-ditemukan"
        take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
        assert verdict(ask(client, picture=draw_code(get_link(page)))) == "diturunkan"

    @pytest.mark.parametrize(
        "content", [b"", b"bukan gambar", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"GIF89a" + b"\x01" * 30]
    )
    def test_what_is_no_picture_is_refused_in_words(self, client, content):
        response = ask(client, picture=SimpleUploadedFile("kartu.png", content, "image/png"))
        assert response.status_code == 200
        assert response.context["form"].errors["picture"]

    def test_a_picture_without_a_code(self, client):
        from tests.support.factories import make_photo

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
    response = ask(client, "kata " * 12_000)
    assert "paling banyak 50.000" in response.content.decode()


@pytest.fixture
def long_item(office):
    """An item of some sentences, with a picture and its credit."""
    body = (
        "<p>Warga tidak boleh membuang sampah ke saluran irigasi selama kerja bakti. "
        "Iuran ditetapkan Rp1.250.000 bagi setiap kelompok pada 3 Agustus 2026.</p><p>Camat hadir.</p>"
    )
    item = office.bring_to("composing")
    office.write(item, title="Kerja Bakti Saluran", lead=LEAD, body=[("paragraph", body)])
    return office.bring_to("live", item)


class TestTricks:
    def test_a_line_break_does_not_hide_a_word_left_out(self, long_item, client):
        whole = "Warga tidak boleh membuang sampah ke saluran irigasi selama kerja bakti."
        assert verdict(ask(client, whole.replace(" sampah", "\nsampah"))) == "asli"
        assert verdict(ask(client, whole.replace("tidak ", "\n"))) == "mirip"
        assert verdict(ask(client, f"{whole}\nCamat hadir.")) == "sebagian"
        assert verdict(ask(client, f"{LEAD[:40]}\n{whole[20:]}\n{LEAD[50:]}")) != "asli"

    @pytest.mark.parametrize(("old", "new"), [("1.250.000", "1.260.000"), ("3 Agustus", "4 Agustus")])
    def test_one_digit_is_a_difference_and_shown_alone(self, long_item, client, old, new):
        text = "Iuran ditetapkan Rp1.250.000 bagi setiap kelompok pada 3 Agustus 2026."
        response = ask(client, f"🔴 *INFO*\n{text.replace(old, new)} 🙏\n_sebarkan_")
        assert verdict(response) == "mirip"
        shown = "".join(
            part.text for stretch in response.context["finding"].change.stretches for part in stretch.before
        )
        assert old.split(" ")[0] in shown
        assert "Warga tidak boleh" not in shown
        assert verdict(ask(client, f"🔴 *{text}* 🙏")) == "asli"

    def test_letters_that_only_look_latin_are_named(self, item, client):
        response = ask(client, LEAD.replace("a", "\u0430", 2))
        assert verdict(response) == "mirip"
        assert "huruf dari aksara lain" in response.content.decode()

    @pytest.mark.parametrize("sign", ["\u202e", "\u2067", "\u200f"])
    def test_signs_that_turn_the_writing_are_never_genuine(self, item, client, sign):
        response = ask(client, LEAD.replace("52", f"{sign}52"))
        assert verdict(response) == "mirip"
        assert "membalik arah tulisan" in response.content.decode()

    def test_tags_pasted_along_change_nothing_and_hide_nothing(self, item, client):
        assert verdict(ask(client, f"<p><b>{LEAD}</b></p>")) == "asli"
        assert verdict(ask(client, LEAD.replace("tanpa", "<b tidak>tanpa"))) == "mirip"
        assert verdict(ask(client, LEAD.replace("tanpa", "#bukan tanpa"))) == "mirip"

    def test_a_title_alone_says_no_more_than_that(self, item, client):
        response = ask(client, "Penyaluran BLT Dana Desa")
        assert verdict(response) == "asli"
        assert "Judulnya asli" in response.content.decode()
        assert verdict(ask(client, "BLT Dana Desa")) == "terlalu-pendek"

    def test_everything_that_is_copied_from_the_page_is_genuine(self, long_item, client):
        from bs4 import BeautifulSoup

        article = BeautifulSoup(client.get(long_item.get_page().url).content, "html.parser").article
        assert verdict(ask(client, article.get_text("\n"))) == "asli"

    def test_the_verification_box_is_free_behind_any_sentence(self, long_item, client):
        from bs4 import BeautifulSoup

        page = BeautifulSoup(client.get(long_item.get_page().url).content, "html.parser")
        box = page.find(class_="verified").get_text("\n", strip=True)
        sentence = "Warga tidak boleh membuang sampah ke saluran irigasi selama kerja bakti."
        assert "Sidik isi" in box
        for text in (f"{sentence}\n{box}", f"{sentence}\n{box.splitlines()[1]}", f"{LEAD}\n\n{box}\nTerima kasih"):
            assert verdict(ask(client, text)) == "asli", text
        fact = page.find(class_="facts").get_text("\n", strip=True)
        for text in (f"{sentence}\n{fact}", f"{sentence}\n{box.replace('sama', 'tidak sama')}"):
            assert verdict(ask(client, text)) != "asli", text

    def test_what_stands_around_the_text_is_no_statement(self, item, client):
        assert verdict(ask(client, "Rabu, 9 September 2026\nDesa Buntar")) != "asli"


class TestWithdrawn:
    """What was taken down is recognised at any age, also with words changed, and never shown."""

    @pytest.fixture
    def old(self, office, long_item):
        take(long_item, "take_down", office.sekretaris, {"comment": "Keliru."})
        return long_item

    def test_altered_words(self, old, office, client):
        text = "Warga dilarang membuang sampah ke saluran irigasi selama kerja bakti. Iuran ditetapkan Rp9.250.000."
        response = ask(client, text)
        assert verdict(response) == "mirip-diturunkan"
        for word in ("Kerja Bakti Saluran", "bagi setiap kelompok", "1.250.000"):
            assert word not in response.content.decode()

    def test_a_notice_is_shown_as_its_old_address_shows_it(self, office, long_item, client):
        notice = {"public_notice": True, "notice_title": True, "notice_text": "Jumlahnya keliru."}
        take(long_item, "take_down", office.sekretaris, {"comment": "Keliru."} | notice)
        text = ask(client, LEAD).content.decode()
        assert "Kerja Bakti Saluran" in text
        assert "Jumlahnya keliru." in text

    def test_before_a_live_item_that_is_only_like_it(self, old, office, client):
        other = office.bring_to("composing")
        office.write(other, title="Bantuan lain", lead=LEAD.replace("52", "99"))
        office.bring_to("live", other)
        assert verdict(ask(client, LEAD)) == "diturunkan"
        assert verdict(ask(client, LEAD.replace("52", "99"))) == "asli"

    def test_found_among_many_at_constant_cost(self, old, client):
        kept = PublishedVersion.objects.get()
        copies = copy_versions(kept, 1000, text_stems=kept.text_stems.replace("1 250", "7 777").replace("52", "99"))
        # The site itself is asked for once in a while.
        ask(client, LEAD)
        counts = []
        for part in (copies[:10], copies[10:]):
            PublishedVersion.objects.bulk_create(part)
            with CaptureQueriesContext(connection) as queries:
                assert verdict(ask(client, LEAD)) == "diturunkan"
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 25

    def test_kept_when_it_goes_live_and_never_written_again(self, old):
        kept = list(PublishedVersion.objects.values())
        assert [row["facets"] for row in kept] == ["_lampau"]
        assert storing.fill_missing() == 0
        PublishedVersion.objects.all().delete()
        assert storing.fill_missing() == 1
        assert list(PublishedVersion.objects.values()) == kept

    def test_a_text_changed_in_the_database_is_not_believed(self, long_item, client, caplog):
        row = PublishedVersion.objects.get()
        forged = [
            [place, text.replace("52", "99"), plain.replace("52", "99"), own]
            for place, text, plain, own in row.passages
        ]
        PublishedVersion.objects.update(passages=forged)
        assert verdict(ask(client, LEAD.replace("52", "99"))) == "tidak-ditemukan"
        assert "was not written by this site" in caplog.text

    def test_made_anew_under_a_new_key(self, long_item, client, settings):
        settings.SECRET_KEY = "the next key"
        assert verdict(ask(client, LEAD)) == "tidak-ditemukan"
        settings.SECRET_KEY_FALLBACKS = ["for tests only"]
        assert verdict(ask(client, LEAD)) == "asli"
        settings.SECRET_KEY_FALLBACKS = []
        assert storing.fill_missing() == 1
        assert verdict(ask(client, LEAD)) == "asli"


def copy_versions(row, count, **changes) -> list[PublishedVersion]:
    """Return copies of a kept version, under permits of as many more items."""
    item = Disposition.objects.get(page_id=row.page_id)
    multiply_deliveries(item, [], count)
    copies = []
    for permit in PublicationPermit.objects.filter(disposition=item).exclude(pk=row.pk):
        copied = copy.copy(row)
        copied.permit_id, copied.page_id = permit.pk, permit.page_id
        for name, value in changes.items():
            setattr(copied, name, value)
        copied.sign()
        copies.append(copied)
    return copies


class TestAddresses:
    def test_without_a_scheme_and_with_what_networks_add(self, item, client, request):
        from wagtail.models import Site

        request.addfinalizer(Site.clear_site_root_paths_cache)
        Site.clear_site_root_paths_cache()
        # The address of a site with live news is frozen.
        slip_past_triggers(Site.objects.all(), hostname="mojogedang.karanganyarkab.go.id", port=443)
        path = item.get_page().url.split("go.id")[-1]
        for address in (
            f"mojogedang.karanganyarkab.go.id{path}",
            f"WWW.Mojogedang.Karanganyarkab.go.id{path}?utm_source=wa#isi",
            f"Baca: https://mojogedang.karanganyarkab.go.id{path}.",
        ):
            assert verdict(ask(client, address)) == "asli", address
        for address in (
            f"https://mojogedang.karanganyarkab.go.id.info-bansos.com{path}",
            f"https://mojogedang.karanganyarkab.go.id@info-bansos.com{path}",
            f"mojogedang-karanganyarkab.com{path}",
            f"https://m\u043ej\u043egedang.karanganyarkab.id{path}",
        ):
            response = ask(client, address)
            assert verdict(response) == "tidak-ditemukan", address
            assert "Tautan ini bukan milik kantor ini" in response.content.decode()
        assert "meniru nama kantor ini" in response.content.decode()

    def test_an_old_address_leads_on(self, item, client):
        from wagtail.contrib.redirects.models import Redirect

        page = item.get_page()
        Redirect.add_redirect("/lama/berita-blt/", page)
        old = page.full_url.replace(page.url, "/lama/berita-blt")
        assert verdict(ask(client, old)) == "asli"
        Redirect.objects.update(redirect_page=None, redirect_link="/lama/berita-blt/")
        assert verdict(ask(client, old)) == "tidak-ditemukan"

    def test_the_number_in_the_register(self, office, item, client):
        assert verdict(ask(client, f" {item.register_number} ")) == "asli"
        draft = office.bring_to("composing")
        assert verdict(ask(client, draft.register_number)) == "tidak-ditemukan"
        take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
        assert verdict(ask(client, item.register_number)) == "diturunkan"

    def test_false_words_beside_a_true_link(self, item, client):
        link = item.get_page().full_url
        response = ask(client, f"Camat membagikan uang sepuluh juta kepada seluruh pelanggan. {link}")
        assert verdict(response) == "tautan-saja"
        response = ask(client, f"Ini benar? {link}")
        assert verdict(response) == "asli"
        assert "hanya tautannya" in response.content.decode()

    def test_other_pages_of_the_site_and_what_nobody_may_see(self, item, office, client):
        link = item.get_page().full_url
        root = link.removesuffix(item.get_page().url)
        draft = office.bring_to("composing").get_draft()
        assert verdict(ask(client, f"{root}/berita/")) == "halaman-resmi"
        assert verdict(ask(client, f"{root}/cari/")) == "halaman-resmi"
        for path in ("/admin/", "/tidak-ada/", draft.get_url()):
            assert verdict(ask(client, f"{root}{path}")) == "tidak-ditemukan"

    def test_a_card_made_before_a_ralat(self, office, item, client):
        office.bring_to("done", office.open_ralat(item, lead=LEAD.replace("52", "62")))
        response = ask(client, picture=draw_code(item.get_page().full_url))
        assert verdict(response) == "asli"
        assert "Jumlah peserta 52 orang, bukan 62." in response.content.decode()
        assert "pernah diralat" in response.content.decode()

    @pytest.mark.parametrize(
        "text", ["http://[x", "https://", "//", "http://\u2100.id/", "a.id:99999999/x", "http://[::1]:x/y"]
    )
    def test_a_broken_address_breaks_nothing(self, client, text):
        assert ask(client, text).status_code == 200
