"""A form with a stale token, without a session or without its parts is answered in words, with what was typed."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from wagtail.admin.views.chooser import ExternalLinkView

from moderation import sop
from moderation.models import Disposition
from moderation.people import appointments
from tests.moderation.evidence.test_publish_paths import editor_data
from tests.moderation.people.test_appointments import appoint, day
from tests.support.clock import DAY, Clock
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db

LEAD = "Warga membersihkan saluran irigasi <b>bersama</b>."
PARAGRAPH = "Kalimat yang baru saja diketik Staf."
HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/admin/pages/9/edit/"}


@pytest.fixture
def item(office):
    return office.bring_to("composing")


def fill_in(item) -> dict:
    blocks = {"entityMap": {}, "blocks": [{"text": PARAGRAPH, "type": "unstyled", "key": "a"}]}
    return editor_data(item, lead=LEAD, password1="rahasia sekali 123", **{"body-0-value": json.dumps(blocks)})


def editor(item) -> str:
    return reverse("wagtailadmin_pages:edit", args=[item.page_id])


def assert_given_back(response, status):
    html = response.content.decode()
    assert response.status_code == status
    assert "Belum ada yang disimpan" in html
    assert "Warga membersihkan saluran irigasi &lt;b&gt;bersama&lt;/b&gt;." in html
    assert PARAGRAPH in html
    assert "rahasia" not in html
    assert 'href="/admin/pages/9/edit/"' in html
    assert response["Cache-Control"] == "no-store"


def test_a_stale_token(office, item):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.staf1)
    assert_given_back(client.post(editor(item), fill_in(item), **HERE), 403)
    assert item.get_draft().lead != LEAD


def test_words_of_another_site_are_not_shown_under_our_name(office, item):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.staf1)
    for source in ({"HTTP_ORIGIN": "https://penipu.example"}, {"HTTP_REFERER": "https://penipu.example/x"}, {}):
        response = client.post(editor(item), fill_in(item), **source)
        assert response.status_code == 403
        assert PARAGRAPH not in response.content.decode()


@pytest.mark.parametrize("place", ["editor", "step", "disposition"])
def test_a_session_that_ended(client, item, place):
    address = {
        "editor": editor(item),
        "step": reverse("moderation:step", args=[item.pk]),
        "disposition": reverse("moderation:disposition_add"),
    }[place]
    response = client.post(address, fill_in(item), **HERE)
    assert_given_back(response, 403)
    assert f"{reverse('wagtailadmin_login')}?next=/admin/pages/9/edit/" in response.content.decode()
    assert Disposition.objects.count() == 1


def test_the_way_back_stays_on_this_site(client, item):
    source = HERE | {"HTTP_REFERER": "http://testserver//penipu.example/x"}
    html = client.post(editor(item), fill_in(item), **source).content.decode()
    assert 'href="/penipu.example/x"' in html
    assert '"//penipu' not in html


def test_signing_in_and_out_is_not_held_up(client, office):
    response = client.post(reverse("wagtailadmin_login"), {"login": "staf1", "password": "salah"}, **HERE)
    assert response.status_code == 200
    assert "Belum ada yang disimpan" not in response.content.decode()
    assert client.post(reverse("wagtailadmin_logout"), **HERE).status_code == 302


def test_a_form_without_its_parts(office, item, log_in):
    data = fill_in(item)
    del data["body-count"]
    assert_given_back(log_in(office.staf1).post(editor(item), data, **HERE), 400)


class TestFormsOfWagtailsThatFailWithoutAPart:
    LINK = "/admin/choose-external-link/"
    TEXT = {"external-link-chooser-link_text": "Pengumuman jadwal posyandu"}

    def test_a_link_without_its_address(self, office, log_in):
        response = log_in(office.staf1).post(self.LINK, self.TEXT, **HERE)
        assert response.status_code == 400
        html = response.content.decode()
        assert "Belum ada yang disimpan" in html
        assert "Pengumuman jadwal posyandu" in html
        assert 'href="/admin/pages/9/edit/"' in html

    @pytest.mark.parametrize("kept", [{}, {"import_file_name": "alamat.csv", "input_format": "0"}])
    def test_an_import_whose_marks_are_missing_or_of_an_earlier_key(self, office, log_in, kept):
        response = log_in(office.admin).post("/admin/redirects/import/process/", {"from_index": "0"} | kept, **HERE)
        assert response.status_code == 400
        assert "Belum ada yang disimpan" in response.content.decode()

    def test_another_fault_of_the_same_view_stays_a_fault(self, office, log_in, monkeypatch):
        def fail(view):
            raise AttributeError("a fault of the program")

        monkeypatch.setattr(ExternalLinkView, "get_result_data", fail)
        with pytest.raises(AttributeError, match="a fault of the program"):
            log_in(office.staf1).post(self.LINK, self.TEXT | {"external-link-chooser-url": "https://a.example"}, **HERE)


def test_a_script_gets_json(office, item, log_in):
    data = fill_in(item)
    del data["body-count"]
    response = log_in(office.staf1).post(editor(item), data, HTTP_ACCEPT="application/json", **HERE)
    assert (response.status_code, response.json()["success"]) == (400, False)
    assert "Belum ada yang disimpan" in response.json()["error_message"]


class TestAnAppointmentThatEnds:
    """An acting Sekretaris opens a screen on the last day and presses its button after midnight."""

    NOTE = "Jumlah peserta keliru, periksa kembali daftar hadir."

    @pytest.fixture(params=["acting alone", "also Staf"])
    def deputy(self, request, office):
        return make_user("wakil", *([sop.Role.STAF] if request.param == "also Staf" else []))

    @pytest.fixture
    def correction(self, office):
        return office.bring_to("awaiting_correction")

    @pytest.mark.parametrize("end", ["by the calendar", "by a person"])
    @pytest.mark.parametrize("place", ["editor", "step"])
    def test_a_sentence_and_what_was_typed(self, office, deputy, correction, client, monkeypatch, place, end):
        appointment = appoint(office, deputy, first=0, last=0)
        client.force_login(deputy)
        opened = client.get(correction.get_absolute_url())
        assert opened.status_code == 200
        if end == "by a person":
            appointments.end(appointment, office.ppid, "Sekretaris kembali bertugas.")
        else:
            clock = Clock(monkeypatch)
            clock.wait(DAY)
            client.force_login(deputy)
        seal = opened.context["seal"]
        step = {"action": "return_to_staf", "version": correction.version, "comment": self.NOTE, "seal": seal}
        address = {"editor": editor(correction), "step": reverse("moderation:step", args=[correction.pk])}[place]
        response = client.post(address, fill_in(correction) | {"seo_title": self.NOTE} | step, **HERE)
        html = response.content.decode()
        assert response.status_code in (403, 422)
        assert f"Masa penunjukan Anda sebagai Plh. Sekretaris berakhir pada {day_in_words(appointment)}." in html
        assert self.NOTE in html
        assert f">{seal}</textarea>" not in html
        correction.refresh_from_db()
        assert correction.state == "awaiting_correction"
        assert correction.get_draft().lead != LEAD

    def test_a_role_taken_away_gives_back_what_was_typed_too(self, office, correction, log_in):
        client = log_in(office.sekretaris)
        office.sekretaris.groups.clear()
        response = client.post(editor(correction), fill_in(correction), **HERE)
        assert_given_back(response, 403)
        assert "Anda tidak berhak lagi" in response.content.decode()

    def test_an_end_long_ago_explains_nothing(self, office, monkeypatch):
        appoint(office, office.staf2, first=-30, last=-20)
        ended = appoint(office, office.staf2, sop.Role.BIDANG, first=-3, last=9)
        assert appointments.describe_end(office.staf2) == ""
        clock = Clock(monkeypatch)
        appointments.end(ended, office.ppid, "Selesai.")
        assert appointments.describe_end(type(office.staf2).objects.get(pk=office.staf2.pk)).endswith(
            f"sebagai {ended.title} berakhir pada {day_in_words(ended, day(0))}."
        )
        clock.wait(8 * DAY)
        assert appointments.describe_end(type(office.staf2).objects.get(pk=office.staf2.pk)) == ""


def day_in_words(appointment, last=None) -> str:
    return date_format(last or appointment.ends_on, "DATE_FORMAT")
