"""The whole SOP in a real browser: five people, eight rows, one return from Bidang, and a post.

What the worker sends goes over a real socket to a server on loopback that checks the OAuth 1.0a
signature with oauthlib's server side; what it stored must be the text that was sealed.
"""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from moderation.models import AuditEntry, Disposition, PublicationPermit
from moderation.ports import channels
from moderation.ports.seal import compute_seal, shorten
from news.models import NewsCategory, NewsPage
from news.social.accounts import service
from news.social.models import Delivery
from tests.social.servers import XServer
from tests.support.audit_log import find_first_break

TITLE = "Warga Desa Pereng Tanam Seribu Pohon"
LEAD = "Warga Desa Pereng menanam seribu pohon di tepi sungai, Minggu (15/11/2026)."
X_TEXT = "Seribu pohon ditanam warga Desa Pereng di tepi sungai."
BODY = "Penanaman pohon diikuti kelompok tani, karang taruna, dan perangkat desa."


@pytest.fixture
def x_network(monkeypatch, settings, server):
    """The office's account on X, on loopback."""
    # Only loopback speaks plain http here; oauthlib refuses it otherwise.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with XServer() as network:
        settings.SOCIAL_CHANNELS = {"x": network.config}
        service.sync_accounts()
        yield network


def get_item() -> Disposition:
    return Disposition.objects.get(subject=TITLE)


def take_step(page, label, **fields):
    """Open the worksheet from the queue, fill the step's form, press its button."""
    page.goto("/admin/antrean/")
    page.get_by_role("link", name=TITLE).first.click()
    form = page.locator("form.desk-step").filter(has=page.get_by_role("button", name=label, exact=True))
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "checkbox":
            form.locator(f"[name={name}][value={value}]").check()
        elif field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    if label.startswith("Setujui"):
        for group in form.get_by_label("Semua sesuai").all():
            group.check()
    form.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()


def write_rich_text(page, text):
    """Type into a new first paragraph of the body."""
    body = page.locator("[data-contentpath=body]")
    body.get_by_role("button", name="Sisipkan blok").first.click()
    page.get_by_role("option", name="Paragraf").click()
    editor = body.locator("[contenteditable=true]").first
    editor.click()
    page.keyboard.type(text, delay=5)
    # The rich text editor passes on what was typed a moment later.
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile(text))


def save_draft(page):
    page.get_by_role("button", name="Tindakan lain").click()
    page.get_by_role("button", name="Simpan konsep").click()
    expect(page.locator(".messages .success")).to_be_visible()


@pytest.mark.both_databases
def test_from_a_disposition_to_a_live_page_and_a_post(sign_in, login, new_page, server, x_network, office):
    NewsCategory.objects.get_or_create(slug="pembangunan", defaults={"name": "Pembangunan"})
    ppid, sekretaris, sekretariat = sign_in("ppid"), login("sekretaris"), login("sekretariat")
    staf, bidang = login("staf1"), login("bidang")

    # Row 1: PPID Pembantu issues the disposition.
    ppid.goto("/admin/disposisi/buat/")
    ppid.check("[name=origin][value=kegiatan]")
    ppid.fill("[name=subject]", TITLE)
    ppid.fill("[name=activity_name]", "Penanaman pohon")
    ppid.fill("[name=activity_date]", "2026-11-15")
    ppid.fill("[name=activity_place]", "Desa Pereng")
    ppid.fill("[name=source_note]", "Foto dan notula di map kegiatan, meja Subbagian Umum.")
    ppid.get_by_role("button", name="Terbitkan disposisi").click()
    expect(ppid.locator(".messages .success")).to_be_visible()
    assert get_item().state == "disposed"

    # Rows 2 to 4.
    take_step(sekretaris, "Teruskan ke Sekretariat")
    take_step(sekretariat, "Terima dan tugaskan", staf=str(office.staf1.pk))
    assert get_item().assigned_to == office.staf1

    # Row 5: the Staf opens the page by one button, writes in Wagtail's editor and hands over.
    staf.goto("/admin/antrean/")
    staf.get_by_role("link", name=TITLE).first.click()
    staf.get_by_role("button", name="Susun berita").click()
    staf.wait_for_url("**/admin/pages/*/edit/")
    # The form is handed over as it is: nothing that holds half of it may be on its way.
    staf.locator("[data-edit-form]").evaluate("form => { form.dataset.wAutosaveActiveValue = 'false'; }")
    staf.fill("[name=lead]", LEAD)
    staf.select_option("[name=category]", label="Pembangunan")
    write_rich_text(staf, BODY)
    hand_over(staf)
    item = get_item()
    assert item.state == "awaiting_correction"
    assert item.get_draft().lead == LEAD

    # Rows 5 and 6: the Sekretaris corrects in the editor and hands over to Bidang.
    correct(sekretaris, item, lead=LEAD.replace("seribu", "1.000"))
    take_step(sekretaris, "Nyatakan terkoreksi, serahkan ke Bidang")

    # Row 7: Bidang returns it; it lands with the Sekretaris, who corrects again.
    take_step(bidang, "Kembalikan ke Sekretaris", comment="Tulis jumlah pohon dengan huruf, seperti pada judul.")
    assert get_item().state == "returned"
    sekretaris.goto("/admin/antrean/")
    expect(sekretaris.get_by_text("Tulis jumlah pohon dengan huruf").first).to_be_visible()
    correct(sekretaris, item, lead=LEAD)
    take_step(sekretaris, "Nyatakan terkoreksi, serahkan ke Bidang")
    take_step(
        bidang, "Setujui, lanjut ke Sekretaris untuk perintah tayang", classification="berkala", comment="Sesuai."
    )

    # Row 8: the Sekretaris orders, the Staf publishes.
    take_step(sekretaris, "Terbitkan perintah tayang", channels="x")
    permit = PublicationPermit.objects.get()
    expected_post = channels.get_previews(permit.revision.as_object(), ["x"])[0].text
    take_step(staf, "Tayangkan sekarang")

    # The citizen reads it, without JavaScript.
    citizen = new_page(javascript=False, width=360)
    citizen.goto("/berita/")
    citizen.get_by_role("link", name=TITLE).first.click()
    expect(citizen.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(citizen.get_by_text(BODY)).to_be_visible()
    page = NewsPage.objects.get(title=TITLE)
    assert compute_seal(page) == permit.seal
    expect(citizen.get_by_text(shorten(permit.seal)).first).to_be_visible()

    # The worker posts, once, exactly what was sealed; then the item is done.
    assert x_network.texts == []
    call_command("worker", "--once")
    call_command("worker", "--once")
    assert x_network.texts == [expected_post]
    assert LEAD in expected_post
    assert Delivery.objects.get().state == "sent"
    assert get_item().state == "done"

    rows = AuditEntry.objects.filter(disposition_id=item.pk, row__isnull=False).values_list("row", flat=True)
    assert sorted(set(rows)) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert find_first_break() is None


def hand_over(page):
    page.get_by_role("button", name="Serahkan kepada Sekretaris untuk dikoreksi").click()
    page.wait_for_url("**/admin/antrean/*/")
    expect(page.locator(".messages .success")).to_be_visible()


def correct(page, item, **fields):
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    save_draft(page)
    assert item.get_draft().lead == fields["lead"]
