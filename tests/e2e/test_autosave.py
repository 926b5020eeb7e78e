"""What is typed at the worst moments for Wagtail's autosave is saved all the same."""

import pytest

from .editor import expect_autosave, open_editor

AT_SUCCESS = """() => document.addEventListener("w-autosave:success", () => {
  document.querySelector("[name=lead]").value = "Diketik selagi disimpan.";
}, { capture: true, once: true })"""


@pytest.fixture
def item(office):
    return office.bring_to("composing")


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_next(item, login):
    page = login("staf1")
    open_editor(page, item)
    page.evaluate(AT_SUCCESS)
    with expect_autosave(page, "Diketik selagi disimpan."):
        page.fill("[name=lead]", "Diketik lebih dahulu.")
    assert item.get_draft().lead == "Diketik selagi disimpan."


def test_what_is_typed_before_the_editor_looks_for_changes_is_saved(item, login):
    page = login("staf1")
    page.clock.install()
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    page.fill("[name=lead]", "Diketik segera.")
    with expect_autosave(page, "Diketik segera."):
        page.clock.run_for(10_000)
    assert item.get_draft().lead == "Diketik segera."


def test_each_change_is_saved_once(item, login):
    page = login("staf1")
    open_editor(page, item)
    saves = []
    page.on("request", lambda request: saves.append(request.url) if request.method == "POST" else None)
    for text in ("Sekali.", "Dua kali."):
        with expect_autosave(page, text):
            page.fill("[name=lead]", text)
    assert len([address for address in saves if address.endswith("/edit/")]) == 2
