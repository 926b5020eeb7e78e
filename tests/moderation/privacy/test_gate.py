"""The personal-data gate: what blocks an item, and who may set a finding aside."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Site

from home.models import OfficeSettings
from moderation import sop
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, FindingDecision, Notification, OfficeProcedure
from moderation.ports.exceptions import GuardViolation, StepRefused, StepStale
from moderation.privacy import examine_item, find_blocking
from news.models import Attachment, NewsPage, NewsPageTag
from tests.moderation.desk.editor import editor_form
from tests.support.factories import make_photo, make_user
from tests.support.factories import verdict as approval

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

#: Invented numbers: there is no kecamatan 33.13.99.
NIK, OTHER_NIK = "3313990101900001", "3313994102910002"
MASKED = "3313********0001"


def body(*paragraphs):
    return [("paragraph", "".join(f"<p>{words}</p>" for words in paragraphs))]


def blocked_item(office, state="composing", text=f"Penerima bantuan, NIK {NIK}."):
    """Return an item in this state whose text contains a NIK."""
    item = office.bring_to(state)
    user = office.sekretaris if state == "awaiting_correction" else office.staf1
    office.write(item, user, body=body("Pembuka berita.", "Penyaluran berjalan tertib.", text))
    return item


def the_finding(item):
    (finding,) = find_blocking(item, item.get_draft())
    return finding


def set_aside(item, user, finding=None, verdict="keliru", **expected):
    finding = finding or the_finding(item)
    data = {"fingerprint": finding.fingerprint, "verdict": verdict, "sentence": "Nomor contoh, bukan milik siapa pun."}
    return take(item, "assess_finding", user, data, **expected)


# What stops ------------------------------------------------------------------------------------------------


def test_a_nik_stops_the_hand_over_and_says_where(office):
    item = blocked_item(office)
    with pytest.raises(StepRefused) as refused:
        take(item, "hand_over", office.staf1)
    assert refused.value.message == (
        "Materi belum dapat diserahkan. Ditemukan 1 nomor yang menyerupai NIK pada isi berita, paragraf 3. Hapus nomor "
        "itu, lalu serahkan kembali. Bila temuan itu keliru atau ada dasar hukumnya, minta penilaian Bidang pada "
        "lembar kerja."
    )
    item.refresh_from_db()
    assert item.state == "composing"


def test_a_nik_of_the_sekretaris_stops_row_6(office):
    item = blocked_item(office, "awaiting_correction")
    with pytest.raises(StepRefused, match=r"Materi belum dapat diserahkan\. Ditemukan 1 nomor yang menyerupai NIK"):
        take(item, "declare_corrected", office.sekretaris)


def test_a_rule_that_is_new_stops_what_is_on_its_way(office, settings):
    """A number removed from the allow-list blocks every later step."""
    procedure = OfficeProcedure.load()
    procedure.official_contacts = "0812-3456-7890"
    procedure.save()
    item = office.bring_to("composing")
    office.write(item, body=body("Hubungi 081234567890."))
    take(item, "hand_over", office.staf1)
    take(item, "declare_corrected", office.sekretaris)
    for state, action, user, data, words in (
        (
            "awaiting_verification",
            "verify",
            office.bidang,
            approval(),
            "Materi belum dapat disetujui.",
        ),
        (
            "verified",
            "order",
            office.sekretaris,
            {"channels": [], "left_out_reason": "Cukup di website."},
            "Perintah tayang belum dapat diterbitkan.",
        ),
        ("ordered", "publish", office.staf1, {}, "Materi tidak ditayangkan."),
    ):
        assert Disposition.objects.get(pk=item.pk).state == state
        procedure.official_contacts = ""
        procedure.save()
        with pytest.raises(StepRefused, match=words):
            take(item, action, user, data)
        assert not NewsPage.objects.get(pk=item.page_id).live
        procedure.official_contacts = "+62 812 3456 7890"
        procedure.save()
        take(item, action, user, data)
    assert NewsPage.objects.get(pk=item.page_id).live


def place_in_alt(page):
    page.main_image, page.main_image_credit = make_photo(), "Dokumentasi"
    page.main_image_alt = f"Kartu dengan NIK {NIK}"


def place_in_block_alt(page):
    picture = {"photo": make_photo(), "alt": f"Kartu {NIK}", "caption": "", "credit": "Dokumentasi"}
    page.body = [*body("Pembuka."), ("image", picture)]


def place_in_channel_text(page):
    page.channel_texts = [("text", {"channel": "console", "text": f"Selamat kepada pemegang NIK {NIK}"})]


def place_in_file_name(page):
    file = ContentFile(b"Daftar hadir.", name=f"daftar_{NIK}.txt")
    document = Attachment.objects.create(title="Daftar hadir", file=file)
    page.body = [*body("Pembuka."), ("document", {"document": document, "title": ""})]


def place_in_document_title(page):
    document = Attachment.objects.create(title=f"Daftar {NIK}", file=ContentFile(b"Daftar hadir.", name="daftar.txt"))
    page.body = [*body("Pembuka."), ("document", {"document": document, "title": ""})]


def place_in_tag(page):
    page.tags.add(f"nik {NIK}")


PLACES = {
    "judul": lambda page: setattr(page, "title", f"Penerima {NIK}"),
    "ringkasan": lambda page: setattr(page, "lead", f"Penerima {NIK}"),
    "deskripsi untuk mesin pencari": lambda page: setattr(page, "search_description", f"NIK {NIK}"),
    "judul untuk mesin pencari": lambda page: setattr(page, "seo_title", f"NIK {NIK}"),
    "alamat halaman": lambda page: setattr(page, "slug", f"penerima-{NIK}"),
    "teks alternatif foto utama": place_in_alt,
    "isi berita, foto 1, teks alternatif": place_in_block_alt,
    "teks kanal media sosial, teks kanal 1": place_in_channel_text,
    "dokumen “Daftar hadir”, nama berkas": place_in_file_name,
    f"dokumen “Daftar {MASKED}”, judul": place_in_document_title,
    "topik berita": place_in_tag,
}


def test_a_nik_is_found_wherever_a_citizen_could_read_it(office):
    item = office.bring_to("composing")
    for place, put in PLACES.items():
        page = item.get_draft()
        put(page)
        page.save_revision(user=office.staf1, clean=False)
        with pytest.raises(StepRefused) as refused:
            take(item, "hand_over", office.staf1)
        assert f"pada {place}" in refused.value.message, (place, refused.value.message)
        assert NIK not in refused.value.message
        clean = NewsPage.objects.get(pk=item.page_id)
        clean.tags.clear()
        clean.save_revision(user=office.staf1, clean=False)


DISGUISES = {
    "zero-width": "33139901\u200b01900001",
    "gaps": "3313 9901 0190 0001",
    "full-width": "３３１３９９０１０１９００００１",
    "tags": "<b>3313990</b>10190<i>0001</i>",
    "entity": "&#51;313990101900001",
    "percent": '<a href="https://contoh.id/?nik=3313%3990101900001">daftar</a>',
}


def test_a_nik_in_disguise_is_found(office):
    item = office.bring_to("composing")
    for disguise, text in DISGUISES.items():
        page = item.get_draft()
        page.body = body(f"Nomor {text} penerima.")
        assert [found.code for found in find_blocking(item, page)] in (["nik"], ["nik_atau_kk"]), disguise


def test_a_mobile_number_behind_a_link_is_found(office):
    item = blocked_item(office, text='<a href="https://wa.me/6281234567890">Hubungi kami</a>')
    with pytest.raises(StepRefused, match="1 tautan WhatsApp pada isi berita, paragraf 3, alamat tautan"):
        take(item, "hand_over", office.staf1)


def test_the_offices_own_contacts_pass(office):
    own = OfficeSettings.for_site(Site.objects.get(is_default_site=True))
    own.phone, own.email = "0812 3456 7890", "kecamatan.mojogedang@gmail.com"
    own.save()
    item = office.bring_to("composing")
    office.write(item, body=body("Hubungi 0812-3456-7890 atau kecamatan.mojogedang@gmail.com."))
    assert examine_item(item, item.get_draft()).judged == ()


# The tick --------------------------------------------------------------------------------------------------


def test_a_warning_wants_a_tick_at_each_hand_over_and_the_log_keeps_it(office):
    item = office.bring_to("composing")
    office.write(item, body=body("Warga RT 02/RW 05 bekerja bakti."))
    ticked = {"warnings_checked": True}
    for action, user, data in (
        ("hand_over", office.staf1, {}),
        ("declare_corrected", office.sekretaris, {}),
        ("verify", office.bidang, approval()),
    ):
        with pytest.raises(StepRefused, match="Centang “Sudah saya periksa”") as refused:
            take(item, action, user, data)
        assert "warnings_checked" in refused.value.fields
        take(item, action, user, data | ticked)
        line = AuditEntry.objects.filter(disposition_id=item.pk, action=action).latest("sequence")
        assert [told["code"] for told in line.data["warnings_checked"]] == ["alamat_rt_rw"]
    take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})


def test_the_worksheet_asks_for_the_tick_only_where_there_is_a_warning(office, log_in):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    assert 'name="warnings_checked"' not in client.get(item.get_absolute_url()).content.decode()
    office.write(item, body=body("Warga RT 02/RW 05 bekerja bakti."))
    assert 'name="warnings_checked"' in client.get(item.get_absolute_url()).content.decode()


# Who sets aside ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["composing", "awaiting_correction"])
def test_nobody_but_bidang_sets_a_finding_aside(office, log_in, state):
    item = blocked_item(office, state)
    take(item, "ask_assessment", office.staf1 if state == "composing" else office.sekretaris)
    item.refresh_from_db()
    data = {
        "action": "assess_finding",
        "version": item.version,
        "fingerprint": the_finding(item).fingerprint,
        "verdict": "keliru",
        "sentence": "Nomor contoh belaka.",
    }
    for name in ("staf1", "staf2", "sekretaris", "sekretariat", "ppid", "admin", "pemantau"):
        response = log_in(office.people[name]).post(reverse("moderation:step", args=[item.pk]), data)
        assert response.status_code == 422, name
        assert "Langkah ini hanya dapat dilakukan oleh Bidang" in response.content.decode(), name
    assert not FindingDecision.objects.exists()


def test_a_verifier_who_wrote_or_corrected_the_text_does_not_judge_it(office):
    both = make_user("rangkap", sop.Role.SEKRETARIS, sop.Role.BIDANG)
    item = blocked_item(office, "awaiting_correction")
    office.write(item, both, body=body(f"Penerima NIK {NIK}."))
    take(item, "ask_assessment", office.sekretaris)
    with pytest.raises(StepRefused, match="Anda tidak dapat menilai temuan pada materi yang Anda susun"):
        set_aside(item, both)


def test_who_has_judged_a_finding_does_not_write_afterwards(office):
    both = make_user("rangkap", sop.Role.SEKRETARIS, sop.Role.BIDANG)
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    set_aside(item, both)
    take(item, "hand_over", office.staf1)
    with pytest.raises(StepRefused):
        take(item, "declare_corrected", both)


def test_bidang_judges_before_row_7_only_where_it_was_asked(office):
    item = blocked_item(office)
    with pytest.raises(StepRefused, match="belum diminta"):
        set_aside(item, office.bidang)


def test_a_decision_cannot_be_made_beside_the_step(office):
    item = blocked_item(office)
    finding = the_finding(item)
    forged = {
        "disposition": item,
        "seal": "",
        "fingerprint": finding.fingerprint,
        "code": "nik",
        "label": "NIK",
        "masked": finding.masked,
        "decision": "keliru",
        "sentence": "Palsu.",
        "by": office.bidang,
        "at": item.issued_at,
    }
    with pytest.raises(GuardViolation):
        FindingDecision.objects.create(**forged)
    # Written past the ORM's signals, without an audit line, it has no effect.
    FindingDecision.objects.bulk_create([FindingDecision(**forged)])
    with pytest.raises(StepRefused):
        take(item, "hand_over", office.staf1)


def test_a_verdict_needs_a_finding_a_choice_and_a_sentence(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    known = the_finding(item).fingerprint
    for verdict, sentence, fingerprint, words in (
        ("", "Nomor contoh belaka.", known, "Pilih penilaian"),
        ("pasal20g", "Nomor contoh belaka.", known, "tidak dikenal"),
        ("keliru", "", known, "Tulis alasan penilaian"),
        ("keliru", "ok", known, "Tulis alasan penilaian"),
        ("keliru", "Nomor contoh belaka.", "a" * 64, "tidak ada lagi"),
    ):
        data = {"verdict": verdict, "sentence": sentence, "fingerprint": fingerprint}
        with pytest.raises(StepRefused, match=words):
            take(item, "assess_finding", office.bidang, data)


def test_a_text_that_changed_under_the_verifiers_eyes_is_not_judged(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    finding = the_finding(item)
    office.write(item, body=body(f"Alamat lengkap Bapak Sukidi, NIK {NIK}."))
    with pytest.raises(StepStale, match="Naskah telah diubah"):
        set_aside(item, office.bidang, finding, expected_seal="0" * 64)


# A false alarm holds nothing up -------------------------------------------------------------------------------


def test_asked_before_the_hand_over_bidang_frees_a_false_alarm(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1, {"comment": "Nomor contoh pada formulir."})
    told = Notification.objects.filter(subject__contains="Nilai temuan")
    assert set(told.values_list("recipient__username", flat=True)) == {"bidang", "bidang2"}
    item.refresh_from_db()
    assert (item.state, bool(item.assessment_asked_at)) == ("composing", True)

    set_aside(item, office.bidang)
    item.refresh_from_db()
    assert (item.state, item.assessment_asked_at) == ("composing", None)
    answer = Notification.objects.get(subject__contains="Penilaian selesai")
    assert answer.recipient == office.staf1
    line = AuditEntry.objects.get(disposition_id=item.pk, action="assess_finding")
    assert line.output == f"NIK {MASKED}: bukan data pribadi (salah deteksi)"
    assert line.reason == "Nomor contoh, bukan milik siapa pun."
    assert line.seal

    take(item, "hand_over", office.staf1)
    item = office.bring_to("live", Disposition.objects.get(pk=item.pk))
    assert NewsPage.objects.get(pk=item.page_id).live


def test_a_verdict_does_not_take_the_last_note_away(office):
    item = office.bring_to("awaiting_correction")
    item = take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi jumlah penerima."})
    office.write(item, body=body(f"NIK {NIK}"))
    since = item.state_since
    take(item, "ask_assessment", office.staf1)
    set_aside(item, office.bidang)
    item.refresh_from_db()
    assert (item.last_note, item.state_since) == ("Lengkapi jumlah penerima.", since)


def test_a_basis_of_the_law_is_kept_with_its_letter(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    set_aside(item, office.bidang, verdict="pasal20e")
    decision = FindingDecision.objects.get()
    assert (decision.decision, decision.basis) == ("berdasar", "e")
    assert "Pasal 20 huruf e: kepentingan umum" in decision.verdict
    take(item, "hand_over", office.staf1)


def test_a_verdict_that_it_must_go_keeps_the_item_stopped(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    set_aside(item, office.bidang, verdict="hapus")
    with pytest.raises(StepRefused):
        take(item, "hand_over", office.staf1)
    with pytest.raises(StepRefused, match="Bidang sudah menilai temuan"):
        take(item, "ask_assessment", office.staf1)


def test_the_last_verdict_counts(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    finding = the_finding(item)
    set_aside(item, office.bidang, finding)
    take(item, "hand_over", office.staf1)
    take(item, "declare_corrected", office.sekretaris)
    set_aside(item, office.bidang2, finding, verdict="hapus")
    with pytest.raises(StepRefused, match="Materi belum dapat disetujui"):
        take(item, "verify", office.bidang, approval())
    assert FindingDecision.objects.count() == 2


def test_a_verdict_on_one_value_frees_no_other(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    set_aside(item, office.bidang)
    office.write(item, body=body(f"NIK {NIK}", f"NIK {OTHER_NIK}"))
    with pytest.raises(StepRefused, match="Ditemukan 1 nomor yang menyerupai NIK pada isi berita, paragraf 2"):
        take(item, "hand_over", office.staf1)


def test_a_verdict_on_one_item_frees_no_other_item(office):
    item, other = blocked_item(office), blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    set_aside(item, office.bidang)
    with pytest.raises(StepRefused):
        take(other, "hand_over", office.staf1)


def test_a_verdict_stays_when_the_text_around_it_changes(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    set_aside(item, office.bidang)
    office.write(item, body=body("Kalimat baru.", f"Nomor kartu contoh {NIK}."))
    take(item, "hand_over", office.staf1)


def test_only_whoever_holds_the_text_asks(office):
    item = blocked_item(office)
    for name in ("staf2", "sekretaris", "bidang", "ppid", "admin"):
        with pytest.raises(StepRefused):
            take(item, "ask_assessment", office.people[name])


def test_nothing_is_asked_where_nothing_stops(office):
    item = office.bring_to("composing")
    with pytest.raises(StepRefused, match="Tidak ada temuan"):
        take(item, "ask_assessment", office.staf1)


def test_an_item_that_moves_on_asks_no_longer(office):
    item = blocked_item(office)
    take(item, "ask_assessment", office.staf1)
    office.write(item, body=body("Tanpa nomor."))
    assert take(item, "hand_over", office.staf1).assessment_asked_at is None


# Through other entry points ----------------------------------------------------------------------------------------


def test_the_editors_button_is_stopped_and_the_text_is_kept(office, log_in):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    changed = editor_form(item.get_draft(), lead=f"Penerima NIK {NIK}.", **{"action-submit": "1"})
    response = client.post(reverse("wagtailadmin_pages:edit", args=[item.page_id]), changed)
    assert response.url == item.get_absolute_url()
    page = client.get(response.url).content.decode()
    assert "Ditemukan 1 nomor yang menyerupai NIK pada ringkasan" in page
    assert NIK not in page.replace(item.get_draft().lead, "")
    item.refresh_from_db()
    assert item.state == "composing"
    assert NIK in item.get_draft().lead


def test_wagtails_own_workflow_address_is_stopped(office, log_in):
    item = blocked_item(office, "awaiting_correction")
    state = item.get_page().current_workflow_state.current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[item.page_id, "declare_corrected", state.pk])
    log_in(office.sekretaris).post(address, {"comment": ""})
    item.refresh_from_db()
    assert item.state == "awaiting_correction"


def test_a_child_row_is_looked_at_in_a_constant_number_of_queries(office, django_assert_max_num_queries):
    item = office.bring_to("composing")
    page = item.get_draft()
    page.tags.set([f"topik {number}" for number in range(30)])
    photos = [make_photo(f"Foto {number}") for number in range(12)]
    picture = {"alt": "Saluran", "caption": "Saluran", "credit": "Dokumentasi"}
    page.body = [*body("Pembuka."), *(("image", picture | {"photo": photo}) for photo in photos)]
    page.save(clean=False)
    page.save_revision(user=office.staf1)
    assert NewsPageTag.objects.count() == 30
    draft = item.get_draft()
    with django_assert_max_num_queries(20):
        examine_item(item, draft)
