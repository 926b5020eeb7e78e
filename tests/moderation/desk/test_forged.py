"""Forged requests change nothing, get an Indonesian message, and lose no typed data."""

import json

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from moderation import sop
from moderation.chain.transitions import take
from moderation.models import AuditEntry, SopTaskState
from tests.support.factories import verdict

from .editor import editor_form

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

TYPED = "Ketikan yang tidak boleh hilang."


def record(*items):
    """Return all data that a forged request might change."""
    rows = []
    for item in items:
        item.refresh_from_db()
        rows.append((item.state, item.version, item.round, item.assigned_to_id, item.classification))
    states = list(SopTaskState.objects.order_by("pk").values_list("pk", "status", "finished_by_id"))
    return rows, states, AuditEntry.objects.count()


def post(client, item, **body):
    body = {"version": item.version, "comment": TYPED} | body
    return client.post(reverse("moderation:step", args=[item.pk]), {k: v for k, v in body.items() if v is not None})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"action": "terbitkan_saja"}, "Langkah ini tidak dikenal."),
        ({"action": "settle"}, "tidak dapat dilakukan"),
        ({"action": "issue"}, "tidak dapat dilakukan"),
        ({"action": "publish"}, "tidak dapat dilakukan"),
        ({"action": "forward"}, "tidak dapat dilakukan"),
        ({"action": "issue_and_forward"}, "tidak dapat dilakukan"),
        ({"action": None}, "Formulir tidak lengkap."),
        ({"action": "verify", "version": None}, "Formulir tidak lengkap."),
        ({"action": "verify", "version": "satu"}, "Formulir tidak lengkap."),
        ({"action": "verify"}, "Tetapkan klasifikasi"),
        ({"action": "verify", "classification": "bebas"}, "Langkah belum dapat diambil."),
        ({"action": "verify", "version": 99, "classification": "berkala"}, "keadaan materi telah berubah"),
        ({"action": "verify", "seal": "0" * 64}, "Materi ini telah berubah"),
    ],
)
def test_a_forged_step_changes_nothing(office, log_in, body, words):
    item = office.bring_to("awaiting_verification")
    before = record(item)
    if body.get("seal"):
        body = body | verdict()
    response = post(log_in(office.bidang), item, **body)
    assert response.status_code in {409, 422}
    assert words in response.content.decode()
    assert TYPED in response.content.decode()
    assert record(item) == before


@pytest.mark.parametrize("name", ["ppid", "sekretaris", "sekretariat", "staf1", "staf2", "pemantau", "admin"])
def test_another_role_cannot_take_the_step(office, log_in, name):
    item = office.bring_to("awaiting_verification")
    before = record(item)
    response = post(log_in(office.people[name]), item, action="verify", classification="berkala")
    assert response.status_code == 422
    assert f"Langkah ini hanya dapat dilakukan oleh {sop.Role.BIDANG}." in response.content.decode()
    assert TYPED in response.content.decode()
    assert record(item) == before


def test_another_items_version_is_of_no_use(office, log_in):
    mine, other = office.bring_to("awaiting_verification"), office.bring_to("verified")
    before = record(mine, other)
    response = post(log_in(office.bidang), mine, action="verify", classification="berkala", version=other.version)
    assert response.status_code == 409
    assert record(mine, other) == before


def test_a_stranger_and_a_visitor_are_sent_away(office, client):
    item = office.bring_to("awaiting_verification")
    before = record(item)
    assert post(client, item, action="verify", classification="berkala").status_code == 403
    assert record(item) == before


def test_an_unknown_item_is_not_found(office, log_in):
    response = log_in(office.bidang).post(reverse("moderation:step", args=[4711]), {"action": "verify"})
    assert response.status_code == 404


def test_the_address_of_a_step_leads_back_to_the_worksheet(office, log_in):
    item = office.issue()
    response = log_in(office.sekretaris).get(reverse("moderation:step", args=[item.pk]))
    assert response.url == item.get_absolute_url()


def task_state_of(item):
    return SopTaskState.objects.filter(workflow_state__object_id=str(item.page_id)).latest("pk")


def native(client, page_id, action, task_state, **data):
    """POST to Wagtail's own workflow view."""
    address = reverse("wagtailadmin_pages:workflow_action", args=[page_id, action, task_state.pk])
    return client.post(address, data)


def test_another_pages_task_state_is_decided_by_its_own_rules(office, log_in):
    """The verifier wrote B; Wagtail checks page A but acts on B's task state (docs/wagtail-facts.md#workflows)."""
    allowed, own = office.bring_to("awaiting_verification"), office.bring_to("awaiting_correction")
    office.write(own, office.bidang)
    own = take(own, "declare_corrected", office.sekretaris)
    before = record(allowed, own)
    client = log_in(office.bidang)
    response = native(client, allowed.page_id, "verify", task_state_of(own), comment=TYPED, **verdict())
    assert response.status_code in {302, 409}
    assert record(allowed, own) == before
    page = client.get(allowed.get_absolute_url()).content.decode()
    assert "Anda tidak dapat memverifikasi materi yang Anda susun atau koreksi sendiri." in page
    assert TYPED in page


def test_wagtails_own_address_asks_for_the_whole_form(office, log_in):
    item = office.bring_to("awaiting_verification")
    before = record(item)
    native(log_in(office.bidang), item.page_id, "verify", task_state_of(item))
    assert record(item) == before


@pytest.mark.parametrize("action", ["approve", "publish", "order", "tidak_ada"])
def test_wagtails_own_address_knows_no_other_action(office, log_in, action):
    item = office.bring_to("awaiting_verification")
    before = record(item)
    native(log_in(office.bidang), item.page_id, action, task_state_of(item), comment=TYPED)
    assert record(item) == before


def test_unchecked_data_of_the_editor_does_not_skip_the_form(office, log_in):
    item = office.bring_to("awaiting_correction")
    before = record(item)
    client = log_in(office.sekretaris)
    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[item.page_id]),
        editor_form(
            item.get_draft(),
            **{
                "action-workflow-action": "true",
                "workflow-action-name": "return_to_staf",
                "workflow-action-extra-data": json.dumps({"update": False, "comment": ""}),
            },
        ),
    )
    assert response.url == item.get_absolute_url()
    assert "Tulis alasannya." in client.get(response.url).content.decode()
    assert record(item) == before


def test_cancelling_in_wagtails_way_is_refused(office, log_in):
    item = office.bring_to("awaiting_correction")
    before = record(item)
    client = log_in(office.staf1)
    response = client.post(
        reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[item.page_id]), {}, follow=True
    )
    assert response.status_code == 200
    assert record(item) == before
    assert not any("Workflow" in str(message) for message in get_messages(response.wsgi_request))
