"""A stale tab of the editor saves no frozen text and loses no typed text."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Revision

from moderation.chain.transitions import take
from moderation.models import AuditEntry
from moderation.ports.seal import compute_seal
from tests.moderation.evidence.test_publish_paths import editor_data

pytestmark = pytest.mark.django_db

TYPED = "Kalimat yang sudah telanjur diketik."


def save(client, item, **changes):
    url = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    return client.post(url, editor_data(item, lead=TYPED, **changes))


@pytest.mark.parametrize("state", ["awaiting_verification", "verified", "ordered", "live"])
@pytest.mark.parametrize("name", ["staf1", "sekretaris", "admin"])
def test_a_stale_tab_saves_nothing_and_shows_what_was_typed(office, log_in, state, name):
    item = office.bring_to(state)
    before = (Revision.objects.count(), compute_seal(item.get_draft()))

    response = save(log_in(office.people[name]), item)

    assert response.status_code == 200
    content = response.content.decode()
    assert TYPED in content
    assert "terkunci" in content
    assert (Revision.objects.count(), compute_seal(item.get_draft())) == before


def test_a_stale_autosave_is_refused(office, log_in):
    item = office.bring_to("awaiting_verification")
    before = compute_seal(item.get_draft())
    url = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    data = editor_data(item, lead=TYPED, overwrite_revision_id=item.page.latest_revision_id)
    response = log_in(office.staf1).post(url, data, HTTP_ACCEPT="application/json")
    assert response.json()["success"] is False
    assert compute_seal(item.get_draft()) == before


FULL, HALF = (
    json.dumps({"blocks": [{"key": "a", "text": text, "type": "unstyled"}], "entityMap": {}})
    for text in ("Kerja bakti diikuti warga, dan perangkat desa.", "Kerja bakti diikuti warga")
)


@pytest.mark.parametrize("overtaken_by", [{}, {"action-submit": "1"}], ids=["save", "hand over"])
def test_a_slow_autosave_does_not_replace_what_was_saved_meanwhile(office, log_in, monkeypatch, overtaken_by):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    url = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    first = client.post(url, editor_data(item, **{"body-0-value": HALF}), HTTP_ACCEPT="application/json").json()
    assert first["success"]
    half = {"body-0-value": HALF, "overwrite_revision_id": first["revision_id"]}
    late = editor_data(item, **half, loaded_revision_id=first["revision_id"])
    other, compare = Client(), EditView.is_out_of_date.func
    other.force_login(office.staf1)

    def be_overtaken(view):
        """Let a person save between Wagtail's comparison and its transaction."""
        found = compare(view)
        monkeypatch.undo()
        save(other, item, **{"body-0-value": FULL, **overtaken_by})
        return found

    monkeypatch.setattr(EditView, "is_out_of_date", property(be_overtaken))
    answer = client.post(url, late, HTTP_ACCEPT="application/json").json()
    assert (answer["success"], answer["error_code"]) == (False, "invalid_revision")
    assert "sudah disimpan atau diserahkan" in answer["error_message"]
    assert "dan perangkat desa" in str(item.get_draft().body)


def test_the_staf_cannot_save_while_the_sekretaris_corrects(office, log_in):
    item = office.bring_to("awaiting_correction")
    before = compute_seal(item.get_draft())
    assert TYPED in save(log_in(office.staf1), item).content.decode()
    assert compute_seal(item.get_draft()) == before


def test_handing_over_twice_from_two_tabs_is_one_hand_over(office, log_in):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    body = '{"blocks":[{"key":"a","text":"Isi berita.","type":"unstyled"}],"entityMap":{}}'
    for _tab in range(2):
        save(client, item, **{"action-submit": "1", "body-0-value": body})
    item.refresh_from_db()
    assert item.state == "awaiting_correction"
    assert AuditEntry.objects.filter(action="hand_over").count() == 1
    take(item, "declare_corrected", office.sekretaris)


def test_an_incomplete_hand_over_keeps_the_text_and_the_state(office, log_in):
    item = office.bring_to("composing")
    response = save(log_in(office.staf1), item, **{"action-submit": "1", "category": ""})
    assert response.status_code == 200
    assert TYPED in response.content.decode()
    item.refresh_from_db()
    assert item.state == "composing"


def test_a_page_says_how_things_stand_once_it_forgets(office):
    item = office.bring_to("awaiting_correction")
    page = item.get_page()
    page.remember_workflow()
    before = page.disposition, page.get_authority(office.sekretaris), page.current_workflow_state
    assert before[1].may_write_text()
    take(item, "declare_corrected", office.sekretaris, {"warnings_checked": True})

    assert (page.disposition, page.get_authority(office.sekretaris), page.current_workflow_state) == before
    page.forget()
    assert page.disposition.state == "awaiting_verification"
    assert not page.get_authority(office.sekretaris).may_write_text()
    assert page.current_workflow_state.current_task_state_id != before[2].current_task_state_id
