"""The worksheet: every step through its form, what each role sees, and data kept on a refusal."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from moderation import sop
from moderation.chain import dispositions
from moderation.chain.transitions import take
from moderation.models import AuditEntry
from news.models import NewsPage
from tests.support.factories import WALK, fill_in, make_document, make_user, verdict
from tests.support.pdf import draw, make_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def open_sheet(client, item):
    return client.get(item.get_absolute_url())


def offered(response) -> list[str]:
    forms = response.context
    return [form.code for group in ("forward", "return", "exit") for form in forms[f"{group}_forms"]]


def press(client, item, action, **data):
    """Submit the form of an action as the worksheet shows it."""
    page = open_sheet(client, item)
    body = {"action": action, "version": page.context["item"].version, "seal": page.context["seal"]}
    return client.post(reverse("moderation:step", args=[item.pk]), body | data)


#: Expected forward and return buttons of each person in each state.
BUTTONS = {
    ("disposed", "sekretaris"): ["forward", "cancel"],
    ("disposed", "ppid"): ["recall", "cancel"],
    ("forwarded", "sekretariat"): ["receive_and_assign", "receive"],
    ("forwarded", "sekretaris"): ["recall_forwarding", "cancel"],
    ("received", "sekretariat"): ["assign"],
    ("assigned", "staf1"): ["compose"],
    ("assigned", "staf2"): [],
    ("assigned", "sekretariat"): ["recall_assignment", "reassign"],
    ("composing", "staf1"): ["hand_over"],
    ("composing", "staf2"): [],
    ("composing", "sekretariat"): ["reassign"],
    ("awaiting_correction", "sekretaris"): ["declare_corrected", "return_to_staf", "cancel"],
    ("awaiting_correction", "staf1"): [],
    ("awaiting_verification", "bidang"): ["verify", "return_to_sekretaris", "mark_exempt"],
    ("awaiting_verification", "sekretaris"): ["cancel"],
    ("verified", "sekretaris"): ["order", "return_to_correction", "cancel"],
    ("verified", "bidang"): [],
    ("ordered", "staf1"): ["publish"],
    ("ordered", "sekretaris"): ["publish", "return_to_correction", "cancel"],
}


def test_each_person_gets_exactly_the_buttons_of_the_paper(office, log_in):
    item = office.issue()
    for state in dict.fromkeys(state for state, _name in BUTTONS):
        item = office.bring_to(state, item)
        for (at, name), codes in BUTTONS.items():
            if at == state:
                assert offered(open_sheet(log_in(office.people[name]), item)) == codes, (state, name)
        for name in ("pemantau", "admin"):
            response = open_sheet(log_in(office.people[name]), item)
            assert offered(response) == [], (state, name)
            assert 'name="action"' not in response.content.decode()


def test_an_item_walks_the_chain_through_the_worksheet(office, log_in):
    item = office.issue()
    for state, action, person, data in WALK:
        item.refresh_from_db()
        assert item.state == state
        if action == "assign":
            data = {"staf": office.staf1.pk}
        response = press(log_in(office.people[person]), item, action, **fill_in(action, data))
        assert response.status_code == 302, response.content.decode()
        item.refresh_from_db()
        if action == "compose":
            assert response.url == reverse("wagtailadmin_pages:edit", args=[item.page_id])
            office.write(item)
        else:
            assert response.url == item.get_absolute_url()
    assert item.state == "done"
    assert NewsPage.objects.get(pk=item.page_id).live


def test_the_banner_names_item_step_and_holder(office, log_in):
    item = office.bring_to("awaiting_verification")
    client = log_in(office.bidang)
    press(client, item, "verify", **verdict())
    page = open_sheet(client, item).content.decode()
    assert (
        f"“{item.subject}”: materi diverifikasi. Status: Terverifikasi. Langkah berikutnya: Perintah tayang, "
        "sekarang di tangan Sekretaris (sekretaris, sekretaris2)." in page
    )


def test_receive_and_assign_takes_two_rows(office, log_in):
    item = office.bring_to("forwarded")
    press(log_in(office.sekretariat), item, "receive_and_assign", staf=office.staf2.pk, comment="Segera.")
    item.refresh_from_db()
    assert (item.state, item.assigned_to, item.last_note) == ("assigned", office.staf2, "Segera.")
    lines = AuditEntry.objects.filter(disposition_id=item.pk).values_list("row", "action")
    assert list(lines)[-2:] == [(3, "receive"), (4, "assign")]


def test_receive_and_assign_without_a_name_takes_neither_row(office, log_in):
    item = office.bring_to("forwarded")
    response = press(log_in(office.sekretariat), item, "receive_and_assign", comment="Mohon segera.")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Pilih staf yang ditugaskan." in page
    assert "Mohon segera." in page
    item.refresh_from_db()
    assert item.state == "forwarded"


@pytest.mark.parametrize(
    ("state", "person", "action", "data", "words"),
    [
        ("awaiting_verification", "bidang", "return_to_sekretaris", {"comment": "  "}, "Tulis alasannya."),
        ("awaiting_verification", "bidang", "verify", {"comment": "Baik."}, "Tetapkan klasifikasi informasi"),
        (
            "awaiting_verification",
            "bidang",
            "verify",
            {"classification": "dikecualikan", "comment": "Rahasia pribadi."},
            "Informasi yang dikecualikan tidak dapat ditayangkan.",
        ),
        ("verified", "sekretaris", "order", {"go_live_at": "2020-01-01T08:00", "comment": "Pagi."}, "setelah waktu"),
        ("verified", "sekretaris", "order", {"channels": ["palsu"], "comment": "Semua."}, "Kanal yang dipilih"),
        ("disposed", "ppid", "cancel", {"comment": ""}, "Tulis alasannya."),
    ],
)
def test_a_wrong_form_shows_what_is_wrong_and_keeps_what_was_typed(office, log_in, state, person, action, data, words):
    item = office.bring_to(state)
    lines = AuditEntry.objects.count()
    response = press(log_in(office.people[person]), item, action, **data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert data["comment"].strip() in page
    item.refresh_from_db()
    assert (item.state, AuditEntry.objects.count()) == (state, lines)


def test_the_second_click_is_told_what_happened_and_writes_nothing(office, log_in):
    item = office.bring_to("awaiting_verification")
    client = log_in(office.bidang)
    page = open_sheet(client, item)
    body = {
        "action": "verify",
        "version": page.context["item"].version,
        "seal": page.context["seal"],
        **verdict(),
        "comment": "Sudah cocok.",
    }
    address = reverse("moderation:step", args=[item.pk])
    assert client.post(address, body).status_code == 302
    lines = AuditEntry.objects.count()
    second = client.post(address, body)
    assert second.status_code == 409
    assert "keadaan materi telah berubah" in second.content.decode()
    assert "Sudah cocok." in second.content.decode()
    assert AuditEntry.objects.count() == lines


def test_a_text_that_changed_while_it_was_read_is_not_decided_upon(office, log_in):
    item = office.bring_to("awaiting_correction")
    client = log_in(office.sekretaris)
    page = open_sheet(client, item)
    office.write(item, office.sekretaris2, lead="Kalimat lain.")
    body = {"action": "declare_corrected", "version": page.context["item"].version, "seal": page.context["seal"]}
    response = client.post(reverse("moderation:step", args=[item.pk]), body)
    assert response.status_code == 409
    assert "Naskah telah diubah sejak Anda membuka lembar kerja ini" in response.content.decode()
    item.refresh_from_db()
    assert item.state == "awaiting_correction"


def test_receiving_and_assigning_share_one_note(office, log_in):
    item = office.bring_to("forwarded")
    response = open_sheet(log_in(office.sekretariat), item)
    decision = response.context["decision"]
    assert [decision.forward.code, *(form.code for form in decision.others)] == ["receive_and_assign", "receive"]
    assert response.content.decode().count('name="comment"') == 1
    press(log_in(office.sekretariat), item, "receive", comment="Diterima hari ini.")
    item.refresh_from_db()
    assert (item.state, item.last_note) == ("received", "Diterima hari ini.")


def test_who_can_do_nothing_reads_why(office, log_in):
    item = office.bring_to("awaiting_correction")
    both = make_user("rangkap", sop.Role.SEKRETARIS, sop.Role.BIDANG)
    office.write(item, both)
    take(item, "declare_corrected", office.sekretaris)
    own = open_sheet(log_in(both), item)
    assert "Anda tidak dapat memverifikasi materi yang Anda susun atau koreksi sendiri." in own.content.decode()
    other = open_sheet(log_in(office.staf1), item)
    assert f"Langkah ini hanya dapat dilakukan oleh {sop.Role.BIDANG}." in other.content.decode()


def test_the_sheet_shows_rows_notes_seal_posts_and_history(office, log_in):
    item = office.bring_to("awaiting_verification")
    take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka peserta keliru."})
    take(item, "declare_corrected", office.sekretaris)
    response = open_sheet(log_in(office.bidang), item)
    page = response.content.decode()
    assert [line.status for line in response.context["tracker"]] == ["done"] * 6 + ["now", "next"]
    assert "Angka peserta keliru." in page
    assert "Materi dikembalikan kepada Sekretaris" in page
    assert "Informasi berkala" in page
    assert response.context["seal"][:4] in page
    assert reverse("moderation:preview", args=[item.pk]) in page
    assert len(response.context["entries"]) == AuditEntry.objects.filter(disposition_id=item.pk).count()
    for post in response.context["posts"]:
        assert post.label in page


def test_a_cancelled_item_shows_where_it_stopped(office, log_in):
    item = office.bring_to("received")
    take(item, "cancel", office.sekretaris, {"comment": "Kegiatan urung."})
    response = open_sheet(log_in(office.pemantau), item)
    assert [line.status for line in response.context["tracker"]] == ["done"] * 3 + ["stopped"] * 5
    assert "Kegiatan urung." in response.content.decode()


def test_the_preview_shows_the_text_that_is_decided_upon(office, log_in):
    item = office.bring_to("awaiting_verification")
    client = log_in(office.bidang)
    response = client.get(reverse("moderation:preview", args=[item.pk]))
    assert response.status_code == 200
    assert "Warga bekerja bakti" in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response["Cache-Control"]


def test_there_is_no_preview_before_there_is_a_text(office, log_in):
    item = office.bring_to("received")
    client = log_in(office.pemantau)
    assert client.get(reverse("moderation:preview", args=[item.pk])).status_code == 404
    assert "<iframe" not in open_sheet(client, item).content.decode()


def test_source_material_is_a_download_for_the_desk_alone(office, log_in):
    image = SimpleUploadedFile("foto.png", b"\x89PNG\r\n\x1a\n rest")
    letter = SimpleUploadedFile("undangan.pdf", b"%PDF-1.4 isi")
    sheet = {"origin": "pengelolaan_website", "subject": "Profil desa"}
    item = dispositions.issue(office.ppid, sheet, [letter, image])
    pdf, png = (
        reverse("moderation:material", args=[item.pk, material.pk]) for material in item.materials.order_by("pk")
    )
    client = log_in(office.pemantau)
    for address in (pdf, png):
        response = client.get(address)
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(client.get(pdf)) == b"%PDF-1.4 isi"
    for address, shown_type in ((png, "image/png"), (pdf, "application/pdf")):
        shown = client.get(f"{address}?tampil=1")
        assert (shown["Content-Type"], shown["Content-Disposition"][:6]) == (shown_type, "inline")
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in shown["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in shown["Content-Security-Policy"]

    other = office.issue()
    material = item.materials.first()
    assert client.get(reverse("moderation:material", args=[other.pk, material.pk])).status_code == 404
    client.logout()
    assert client.get(pdf).status_code == 302
    assert log_in(make_user("tamu")).get(pdf).status_code == 302


def test_an_attachment_is_read_in_place(office, log_in):
    pdf = make_document("Daftar <kelompok>", "daftar.pdf", make_pdf(draw("Kelompok tani")))
    other = make_document("Milik lain", "lain.txt", b"Rahasia")
    item = office.bring_to("composing")
    office.write(item, body=[("paragraph", "<p>Isi.</p>"), ("document", {"document": pdf, "title": ""})])
    client = log_in(office.pemantau)
    sheet = client.get(item.get_absolute_url()).content.decode()
    address = reverse("moderation:attachment", args=[item.pk, pdf.pk])
    assert f'data-attachment="{address}"' in sheet
    assert "Daftar &lt;kelompok&gt;" in sheet
    whole, part = client.get(address).content.decode(), client.get(address, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert "<html" in whole
    assert "<html" not in part.content.decode()
    for shown in (whole, part.content.decode()):
        assert "Kelompok tani" in shown
        assert reverse("moderation:attachment_page", args=[item.pk, pdf.pk, 1]) in shown
    drawn = client.get(reverse("moderation:attachment_page", args=[item.pk, pdf.pk, 1]))
    assert (drawn["Content-Type"], drawn.content[:4]) == ("image/png", b"\x89PNG")
    assert "no-store" in drawn["Cache-Control"]
    for number in (0, 2, 51):
        assert client.get(reverse("moderation:attachment_page", args=[item.pk, pdf.pk, number])).status_code == 404
    assert client.get(reverse("moderation:attachment", args=[item.pk, other.pk])).status_code == 404
    client.force_login(make_user("tamu"))
    assert client.get(address).status_code == 302


def test_source_material_is_read_as_its_text(office, log_in):
    sheet = {"origin": "pengelolaan_website", "subject": "Profil desa"}
    item = dispositions.issue(office.ppid, sheet, [SimpleUploadedFile("catatan.txt", b"Hadir <b>14</b> orang.")])
    material, other = item.materials.get(), office.issue()
    client = log_in(office.staf1)
    address = reverse("moderation:material_read", args=[item.pk, material.pk])
    assert f'data-attachment="{address}"' in client.get(item.get_absolute_url()).content.decode()
    assert "Hadir &lt;b&gt;14&lt;/b&gt; orang." in client.get(address).content.decode()
    assert client.get(reverse("moderation:material_page", args=[item.pk, material.pk, 1])).status_code == 404
    assert client.get(reverse("moderation:material_read", args=[other.pk, material.pk])).status_code == 404
