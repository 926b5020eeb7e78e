"""Ralat: rows 5 to 8 again, while the version verified before stays live."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from wagtail.models import Revision, WorkflowState

from moderation import sop
from moderation.chain import policy
from moderation.chain.transitions import take
from moderation.management.jobs import scheduling
from moderation.management.proof import live
from moderation.models import AuditEntry, Disposition, PublicationPermit
from moderation.ports.exceptions import GuardViolation, StepRefused, StepStale
from moderation.ports.seal import compute_seal
from moderation.ports.signals import page_corrected, page_went_live
from moderation.records import register
from news.models import NewsPage
from tests.support.audit_log import find_first_break
from tests.support.factories import fill_in, make_user, verdict

pytestmark = pytest.mark.django_db

NOTE = "Jumlah peserta 52 orang, bukan 62."
#: Expected buttons by person while a ralat runs; everything else as for a first publication.
EXPECTED = {
    "composing": {"ppid": {"drop_correction"}, "sekretaris": {"drop_correction", "take_down"}, "staf1": {"hand_over"}},
    "awaiting_correction": {
        "ppid": {"drop_correction"},
        "sekretaris": {"declare_corrected", "return_to_staf", "drop_correction", "take_down"},
    },
    "awaiting_verification": {
        "ppid": {"drop_correction"},
        "sekretaris": {"drop_correction", "take_down"},
        "bidang": {"verify", "return_to_sekretaris"},
    },
    "verified": {
        "ppid": {"drop_correction"},
        "sekretaris": {"order", "return_to_correction", "drop_correction", "take_down"},
    },
    "ordered": {
        "ppid": {"drop_correction"},
        "sekretaris": {"publish", "return_to_correction", "drop_correction", "take_down"},
        "staf1": {"publish"},
        "staf2": {"publish"},
    },
}


@pytest.fixture
def item(office):
    """A published item; its first text and order stay in force until a ralat is live."""
    return office.bring_to("live")


@pytest.fixture
def first(item):
    return item.permits.get()


def assert_whole(item, permit):
    """Assert that the live page is what ``permit`` covers, and that the records are intact."""
    page = item.get_page()
    assert page.live
    assert page.live_revision_id == permit.revision_id
    assert compute_seal(page) == permit.seal
    assert PublicationPermit.objects.active_for(page).pk == permit.pk
    assert find_first_break() is None
    assert live.find_difference(NewsPage, page.pk) is None


def save_unfinished(item, **changes):
    """Save a draft with gaps, as the editor does."""
    page = item.get_draft()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision(user=item.assigned_to, clean=False)


def refuse_by_sql(**columns):
    """Write columns of the live page in SQL; assert that the database refuses."""
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsPage.objects.update(**columns)


def test_the_verified_version_stays_live_until_the_new_one_takes_its_place(office, item, first):
    before, told = item.get_page(), []
    corrected = lambda **message: told.append(message)  # noqa: E731
    went_live = lambda **message: told.append("went_live")  # noqa: E731
    page_corrected.connect(corrected)
    page_went_live.connect(went_live)

    item = office.open_ralat(item, NOTE, lead="Ringkasan yang benar.")
    for state in EXPECTED:
        item = office.bring_to(state, item)
        assert item.correcting
        assert item.state_label.startswith("Ralat: ")
        assert item.get_page().lead == before.lead
        assert_whole(item, first)
    item = office.bring_to("live", item)

    first.refresh_from_db()
    second = item.permits.get(revoked_at=None)
    after = item.get_page()
    assert (item.state, item.correcting, item.round) == ("done", False, 2)
    assert first.revoke_reason == f"Diganti oleh perintah tayang {second.number} (ralat)."
    assert (second.is_correction, second.correction_note) == (True, NOTE)
    assert after.lead == "Ringkasan yang benar."
    assert after.first_published_at == before.first_published_at
    assert after.last_published_at > before.last_published_at
    assert not after.has_unpublished_changes
    assert_whole(item, second)
    states = WorkflowState.objects.filter(object_id=str(item.page_id)).values_list("status", flat=True)
    assert list(states) == ["approved", "approved"]
    assert [(message["permit"], message["previous"]) for message in told] == [(second, first)]


def test_each_role_finds_its_buttons_and_no_others(office, item):
    item = office.open_ralat(item)
    for state, expected in EXPECTED.items():
        item = office.bring_to(state, item)
        for name in ("ppid", "sekretaris", "staf1", "staf2", "bidang", "admin", "pemantau"):
            found = {action.code for action in policy.Authority(item, office.people[name]).actions}
            # People, exemption and personal data have tests of their own.
            others = {"reassign", "ask_assessment", "assess_finding"}
            assert found - others == expected.get(name, set()), (state, name)
        with pytest.raises(StepRefused, match="tidak dapat dilakukan"):
            take(item, "cancel", office.sekretaris, {"comment": "Batal."})


def test_only_the_sekretaris_opens_a_ralat_and_says_why(office, item):
    for user in ("staf1", "bidang", "ppid", "sekretariat", "admin"):
        with pytest.raises(StepRefused, match="hanya dapat dilakukan oleh"):
            take(item, "open_correction", office.people[user], {"comment": "Angka keliru."})
    with pytest.raises(StepRefused, match="Tulis alasannya"):
        take(item, "open_correction", office.sekretaris)
    assert not Disposition.objects.get(pk=item.pk).correcting


def test_there_is_no_ralat_of_what_is_not_published(office):
    item = office.issue()
    for state in ("disposed", *EXPECTED):
        item = office.bring_to(state, item)
        for action in ("open_correction", "drop_correction", "take_down"):
            with pytest.raises(StepRefused):
                take(item, action, office.sekretaris, {"comment": "Angka keliru."})


def test_nobody_verifies_the_ralat_that_he_wrote(office, item):
    meddler = make_user("pengutak", sop.Role.BIDANG)
    item = office.open_ralat(item)
    office.write(item, user=meddler, correction_is_public=False, lead="Ditulis pemverifikasi.")
    item = office.bring_to("awaiting_verification", item)
    with pytest.raises(StepRefused, match="Anda susun atau koreksi sendiri"):
        take(item, "verify", meddler, verdict())


def test_an_earlier_verification_does_not_cover_a_new_round(office, item, first):
    """An unchanged text has the same seal, but needs a new verification."""
    item = take(item, "open_correction", office.sekretaris, {"comment": "Diperiksa kembali."})
    page = item.get_draft()
    page.correction_is_public = False
    page.save_revision(user=office.staf1)
    item = office.bring_to("verified", item)
    assert compute_seal(item.get_draft()) == first.seal
    lines = AuditEntry.objects.filter(disposition_id=item.pk, action="verify").values_list("round", flat=True)
    assert list(lines) == [1, 2]
    item = office.bring_to("live", item)
    assert_whole(item, item.permits.get(revoked_at=None))


class TestNote:
    def test_the_question_has_to_be_answered_before_the_hand_over(self, office, item):
        item = take(item, "open_correction", office.sekretaris, {"comment": "Angka keliru."})
        save_unfinished(item, lead="Diperbaiki.")
        with pytest.raises(StepRefused, match="apakah warga perlu tahu isinya berubah"):
            take(item, "hand_over", office.staf1)
        save_unfinished(item, correction_is_public=True, correction_note="  ")
        with pytest.raises(StepRefused, match="keterangan ralat untuk warga"):
            take(item, "hand_over", office.staf1)
        save_unfinished(item, correction_is_public=False)
        assert take(item, "hand_over", office.staf1).state == "awaiting_correction"

    def test_it_is_inside_the_seal(self, office, item):
        item = office.bring_to("awaiting_verification", office.open_ralat(item, NOTE))
        revision = item.page.get_latest_revision()
        content = {**revision.content, "correction_note": "Camat memohon maaf."}
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(content=content)
        before = compute_seal(item.get_draft())
        for name, value in (("correction_note", "Camat memohon maaf."), ("correction_is_public", False)):
            draft = item.get_draft()
            setattr(draft, name, value)
            assert compute_seal(draft) != before

    def test_a_minor_edit_tells_citizens_nothing_and_the_register_all(self, office, item, client):
        item = office.open_ralat(item, "", lead="Ejaan dirapikan.")
        save_unfinished(item, correction_note="Tidak untuk warga.")
        item = office.bring_to("live", item)
        permit = item.permits.get(revoked_at=None)
        assert (permit.is_correction, permit.correction_note) == (True, "")
        text = client.get(item.get_page().url).content.decode()
        assert "Ejaan dirapikan." in text
        assert "Tidak untuk warga." not in text
        assert "Ralat" not in text
        (row,) = register.get_rows(register.get_items({}))
        assert row["cells"]["remark"].startswith("Perubahan kecil ")
        assert row["cells"]["state"] == "Selesai, diralat"

    def test_earlier_notes_stay_on_the_page_and_do_not_repeat_in_the_next_ralat(self, office, item, client):
        item = office.bring_to("live", office.open_ralat(item, "Keterangan pertama."))
        item = take(item, "open_correction", office.sekretaris, {"comment": "Nama keliru."})
        draft = item.get_draft()
        assert (draft.correction_is_public, draft.correction_note) == (None, "")
        office.write(item, correction_is_public=True, correction_note="Keterangan kedua.", lead="Versi ketiga.")
        item = office.bring_to("live", item)
        text = client.get(item.get_page().url).content.decode()
        assert 0 < text.index("Keterangan kedua.") < text.index("Keterangan pertama.")
        remark = register.get_rows(register.get_items({}))[0]["cells"]["remark"]
        assert remark.index("Keterangan pertama.") < remark.index("Keterangan kedua.")
        assert remark.startswith("Diralat ")

    def test_a_first_publication_has_none(self, office):
        """The fields of a ralat have no effect in a first publication."""
        item = office.bring_to("composing")
        office.write(item, correction_is_public=True, correction_note="Selundupan.")
        item = office.bring_to("live", item)
        assert (item.permits.get().is_correction, item.permits.get().correction_note) == (False, "")


def test_dropping_returns_to_the_live_version_from_anywhere(office, item, first):
    for number, state in enumerate(("composing", "awaiting_verification", "scheduled"), start=2):
        item = office.open_ralat(item, NOTE, title="Judul yang tidak jadi")
        assert item.round == number
        later = (timezone.now() + timedelta(hours=1)).isoformat()
        item = office.bring_to(state, item, **({"go_live_at": later} if state == "scheduled" else {}))
        item = take(item, "drop_correction", office.ppid, {"comment": "Tidak jadi."})

        assert (item.state, item.correcting) == ("done", False), state
        assert_whole(item, first)
        assert compute_seal(item.get_draft()) == first.seal
        page = item.get_page()
        assert (page.draft_title, page.has_unpublished_changes) == (page.title, False)
        assert not item.permits.filter(executed_at=None, revoked_at=None).exists()
        assert page.current_workflow_state is None
        with pytest.raises(StepRefused):
            take(item, "publish", office.staf1)
    assert scheduling.publish_due() == 0


def test_the_worker_publishes_a_scheduled_ralat_at_its_time(office, item, first, monkeypatch):
    soon = (timezone.now() + timedelta(minutes=1)).isoformat()
    item = office.bring_to("ordered", office.open_ralat(item, NOTE, lead="Terjadwal."), go_live_at=soon)
    item = take(item, "schedule", office.staf1)
    assert scheduling.publish_due() == 0
    assert_whole(item, first)
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert scheduling.publish_due() == 1
    item = Disposition.objects.get(pk=item.pk)
    assert (item.state, item.get_page().lead) == ("done", "Terjadwal.")
    assert_whole(item, item.permits.get(revoked_at=None))


class TestWaysRound:
    def test_neither_the_draft_nor_an_older_version_can_be_published(self, office, item, first):
        item = office.bring_to("ordered", office.open_ralat(item))
        for revision in (item.page.get_latest_revision(), item.permits.get(executed_at=None).revision):
            with pytest.raises(GuardViolation), transaction.atomic():
                revision.publish()
        assert_whole(item, first)
        item = office.bring_to("live", item)
        with pytest.raises(GuardViolation), transaction.atomic():
            first.revision.publish()
        assert_whole(item, item.permits.get(revoked_at=None))

    def test_sql_cannot_change_what_citizens_read_while_a_ralat_runs(self, office, item, first):
        item = office.bring_to("ordered", office.open_ralat(item, NOTE))
        draft = item.permits.get(executed_at=None).revision_id
        refuse_by_sql(lead="Diselipkan.")
        refuse_by_sql(correction_note="Camat memohon maaf.")
        refuse_by_sql(live_revision=draft)
        refuse_by_sql(live=False)
        assert_whole(item, first)

    def test_sql_cannot_forge_what_citizens_are_told(self, office, item):
        item = office.bring_to("live", office.open_ralat(item, NOTE))
        permit = item.permits.get(revoked_at=None)
        for column, value in (("correction_note", "Palsu."), ("is_correction", False), ("revision_id", 1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                PublicationPermit.objects.filter(pk=permit.pk).update(**{column: value})
        names = [field.column for field in PublicationPermit._meta.concrete_fields if not field.primary_key]
        later = ("executed_at", "executed_by_id", "completed_at", "revoked_at", "revoked_by_id")
        forged = {"correction_note": "'Palsu.'", "number": "'PT-999'"} | dict.fromkeys(later, "NULL")
        office.bring_to("verified", office.open_ralat(item, NOTE))
        verified = AuditEntry.objects.filter(action="verify").latest("sequence")
        forged |= {"seal": f"'{verified.seal}'", "revision_id": str(verified.revision_id)}
        copied = ", ".join(forged.get(name, name) for name in names)
        table = PublicationPermit._meta.db_table
        insert = f"INSERT INTO {table} ({', '.join(names)}) SELECT {copied} FROM {table} WHERE id = {permit.pk}"
        with (
            pytest.raises(IntegrityError, match="keterangan ralat"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(insert)

    def test_two_orders_are_never_carried_out_for_one_page(self, office, item, first):
        item = office.bring_to("ordered", office.open_ralat(item))
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicationPermit.objects.filter(executed_at=None).update(executed_at=timezone.now())
        assert_whole(item, first)

    def test_a_stale_worksheet_decides_nothing(self, office, item):
        stale = item.version
        item = office.open_ralat(item, NOTE)
        with pytest.raises(StepStale):
            take(item, "open_correction", office.sekretaris2, {"comment": "Angka."}, expected_version=stale)
        item = office.bring_to("awaiting_correction", item)
        seen = compute_seal(item.get_draft())
        office.write(item, user=office.sekretaris2, correction_is_public=False, correction_note="")
        with pytest.raises(StepStale):
            take(item, "declare_corrected", office.sekretaris, fill_in("declare_corrected", {}), expected_seal=seen)
        item = take(item, "drop_correction", office.sekretaris, {"comment": "Tidak jadi."})
        with pytest.raises(StepRefused):
            take(item, "publish", office.staf1, expected_version=item.version)

    def test_the_address_never_changes(self, office, item):
        item = office.open_ralat(item, NOTE)
        save_unfinished(item, slug="alamat-lain")
        with pytest.raises(StepRefused, match="alamat berita yang pernah tayang tidak berubah"):
            take(item, "hand_over", office.staf1)

    def test_a_publication_that_breaks_off_anywhere_changes_nothing(self, office, item, first):
        """After a kill between two statements the old version is live and valid, and the ralat continues."""
        item = office.bring_to("ordered", office.open_ralat(item, NOTE))
        count = count_statements(lambda: take(item, "publish", office.staf1))
        points = sorted({round(count * share / 6) for share in range(1, 6)} | {count - 1})
        assert count > 40
        for point in points:
            with pytest.raises(Killed):
                count_statements(lambda: take(item, "publish", office.staf1), kill=point)
            assert_whole(Disposition.objects.get(pk=item.pk), first)
        item = take(item, "publish", office.staf1)
        assert_whole(item, item.permits.get(revoked_at=None))


class Killed(Exception):
    """Simulates the end of the process."""


def count_statements(step, kill=None) -> int:
    """Take a step, count its statements and roll it back; ``kill``: the statement at which to end it."""
    count = 0

    def wrapper(execute, *args):
        nonlocal count
        count += 1
        if kill and count >= kill:
            raise Killed
        return execute(*args)

    with transaction.atomic():
        with connection.execute_wrapper(wrapper):
            step()
        transaction.set_rollback(True)
    return count
