"""Concurrent steps of two people: one outcome, one audit line, one set of consequences.

Real threads with connections of their own, on SQLite and on PostgreSQL.
"""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, Notification
from moderation.ports.exceptions import GuardViolation, StepRefused, StepStale
from moderation.ports.seal import compute_seal
from news.models import NewsPage
from tests.moderation.evidence.test_publish_paths import editor_data
from tests.support.audit_log import find_first_break
from tests.support.factories import PASSWORD, verdict

pytestmark = pytest.mark.django_db(transaction=True)
#: Repetitions of each race, with a new item each.
ROUNDS = 4


def at_once(*calls):
    """Run the calls in threads that start together; return what each returned or raised."""
    gate = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(index, call):
        try:
            gate.wait(timeout=60)
            results[index] = call()
        except (StepRefused, GuardViolation) as refusal:
            results[index] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def winners(results):
    return [result for result in results if not isinstance(result, Exception)]


def task_states(item):
    return TaskState.objects.filter(workflow_state__object_id=str(item.page_id)).order_by("pk")


def lines(item, *actions):
    return AuditEntry.objects.filter(disposition_id=item.pk, action__in=actions).count()


def test_two_verifiers_at_the_same_instant(office):
    for _ in range(ROUNDS):
        race_two_verifiers_at_the_same_instant(office)


def race_two_verifiers_at_the_same_instant(office):
    item = office.bring_to("awaiting_verification")
    data = verdict()
    results = at_once(
        lambda: take(item, "verify", office.bidang, data, expected_version=item.version),
        lambda: take(item, "verify", office.bidang2, data, expected_version=item.version),
    )
    assert len(winners(results)) == 1
    assert lines(item, "verify") == 1
    assert [state.status for state in task_states(item)] == ["approved", "approved", "in_progress"]
    told = Notification.objects.filter(disposition=item, subject__startswith="Perintahkan tayang")
    assert told.count() == 2
    assert find_first_break() is None


def test_two_sekretaris_forward_at_the_same_instant(office):
    """Before row 5 there is no workflow whose lock would keep one waiting."""
    for _ in range(ROUNDS):
        item = office.issue()
        results = at_once(
            lambda item=item: take(item, "forward", office.sekretaris),
            lambda item=item: take(item, "forward", office.sekretaris2),
        )
        assert len(winners(results)) == 1
        assert lines(item, "forward") == 1


def test_approve_against_return(office):
    for _ in range(ROUNDS):
        race_approve_against_return(office)


def race_approve_against_return(office):
    item = office.bring_to("awaiting_verification")
    results = at_once(
        lambda: take(item, "verify", office.bidang, verdict(), expected_version=item.version),
        lambda: take(item, "return_to_sekretaris", office.bidang2, {"comment": "x"}, expected_version=item.version),
    )
    (winner,) = winners(results)
    (loser,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(loser, StepStale)
    item.refresh_from_db()
    assert item.state == winner.state
    assert lines(item, "verify", "return_to_sekretaris") == 1
    assert task_states(item).filter(status="in_progress").count() == 1
    assert WorkflowState.objects.get(object_id=str(item.page_id)).status == "in_progress"


def test_double_click_on_publish(office):
    for _ in range(ROUNDS):
        race_double_click_on_publish(office)


def race_double_click_on_publish(office):
    item = office.bring_to("ordered")
    results = at_once(*[lambda: take(item, "publish", office.staf1, expected_version=item.version)] * 3)
    assert len(winners(results)) == 1
    assert lines(item, "publish") == 1
    assert item.permits.executed().count() == 1
    assert NewsPage.objects.get(pk=item.page_id).live


def test_a_sekretaris_who_saves_while_another_hands_over(office):
    """Bidang gets the saved text, or the save was refused."""
    for _ in range(ROUNDS):
        race_a_sekretaris_who_saves_while_another_hands_over(office)


def race_a_sekretaris_who_saves_while_another_hands_over(office):
    item = office.bring_to("awaiting_correction")

    def save():
        page = item.get_draft()
        page.lead = "Disimpan pada saat yang sama."
        return page.save_revision(user=office.sekretaris2)

    at_once(save, lambda: take(item, "declare_corrected", office.sekretaris))
    item.refresh_from_db()
    handed_over = AuditEntry.objects.get(action="declare_corrected", disposition_id=item.pk).seal
    if compute_seal(item.get_draft()) == handed_over:
        assert take(item, "verify", office.bidang, verdict()).state == "verified"
    else:
        with pytest.raises(StepRefused, match="telah berubah"):
            take(item, "verify", office.bidang, verdict())


def test_a_verifier_against_a_stale_editor_tab(office):
    """Whoever is first, the verified text is the one handed over."""
    for _ in range(ROUNDS):
        race_a_verifier_against_a_stale_editor_tab(office)


def race_a_verifier_against_a_stale_editor_tab(office):
    item = office.bring_to("awaiting_verification")
    handed_over = compute_seal(item.get_draft())
    url = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    data = editor_data(item, lead="Dari tab yang tertinggal.")

    def save_stale_tab():
        client = Client()
        assert client.login(username="staf1", password=PASSWORD)
        return client.post(url, data).status_code

    data_of_verifier = verdict()
    verified, saved = at_once(lambda: take(item, "verify", office.bidang, data_of_verifier), save_stale_tab)
    assert verified.state == "verified"
    assert saved == 200
    assert compute_seal(item.get_draft()) == handed_over
    assert lines(item, "verify") == 1


def test_cancel_against_publish(office):
    for _ in range(ROUNDS):
        race_cancel_against_publish(office)


def race_cancel_against_publish(office):
    item = office.bring_to("ordered")
    results = at_once(
        lambda: take(item, "publish", office.staf1),
        lambda: take(item, "cancel", office.sekretaris, {"comment": "Batal."}),
    )
    assert len(winners(results)) == 1
    item.refresh_from_db()
    assert NewsPage.objects.get(pk=item.page_id).live == (item.state == "done")
    assert item.permits.executed().count() == (1 if item.state == "done" else 0)


def test_register_numbers_have_no_gap_and_no_double(office):
    results = at_once(*[lambda: office.issue() for _ in range(6)])
    assert len(winners(results)) == 6
    assert sorted(Disposition.objects.values_list("register_sequence", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert find_first_break() is None
