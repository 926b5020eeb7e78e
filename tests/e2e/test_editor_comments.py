"""The commented block is binned in a browser, where Wagtail's editor would resolve the comment by itself."""

import json

from playwright.sync_api import expect
from wagtail.models import Comment

from moderation.chain import comments
from moderation.chain.transitions import take


def test_binning_a_commented_block_keeps_the_comment_open(office, login):
    item = office.bring_to("composing")
    body = [("paragraph", "<p>Warga bekerja bakti.</p>"), ("paragraph", "<p>Bagian kedua.</p>")]
    office.write(item, body=body)
    item = office.bring_to("awaiting_verification", item)
    place = f"body.{item.get_draft().body[1].id}"
    comments.add(item, office.bidang, place=place, text="Hapus bagian ini?")
    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Lihat komentar."})
    page = login("sekretaris")
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    expect(page.get_by_text("Hapus bagian ini?").first).to_be_attached()
    assert page.locator(".comment-header__action--more:visible").count() == 0
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/edit/" in answer.url) as saved:
        page.locator("[data-streamfield-child]").nth(1).locator("[data-streamfield-action=DELETE]").click()
    assert json.loads(saved.value.body())["success"] is True
    page.wait_for_timeout(1_500)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/edit/" in answer.url) as saved:
        page.fill("[name=lead]", "Ringkasan baru.")
    assert json.loads(saved.value.body())["success"] is True
    comment = Comment.objects.get()
    assert (comment.resolved_at, len(item.get_draft().body)) == (None, 1)
    page.goto(item.get_absolute_url())
    assert "Bagian yang sudah dihapus dari naskah" in page.inner_text("main")
