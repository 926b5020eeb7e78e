"""A draft that begins with the text of an older item: words and pictures come along, days and verification do not."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from moderation import sop
from moderation.chain import dispositions, policy
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, FindingDecision, PublicationPermit, SourceMaterial
from moderation.ports.exceptions import StepRefused
from moderation.ports.seal import compute_seal
from moderation.records import proposals
from tests.support.factories import make_photo, make_user, verdict
from tests.support.factories import slip_past_triggers as slip

pytestmark = pytest.mark.django_db

OLD_TEXT = "Lomba kebersihan antardesa tahun lalu diikuti 13 desa."


@pytest.fixture
def old(office):
    """A live item with pictures, topics and a text for a channel."""
    item = office.bring_to("composing", office.issue("Lomba kebersihan 2025"))
    photo, other = make_photo("Balai desa", "red"), make_photo("Lapangan", "blue")
    shown = [{"photo": one, "alt": "Lomba", "caption": "", "credit": "Dokumentasi"} for one in (photo, other)]
    page = office.write(
        item,
        body=[
            ("paragraph", f"<p>{OLD_TEXT}</p>"),
            ("gallery", {"title": "Lomba", "pictures": shown}),
            ("quote", {"text": "Selamat kepada para pemenang lomba.", "source": "Camat"}),
        ],
        main_image=photo,
        main_image_alt="Balai desa",
        main_image_credit="Dokumentasi",
        seo_title="Lomba 2025",
        classification="setiap_saat",
    )
    page.tags.add("Lomba")
    page.save_revision(user=office.staf1)
    return office.bring_to("live", item)


def make_sheet(old, **changes) -> dict:
    sheet = dispositions.describe_old_item(old)
    return sheet | {"activity_date": "2026-11-09", "subject": "Lomba kebersihan 2026"} | changes


def copy(office, old, **changes) -> Disposition:
    """Issue a disposition on the old item and bring it to its Staf's draft."""
    item = dispositions.issue(office.ppid, make_sheet(old, **changes))
    for action, person, data in (
        ("forward", "sekretaris", {}),
        ("receive", "sekretariat", {}),
        ("assign", "sekretariat", {"staf": office.staf2.pk}),
        ("compose", "staf2", {}),
    ):
        item = take(item, action, office.people[person], data)
    return item


def list_keys(value) -> set:
    if isinstance(value, list):
        return set().union(*map(list_keys, value))
    if not isinstance(value, dict):
        return set()
    own = {value["id"]} if {"type", "value", "id"} == value.keys() else set()
    return own.union(*map(list_keys, value.values()))


@pytest.mark.db_agnostic
def test_from_the_old_worksheet_to_the_new_draft(office, log_in, old):
    client = log_in(office.ppid)
    link = reverse("moderation:disposition_add") + f"?materi={old.pk}"
    assert link in client.get(old.get_absolute_url()).content.decode()
    shown = client.get(link)
    assert old.register_number in shown.content.decode()
    form = shown.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name != "files"}
    assert (sent["subject"], sent["activity_date"]) == ("Lomba kebersihan 2025", "")
    assert client.post(link, sent).status_code == 422, "the day is asked for anew"
    sent |= {"activity_date": "2026-11-09", "subject": "Lomba kebersihan 2026", "based_on": old.pk}
    assert client.post(link, sent).status_code == 302
    item = Disposition.objects.get(subject="Lomba kebersihan 2026")
    assert item.based_on == old
    assert AuditEntry.objects.get(disposition_id=item.pk, action="issue").data["based_on"] == old.pk
    assert old.register_number in client.get(item.get_absolute_url()).content.decode()


@pytest.mark.db_agnostic
def test_words_and_pictures_come_along(office, old):
    item, before = copy(office, old), old.get_page()
    draft = item.get_draft()
    assert draft.title == "Lomba kebersihan 2026"
    assert [block.block_type for block in draft.body] == ["paragraph", "gallery", "quote"]
    assert OLD_TEXT in draft.body[0].value.source
    assert [shown["photo"] for shown in draft.body[1].value["pictures"]] == [
        shown["photo"] for shown in before.body[1].value["pictures"]
    ]
    assert (draft.main_image, draft.main_image_credit) == (before.main_image, "Dokumentasi")
    assert (draft.category, draft.lead) == (before.category, before.lead)
    assert [tag.name for tag in draft.tags.all()] == ["Lomba"]
    keys = list_keys(draft.body.get_prep_value())
    assert len(keys) == len(list_keys(before.body.get_prep_value())) == 5
    assert not keys & list_keys(before.body.get_prep_value())
    line = AuditEntry.objects.get(disposition_id=item.pk, action="compose")
    assert line.data["copied_from"] == old.register_number


@pytest.mark.db_agnostic
def test_days_class_address_and_verification_do_not(office, old):
    item, before = copy(office, old), old.get_page()
    page, draft = item.get_page(), item.get_draft()
    assert str(draft.activity_date) == "2026-11-09"
    assert (draft.classification, draft.seo_title, draft.correction_is_public) == ("berkala", "", None)
    assert draft.slug != before.slug
    assert (page.live, page.first_published_at, page.live_revision_id) == (False, None, None)
    assert (item.state, item.round, item.classification) == ("composing", 0, "")
    assert not PublicationPermit.objects.filter(disposition=item).exists()
    assert not FindingDecision.objects.filter(disposition=item).exists()
    assert not AuditEntry.objects.filter(disposition_id=item.pk, action__in=("verify", "order", "publish")).exists()
    assert compute_seal(draft) != compute_seal(before)
    for action, person in (("verify", "bidang"), ("order", "sekretaris"), ("publish", "staf2")):
        with pytest.raises(StepRefused):
            take(item, action, office.people[person], verdict() | {"channels": [], "left_out_reason": "x"})
    assert old.get_page().live
    assert compute_seal(old.get_page()) == compute_seal(before)


@pytest.mark.db_agnostic
def test_new_source_material_follows_the_old_text_and_replaces_none(office, log_in, old):
    item = office.bring_to("assigned", dispositions.issue(office.ppid, make_sheet(old)))
    with make_photo("Piala", "yellow").file.open("rb") as photo:
        SourceMaterial.objects.create(disposition=item, name="piala.jpg", file=ContentFile(photo.read(), "piala.jpg"))
    sent = {"action": "compose", "version": item.version, "place_materials": "on"}
    log_in(office.staf1).post(reverse("moderation:step", args=[item.pk]), sent)
    draft = Disposition.objects.get(pk=item.pk).get_draft()
    assert [block.block_type for block in draft.body] == ["paragraph", "gallery", "quote", "image"]
    assert draft.main_image == old.get_page().main_image
    assert draft.body[3].value["photo"].title.startswith("piala (bahan ")


@pytest.mark.db_agnostic
def test_a_ralat_under_way_is_not_copied(office, old):
    office.open_ralat(old, body=[("paragraph", "<p>Belum diverifikasi siapa pun.</p>")])
    old.refresh_from_db()
    body = str(copy(office, old).get_draft().body.get_prep_value())
    assert OLD_TEXT in body
    assert "Belum diverifikasi" not in body


def test_whoever_wrote_the_old_text_does_not_verify_its_copy(office, old):
    item = copy(office, old)
    office.write(item, user=office.staf2)
    item = take(item, "hand_over", office.staf2, {"warnings_checked": True})
    item = take(item, "declare_corrected", office.sekretaris2, {"warnings_checked": True})
    for name in ("staf1", "sekretaris"):
        moved = make_user(name, sop.Role.BIDANG)
        assert moved.pk in policy.Authority(item, moved).author_ids
        with pytest.raises(StepRefused) as refused:
            take(item, "verify", moved, verdict())
        assert "Anda susun atau koreksi sendiri" in refused.value.message
    # Nor where somebody takes the old item away from the row by hand.
    slip(Disposition.objects.filter(pk=item.pk), based_on=None)
    item.refresh_from_db()
    assert office.staf1.pk in policy.Authority(item, office.staf1).author_ids
    assert take(item, "verify", office.bidang, verdict() | {"warnings_checked": True}).state == "verified"


@pytest.mark.db_agnostic
def test_what_citizens_do_not_read_any_more_is_not_copied(office, log_in, old):
    proposal = proposals.propose(office.staf1, make_sheet(old))
    item = dispositions.issue(office.ppid, make_sheet(old))
    take(old, "take_down", office.sekretaris, {"comment": "Memuat nomor telepon warga."})
    old.refresh_from_db()
    with pytest.raises(StepRefused) as refused:
        dispositions.issue(office.ppid, make_sheet(old))
    assert refused.value.fields["based_on"] == dispositions.NOT_LIVE
    with pytest.raises(StepRefused):
        proposals.propose(office.staf1, make_sheet(old))
    client = log_in(office.ppid)
    add = reverse("moderation:disposition_add")
    assert client.get(f"{add}?materi={old.pk}").context["form"].initial == {}
    sheet = make_sheet(old) | {"based_on": old.pk, "priority": "biasa", "request": "siapkan"}
    answer = client.post(add, sheet)
    assert answer.status_code == 422
    assert dispositions.NOT_LIVE in answer.content.decode()
    assert "?materi=" not in client.get(old.get_absolute_url()).content.decode()
    # What was issued before begins empty.
    later = dispositions.issue(office.ppid, dispositions.describe_proposal(proposal) | {"proposal_version": 1})
    for one in (item, later):
        one = office.bring_to("assigned", one)
        one = take(one, "compose", office.staf1, {})
        assert OLD_TEXT not in str(one.get_draft().body.get_prep_value())
        assert "copied" not in AuditEntry.objects.get(disposition_id=one.pk, action="compose").data


@pytest.mark.db_agnostic
def test_staf_proposes_it_and_ppid_needs_one_click(office, log_in, old):
    client = log_in(office.staf1)
    link = reverse("moderation:proposal_add") + f"?materi={old.pk}"
    assert link in client.get(old.get_absolute_url()).content.decode()
    form = client.get(link).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name != "files"}
    sent |= {"activity_date": "2026-11-09", "based_on": old.pk}
    path = client.post(link, sent)["Location"]
    assert old.register_number in client.get(path).content.decode()
    log_in(office.ppid).post(f"{path}putusan/", {"decision": "issue", "version": 1})
    item = Disposition.objects.exclude(pk=old.pk).get()
    assert item.based_on == old
    assert item.proposal.based_on == old
    for bad in ("0", "abc", "9" * 40, "-1"):
        assert client.get(f"{reverse('moderation:disposition_add')}?materi={bad}").status_code == 200


@pytest.mark.db_agnostic
def test_a_stranger_to_both_roles_sees_no_link(office, log_in, old):
    for name in ("sekretaris", "bidang", "pemantau"):
        shown = log_in(office.people[name]).get(old.get_absolute_url()).content.decode()
        assert not re.search(r"\?materi=", shown), name
