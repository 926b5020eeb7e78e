"""What was typed while the database was away is saved by itself once it is back."""

import threading

import psycopg
from django.db import OperationalError
from django.middleware.common import CommonMiddleware
from playwright.sync_api import expect

from kecamatan_site.failures.server_error import AWAY

LEAD = "Diketik selagi basis data dimulai ulang."


def test_autosave_tries_again_until_the_database_is_back(office, login, monkeypatch):
    is_away, begin = threading.Event(), CommonMiddleware.process_request

    def process_request(middleware, request):
        if is_away.is_set():
            raise OperationalError("away") from psycopg.errors.AdminShutdown()
        return begin(middleware, request)

    monkeypatch.setattr(CommonMiddleware, "process_request", process_request)
    item = office.bring_to("composing")
    page = login("staf1")
    # Wagtail's editor takes what the form holds for unchanged, once as it opens and once as the comments have joined.
    count = "document.body.dataset.n = ++n"
    page.add_init_script(f"let n = 0; addEventListener('w-unsaved:watch-edits', () => {{ {count} }})")
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    expect(page.locator('body[data-n="2"]')).to_be_attached()
    is_away.set()
    page.fill("[name=lead]", LEAD)
    told = page.locator(".footer__save-warning").get_by_text(AWAY.sentence)
    expect(told).to_be_visible()
    expect(told).to_contain_text("disimpan sendiri")
    assert page.input_value("[name=lead]") == LEAD
    is_away.clear()
    expect(told).not_to_be_visible()
    assert item.get_draft().lead == LEAD
