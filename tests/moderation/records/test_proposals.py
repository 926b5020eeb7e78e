"""Usulan: Staf and Sekretariat propose, PPID Pembantu alone makes a disposition of it; no proposer gains a right."""

from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation import sop
from moderation.chain import dispositions, policy
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, Notification, Proposal, SourceMaterial
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.records import proposals
from tests.moderation.chain.test_concurrency import at_once
from tests.support.factories import make_user, verdict

pytestmark = pytest.mark.django_db

ADD = "moderation:proposal_add"
PDF = b"%PDF-1.4\nisi"
TYPED = {
    "origin": "kegiatan",
    "kind": "berita",
    "subject": "Panen padi Kelompok Tani Desa Sewurejo",
    "activity_name": "Panen raya",
    "activity_date": "2026-09-09",
    "activity_place": "Desa Sewurejo",
    "instructions": "Dihadiri 40 petani. Hasil 6 ton per hektare.",
}


def pdf(name="daftar hadir.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def make_proposal(office, user=None, files=(), **changes) -> Proposal:
    return proposals.propose(user or office.staf1, TYPED | {"source_note": "Map hijau."} | changes, files)


def at(name, proposal) -> str:
    return reverse(f"moderation:{name}", args=[proposal.pk])


def decide(client, proposal, decision="issue", **changes):
    data = {"decision": decision, "version": proposal.version, "reason": "Foto belum ada."} | changes
    return client.post(at("proposal_decision", proposal), data)


def list_files(settings) -> list[Path]:
    folder = Path(settings.STORAGES["private"]["OPTIONS"]["location"])
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.db_agnostic
def test_what_was_proposed_becomes_a_disposition_with_one_click_and_nothing_is_typed_twice(office, log_in, settings):
    client = log_in(office.staf1)
    response = client.post(reverse(ADD), TYPED | {"files": [pdf(), pdf("notula.pdf")]})
    proposal = Proposal.objects.get()
    assert response["Location"] == proposal.get_absolute_url()
    assert notifications.send_due_notifications() == 1
    assert mail.outbox[0].to == [office.ppid.email]
    assert f"{settings.WAGTAILADMIN_BASE_URL}{proposal.get_absolute_url()}" in mail.outbox[0].body
    page = log_in(office.ppid).get(reverse("moderation:proposals")).content.decode()
    assert "Jadikan disposisi" in page

    response = decide(log_in(office.ppid), proposal)

    item = Disposition.objects.get()
    assert response["Location"] == item.get_absolute_url()
    assert (item.state, item.issued_by, item.proposal) == ("disposed", office.ppid, proposal)
    assert {name: str(getattr(item, name)) for name in TYPED} == TYPED
    assert [material.name for material in item.materials.order_by("pk")] == ["daftar hadir.pdf", "notula.pdf"]
    assert len(list_files(settings)) == 2
    line = AuditEntry.objects.get(action="issue")
    assert (line.row, line.actor_id, line.data["proposed_by"]) == (1, office.ppid.pk, office.staf1.pk)
    assert line.data["materials"] == ["daftar hadir.pdf", "notula.pdf"]
    shown = log_in(office.staf1).get(proposal.get_absolute_url()).content.decode()
    assert item.register_number in shown
    assert "Menunggu diteruskan" in shown or item.state_label in shown


@pytest.mark.db_agnostic
def test_who_holds_both_roles_issues_and_forwards_and_may_complete_the_sheet_first(office, log_in):
    both = make_user("rangkap", sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS)
    decide(log_in(both), make_proposal(office), "forward")
    assert Disposition.objects.get().state == "forwarded"

    proposal = make_proposal(office, files=[pdf()], source_note="")
    sheet = log_in(office.ppid).get(reverse("moderation:disposition_add"), {"usulan": proposal.pk})
    form = sheet.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name != "files"}
    sent |= {"proposal": proposal.pk, "priority": "segera", "is_urgent": "on", "request": "siapkan"}
    assert log_in(office.ppid).post(reverse("moderation:disposition_add"), sent).status_code == 302
    item = Disposition.objects.get(proposal=proposal)
    assert (item.priority, item.is_urgent, item.materials.count()) == ("segera", True, 1)


@pytest.mark.db_agnostic
def test_another_role_does_not_propose(office, log_in):
    for name in ("ppid", "sekretaris", "bidang", "pemantau", "admin"):
        client = log_in(office.people[name])
        assert reverse(ADD) not in client.get(reverse("moderation:proposals")).content.decode(), name
        assert client.post(reverse(ADD), TYPED | {"source_note": "x"}).status_code in {302, 403}, name
        with pytest.raises(StepRefused):
            make_proposal(office, office.people[name])
    assert not Proposal.objects.exists()


@pytest.mark.db_agnostic
def test_nobody_but_ppid_decides_the_proposer_included(office, log_in):
    proposal = make_proposal(office)
    for name in ("staf1", "sekretariat", "sekretaris", "bidang", "pemantau", "admin"):
        client = log_in(office.people[name])
        assert "Jadikan disposisi" not in client.get(proposal.get_absolute_url()).content.decode(), name
        for decision in ("issue", "forward", "dikembalikan", "ditolak"):
            assert decide(client, proposal, decision).status_code in {302, 403}, (name, decision)
        with pytest.raises(StepRefused):
            dispositions.issue(office.people[name], dispositions.describe_proposal(proposal))
        with pytest.raises(StepRefused):
            proposals.decide(office.people[name], proposal, "ditolak", "x", expected_version=1)
        proposal.refresh_from_db()
        assert (proposal.state, proposal.version, Disposition.objects.count()) == ("menunggu", 1, 0), name


@pytest.mark.db_agnostic
def test_a_forged_decision_changes_nothing(office, log_in):
    proposal, client = make_proposal(office), log_in(office.ppid)
    for decision, changes, status in (
        ("terbit", {}, 422),
        ("disposisi", {}, 422),
        ("menunggu", {}, 422),
        ("issue", {"version": "99"}, 409),
        ("issue", {"version": "9" * 30}, 409),
        ("issue", {"version": "satu"}, 409),
        ("forward", {}, 422),
        ("ditolak", {"reason": "  "}, 422),
        ("dikembalikan", {"version": "99"}, 409),
    ):
        assert decide(client, proposal, decision, **changes).status_code == status, (decision, changes)
        proposal.refresh_from_db()
        assert (proposal.state, proposal.version, Disposition.objects.count()) == ("menunggu", 1, 0)


class TestOnce:
    """A proposal becomes one disposition at most, whoever clicks when."""

    def test_a_second_click_is_told_and_issues_nothing(self, office, log_in):
        proposal = make_proposal(office)
        second = make_user("ppid2", sop.Role.PPID_PEMBANTU)
        decide(log_in(office.ppid), proposal)
        response = decide(log_in(second), proposal)
        assert response.status_code == 409
        assert "menjadi disposisi" in response.content.decode()
        for state in ("ditolak", "dikembalikan"):
            with pytest.raises(StepStale):
                proposals.decide(second, proposal, state, "x", expected_version=2)
        assert Disposition.objects.count() == 1

    def test_a_sheet_in_a_stale_tab_is_refused_and_keeps_what_was_typed(self, office, log_in):
        proposal = make_proposal(office)
        proposals.decide(office.ppid, proposal, "ditolak", "Sudah tayang.", expected_version=1)
        sheet = TYPED | {"priority": "biasa", "request": "siapkan", "source_note": "Map.", "subject": "Judul sendiri"}
        response = log_in(office.ppid).post(
            reverse("moderation:disposition_add"), sheet | {"proposal": proposal.pk, "proposal_version": 1}
        )
        assert response.status_code == 422
        assert "Judul sendiri" in response.content.decode()
        assert "Usulan ini telah berubah" in response.content.decode()
        assert not Disposition.objects.exists()

    def test_what_was_changed_meanwhile_is_not_issued_unread(self, office):
        proposal = make_proposal(office)
        read = dispositions.describe_proposal(proposal)
        proposals.change(office.staf1, proposal, TYPED | {"subject": "Lain", "source_note": "Map."}, expected_version=1)
        with pytest.raises(StepStale):
            dispositions.issue(office.ppid, read)
        assert not Disposition.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_ppid_at_the_same_instant_issue_one(self, office):
        second = make_user("ppid2", sop.Role.PPID_PEMBANTU)
        for _ in range(2):
            proposal = make_proposal(office)
            sheet = dispositions.describe_proposal(proposal)
            results = at_once(
                lambda sheet=sheet: dispositions.issue(office.ppid, sheet),
                lambda sheet=sheet: dispositions.issue(second, sheet),
            )
            assert sorted(type(result).__name__ for result in results) == ["Disposition", "StepStale"]
            assert Disposition.objects.filter(proposal=proposal).count() == 1

    def test_the_database_refuses_a_second_disposition(self, office):
        from django.db import IntegrityError, transaction

        proposal = make_proposal(office)
        dispositions.issue(office.ppid, dispositions.describe_proposal(proposal))
        other = office.issue()
        with pytest.raises(IntegrityError), transaction.atomic():
            Disposition.objects.filter(pk=other.pk).update(proposal=proposal)


class TestProposer:
    """I2: whoever proposed an item is one of its authors, and nothing else."""

    def test_a_proposer_does_not_verify_the_item(self, office):
        proposer = make_user("rangkap", sop.Role.SEKRETARIAT, sop.Role.BIDANG)
        proposal = make_proposal(office, proposer)
        item = dispositions.issue(office.ppid, dispositions.describe_proposal(proposal))
        item = office.bring_to("awaiting_verification", item)
        for action in ("verify", "return_to_sekretaris"):
            assert policy.Authority(item, proposer).why_not(sop.get_action(action)) == policy.OWN_TEXT
        with pytest.raises(StepRefused, match="tidak dapat memverifikasi"):
            take(item, "verify", proposer, verdict())
        # The row may be changed past the application; the log still names the proposer.
        Disposition.objects.filter(pk=item.pk).update(proposal=None)
        Proposal.objects.filter(pk=proposal.pk).update(proposed_by=office.staf1)
        assert proposer.pk in policy.Authority(Disposition.objects.get(pk=item.pk), proposer).author_ids
        assert take(item, "verify", office.bidang, verdict()).state == "verified"

    @pytest.mark.db_agnostic
    def test_a_proposer_gains_no_right_to_the_item(self, office):
        item = dispositions.issue(office.ppid, dispositions.describe_proposal(make_proposal(office)))
        assert policy.Authority(item, office.staf1).actions == []
        item = office.bring_to("assigned", item)
        assert item.assigned_to == office.staf1
        other = dispositions.issue(office.ppid, dispositions.describe_proposal(make_proposal(office, office.staf2)))
        other = office.bring_to("composing", other)
        assert not policy.may_write_text(other, office.staf2)
        assert not policy.Authority(other, office.staf2).may_open_editor()


@pytest.mark.db_agnostic
class TestAnswer:
    """What became of it, told to the proposer; a returned one is mended and sent again."""

    def test_a_returned_proposal_is_mended_and_waits_again(self, office, log_in, settings):
        proposal = make_proposal(office, files=[pdf(), pdf("ktp.pdf")])
        Notification.objects.all().delete()
        decide(log_in(office.ppid), proposal, "dikembalikan", reason="Hapus foto KTP.")
        letter = Notification.objects.get()
        assert (letter.recipient, letter.address) == (office.staf1, proposal.get_absolute_url())
        assert "Hapus foto KTP." in letter.body
        client = log_in(office.staf1)
        assert "Hapus foto KTP." in client.get(reverse("moderation:proposals")).content.decode()
        form = client.get(at("proposal_change", proposal)).context["form"]
        bad = proposal.materials.get(name="ktp.pdf")
        sent = TYPED | {"version": form["version"].value(), "removed": [bad.pk], "files": [pdf("foto.pdf")]}
        assert client.post(at("proposal_change", proposal), sent).status_code == 302
        proposal.refresh_from_db()
        assert (proposal.state, proposal.version) == ("menunggu", 3)
        names = proposal.materials.order_by("pk").values_list("name", flat=True)
        assert list(names) == ["daftar hadir.pdf", "foto.pdf"]
        stale = {name: value for name, value in sent.items() if name not in {"removed", "files"}} | {"source_note": "x"}
        assert client.post(at("proposal_change", proposal), stale).status_code == 409

    def test_only_the_proposer_changes_it_and_not_after_the_end(self, office, log_in):
        proposal = make_proposal(office)
        sent = TYPED | {"version": 1, "source_note": "x", "subject": "Lain"}
        for name in ("staf2", "sekretariat", "ppid", "admin"):
            answer = log_in(office.people[name]).post(at("proposal_change", proposal), sent)
            assert answer.status_code in {302, 403, 404}, name
        decide(log_in(office.ppid), proposal, "ditolak")
        response = log_in(office.staf1).post(at("proposal_change", proposal), sent | {"version": 2})
        assert response.status_code == 422
        proposal.refresh_from_db()
        assert (proposal.subject, proposal.state) == (TYPED["subject"], "ditolak")

    def test_a_file_of_a_disposition_is_not_removed_through_its_proposal(self, office, log_in):
        taken = make_proposal(office, files=[pdf()])
        dispositions.issue(office.ppid, dispositions.describe_proposal(taken))
        mine = make_proposal(office)
        sent = TYPED | {"version": 1, "source_note": "x", "removed": [taken.materials.get().pk]}
        assert log_in(office.staf1).post(at("proposal_change", mine), sent).status_code == 422
        assert SourceMaterial.objects.count() == 1


@pytest.mark.db_agnostic
def test_what_row_1_would_refuse_is_not_proposed(office, log_in, settings):
    client = log_in(office.staf1)
    for changes, words in (
        ({"subject": ""}, "Isi judul."),
        ({"activity_name": ""}, "Isi nama kegiatan."),
        ({"origin": ""}, "Pilih asal usulan."),
        ({"origin": "surat_masuk"}, "surat_masuk"),
        ({"source_note": ""}, "Unggah sedikitnya satu berkas bahan"),
        ({"files": [pdf("program.exe", b"MZ")]}, "tidak dapat diunggah"),
        ({"files": [pdf("foto.jpg", PDF)]}, "tidak sesuai dengan jenisnya"),
    ):
        response = client.post(reverse(ADD), TYPED | {"source_note": "Map."} | changes)
        assert response.status_code == 422
        assert "Berkas yang sudah diterima" not in response.content.decode()
        assert words in response.content.decode()
        assert TYPED["instructions"] in response.content.decode()
    with pytest.raises(StepRefused):
        make_proposal(office, origin="surat_masuk")
    assert not Proposal.objects.exists()
    assert list_files(settings) == []


@pytest.mark.db_agnostic
def test_personal_data_that_was_proposed_meets_the_gate_at_hand_over(office):
    proposal = make_proposal(office, subject="Bantuan untuk NIK 3313064509870003")
    assert "3313064509870003" not in "".join(Notification.objects.values_list("subject", flat=True))
    assert "3313064509870003" not in "".join(AuditEntry.objects.values_list("output", flat=True))
    item = dispositions.issue(office.ppid, dispositions.describe_proposal(proposal))
    item = office.bring_to("composing", item)
    assert item.get_draft().title == proposal.subject
    with pytest.raises(StepRefused, match="menyerupai NIK pada judul"):
        take(item, "hand_over", office.staf1, {})


@pytest.mark.db_agnostic
def test_files_are_given_to_the_desk_alone(office, log_in):
    proposal = make_proposal(office, files=[pdf()])
    address = reverse("moderation:proposal_file", args=[proposal.pk, proposal.materials.get().pk])
    assert b"".join(log_in(office.pemantau).get(address).streaming_content) == PDF
    assert Client().get(address).status_code == 302
    other = make_proposal(office)
    wrong = reverse("moderation:proposal_file", args=[other.pk, proposal.materials.get().pk])
    assert log_in(office.pemantau).get(wrong).status_code == 404


@pytest.mark.db_agnostic
def test_an_empty_queue_says_how_an_item_begins(office, log_in):
    addresses = {"ppid": "moderation:disposition_add", "staf1": ADD, "sekretariat": ADD, "bidang": None}
    for screen in ("moderation:queue", "wagtailadmin_home"):
        for name, address in addresses.items():
            page = log_in(office.people[name]).get(reverse(screen)).content.decode()
            assert "Setiap materi dimulai dengan disposisi PPID Pembantu" in page, name
            assert all((reverse(other) in page) == (other == address) for other in (ADD, "moderation:disposition_add"))
    make_proposal(office)
    for screen in ("moderation:queue", "wagtailadmin_home"):
        assert "1 usulan menunggu putusan Anda" in log_in(office.ppid).get(reverse(screen)).content.decode()
        assert "menunggu putusan Anda" not in log_in(office.staf1).get(reverse(screen)).content.decode()


@pytest.mark.db_agnostic
def test_the_list_costs_the_same_with_more_rows(office):
    client = Client()
    client.force_login(office.ppid)

    def count() -> int:
        client.get(reverse("moderation:proposals"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("moderation:proposals")).status_code == 200
        return len(queries)

    for _ in range(3):
        make_proposal(office, files=[pdf()])
    dispositions.issue(office.ppid, dispositions.describe_proposal(Proposal.objects.first()))
    few = count()
    fields = {**TYPED}
    Proposal.objects.bulk_create(Proposal(**fields, proposed_by=office.staf2) for _ in range(30))
    for proposal in Proposal.objects.all()[:3]:
        dispositions.issue(office.ppid, dispositions.describe_proposal(proposal) | {"source_note": "Map."})
    assert count() == few <= 16
