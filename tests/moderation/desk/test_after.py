"""Screens of ralat and take-down: the editor's question, the worksheet, forged requests."""

import pytest
from django.urls import reverse

from moderation.chain.transitions import take
from moderation.models import Disposition

from .editor import editor_form

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

QUESTION = "Apakah warga perlu tahu isinya berubah?"
NOTE = "Jumlah peserta 52 orang, bukan 62."


@pytest.fixture
def item(office):
    return office.bring_to("live")


def edit_url(item):
    return reverse("wagtailadmin_pages:edit", args=[item.page_id])


def step(client, item, action, **data):
    data = {"action": action, "version": item.version, **data}
    return client.post(reverse("moderation:step", args=[item.pk]), data)


def body(response):
    return response.content.decode()


def test_the_editor_asks_only_while_a_ralat_runs(office, log_in):
    first = office.bring_to("composing")
    assert QUESTION not in body(log_in(office.staf1).get(edit_url(first)))
    item = office.bring_to("live", first)
    item = take(item, "open_correction", office.sekretaris, {"comment": "Angka keliru."})
    assert QUESTION in body(log_in(office.staf1).get(edit_url(item)))


def test_a_first_draft_forgets_a_forged_answer(office, log_in):
    item = office.bring_to("composing")
    data = editor_form(item.get_draft(), correction_is_public="True", correction_note="Selundupan.")
    log_in(office.staf1).post(edit_url(item), data)
    item = office.bring_to("live", item)
    assert item.permits.get().correction_note == ""


def test_the_staf_writes_a_ralat_in_the_editor_and_hands_it_over(office, item, log_in):
    item = take(item, "open_correction", office.sekretaris, {"comment": "Angka keliru."})
    client = log_in(office.staf1)
    data = editor_form(item.get_draft(), lead="Diikuti 52 warga.")
    saved = client.post(edit_url(item), data)
    assert saved.status_code == 302
    refused = client.post(edit_url(item), data | {"action-submit": "x"})
    assert "apakah warga perlu tahu isinya berubah" in body(refused)
    item.refresh_from_db()
    assert item.state == "composing"

    told = data | {"correction_is_public": "True", "correction_note": NOTE, "action-submit": "x"}
    assert client.post(edit_url(item), told).status_code == 302
    item.refresh_from_db()
    assert item.state == "awaiting_correction"
    assert item.get_draft().correction_note == NOTE
    assert item.get_page().lead != "Diikuti 52 warga."


def test_sekretaris_and_bidang_read_the_answer_where_they_decide(office, item, log_in):
    for note, answer in ((NOTE, "Ya, dengan keterangan ralat"), ("", "Tidak, perubahan kecil tanpa keterangan")):
        item = office.open_ralat(item, note)
        for state, name in (("awaiting_correction", "sekretaris"), ("awaiting_verification", "bidang")):
            item = office.bring_to(state, item)
            sheet = body(log_in(office.people[name]).get(item.get_absolute_url()))
            assert "Ralat yang sedang berjalan" in sheet
            assert QUESTION in sheet
            assert answer in sheet
            assert (NOTE in sheet) == bool(note)
            assert "Angka keliru." in sheet
        item = take(item, "drop_correction", office.sekretaris, {"comment": "Ulangi."})


def test_the_preview_shows_the_ralat_as_it_will_stand(office, item, client, log_in):
    item = office.bring_to("awaiting_verification", office.open_ralat(item, NOTE))
    preview = body(log_in(office.bidang).get(reverse("moderation:preview", args=[item.pk])))
    assert NOTE in preview
    assert "Tanggal diisi saat ralat ditayangkan" in preview
    client.logout()
    assert NOTE not in body(client.get(item.get_page().url))


def test_the_sekretaris_opens_and_drops_on_the_worksheet(office, item, log_in):
    client = log_in(office.sekretaris)
    assert "Buka ralat" in body(client.get(item.get_absolute_url()))
    refused = step(client, item, "open_correction", comment="")
    assert refused.status_code == 422
    assert step(client, item, "open_correction", comment="Angka keliru.").status_code == 302
    item.refresh_from_db()
    sheet = body(client.get(item.get_absolute_url()))
    assert "Batalkan ralat" in sheet
    assert 'value="cancel"' not in sheet
    stale = step(client, Disposition(pk=item.pk, version=item.version - 1), "drop_correction", comment="Batal.")
    assert stale.status_code == 409
    assert step(client, item, "drop_correction", comment="Tidak jadi.").status_code == 302
    item.refresh_from_db()
    assert (item.state, item.correcting) == ("done", False)


@pytest.mark.parametrize("name", ["bidang", "staf1", "admin", "pemantau"])
def test_a_forged_request_opens_drops_and_takes_down_nothing(office, item, log_in, name):
    client = log_in(office.people[name])
    for action in ("open_correction", "take_down"):
        assert step(client, item, action, comment="Paksa.").status_code == 422
    item = office.open_ralat(item)
    assert step(client, item, "drop_correction", comment="Paksa.").status_code == 422
    item.refresh_from_db()
    assert (item.state, item.get_page().live) == ("composing", True)


def test_a_refused_take_down_keeps_what_was_typed(office, item, log_in):
    client = log_in(office.sekretaris)
    typed = {"comment": "Foto anak.", "public_notice": "on", "notice_title": "on", "notice_text": "x" * 501}
    refused = step(client, item, "take_down", **typed)
    assert refused.status_code == 422
    assert "Isi pemberitahuan paling panjang 500 huruf." in body(refused)
    assert "Foto anak." in body(refused)
    assert "x" * 501 in body(refused)
    assert step(client, item, "take_down", **typed | {"notice_text": "Diturunkan."}).status_code == 302
    item.refresh_from_db()
    sheet = body(client.get(item.get_absolute_url()))
    assert "Pemberitahuan untuk warga: Diturunkan." in sheet
