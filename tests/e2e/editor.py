"""Wagtail's editor in a browser: when it notices changes, and when it has saved them."""

from contextlib import contextmanager

WATCHES = "addEventListener('w-unsaved:watch-edits', () => { window.editorWatches = true; })"


def open_editor(page, item) -> None:
    """Open the item's page in the editor and wait until Wagtail notices changes, two seconds later."""
    page.add_init_script(WATCHES)
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    page.wait_for_function("window.editorWatches")


@contextmanager
def expect_autosave(page, text: str):
    """Wait until the editor has saved by itself what holds ``text``, of which nothing else is on its way then."""

    def holds_text(response) -> bool:
        request = response.request
        return request.method == "POST" and response.url.endswith("/edit/") and text in (request.post_data or "")

    with page.expect_response(holds_text) as saved:
        yield
    assert saved.value.json()["success"] is True
