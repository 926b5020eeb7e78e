"""A3: comments through Wagtail's editor and past the worksheet: each is a line, and none is resolved unknowingly."""

from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import signal_handlers
from wagtail.models import Comment, CommentReply, ReferenceIndex
from wagtail.test.utils.form_data import rich_text, streamfield

from moderation.chain import comments
from moderation.chain.transitions import take
from moderation.models import AuditEntry
from moderation.models.page import _without_reference_index
from moderation.ports.exceptions import GuardViolation, StepRefused
from tests.moderation.desk.editor import editor_form
from tests.support.factories import verdict

pytestmark = pytest.mark.django_db


def comment_on_body(item, user) -> None:
    comments.add(item, user, place=f"body.{item.get_draft().body[0].id}", text="Sebut RT berapa.")


@pytest.fixture
def item(office):
    """An item at correction, whose paragraph Bidang commented."""
    item = office.bring_to("awaiting_verification")
    comment_on_body(item, office.bidang)
    return take(item, "return_to_sekretaris", office.bidang, {"comment": "Lihat komentar."})


@pytest.fixture
def own_item(office):
    """An item at correction, whose paragraph the Sekretaris commented."""
    item = office.bring_to("awaiting_correction")
    comment_on_body(item, office.sekretaris)
    return item


def post(client, item, *, replies=(), headers=None, **more):
    """Save the editor's form with the stored comment in it, as a browser sends it."""
    page, comment = item.get_draft(), Comment.objects.first()
    rows = [{"id": reply.pk if hasattr(reply, "pk") else "", "text": str(reply), "DELETE": ""} for reply in replies]
    sent = {
        "id": comment.pk,
        "text": comment.text,
        "contentpath": comment.contentpath,
        "position": "",
        "resolved": "",
        "DELETE": "",
        "replies": {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": 0, **dict(enumerate(rows))},
    }
    body = streamfield([("paragraph", rich_text("<p>Bagian lain.</p>"))])
    words = ", ".join(tag.name for tag in page.tags.all())
    data = editor_form(page, body=body, tags=words, comments={"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, 0: sent | more})
    address = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    return client.post(address, data, headers=headers or {}, follow=True)


def test_a_save_lists_what_the_page_refers_to_as_wagtail_does(own_item, office, client):
    """Once for the whole page, with its topics, its comments and their replies as they were just written."""
    page = own_item.get_draft()
    page.tags.add("Jalan", "Desa")
    page.save_revision(user=office.sekretaris)
    client.force_login(office.sekretaris)
    with CaptureQueriesContext(connection) as captured:
        assert post(client, own_item, replies=["RT 3."]).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries]
    assert len([sql for sql in asked if sql.startswith('SELECT "wagtailcore_referenceindex"."id" AS "id"')]) == 1
    rows = ReferenceIndex.get_references_for_object(page)
    paths = {row.model_path for row in rows}
    assert {"tagged_items.item.tag", "wagtail_admin_comments.item.replies.item.user"} < paths
    listed = set(rows.values_list("to_object_id", "content_path"))
    with transaction.atomic():
        ReferenceIndex.create_or_update_for_object(own_item.get_page())
    assert set(rows.values_list("to_object_id", "content_path")) == listed


def test_a_save_within_a_save_leaves_the_outer_one_as_it_was():
    """Wagtail 8.0 alone: AttributeError, because the inner one takes the mark away."""
    is_off = partial(getattr, signal_handlers.reference_index_auto_update_disabled, "value", False)
    with _without_reference_index():
        with _without_reference_index():
            assert is_off()
        assert is_off()
    assert not is_off()


JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("headers", [None, JSON])
@pytest.mark.parametrize(
    ("whose", "way"), [("item", {"resolved": "on"}), ("own_item", {"resolved": "on"}), ("own_item", {"DELETE": "on"})]
)
def test_binning_the_commented_block_resolves_nothing(office, log_in, request, whose, way, headers):
    item = request.getfixturevalue(whose)
    client = log_in(office.sekretaris)
    response = post(client, item, headers=headers, **way)
    assert response.status_code == 200
    assert "Bagian lain." in str(item.get_draft().body)
    if headers is None:
        assert "Komentar diselesaikan pada lembar kerja" in response.content.decode()
    # The browser sends the comment again, which the editor no longer finds in the text.
    for _autosave in range(2):
        assert post(client, item, headers=JSON, **way).status_code == 200
    assert Comment.objects.count() == 1
    comment = Comment.objects.get()
    assert (comment.resolved_at, comment.resolved_by) == (None, None)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "Bagian yang sudah dihapus dari naskah" in page
    item.refresh_from_db()
    item = take(item, "declare_corrected", office.sekretaris, {"warnings_checked": True})
    with pytest.raises(StepRefused, match="Masih ada 1 komentar"):
        take(item, "verify", office.bidang, verdict())
    comments.resolve(item, office.bidang, comment_id=str(comment.pk))
    assert take(item, "verify", office.bidang, verdict()).state == "verified"


def test_a_comment_made_and_answered_in_the_editor_is_a_line(office, log_in, item):
    client = log_in(office.sekretaris)
    page = item.get_draft()
    new = {"id": "", "text": "Apakah tanggalnya benar?", "contentpath": "title", "position": "", "resolved": ""}
    new |= {"DELETE": "", "replies": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}}
    post(client, item, replies=["RT 03."])
    data = editor_form(page, comments={"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, 0: new})
    client.post(reverse("wagtailadmin_pages:edit", args=[item.page_id]), data)
    lines = AuditEntry.objects.filter(action__startswith="comment_").order_by("-sequence")
    found = [(line.action, line.actor_name, line.reason, line.data["place"]) for line in lines[:2]]
    assert found[0] == ("comment_added", "sekretaris", "Apakah tanggalnya benar?", "Judul")
    assert found[1][:3] == ("comment_answered", "sekretaris", "RT 03.")
    assert lines[0].role == "Sekretaris"


def test_the_author_resolves_on_the_worksheet_while_another_holds_the_item(office, log_in, item):
    client = log_in(office.bidang)
    page = client.get(item.get_absolute_url()).content.decode()
    assert 'value="resolve"' in page
    comment = Comment.objects.get()
    response = client.post(reverse("moderation:comment", args=[item.pk]), {"do": "resolve", "comment": comment.pk})
    assert response.status_code == 302
    comment.refresh_from_db()
    assert comment.resolved_by == office.bidang
    with pytest.raises(StepRefused):
        comments.resolve(item, office.staf1, comment_id=str(comment.pk))


def test_a_shell_neither_resolves_nor_erases(office, item):
    comment = Comment.objects.get()
    comment.resolved_at = comment.created_at
    with pytest.raises(GuardViolation), transaction.atomic():
        comment.save()
    with pytest.raises(GuardViolation), transaction.atomic():
        comment.delete()
    with pytest.raises(GuardViolation), transaction.atomic():
        Comment.objects.all().delete()
    assert Comment.objects.get().resolved_at is None


def test_changed_words_and_erased_answers_are_lines(office, item):
    comment = Comment.objects.get()
    reply = CommentReply.objects.create(comment=comment, user=office.staf1, text="Sebentar.")
    reply.text = "Sudah."
    reply.save()
    reply.delete()
    comment.text = "Sebut RT dan RW."
    comment.save()
    comment.save()
    lines = AuditEntry.objects.filter(action__startswith="comment_").order_by("sequence")
    assert [(line.action, line.reason) for line in lines][1:] == [
        ("comment_answered", "Sebentar."),
        ("comment_answer_changed", "Sudah."),
        ("comment_answer_erased", "Sudah."),
        ("comment_changed", "Sebut RT dan RW."),
    ]


def test_a_resolved_comment_is_not_opened_again(office, log_in, item):
    comment = Comment.objects.get()
    comments.resolve(item, office.sekretaris, comment_id=str(comment.pk))
    with pytest.raises(GuardViolation, match="tidak dibuka lagi"), transaction.atomic():
        comment.save()
    # An editor opened before sends the comment as it was then.
    assert post(log_in(office.sekretaris), item).status_code == 200
    assert "Bagian lain." in str(item.get_draft().body)
    assert not Comment.objects.filter(resolved_at=None).exists()
