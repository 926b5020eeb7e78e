"""A found value never reaches records, mails, sessions, error reports or the log."""

import io
import logging

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse
from django.utils.module_loading import import_string
from wagtail.models import PageLogEntry

from moderation.chain.transitions import take
from moderation.models import AuditEntry, Notification, OfficeProcedure
from moderation.people import notifications
from moderation.privacy import find_blocking
from moderation.scanner.redaction import is_contact, mask, mask_all
from tests.moderation.desk.editor import editor_form

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

NIK, MASKED = "3313990101900001", "3313********0001"
PHONE = "081234567890"
#: Tables of the draft itself, and of Wagtail's renditions and indexes of it.
TEXT_TABLES = [
    "news",
    "wagtailcore.page",
    "wagtailcore.revision",
    "wagtailadmin.formstate",
    "wagtailsearch",
    "wagtailredirects",
]


def dump_beside_the_text() -> str:
    stream = io.StringIO()
    call_command("dumpdata", exclude=TEXT_TABLES, stdout=stream)
    return stream.getvalue()


def test_the_value_stays_in_the_text(office, log_in):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(import_string("moderation.scanner.redaction.MaskingFormatter")())
    logging.getLogger().addHandler(handler)
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    edit = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    step = reverse("moderation:step", args=[item.pk])
    # Save, a refused hand-over, and a note that repeats the number, through editor and worksheet.
    client.post(edit, editor_form(item.get_draft(), title=f"Penerima {NIK}", lead=f"NIK {NIK}"))
    client.post(edit, editor_form(item.get_draft(), lead=f"NIK {NIK}", **{"action-submit": "1"}))
    item.refresh_from_db()
    note = f"Mengapa NIK {NIK} ditolak? Hubungi saya di {PHONE}."
    refused = client.post(step, {"action": "hand_over", "version": item.version, "comment": note})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert f"Mengapa NIK {MASKED}" in shown
    assert PHONE not in shown
    client.post(step, {"action": "ask_assessment", "version": item.version, "comment": note})
    item.refresh_from_db()
    (finding,) = find_blocking(item, item.get_draft())
    verdict = {"fingerprint": finding.fingerprint, "verdict": "keliru", "sentence": f"Nomor {NIK} KTP contoh."}
    log_in(office.bidang).post(step, {"action": "assess_finding", "version": item.version} | verdict)
    assert AuditEntry.objects.filter(action="assess_finding").exists()
    take(item, "hand_over", office.staf1)
    take(item, "return_to_staf", office.sekretaris, {"comment": f"Hapus NIK {NIK} pada ringkasan."})
    notifications.send_due_notifications()
    logging.getLogger().removeHandler(handler)

    dump = dump_beside_the_text()
    assert MASKED in dump
    assert NIK not in dump
    assert PHONE not in dump
    assert len(mail.outbox) >= 3
    for message in mail.outbox:
        assert NIK not in f"{message.subject}{message.body}{message.alternatives}"
        assert PHONE not in message.body
    assert NIK not in stream.getvalue()
    assert all(NIK not in str(session.get_decoded()) for session in Session.objects.all())
    assert PageLogEntry.objects.filter(label__contains=MASKED).exists()


def test_a_note_may_name_the_offices_own_number(office):
    procedure = OfficeProcedure.load()
    procedure.official_contacts = PHONE
    procedure.save()
    item = office.bring_to("awaiting_correction")
    item = take(
        item, "return_to_staf", office.sekretaris, {"comment": f"Tulis WhatsApp kantor {PHONE}, bukan 085612345678."}
    )
    written = f"Tulis WhatsApp kantor {PHONE}, bukan 08********78."
    assert item.last_note == written
    assert AuditEntry.objects.latest("sequence").reason == written
    assert written in Notification.objects.latest("pk").body


def test_the_programs_log_shows_no_number_not_even_in_a_traceback(settings):
    assert settings.LOGGING["formatters"]["line"]["class"] == "moderation.scanner.redaction.MaskingFormatter"
    formatter = import_string(settings.LOGGING["formatters"]["line"]["class"])("{message}", style="{")
    try:
        raise ValueError(f"Failing row contains (7, NIK {NIK}).")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "Row of %s", (PHONE,), (ValueError, error, error.__traceback__)
        )
    written = formatter.format(record)
    assert "Failing row contains (7, NIK 3313********0001)" in written
    assert PHONE not in written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("GET /admin/kanal/kembali/?code=kode-sekali-pakai&state=milik-sesi-ini", "?code=[…]&state=[…]"),
        ("Authorization: Bearer kunci-milik-kantor-ini", "Authorization: Bearer […]"),
        ("{'access_token': 'kunci-milik-kantor-ini'}", "{'access_token': '[…]'}"),
    ],
)
def test_the_programs_log_shows_no_secret(settings, said, written):
    formatter = import_string(settings.LOGGING["formatters"]["line"]["class"])("{message}", style="{")
    line = formatter.format(logging.LogRecord("x", logging.ERROR, __file__, 1, "%s", (said,), None))
    assert line.endswith(written)


def test_an_error_report_repeats_nothing_that_was_typed(settings):
    request = RequestFactory().post("/admin/", {"lead": f"NIK {NIK}"})
    words = f"NIK {NIK} di ringkasan"
    try:
        raise ValueError(words)
    except ValueError as error:
        reporter = import_string(settings.DEFAULT_EXCEPTION_REPORTER)(
            request, ValueError, error, error.__traceback__, is_email=True
        )
    text = reporter.get_traceback_text()
    assert "ValueError" in text
    assert NIK not in text
    assert NIK not in reporter.get_traceback_html()
    assert type(reporter.filter).__name__ == "TypedTextFilter"
    assert reporter.filter.get_post_parameters(request) == {"lead": "********************"}


def test_everything_inside_a_form_is_masked():
    typed = {"comment": f"NIK {NIK}", "groups": [{"note": f"HP {PHONE}"}], "channels": ["x-1"], "tick": True}
    assert mask_all(typed) == {
        "comment": f"NIK {MASKED}",
        "groups": [{"note": "HP 08********90"}],
        "channels": ["x-1"],
        "tick": True,
    }
    assert (
        mask("Rapat pukul 09.00 WIB, 3 Agustus 2026, Rp1.250.000.000")
        == "Rapat pukul 09.00 WIB, 3 Agustus 2026, Rp1.250.000.000"
    )


@pytest.mark.parametrize(
    ("entry", "is_one"),
    [
        ("0271-495123", True),
        ("+62 812-3456-7890", True),
        ("kecamatan@contoh.go.id", True),
        ("(0271) 495 123", True),
        (NIK, False),
        ("Kantor 0271-495123", False),
        ("12", False),
        ("", False),
    ],
)
def test_the_allow_list_takes_contacts_and_no_identity(entry, is_one):
    assert is_contact(entry) is is_one


def test_the_setting_says_which_line_is_wrong(office, log_in):
    client = log_in(office.admin)
    address = reverse("wagtailsettings:edit", args=["moderation", "officeprocedure"])
    address = client.get(address).headers.get("Location", address)
    form = client.get(address).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None} | {
        "official_contacts": f"0271-495123\n{NIK}"
    }
    response = client.post(address, data)
    page = response.content.decode()
    assert f"Bukan nomor telepon, nomor rekening kantor, atau alamat surel: {MASKED}." in page
    assert OfficeProcedure.load().official_contacts == ""
