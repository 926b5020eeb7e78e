"""Two people at the same instant: one outcome, one audit line, one set of consequences.

Real threads with connections of their own, on SQLite and on PostgreSQL.
"""

import threading

import pytest
from django.db import connection, connections
from wagtail.models import TaskState, WorkflowState

from moderation import audit
from moderation.exceptions import GuardViolation, StepRefused, StepStale
from moderation.models import AuditEntry, Disposition, Notification, PublicationPermit
from moderation.seal import compute_seal
from moderation.transitions import take
from news.models import NewsPage

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ROUNDS = 4


def at_once(*calls):
    """Run the calls in threads that start together; return what each returned or raised."""
    gate = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(index, call):
        try:
            gate.wait(timeout=10)
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


def lines(item, *actions):
    return AuditEntry.objects.filter(disposition_id=item.pk, action__in=actions).count()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_verifiers_at_the_same_instant(office, _round):
    item = office.bring_to("awaiting_verification")
    data = {"classification": "berkala"}
    results = at_once(
        lambda: take(item, "verify", office.bidang, data, expected_version=item.version),
        lambda: take(item, "verify", office.bidang2, data, expected_version=item.version),
    )
    assert len(winners(results)) == 1
    assert lines(item, "verify") == 1
    assert [state.status for state in TaskState.objects.order_by("pk")] == ["approved", "approved", "in_progress"]
    assert Notification.objects.filter(subject__startswith="Perintah tayang").count() == 2
    assert audit.find_first_break() is None


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_approve_against_return(office, _round):
    item = office.bring_to("awaiting_verification")
    results = at_once(
        lambda: take(item, "verify", office.bidang, {"classification": "berkala"}, expected_version=item.version),
        lambda: take(item, "return_to_sekretaris", office.bidang2, {"comment": "x"}, expected_version=item.version),
    )
    (winner,) = winners(results)
    (loser,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(loser, StepStale)
    item.refresh_from_db()
    assert item.state == winner.state
    assert lines(item, "verify", "return_to_sekretaris") == 1
    assert TaskState.objects.filter(status="in_progress").count() == 1
    assert WorkflowState.objects.get().status == "in_progress"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_double_click_on_publish(office, _round):
    item = office.bring_to("ordered")
    results = at_once(*[lambda: take(item, "publish", office.staf1, expected_version=item.version)] * 3)
    assert len(winners(results)) == 1
    assert lines(item, "publish") == 1
    assert PublicationPermit.objects.executed().count() == 1
    assert NewsPage.objects.get(pk=item.page_id).live


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_sekretaris_who_saves_while_another_hands_over(office, _round):
    """Either the saved text is in what Bidang gets, or it was refused; never a text in between."""
    item = office.bring_to("awaiting_correction")

    def save():
        page = item.get_draft()
        page.lead = "Disimpan pada saat yang sama."
        return page.save_revision(user=office.sekretaris2)

    at_once(save, lambda: take(item, "declare_corrected", office.sekretaris))
    item.refresh_from_db()
    handed_over = AuditEntry.objects.get(action="declare_corrected").seal
    if compute_seal(item.get_draft()) == handed_over:
        assert take(item, "verify", office.bidang, {"classification": "berkala"}).state == "verified"
    else:
        with pytest.raises(StepRefused, match="telah berubah"):
            take(item, "verify", office.bidang, {"classification": "berkala"})


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_cancel_against_publish(office, _round):
    item = office.bring_to("ordered")
    results = at_once(
        lambda: take(item, "publish", office.staf1),
        lambda: take(item, "cancel", office.sekretaris, {"comment": "Batal."}),
    )
    assert len(winners(results)) == 1
    item.refresh_from_db()
    assert NewsPage.objects.get(pk=item.page_id).live == (item.state == "done")
    assert PublicationPermit.objects.executed().count() == (1 if item.state == "done" else 0)


def test_register_numbers_have_no_gap_and_no_double(office):
    results = at_once(*[lambda: office.issue() for _ in range(6)])
    assert len(winners(results)) == 6
    assert sorted(Disposition.objects.values_list("register_sequence", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert audit.find_first_break() is None
    assert connection.vendor in ("sqlite", "postgresql")
