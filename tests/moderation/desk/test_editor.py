"""Wagtail's editor and menus for the people of the chain."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from moderation.chain.transitions import take
from moderation.models import AuditEntry

from .editor import editor_form

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

HAND_OVER = "Serahkan kepada Sekretaris untuk dikoreksi"
STOCK_BUTTONS = (
    'name="action-publish"',
    'name="action-cancel-workflow"',
    'name="action-restart-workflow"',
    "workflow-action-name=",
    "/unpublish/",
    "/copy/",
    "/move/",
    "/delete/",
)


def edit_address(item):
    return reverse("wagtailadmin_pages:edit", args=[item.page_id])


def list_buttons(page: str) -> list[str]:
    """Return what the footer offers, in order; Enter in a field presses the first button that submits."""
    footer = BeautifulSoup(page, "html.parser").find("footer").find(class_="actions")
    return [each.get_text(" ", strip=True) for each in footer.select("button[type=submit], a.button")]


def test_the_staf_saves_hands_over_or_goes_to_the_worksheet(office, log_in):
    item = office.bring_to("composing")
    page = log_in(office.staf1).get(edit_address(item)).content.decode()
    assert list_buttons(page) == ["Simpan konsep", HAND_OVER, "Simpan konsep", "Kembali ke lembar kerja"]
    assert item.get_absolute_url() in page
    for button in STOCK_BUTTONS:
        assert button not in page, button


def test_the_sekretaris_at_correction_edits_and_decides_on_the_worksheet(office, log_in):
    item = office.bring_to("awaiting_correction")
    client = log_in(office.sekretaris)
    page = client.get(edit_address(item)).content.decode()
    assert list_buttons(page) == ["Kembali ke lembar kerja", "Simpan konsep"]
    assert edit_address(item) in client.get(item.get_absolute_url()).content.decode()


def test_the_hand_over_leads_to_the_worksheet_with_one_banner(office, log_in):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    response = client.post(edit_address(item), editor_form(item.get_draft(), **{"action-submit": "1"}))
    assert response.status_code == 302
    assert response.url == item.get_absolute_url()
    item.refresh_from_db()
    assert item.state == "awaiting_correction"
    page = client.get(response.url).content.decode()
    assert "materi diserahkan untuk dikoreksi. Status: Menunggu koreksi Sekretaris." in page
    assert "submitted for moderation" not in page
    assert AuditEntry.objects.filter(disposition_id=item.pk, action="hand_over").count() == 1


def test_handing_over_again_after_a_return_goes_the_same_way(office, log_in):
    item = office.bring_to("awaiting_correction")
    take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi."})
    response = log_in(office.staf1).post(edit_address(item), editor_form(item.get_draft(), **{"action-submit": "1"}))
    assert response.url == item.get_absolute_url()
    item.refresh_from_db()
    assert (item.state, item.round) == ("awaiting_correction", 2)


def test_saving_a_draft_stays_in_the_editor(office, log_in):
    item = office.bring_to("composing")
    response = log_in(office.staf1).post(edit_address(item), editor_form(item.get_draft(), lead="Kalimat baru."))
    assert response.url == edit_address(item)
    assert item.get_draft().lead == "Kalimat baru."


@pytest.mark.parametrize("name", ["ppid", "bidang", "sekretariat", "staf2", "pemantau"])
def test_who_may_not_open_the_editor_lands_on_the_worksheet(office, log_in, name):
    item = office.bring_to("awaiting_correction")
    response = log_in(office.people[name]).get(edit_address(item))
    assert response.status_code == 302
    assert response.url == item.get_absolute_url()


def test_the_menu_holds_the_desk_and_nothing_without_use(office, log_in):
    for name in ("ppid", "sekretaris", "sekretariat", "staf1", "bidang", "pemantau"):
        page = log_in(office.people[name]).get(reverse("moderation:queue")).content.decode()
        for address in ("queue", "disposition_list", "register"):
            assert f'"url": "{reverse(f"moderation:{address}")}"' in page, (name, address)
        for address in ("/admin/reports/", "/admin/workflows/"):
            assert address not in page, (name, address)


def test_whoever_holds_the_text_sees_it_drawn_while_typing(office, log_in):
    item = office.bring_to("composing")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[item.page_id])
    client = log_in(office.staf1)
    answer = client.post(address, editor_form(item.get_draft(), lead="Baru diketik."))
    assert answer.json() == {"is_valid": True, "is_available": True}
    assert "Baru diketik." in client.get(address).content.decode()


@pytest.mark.parametrize("person", ["staf2", "bidang", "sekretariat", "pemantau"])
def test_nobody_else_has_the_editors_preview(office, log_in, person):
    item = office.bring_to("composing")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[item.page_id])
    assert log_in(getattr(office, person)).post(address, {}).status_code in {302, 403}
