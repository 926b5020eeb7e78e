"""A form with a stale token, without a session or without its parts is answered in words, with what was typed."""

import json

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from wagtail.admin.views.chooser import ExternalLinkView

from moderation import sop
from moderation.models import Disposition, SourceMaterial
from moderation.people import appointments
from moderation.ports.seal import compute_seal
from tests.moderation.evidence.test_publish_paths import editor_data
from tests.moderation.people.test_appointments import appoint, day
from tests.support.clock import DAY, Clock
from tests.support.factories import PASSWORD, make_user

from .test_disposition import SHEET, pdf

pytestmark = pytest.mark.django_db

LEAD = "Warga membersihkan saluran irigasi <b>bersama</b>."
PARAGRAPH = "Kalimat yang baru saja diketik Staf."
HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/admin/pages/9/edit/"}


@pytest.fixture
def item(office):
    return office.bring_to("composing")


def fill_in(item, password1="rahasia sekali 123") -> dict:
    blocks = {"entityMap": {}, "blocks": [{"text": PARAGRAPH, "type": "unstyled", "key": "a"}]}
    return editor_data(item, lead=LEAD, password1=password1, **{"body-0-value": json.dumps(blocks)})


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
    assert response["Content-Security-Policy"] == settings.SELF_CONTAINED_POLICY


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


class TestSendingAgain:
    """Nothing is typed twice but a password and nothing chosen twice but a file, whatever the form."""

    NOTE = "Salah nama desa, lihat surat."

    #: Of each step: who takes it, from which state, what else is in its form, and where it leads.
    STEPS = {
        "decision": ("bidang", "awaiting_verification", "return_to_sekretaris", {}, "returned"),
        "order": ("sekretaris", "verified", "order", {"left_out_reason": "Cukup di web."}, "ordered"),
        "ralat": ("sekretaris", "live", "open_correction", {}, "composing"),
    }

    def fill_in(self, office, kind):
        """Return who sends the form, to where, what, and a look whether it arrived."""
        if kind == "editor":
            item = office.bring_to("composing")
            data = fill_in(item, password1="")
            return office.staf1, editor(item), data, lambda: item.get_draft().lead == LEAD
        if kind == "disposition":
            rows = SourceMaterial.objects.filter(disposition__subject=SHEET["subject"])
            return office.ppid, reverse("moderation:disposition_add"), SHEET | {"files": [pdf()]}, rows.exists
        if kind == "profile":
            panels = Client()
            panels.force_login(office.staf2)
            name = read_form(panels.get(reverse("wagtailadmin_account")), "[name=name_email-first_name]")
            name |= {"name_email-first_name": ["Siti Aminah"], "name_email-last_name": [""]}
            rows = type(office.staf2).objects.filter(first_name="Siti Aminah")
            return office.staf2, reverse("wagtailadmin_account"), name, rows.exists
        person, state, action, data, target = self.STEPS[kind]
        item = office.bring_to(state)
        data = data | {"action": action, "version": item.version, "seal": compute_seal(item.get_draft())}
        rows = Disposition.objects.filter(pk=item.pk, state=target)
        address = reverse("moderation:step", args=[item.pk])
        return getattr(office, person), address, data | {"comment": self.NOTE}, rows.exists

    @pytest.mark.parametrize("lost", ["the token", "the session"])
    @pytest.mark.parametrize("kind", [*STEPS, "editor", "disposition", "profile"])
    def test_it_arrives(self, office, kind, lost):
        user, address, data, has_arrived = self.fill_in(office, kind)
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        client.get(reverse("wagtailadmin_account"))
        old = client.cookies["csrftoken"].value
        if lost == "the session":
            client.session.flush()
        else:
            client.cookies["csrftoken"] = "y" * 32
        answer = client.post(address, data | {"csrfmiddlewaretoken": old}, **HERE)
        assert answer.status_code == 403
        assert not has_arrived()
        assert ("Masuk kembali" in answer.content.decode()) == (lost == "the session")
        if lost == "the session":
            # In another tab, which changes the token too.
            client.force_login(user)
            client.cookies["csrftoken"] = "z" * 32
            answer = send_again(client, answer)
            assert answer.status_code == 403
            assert "Masuk kembali" not in answer.content.decode()
        answer = send_again(client, answer)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        assert has_arrived()

    def test_a_password_is_typed_again_and_stands_nowhere(self, office):
        client = Client(enforce_csrf_checks=True)
        client.get(reverse("wagtailadmin_login"))
        data = {"login": "staf1", "password": PASSWORD, "next": "/admin/antrean/", "csrfmiddlewaretoken": "x" * 32}
        answer = client.post(reverse("wagtailadmin_login"), data, **HERE)
        assert answer.status_code == 403
        assert PASSWORD not in answer.content.decode()
        assert send_again(client, answer, password=PASSWORD)["Location"] == "/admin/antrean/"

    def test_each_password_of_a_form_has_its_name(self, office):
        client = Client()
        data = {f"password-{name}": "padi menguning" for name in ("old_password", "new_password1", "new_password2")}
        html = client.post(reverse("wagtailadmin_account"), data, **HERE).content.decode()
        labels = [label.text.split() for label in BeautifulSoup(html, "html.parser").find_all("label")]
        assert [" ".join(words) for words in labels] == [
            "Ketik lagi kata sandi sekarang",
            "Ketik lagi kata sandi baru",
            "Ketik lagi kata sandi baru sekali lagi",
        ]

    def test_a_secret_is_not_sent_again(self, office):
        client = Client(enforce_csrf_checks=True)
        client.force_login(office.sekretaris)
        html = client.post("/admin/kanal/tambah/mastodon/", {"access_token": "rahasia-12345"}, **HERE).content.decode()
        assert "Formulir ini sudah kedaluwarsa" in html
        assert "rahasia-12345" not in html
        assert "<form" not in html

    @pytest.mark.parametrize("source", ["https://penipu.example", "null"])
    def test_a_form_of_another_site_gets_no_token(self, office, item, source):
        client = Client(enforce_csrf_checks=True)
        client.force_login(office.staf1)
        headers = {"HTTP_ORIGIN": source, "HTTP_REFERER": HERE["HTTP_REFERER"]}
        response = client.post(editor(item), fill_in(item), **headers)
        assert response.status_code == 403
        assert "<form" not in response.content.decode()
        assert "csrfmiddlewaretoken" not in response.content.decode()


def read_form(answer, field) -> dict[str, list[str]]:
    """Return what a browser sends of the form in which the field stands, files left out."""
    form = BeautifulSoup(answer.content, "html.parser").select_one(field).find_parent("form")
    data: dict[str, list[str]] = {}
    for each in form.select("input[name]:not([type=file]):not([type=checkbox]), input[checked]"):
        data.setdefault(each["name"], []).append(each.get("value", ""))
    for each in form.select("select[name]"):
        data[each["name"]] = [option["value"] for option in each.select("option[selected]")]
    return data | {each["name"]: [each.text] for each in form.select("textarea[name]")}


def send_again(client, answer, **typed):
    """Press the button of an answer, with its files chosen and its passwords typed again."""
    form = BeautifulSoup(answer.content, "html.parser").find("form")
    data: dict[str, list] = {}
    for field in form.find_all("input"):
        value = field.get("value", "")
        if field["type"] == "file":
            value = pdf()
        elif field["type"] == "password":
            value = typed[field["name"]]
        data.setdefault(field["name"], []).append(value)
    return client.post(form["action"], data, HTTP_ORIGIN="http://testserver", HTTP_REFERER="http://testserver/admin/")


def test_the_sixty_first_paragraph_is_given_back_too(client, item):
    more = {f"body-{number}-value": f"Paragraf nomor {number} dari naskah." for number in range(1, 90)}
    html = client.post(editor(item), fill_in(item) | more, **HERE).content.decode()
    assert all(words in html.split("Yang Anda ketik")[1] for words in more.values())
    assert html.count("<textarea") == 61


def test_what_a_screen_sends_by_itself_is_not_shown(client, item):
    sent = {
        "body-0-id": "1131345d-77f9-4fcf-a7fc-5b128669a911",
        "loaded_revision_created_at": "2026-11-19T02:05:00+00:00",
    }
    shown = client.post(editor(item), fill_in(item) | sent, **HERE).content.decode().split("Yang Anda ketik")[1]
    assert not any(value in shown for value in sent.values())


def test_the_way_back_keeps_its_question(client, item):
    source = HERE | {"HTTP_REFERER": "http://testserver/admin/antrean/?peran=semua&halaman=2"}
    html = client.post(editor(item), fill_in(item), **source).content.decode()
    assert 'href="/admin/antrean/?peran=semua&amp;halaman=2"' in html
    assert "?next=/admin/antrean/%3Fperan%3Dsemua%26halaman%3D2" in html


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


def test_autosave_hears_that_the_session_ended(office, item):
    response = Client().post(editor(item), fill_in(item), HTTP_ACCEPT="application/json", **HERE)
    assert (response.status_code, response.json()["error_code"]) == (403, "validation_error")
    assert response.json()["error_message"].startswith("Sesi Anda sudah berakhir. Belum ada yang disimpan.")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_dialog_hears_that_the_session_ended_and_where_to_sign_in(office, method):
    answer = getattr(Client(), method)("/admin/images/chooser/", HTTP_X_REQUESTED_WITH="XMLHttpRequest", **HERE)
    assert answer.status_code == 403
    assert answer.json()["error_message"].startswith("Sesi Anda sudah berakhir. Belum ada yang disimpan.")
    assert answer.json()["sign_in"] == f"{reverse('wagtailadmin_login')}?next=/admin/pages/9/edit/"
    assert "token" not in answer.json()


@pytest.mark.parametrize("source", ["http://testserver", "https://penipu.example"])
def test_a_dialog_gets_a_token_of_now_where_it_is_ours(office, source):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.staf1)
    dialog = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_ORIGIN": source}
    answer = client.post("/admin/images/chooser/create/", **dialog)
    assert answer.status_code == 403
    assert ("token" in answer.json()) == ("Tekan tombolnya sekali lagi." in answer.json()["error_message"])
    assert ("token" in answer.json()) == (source == "http://testserver")
    token = {"csrfmiddlewaretoken": answer.json().get("token", "")}
    again = client.post("/admin/images/chooser/create/", token, **dialog)
    assert again.status_code == (200 if source == "http://testserver" else 403)


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
