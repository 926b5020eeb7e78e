"""SQL without dropping a trigger: what is live, the order it is live under, and how both end (I1, I5, I10)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Page, TaskState

from moderation import sop
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, PublicationPermit, SopTask, SopTaskState
from moderation.ports.exceptions import StepRefused
from moderation.ports.seal import compute_seal
from news.models import NewsPage, NewsPageTag
from tests.moderation.evidence.test_each_trigger import forge_permit
from tests.support.audit_log import forge_line
from tests.support.databases.statements import execute, refused_by_trigger
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.django_db

VERIFIED_ALONE = "perintah tayang hanya untuk isi yang diverifikasi"
ORDERED_ALONE = "perintah tayang dijalankan hanya dari keadaan diperintahkan"
STANDS = "perintah tayang berlaku selama beritanya tayang"
FROZEN = "isi berita yang tayang tidak dapat diubah"


@pytest.fixture
def live_item(office):
    return office.bring_to("live")


def forge_verification(item, **changes):
    """Write a line of Bidang past the application, chained well; return the revision's key and the seal."""
    draft = item.get_draft()
    seal = compute_seal(draft)
    facts = {"disposition_id": item.pk, "page_id": item.page_id, "round": item.round, "seal": seal}
    forge_line(action="verify", revision_id=draft.latest_revision_id, **facts | changes)
    return draft.latest_revision_id, seal


class TestOrder:
    """A well-chained line alone lets nothing be ordered."""

    @pytest.mark.parametrize("state", ["composing", "awaiting_correction", "awaiting_verification"])
    def test_a_draft_with_a_forged_line(self, office, state):
        item = office.bring_to(state)
        revision, seal = forge_verification(item)
        with refused_by_trigger(VERIFIED_ALONE):
            forge_permit(item, office, revision_id=revision, revision=None, seal=seal)

    def test_nor_with_the_state_beside_it(self, office):
        """The task's record is missing."""
        item = office.bring_to("awaiting_verification")
        revision, seal = forge_verification(item)
        Disposition.objects.filter(pk=item.pk).update(state="verified")
        with refused_by_trigger(VERIFIED_ALONE):
            forge_permit(item, office, revision_id=revision, revision=None, seal=seal)

    def test_nor_with_the_task_beside_it(self, office):
        """The state is missing."""
        item = office.bring_to("verified")
        slip_past_triggers(Disposition.objects.filter(pk=item.pk), state="awaiting_verification")
        with refused_by_trigger(VERIFIED_ALONE):
            forge_permit(item, office)

    def test_nor_for_a_verification_of_an_earlier_round(self, office):
        item = office.bring_to("verified")
        verified = AuditEntry.objects.get(action="verify")
        item = take(item, "return_to_correction", office.sekretaris, {"comment": "Periksa lagi."})
        item = take(item, "declare_corrected", office.sekretaris)
        Disposition.objects.filter(pk=item.pk).update(state="verified")
        ordering = SopTask.objects.get(step=sop.StepCode.PUBLICATION_ORDER)
        TaskState.objects.filter(pk=SopTaskState.objects.latest("pk").pk).update(task=ordering)
        with refused_by_trigger(VERIFIED_ALONE):
            forge_permit(item, office, seal=verified.seal)

    def test_an_order_is_executed_only_as_its_line_its_task_and_the_state_say(self, office):
        item = office.bring_to("verified")
        forge_permit(item, office)
        permits = PublicationPermit.objects.filter(number="PT-palsu")
        executed = {"executed_at": timezone.now(), "executed_by": office.admin}
        with refused_by_trigger(ORDERED_ALONE):
            permits.update(**executed)
        Disposition.objects.filter(pk=item.pk).update(state="ordered")
        seal, revision = permits.values_list("seal", "revision_id").get()
        facts = {"disposition_id": item.pk, "page_id": item.page_id, "round": item.round}
        forge_line(action="order", seal=seal, revision_id=revision, **facts)
        with refused_by_trigger(ORDERED_ALONE):
            permits.update(**executed)

    def test_what_was_ordered_is_executed_from_no_other_state(self, office):
        item = office.bring_to("ordered")
        slip_past_triggers(Disposition.objects.filter(pk=item.pk), state="composing")
        with refused_by_trigger(ORDERED_ALONE):
            item.permits.update(executed_at=timezone.now(), executed_by=office.admin)


class TestEnd:
    def test_no_order_is_revoked_while_its_page_is_live(self, live_item, office):
        with refused_by_trigger(STANDS):
            live_item.permits.update(revoked_at=timezone.now(), revoked_by=office.admin)

    def test_nor_with_who_and_why_beside_it(self, live_item, office):
        live_item.permits.update(revoked_by=office.admin, revoke_reason="Palsu.")
        with refused_by_trigger(STANDS):
            live_item.permits.update(revoked_at=timezone.now())
        with pytest.raises(StepRefused, match="di luar aplikasi"):
            take(live_item, "take_down", office.sekretaris, {"comment": "Keliru."})

    def test_nor_while_a_ralat_is_written(self, live_item, office):
        office.open_ralat(live_item)
        with refused_by_trigger(STANDS):
            live_item.permits.update(revoked_at=timezone.now(), revoked_by=office.admin)

    def test_a_page_does_not_go_down_before_somebody_gave_a_reason(self, live_item, office):
        with refused_by_trigger("berita diturunkan hanya oleh Sekretaris"):
            Page.objects.filter(pk=live_item.page_id).update(live=False)
        live_item.permits.update(revoked_by=office.admin)
        with refused_by_trigger("berita diturunkan hanya oleh Sekretaris"):
            Page.objects.filter(pk=live_item.page_id).update(live=False)

    def test_a_reason_is_not_rewritten(self, live_item, office):
        take(live_item, "take_down", office.sekretaris, {"comment": "Keliru."})
        with refused_by_trigger("perintah tayang tidak dapat diubah"):
            live_item.permits.update(revoke_reason="Lain.")


class TestFrozen:
    """The rows that citizens read are frozen while the page is live, whether or not an order stands."""

    @pytest.fixture
    def bare_page(self, office):
        """A live page whose order was revoked by who had put the triggers aside for a moment."""
        item = office.bring_to("composing")
        page = office.write(item)
        page.tags.add("irigasi")
        page.save_revision(user=office.staf1)
        item = office.bring_to("live", item)
        slip_past_triggers(item.permits, revoked_at=timezone.now(), revoked_by=office.admin)
        return NewsPage.objects.get(pk=item.page_id)

    def test_its_title_and_its_text(self, bare_page):
        with refused_by_trigger(FROZEN):
            Page.objects.filter(pk=bare_page.pk).update(title="Diganti")
        with refused_by_trigger(FROZEN):
            NewsPage.objects.filter(pk=bare_page.pk).update(lead="Diganti.")
        with refused_by_trigger(FROZEN):
            execute("DELETE FROM news_newspage WHERE page_ptr_id = %s", bare_page.pk)

    def test_its_topics(self, bare_page):
        topics = NewsPageTag.objects.filter(content_object=bare_page)
        with refused_by_trigger(FROZEN):
            topics._raw_delete(topics.db)
        with refused_by_trigger(FROZEN):
            topics.update(content_object=bare_page.pk + 1)
        with refused_by_trigger(FROZEN):
            NewsPageTag.objects.bulk_create([NewsPageTag(content_object=bare_page, tag=topics.get().tag)])

    def test_a_ralat_still_goes_live_and_a_take_down_still_works(self, live_item, office):
        item = office.bring_to("live", office.open_ralat(live_item))
        assert item.get_page().lead == "Ralat putaran 2."
        item = take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
        assert not item.get_page().live
        assert not item.permits.filter(revoked_at=None).exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            Page.objects.filter(pk=item.page_id).update(live=True)
