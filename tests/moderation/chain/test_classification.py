"""The classification gate (UU 14/2008): exempt items stop, urgent ones go first (I8)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import WorkflowState

from moderation import sop
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, Notification, PublicationPermit, SopTaskState
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.ports.official_step import official_step
from moderation.records import queue, register
from news.models import NewsPage
from tests.support.audit_log import find_first_break
from tests.support.factories import EXEMPTION, make_user, verdict

pytestmark = pytest.mark.django_db

URGENT_TEXT = dict.fromkeys(NewsPage.URGENT_FIELDS, "Warga di bantaran sungai mengungsi ke balai desa.")


def press(client, item, action, **data):
    return client.post(reverse("moderation:step", args=[item.pk]), {"action": action, "version": item.version} | data)


def record(item):
    item.refresh_from_db()
    states = list(SopTaskState.objects.order_by("pk").values_list("status", flat=True))
    return item.state, item.version, item.classification, states, AuditEntry.objects.count()


@pytest.mark.db_agnostic
class TestMarking:
    def test_the_item_stops_and_waits_for_ppid_pembantu(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        Notification.objects.all().delete()
        assert press(log_in(office.bidang), item, "mark_exempt", **EXEMPTION).status_code == 302
        item.refresh_from_db()
        assert (item.state, queue.get_holder(item)) == ("held_exempt", "PPID Pembantu")
        assert [mail.recipient for mail in Notification.objects.all()] == [office.ppid]
        assert SopTaskState.objects.latest("pk").status == SopTaskState.STATUS_IN_PROGRESS
        line = AuditEntry.objects.latest("sequence")
        assert (line.action, line.actor_name, line.reason) == ("mark_exempt", "bidang", EXEMPTION["comment"])
        assert line.data["letter"] == "h"
        assert line.data["ground"] == "mengungkap rahasia pribadi"
        assert line.data["period"] == EXEMPTION["period"]
        assert line.seal
        assert find_first_break() is None

    def test_nobody_else_marks_and_nothing_may_be_left_out(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        before = record(item)
        for name in ("ppid", "sekretaris", "sekretariat", "staf1", "pemantau", "admin"):
            assert press(log_in(office.people[name]), item, "mark_exempt", **EXEMPTION).status_code == 422, name
        for missing, words in (
            ({"letter": ""}, "Pilih huruf Pasal 17"),
            ({"letter": "z"}, "Langkah belum dapat diambil"),
            ({"period": " "}, "Isi jangka waktu"),
            ({"comment": ""}, "Tulis alasannya"),
        ):
            with pytest.raises(StepRefused, match=words):
                take(item, "mark_exempt", office.bidang, EXEMPTION | missing)
        assert record(item) == before

    def test_an_author_does_not_mark(self, office):
        item = office.bring_to("composing")
        both = make_user("rangkap", sop.Role.BIDANG)
        office.write(item, user=both)
        item = office.bring_to("awaiting_verification", item)
        with pytest.raises(StepRefused, match="yang Anda susun"):
            take(item, "mark_exempt", both, EXEMPTION)

    def test_choosing_exempt_at_verification_leads_to_marking(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        before = record(item)
        response = press(log_in(office.bidang), item, "verify", **verdict() | {"classification": sop.EXEMPT})
        assert response.status_code == 422
        assert "Tandai terindikasi dikecualikan" in response.context["refusal"].message
        assert [form.code for form in response.context["exit_forms"] if form.is_meant] == ["mark_exempt"]
        assert record(item) == before

    def test_what_is_live_is_taken_down_instead_of_held(self):
        assert sop.get_action("mark_exempt").is_offered_at("awaiting_verification")
        assert not sop.get_action("mark_exempt").is_offered_at("awaiting_verification", correcting=True)


@pytest.mark.db_agnostic
class TestHeld:
    @pytest.mark.parametrize("state", ["held_exempt", "exempted"])
    def test_nobody_leads_it_on_from_here(self, office, state):
        """All actions of other steps by everybody, and a save; ``test_duties`` tests the buttons."""
        item = office.bring_to(state)
        before = record(item)
        for action in ("verify", "return_to_sekretaris", "order", "schedule", "publish", "declare_corrected"):
            for user in office.people.values():
                with pytest.raises(StepRefused):
                    take(item, action, user, verdict() | {"comment": "x", "channels": []})
        page = item.get_page()
        page.live = True
        with pytest.raises(GuardViolation):
            page.save()
        assert record(item) == before

    def test_ppid_pembantu_fixes_it_and_the_workflow_ends(self, office, log_in):
        item = office.bring_to("held_exempt")
        response = press(log_in(office.ppid), item, "confirm_exempt", decree="SPK 12/2026")
        assert response.status_code == 302
        item.refresh_from_db()
        assert (item.state, item.classification, item.step) == ("exempted", sop.EXEMPT, None)
        assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED
        page = log_in(office.pemantau).get(item.get_absolute_url()).content.decode()
        assert "Pasal 17 huruf h UU 14/2008: mengungkap rahasia pribadi" in page
        assert "SPK 12/2026" in page
        remark = register.get_rows(register.get_items({}))[0]["cells"]["remark"]
        assert "Pasal 17 huruf h" in remark
        assert EXEMPTION["period"] in remark

    def test_nobody_else_decides(self, office, log_in):
        item = office.bring_to("held_exempt")
        before = record(item)
        for name in ("sekretaris", "bidang", "staf1", "pemantau", "admin"):
            client = log_in(office.people[name])
            for action in ("confirm_exempt", "release_exempt"):
                assert press(client, item, action, comment="x").status_code == 422, (name, action)
        assert record(item) == before

    def test_whoever_marked_does_not_fix(self, office):
        both = make_user("bidang", sop.Role.BIDANG, sop.Role.PPID_PEMBANTU)
        item = office.bring_to("held_exempt")
        with pytest.raises(StepRefused, match="orang lain"):
            take(item, "confirm_exempt", both)

    def test_released_it_goes_on_where_it_stopped(self, office):
        item = office.bring_to("held_exempt")
        Notification.objects.all().delete()
        with pytest.raises(StepRefused, match="Tulis alasannya"):
            take(item, "release_exempt", office.ppid)
        item = take(item, "release_exempt", office.ppid, {"comment": "Sudah disetujui yang bersangkutan."})
        assert item.state == "awaiting_verification"
        assert [mail.recipient for mail in Notification.objects.all()] == [office.bidang]
        assert SopTaskState.objects.latest("pk").round == item.round
        item = office.bring_to("live", item)
        assert item.state == "done"

    def test_it_can_be_cancelled(self, office):
        item = take(office.bring_to("held_exempt"), "cancel", office.sekretaris, {"comment": "Tidak jadi."})
        assert item.state == "cancelled"
        assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED

    def test_a_proposal_of_the_staf_is_pointed_out(self, office, log_in):
        item = office.bring_to("composing")
        office.write(item, classification=sop.EXEMPT)
        item = take(item, "hand_over", office.staf1)
        page = log_in(office.sekretaris).get(item.get_absolute_url()).content.decode()
        assert "Penyusun mengusulkan informasi yang dikecualikan." in page

    def test_the_public_never_sees_it(self, office, client):
        item = office.bring_to("exempted")
        address = item.get_page().get_url()
        assert client.get(address).status_code == 404


class TestInTheDatabase:
    def test_no_order_for_what_was_once_verified_and_then_held(self, office):
        item = office.bring_to("verified")
        item = take(item, "return_to_correction", office.sekretaris, {"comment": "Periksa lagi."})
        verified = AuditEntry.objects.get(action="verify")
        item = office.bring_to("exempted", take(item, "declare_corrected", office.sekretaris))
        permit = PublicationPermit(
            page_id=item.page_id,
            revision_id=verified.revision_id,
            disposition=item,
            seal=verified.seal,
            number="PT-x",
            ordered_at=verified.at,
            ordered_by=office.sekretaris,
        )
        with pytest.raises(IntegrityError, match="dikecualikan"), transaction.atomic(), official_step():
            permit.save()

    @pytest.mark.parametrize("change", [{"state": "verified"}, {"classification": "berkala"}])
    def test_an_exemption_is_final(self, office, change):
        item = office.bring_to("exempted")
        with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic():
            Disposition.objects.filter(pk=item.pk).update(**change)


@pytest.mark.db_agnostic
class TestFastLane:
    def propose(self, office, classification, **texts):
        item = office.bring_to("composing")
        office.write(item, classification=classification, **texts)
        return take(item, "hand_over", office.staf1)

    def test_row_1_opens_it_and_it_comes_first_in_words(self, office, log_in):
        ordinary, urgent = office.issue(), office.issue(is_urgent=True)
        assert list(queue.get_waiting_for(office.sekretaris)) == [urgent, ordinary]
        assert queue.get_running().first() == urgent
        client = log_in(office.sekretaris)
        assert "Jalur cepat" in client.get(reverse("moderation:queue")).content.decode()
        assert "Jalur cepat" in client.get(urgent.get_absolute_url()).content.decode()
        assert "Jalur cepat" not in client.get(ordinary.get_absolute_url()).content.decode()
        assert AuditEntry.objects.get(disposition_id=urgent.pk).data["is_urgent"] is True
        subject = Notification.objects.filter(disposition=urgent).first().subject
        assert subject == f"[Jalur cepat] Teruskan: {urgent.subject}"

    def test_the_sheet_asks_and_quotes_the_law(self, office, log_in):
        page = log_in(office.ppid).get(reverse("moderation:disposition_add")).content.decode()
        assert "Serta merta (jalur cepat)" in page
        assert "tidak boleh ditunda" in page

    def test_the_proposal_opens_it_and_bidang_closes_it(self, office):
        item = self.propose(office, sop.URGENT, **URGENT_TEXT)
        assert item.is_urgent
        assert AuditEntry.objects.get(action="hand_over").data["is_urgent"] is True
        item = office.bring_to("verified", item)
        assert not item.is_urgent
        assert AuditEntry.objects.get(action="verify").data["is_urgent"] is False

    def test_it_passes_every_row(self, office):
        item = office.bring_to("live", office.issue(is_urgent=True))
        lines = AuditEntry.objects.filter(disposition_id=item.pk, row__isnull=False)
        assert sorted(set(lines.values_list("row", flat=True))) == [row.number for row in sop.ROWS]

    def test_a_hand_over_wants_the_law_s_contents_of_this_class_alone(self, office):
        assert self.propose(office, "berkala").state == "awaiting_correction"
        with pytest.raises(StepRefused, match="prosedur dan tempat evakuasi"):
            self.propose(office, sop.URGENT, **URGENT_TEXT | {"urgent_evacuation": " ", "is_in_editor": True})

    def test_bidang_does_not_set_the_class_of_a_text_that_lacks_them(self, office):
        item = office.bring_to("awaiting_verification")
        with pytest.raises(StepRefused, match="Kembalikan kepada Sekretaris untuk melengkapi"):
            take(item, "verify", office.bidang, verdict() | {"classification": sop.URGENT})

    def test_citizens_read_them_above_the_text(self, office, client):
        item = office.bring_to("awaiting_verification", self.propose(office, sop.URGENT, **URGENT_TEXT))
        item = take(item, "verify", office.bidang, verdict() | {"classification": sop.URGENT})
        assert item.is_urgent
        item = office.bring_to("live", item)
        page = client.get(item.get_page().get_url()).content.decode()
        assert page.index("Informasi serta merta") < page.index('class="prose"')
        assert "Cara mendapat bantuan" in page
