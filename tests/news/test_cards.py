"""Cards: drawn from the sealed text, never overflowing, readable on any picture, public only while live."""

import io
import threading
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.core.signing import Signer
from django.urls import reverse
from PIL import Image, ImageChops

from home.models import OfficeSettings
from moderation.chain import permits
from moderation.chain.transitions import take
from news.cards import drawing, lettering, store
from news.cards.brand import Brand
from news.cards.content import CardContent, get_content
from news.cards.drawing import LINK, SHAPES, SQUARE
from news.cards.images import get_card_image, get_preview_url
from news.models import NewsPage
from tests.support.factories import make_photo

BRAND = Brand("Kecamatan Mojogedang", "Pemerintah Kabupaten Karanganyar")
ADDRESS = "https://mojogedang.contoh.go.id/berita/kerja-bakti-bersihkan-saluran-irigasi-di-desa-buntar/"
#: As long as the host of an office and the number of an item are together.
SHORT = "HTTPS://KECAMATAN-MOJOGEDANG.KARANGANYARKAB.GO.ID/B/1234567"
LONG = (
    "Musyawarah Perencanaan Pembangunan Kecamatan Mojogedang Membahas Usulan Prioritas Perbaikan Jalan, Irigasi, "
    "dan Layanan Kesehatan dari 13 Desa untuk Tahun Anggaran 2027 Bersama Tokoh Warga dan Seniman"
)
TITLES = {
    "short": "Kerja Bakti",
    "200 characters": LONG,
    "one endless word": "Pertanggungjawaban" * 111,
    "2,000 words": "desa " * 2000,
    "capitals": "PENGUMUMAN PENTING UNTUK SELURUH WARGA KECAMATAN MOJOGEDANG",
    "right to left": "مرحبا Kerja \u202ebakti\u202c שלום",
    "zero width": "Kerja\u200b\u200d\ufeff bakti\u0301\u0301\u0301\u0301" + "\u0336" * 400,
    "emoji": "🎉 Kerja 👨‍👩‍👧 bakti 🇮🇩 ✅",
    "nothing that can be drawn": "مرحبا 🎉",
    "lines": "Kerja\nbakti\t\tdi\u2028desa\x00",
    "quotes": "“Jum’at Bersih” – gotong royong se-Kecamatan… 50 % · Rp1.250.000",
}


def lay_out(title, shape=SQUARE, *, has_photo=False, link=ADDRESS):
    content = CardContent(title, "Berita · Pembangunan", "Rabu, 9 September 2026", link)
    return drawing.arrange(content, BRAND, shape, has_photo=has_photo)


def get_title(layout):
    return [line for line in layout.lines if line.weight == lettering.BLACK]


def open_card(content: bytes):
    return Image.open(io.BytesIO(content))


def get_luminance(colour):
    parts = [part / 255 for part in colour]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def get_contrast(one, other):
    low, high = sorted((get_luminance(one), get_luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("has_photo", [False, True])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_no_text_leaves_the_card_or_touches_another(title, shape, has_photo):
    layout = lay_out(title, shape, has_photo=has_photo)
    left, top, _side = layout.code
    boxes = [line.box for line in layout.lines]
    for number, (x1, y1, x2, y2) in enumerate(boxes):
        assert x1 >= shape.margin - 6
        assert x2 <= shape.width - shape.margin + 6
        assert y1 >= shape.margin - 6
        assert y2 <= shape.height - 30
        # The code keeps its place for itself.
        assert x2 <= left or y2 <= top
        for a1, b1, a2, b2 in boxes[:number]:
            assert x2 <= a1 or a2 <= x1 or y2 <= b1 or b2 <= y1
    # The name's plate, where there is one, ends above the words of the item.
    assert layout.text_top >= layout.mark[1] + shape.mark
    if has_photo and shape.is_wide:
        assert all(line.box[2] <= layout.text_right for line in layout.lines)


@pytest.mark.parametrize("has_photo", [False, True])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_title_of_200_characters_stands_whole(shape, has_photo):
    assert len(LONG) == 200
    layout = lay_out(LONG, shape, has_photo=has_photo)
    assert " ".join(line.text for line in get_title(layout)) == LONG


def test_a_short_title_is_large_and_a_long_one_shrinks():
    sizes = [get_title(lay_out(title))[0].size for title in ("Kerja Bakti", "Kerja Bakti di Desa Buntar " * 3, LONG)]
    assert sizes[0] == SQUARE.title_sizes[0]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[2] >= SQUARE.title_sizes[-1]


def test_only_what_fits_in_no_size_is_cut_and_says_so():
    words = " ".join(line.text for line in get_title(lay_out("desa " * 2000)))
    assert words.endswith("desa…")
    endless = get_title(lay_out("Pertanggungjawaban" * 111))
    assert endless[-1].text.endswith("…")
    assert endless[0].size == SQUARE.title_sizes[-1]


def test_a_word_stays_whole_where_a_smaller_size_allows_it():
    lines = get_title(lay_out("Ketidakbertanggungjawaban dan Mempertanggungjawabkannya"))
    assert " ".join(line.text for line in lines) == "Ketidakbertanggungjawaban dan Mempertanggungjawabkannya"
    assert lines[0].size < SQUARE.title_sizes[0]


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("🎉 Kerja 👨‍👩‍👧 bakti ✅", "Kerja bakti"),
        ("Kerja\u200b bak\u200dti\ufeff", "Kerja bakti"),
        ("\u202eKerja bakti\u202c", "Kerja bakti"),
        ("مرحبا Kerja bakti 漢字", "Kerja bakti"),
        ("Ke\u0301rja", "Kérja"),
        ("Ḥaji Ṣāliḥ", "Haji Salih"),
        ("Kerja\nbakti\x00\x1b", "Kerja bakti"),
        ("ﬁle ½", "file ½"),
        ("“Jum’at” – bersih — 50 %…", "“Jum’at” – bersih — 50 %…"),
        ("Kerja\u00a0bakti", "Kerja bakti"),
    ],
)
def test_what_the_font_lacks_is_left_out_and_never_a_box(typed, drawn):
    assert lettering.clean(typed) == drawn


def test_every_letter_of_indonesian_and_of_the_office_is_drawn():
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 éèêëÉ .,;:!?()[]/&%+-–—“”‘’…·@#*°²³€"
    assert lettering.clean(letters) == letters


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("photo", [None, "white", "black", "gold"])
@pytest.mark.parametrize("title", ["Kerja Bakti", LONG])
def test_every_word_has_contrast_on_any_picture(shape, photo, title):
    layout = lay_out(title, shape, has_photo=photo is not None)
    ground = drawing.paint_ground(layout, Image.new("RGB", (1600, 1200), photo) if photo else None)
    for line in layout.lines:
        # No pixel is brighter than the brightest of each colour together.
        brightest = [highest for _lowest, highest in ground.crop(line.box).getextrema()]
        assert get_contrast(brightest, line.colour) >= 4.5


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("address", [ADDRESS, f"https://mojogedang.contoh.go.id/berita/{'usulan-prioritas-' * 15}/"])
def test_the_code_reads_back_as_the_address(shape, address):
    for photo in (None, Image.effect_noise((1200, 900), 120)):
        load = (lambda width, height, photo=photo: photo) if photo else None
        content = drawing.draw(CardContent("Kerja Bakti", "Berita", "", address), BRAND, shape, load)
        card = open_card(content)
        assert [code.text for code in zxingcpp.read_barcodes(card)] == [address]
        # As a messenger shows it after its own compression.
        assert zxingcpp.read_barcodes(card.resize((card.width * 3 // 4, card.height * 3 // 4)))[0].text == address


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_code_is_read_from_a_card_that_a_messenger_shrank_to_three_tenths(shape):
    for photo in (None, Image.effect_noise((1200, 900), 120)):
        load = (lambda width, height, photo=photo: photo) if photo else None
        card = open_card(drawing.draw(CardContent("Kerja Bakti", "Berita", "", SHORT), BRAND, shape, load))
        for method in (Image.Resampling.BILINEAR, Image.Resampling.LANCZOS):
            stream = io.BytesIO()
            card.resize((card.width * 3 // 10, card.height * 3 // 10), method).save(stream, "JPEG", quality=60)
            assert [code.text for code in zxingcpp.read_barcodes(Image.open(stream))] == [SHORT]


def test_the_file_is_a_small_jpeg_without_metadata():
    photo = Image.effect_noise((2000, 1500), 160).convert("RGB")
    for shape in SHAPES.values():
        content = drawing.draw(CardContent(LONG, "Berita", "", ADDRESS), BRAND, shape, lambda width, height: photo)
        card = open_card(content)
        assert (card.format, card.size) == ("JPEG", (shape.width, shape.height))
        assert len(content) < 300_000
        assert not card.getexif()
        assert set(card.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_ratios_are_those_that_networks_take():
    assert SQUARE.width == SQUARE.height == 1080
    assert (LINK.width, LINK.height) == (1200, 630)
    assert all(4 / 5 <= shape.width / shape.height <= 1.91 for shape in SHAPES.values())


# What follows needs the office.

pytestmark = pytest.mark.db_agnostic


@pytest.fixture
def live(office):
    """A live item without a picture, and its page."""
    item = office.bring_to("live")
    return item, NewsPage.objects.get(pk=item.page_id)


def get_path(item, shape="tautan"):
    return reverse("news:card", args=[permits.find_current(item).seal[:12], shape])


def read(response):
    return b"".join(response.streaming_content)


def test_the_card_says_what_is_sealed_in_the_words_of_the_office(office):
    item = office.bring_to("composing")
    page = office.write(item, title="Kerja Bakti di Desa Buntar")
    content = get_content(page)
    assert content.title == "Kerja Bakti di Desa Buntar"
    assert content.label == "Berita · Pembangunan"
    assert content.date == "Rabu, 9 September 2026"
    assert content.link == f"HTTP://127.0.0.1:8000/B/{page.pk}"


def test_a_live_item_without_a_picture_has_a_card_of_its_own_for_links(client, live):
    item, page = live
    html = client.get(page.url).content.decode()
    path = get_path(item)
    assert f'property="og:image" content="http://127.0.0.1:8000{path}"' in html
    assert 'property="og:image:width" content="1200"' in html
    assert 'property="og:image:height" content="630"' in html
    assert (
        f'property="og:image:alt" content="Kartu: {page.title}. Berita · Pembangunan. Rabu, 9 September 2026"' in html
    )
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert "public" in response["Cache-Control"]
    card = open_card(read(response))
    assert card.size == (1200, 630)
    assert client.get(urlsplit(zxingcpp.read_barcodes(card)[0].text).path).url == page.url


def test_the_short_address_leads_to_what_is_or_was_public_and_tells_of_nothing_else(client, live, office):
    item, page = live
    for path in (f"/b/{page.pk}", f"/B/{page.pk}", f"/b/{page.pk}/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (301, page.url)
    hidden = [office.bring_to(state).page_id for state in ("composing", "ordered")]
    no_item = page.get_parent().pk
    for number in (*hidden, no_item, 999_999_999):
        assert client.get(f"/b/{number}").status_code == 404
    take(item, "take_down", office.sekretaris, {"comment": "Foto keliru."})
    assert client.get(f"/b/{page.pk}").url == page.url
    assert client.get(page.url).status_code == 410


def test_the_second_reader_gets_the_kept_file(client, live, settings, django_assert_max_num_queries):
    item, _page = live
    first = read(client.get(get_path(item)))
    [kept] = settings.CARDS_ROOT.rglob("*.jpg")
    written = kept.stat().st_mtime_ns
    with django_assert_max_num_queries(4):
        assert read(client.get(get_path(item))) == first
    assert kept.stat().st_mtime_ns == written


def test_what_is_not_live_has_no_card(client, office, log_in):
    item = office.bring_to("ordered")
    assert client.get(get_path(item)).status_code == 404
    assert client.get(reverse("news:card", args=["0" * 12, "tautan"])).status_code == 404
    assert client.get("/berita/kartu/0000/tautan.jpg").status_code == 404
    assert client.get(f"/berita/kartu/{'0' * 12}/../../x.jpg").status_code == 404
    # Not even for staff: their previews have another address.
    assert log_in(office.sekretaris).get(get_path(item)).status_code == 404


def test_a_take_down_removes_the_card(client, live, office, settings, django_capture_on_commit_callbacks):
    item, _page = live
    path = get_path(item)
    assert client.get(path).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        take(item, "take_down", office.sekretaris, {"comment": "Foto keliru."})
    assert client.get(path).status_code == 404
    assert not list(settings.CARDS_ROOT.rglob("*.jpg"))


def test_a_card_that_was_drawn_while_its_item_went_down_is_not_given_out(client, live, office, settings, monkeypatch):
    item, _page = live
    path, draw = get_path(item), store.draw

    def draw_slowly(*arguments):
        take(item, "take_down", office.sekretaris, {"comment": "Foto keliru."})
        return draw(*arguments)

    monkeypatch.setattr(store, "draw", draw_slowly)
    assert client.get(path).status_code == 404
    assert not list(settings.CARDS_ROOT.rglob("*.jpg"))


def test_a_ralat_has_a_new_card_and_the_old_address_is_gone(
    client, live, office, settings, django_capture_on_commit_callbacks
):
    item, _page = live
    old = get_path(item)
    before = read(client.get(old))
    with django_capture_on_commit_callbacks(execute=True):
        item = office.bring_to("live", office.open_ralat(item, title="Kerja Bakti Diikuti 52 Warga"))
    assert client.get(old).status_code == 404
    after = read(client.get(get_path(item)))
    assert after != before
    assert len(list(settings.CARDS_ROOT.rglob("*.jpg"))) == 1


def test_a_new_name_of_the_office_is_drawn_at_once(client, live, settings):
    item, page = live
    before = read(client.get(get_path(item)))
    office, _created = OfficeSettings.objects.get_or_create(site=page.get_site())
    office.office_name, office.logo = "Kecamatan Mojogedang Raya", make_photo("Logo", "red")
    office.save()
    after = read(client.get(get_path(item)))
    assert ImageChops.difference(open_card(before), open_card(after)).getbbox()
    assert len(list(settings.CARDS_ROOT.rglob("*.jpg"))) == 1
    # The logo stands where the mark stood.
    red, green, blue = open_card(after).getpixel((LINK.margin + LINK.mark // 2, LINK.margin + LINK.mark // 2))
    assert red > 180
    assert max(green, blue) < 90


def test_a_page_with_a_picture_shows_the_picture_where_links_are_shown(client, office):
    item = office.bring_to("composing")
    office.write(item, main_image=make_photo(), main_image_alt="Warga di saluran.", main_image_credit="Dokumentasi")
    item = office.bring_to("live", item)
    page = NewsPage.objects.get(pk=item.page_id)
    html = client.get(page.url).content.decode()
    assert "/berita/kartu/" not in html
    assert 'og:image:alt" content="Warga di saluran."' in html
    for shape in SHAPES.values():
        card = open_card(read(client.get(get_path(item, shape.name))))
        red, green, blue = card.getpixel((shape.width - 30, 120))
        assert green > red + 40 > 30, "the green picture shows"
        assert green > blue + 40


def test_a_picture_whose_file_is_gone_leaves_the_plain_card():
    content = CardContent("Kerja Bakti", "Berita", "", ADDRESS)
    assert drawing.draw(content, BRAND, SQUARE, lambda width, height: None) == drawing.draw(content, BRAND, SQUARE)


def test_two_at_once_leave_one_whole_file(settings, monkeypatch):
    content = CardContent("Kerja Bakti", "Berita", "", ADDRESS)
    monkeypatch.setattr(store, "get_brand", lambda: BRAND)
    both = threading.Barrier(2)
    draw, results = store.draw, []

    def draw_together(*arguments):
        both.wait(60)
        return draw(*arguments)

    monkeypatch.setattr(store, "draw", draw_together)

    def run():
        results.append(store.get_card("ab" * 32, SQUARE, ADDRESS, lambda: content).read_bytes())

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 2
    assert results[0] == results[1]
    assert open_card(results[0]).size == (1080, 1080)
    assert len(list(settings.CARDS_ROOT.rglob("*"))) == 2, "the folder and one file"


def test_the_preview_is_the_card_and_only_staff_see_it(client, office, log_in):
    item = office.bring_to("composing")
    page = item.get_draft()
    shown = page.get_share_card()
    assert shown.image == get_preview_url(get_content(page), LINK)
    assert client.get(shown.image).status_code == 302
    response = log_in(office.bidang).get(shown.image)
    assert "no-store" in response["Cache-Control"]
    assert response.content == get_card_image(page).read()


def test_a_preview_with_forged_words_is_refused(office, log_in):
    client = log_in(office.staf1)
    address = reverse("news_card_preview", args=["tautan"])
    forged = Signer().sign_object({"title": "Bantuan Rp10 juta", "label": "", "date": "", "link": "", "photo": None})
    for words in ("", "x", forged):
        # The admin answers for what is missing as for what is refused.
        assert client.get(address, {"isi": words}).url == reverse("wagtailadmin_home")
    good = get_preview_url(CardContent("Kerja Bakti"), LINK)
    assert client.get(good).status_code == 200
    assert client.get(good.replace("tautan.jpg", "lain.jpg")).url == reverse("wagtailadmin_home")
    assert client.post(good).url == reverse("wagtailadmin_home")


def test_networks_that_need_a_picture_get_the_card_of_the_sealed_version(client, live):
    item, _page = live
    sealed = permits.find_current(item).revision.as_object()
    card = get_card_image(sealed, SQUARE)
    assert (card.mime, card.width, card.height) == ("image/jpeg", 1080, 1080)
    assert card.url.endswith(get_path(item, "kotak"))
    assert read(client.get(get_path(item, "kotak"))) == card.read()
    download = client.get(get_path(item, "kotak"), {"unduh": ""})
    assert download["Content-Disposition"] == f'attachment; filename="{sealed.slug}-kotak.jpg"'
