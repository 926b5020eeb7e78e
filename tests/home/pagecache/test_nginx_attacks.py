"""Attacks on what is not public, and every other kind of change, before a real nginx."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import HomePage, OfficeSettings, StandardPage
from moderation.chain.transitions import take
from moderation.management.jobs.scheduling import publish_due
from news.models import Attachment, NewsCategory, Photo
from tests.support.factories import make_photo
from tests.support.front.stack import reading, running_front

from .test_nginx import Watch

pytestmark = pytest.mark.nginx
WITHDRAW = {"comment": "Keliru.", "public_notice": False}
SPEC = "max-480x640|format-webp"


@pytest.fixture
def item(front, office):
    """An item in writing, with a picture and a document."""
    item = office.bring_to("composing")
    document = Attachment(title="Daftar hadir")
    document.file.save("hadir.pdf", ContentFile(b"%PDF-1.4 rahasia"))
    office.write(
        item,
        main_image=make_photo(),
        main_image_alt="Saluran",
        main_image_credit="Dokumentasi",
        body=[("document", {"document": document, "title": ""})],
    )
    return item


def list_disguises(path):
    """The same file under every other spelling that a server may understand."""
    folder, _slash, name = path.rpartition("/")
    quoted = "".join(f"%{ord(letter):02x}" for letter in name)
    spellings = [
        f"{folder}//{name}",
        f"/{path}",
        f"{folder}/./{name}",
        f"{folder}/%2e/{name}",
        f"{folder}/x/%2e%2e/{name}",
        f"{folder}%2f{name}",
        f"{folder}/{quoted}",
        f"{folder}/{name}/",
        f"{folder}/{name}%00.jpg",
        f"{folder}/{name}?x=1",
        f"{folder}/{name}.gz",
        path.upper(),
        f"/nowhere{path}",
        f"/pages{path}",
        f"/static/..{path}",
        f"/static/%2e%2e{path}",
        f"/static../{path.lstrip('/')}",
        f"/berkas-dalam{path.removeprefix('/media')}",
        f"/berkas-dalam/../media{path.removeprefix('/media')}",
        f"/groups/berkas{path}",
    ]
    return [(spelling, {}) for spelling in spellings]


def list_ways(path):
    """Every method and header by which a file may be asked for."""
    return [
        (path, {}),
        (path, {"method": "HEAD"}),
        (path, {"method": "POST"}),
        (path, {"Range": "bytes=0-20"}),
        (path, {"X_Accel_Redirect": "/berkas-dalam/images/"}),
        (path, {"X_Original_URL": "/admin/", "X_Rewrite_URL": path}),
        (path, {"Cookie": "sessionid=tebakan"}),
        (path, {"If_Modified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"}),
    ]


def find_open(front, *files, spellings=list_ways):
    """Return what anybody got of these files by whatever address and way."""
    asked = [way for path in files for way in spellings(path)]
    return [(path, how) for path, how in asked if front.get(path, **how).status in {200, 206, 304}]


def test_no_address_leads_to_what_is_not_live_or_to_an_original(front, item, office):
    page = item.get_draft()
    photo, document = page.main_image, Attachment.objects.get()
    rendition = photo.get_rendition(SPEC)
    originals = [f"/media/{photo.file.name}", f"/media/{document.file.name}"]
    assert find_open(front, rendition.url, originals[0], spellings=list_disguises) == []
    assert find_open(front, document.url, originals[1]) == []
    page = office.bring_to("live", item).get_page()
    front.warm(page.url, rendition.url)
    assert find_open(front, originals[0], spellings=list_disguises) == []


def test_what_a_closed_page_shows_is_closed_with_it(front):
    photo = make_photo("Denah", "gold")
    body = [("image", {"photo": photo, "alt": "Denah", "caption": "", "credit": "Kecamatan"})]
    page = HomePage.objects.get().add_child(instance=StandardPage(title="Profil tertutup", body=body))
    rendition = photo.get_rendition(SPEC).url
    front.warm(page.url, rendition)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    front.settle()
    assert find_open(front, rendition, f"/media/{photo.file.name}") == []
    assert page.title not in front.get(page.url).text


def test_a_picture_is_gone_with_the_last_page_that_shows_it(front, item, office):
    item = office.bring_to("live", item)
    shared = item.get_page().main_image
    other = office.bring_to("composing", office.issue("Kerja bakti saluran irigasi Buntar"))
    own = make_photo("Lain", "navy")
    body = [("image", {"photo": own, "alt": "Lain", "caption": "", "credit": "Kecamatan"})]
    office.write(other, main_image=shared, main_image_alt="Saluran", main_image_credit="Dokumentasi", body=body)
    both, hidden = shared.get_rendition(SPEC).url, own.get_rendition(SPEC).url
    front.warm(both)
    assert front.get(hidden).status == 404

    other = office.bring_to("live", other)
    front.warm(both, hidden)
    take(other, "take_down", office.sekretaris, WITHDRAW)
    front.settle()
    # The live item still shows the one that both had.
    front.warm(both)
    assert find_open(front, hidden) == []

    item.refresh_from_db()
    take(item, "take_down", office.sekretaris, WITHDRAW)
    front.settle()
    assert find_open(front, both) == []


def test_two_machines_show_every_kind_of_change(front, office, programs, settings, tmp_path):
    later = timezone.now() + timedelta(hours=1)
    waiting = office.bring_to("ordered", office.issue("Pasar murah di Pereng"), go_live_at=later)
    waiting = take(waiting, "schedule", office.staf1)
    page = office.bring_to("live").get_page()
    # They have the database and the media folder in common, and each its own kept pages.
    data = tmp_path / "mesin-dua"
    data.mkdir()
    (data / "media").symlink_to(settings.DATA_DIR / "media")
    (tmp_path / "dua").mkdir()
    with running_front(tmp_path / "dua", {}, data, workers=1, programs=programs) as second:
        paths = ["/", "/berita/", "/berita/atom.xml", page.url]
        for machine in (front, second):
            machine.warm(*paths, "/sitemap.xml")
        with reading(front, paths, readers=1) as here, reading(second, paths, readers=1) as there:

            def expect(where, *shown, gone=()):
                now = max(front.settle(), second.settle())
                for answers in (here, there):
                    Watch(answers, now).expect(where, *shown, gone=gone)

            office_settings = OfficeSettings.objects.get()
            office_settings.phone = "0271 123456"
            office_settings.menu = [("entry", {"page": page, "label": "Menu baru"})]
            office_settings.save()
            expect(["/", "/berita/", page.url], "0271 123456", "Menu baru")
            NewsCategory.objects.filter(pk=page.category_id).update(name="Kategori bernama lain")
            # The item itself shows the words that were verified.
            expect(["/berita/"], "Kategori bernama lain")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(timezone, "now", lambda: later)
                assert publish_due() == 1
            expect(["/", "/berita/", "/berita/atom.xml"], "Pasar murah di Pereng")
        for machine in (front, second):
            assert waiting.get_page().url in machine.get("/sitemap.xml").text
            assert machine.get_kept(page.url).text.count("Menu baru")


def test_a_replaced_picture_is_not_shown_any_more(front, item, office):
    item = office.bring_to("live", item)
    page = item.get_page()
    old = page.main_image.get_rendition(SPEC).url
    front.warm(page.url, old)
    new = make_photo("Lain", "navy")
    ralat = office.open_ralat(item, main_image=new)
    for action, person in (("hand_over", office.staf1), ("declare_corrected", office.sekretaris)):
        ralat = take(ralat, action, person, {"warnings_checked": True})
    ralat = office.bring_to("ordered", ralat)
    candidate = new.get_rendition(SPEC).url
    assert find_open(front, candidate) == []
    take(ralat, "publish", office.staf1)
    front.settle()
    assert find_open(front, old) == []
    assert front.get(candidate).status == 200
    assert Photo.objects.get(pk=page.main_image_id).renditions.filter(file=old.removeprefix("/media/")).count() <= 1
    assert old not in front.get(page.url).text
