"""Comments on the worksheet: list, add, answer, resolve; open ones block an approval."""

import json

import pytest
from django.urls import reverse
from wagtail.models import Comment, PageLogEntry

from moderation.chain import comments
from moderation.chain.transitions import take
from moderation.models import AuditEntry
from moderation.ports.exceptions import StepRefused
from moderation.ports.seal import compute_seal
from moderation.review.comment_anchors import Places
from tests.support.factories import verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

BODY = '<p data-block-key="abc12">Warga bekerja bakti di Desa Buntar pada hari Rabu.</p>'


def with_marked_body(office, state):
    item = office.bring_to("composing")
    office.write(item, body=[("paragraph", BODY)])
    return office.bring_to(state, item)


def body_place(item):
    return f"body.{item.get_draft().body[0].id}"


def send(client, item, **data):
    return client.post(reverse("moderation:comment", args=[item.pk]), data)


def test_the_verifier_comments_on_words_of_the_frozen_text(office, log_in):
    item = with_marked_body(office, "awaiting_verification")
    seal = compute_seal(item.get_draft())
    client = log_in(office.bidang)
    response = send(client, item, do="add", place=body_place(item), quote="hari Rabu", text="Hari Kamis?")
    assert response.status_code == 302
    comment = Comment.objects.get()
    marks = json.loads(comment.position)
    assert marks == [{"key": "abc12", "start": BODY.index("hari") - BODY.index("Warga"), "end": 49}]
    page = client.get(item.get_absolute_url()).content.decode()
    assert "Isi berita, paragraf 1" in page
    assert "hari Rabu</blockquote>" in page
    assert "Hari Kamis?" in page
    assert compute_seal(item.get_draft()) == seal
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.action, entry.reason, entry.actor_name) == ("comment_added", "Hari Kamis?", "bidang")
    assert PageLogEntry.objects.filter(action="wagtail.comments.create").exists()


def test_the_editor_shows_the_comment_to_the_sekretaris(office, log_in):
    item = with_marked_body(office, "awaiting_verification")
    comments.add(item, office.bidang, place=body_place(item), text="Sebut RT berapa.")
    take(item, "return_to_sekretaris", office.bidang, {"comment": "Lihat komentar."})
    page = log_in(office.sekretaris).get(reverse("wagtailadmin_pages:edit", args=[item.page_id])).content.decode()
    assert "Sebut RT berapa." in page
    assert body_place(item) in page


def test_words_that_are_not_there_are_kept_in_the_comment(office):
    item = with_marked_body(office, "awaiting_verification")
    comment = comments.add(item, office.bidang, place="title", quote="kerja", text="Huruf kapital.")
    assert (comment.text, comment.position) == ("“kerja”: Huruf kapital.", "")


@pytest.mark.parametrize(
    ("state", "person", "action", "data"),
    [
        ("awaiting_verification", "bidang", "verify", verdict),
        ("verified", "sekretaris", "order", lambda: {"channels": [], "left_out_reason": "Cukup di website."}),
    ],
)
def test_an_open_comment_stops_an_approval_until_it_is_resolved(office, state, person, action, data):
    item = office.bring_to(state)
    comment = comments.add(item, office.people[person], place="title", text="Judul keliru.")
    with pytest.raises(StepRefused, match="Masih ada 1 komentar"):
        take(item, action, office.people[person], data())
    comments.resolve(item, office.people[person], comment_id=str(comment.pk))
    comment.refresh_from_db()
    assert comment.resolved_by == office.people[person]
    assert AuditEntry.objects.latest("sequence").action == "comment_resolved"
    assert take(item, action, office.people[person], data()).version == item.version + 1


def test_an_open_comment_does_not_stop_the_way_to_the_verifier_and_is_pointed_out(office, log_in):
    item = office.bring_to("awaiting_correction")
    comments.add(item, office.sekretaris, place="lead", text="Apakah jumlahnya benar?")
    page = log_in(office.sekretaris).get(item.get_absolute_url()).content.decode()
    assert "1 komentar belum selesai; materi dapat diserahkan" in page
    assert take(item, "declare_corrected", office.sekretaris).state == "awaiting_verification"


def test_a_comment_on_a_deleted_part_is_named_so_and_can_be_resolved(office, log_in):
    item = office.bring_to("awaiting_correction")
    comments.add(item, office.sekretaris, place=body_place(item), text="Hapus saja.")
    office.write(item, office.sekretaris)
    client = log_in(office.sekretaris)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "Bagian yang sudah dihapus dari naskah" in page
    assert send(client, item, do="resolve", comment=Comment.objects.get().pk).status_code == 302
    assert not Comment.objects.filter(resolved_at=None).exists()


def test_everybody_in_the_chain_may_answer_but_only_the_holder_resolves(office, log_in):
    item = office.bring_to("awaiting_verification")
    comment = comments.add(item, office.bidang, place="title", text="Judul keliru?")
    for name in ("staf1", "sekretaris"):
        assert send(log_in(office.people[name]), item, do="answer", comment=comment.pk, text=name).status_code == 302
    assert [reply.text for reply in comment.replies.order_by("pk")] == ["staf1", "sekretaris"]
    for name in ("ppid", "sekretaris", "sekretariat", "staf1", "pemantau", "admin"):
        client = log_in(office.people[name])
        for data in (
            {"do": "resolve", "comment": comment.pk},
            {"do": "add", "place": "title", "text": "Komentar palsu."},
        ):
            response = send(client, item, **data)
            assert response.status_code == 422, name
            assert "oleh yang memegang materi ini sekarang" in response.content.decode()
    for name in ("pemantau", "admin"):
        response = send(log_in(office.people[name]), item, do="answer", comment=comment.pk, text="x")
        assert response.status_code == 422
    assert Comment.objects.filter(resolved_at=None).count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "add", "place": "title", "text": "  "}, "Tulis isi komentar."),
        ({"do": "add", "place": "title", "text": "a" * 2001}, "paling panjang 2.000"),
        ({"do": "add", "place": "disposition", "text": "Kartu."}, "Pilih bagian naskah"),
        ({"do": "add", "place": "body.palsu.alt", "text": "Kartu."}, "Pilih bagian naskah"),
        ({"do": "resolve", "comment": "99999999999999999999"}, "tidak ditemukan lagi"),
        ({"do": "resolve", "comment": "satu"}, "tidak ditemukan lagi"),
        ({"do": "hapus", "text": "Ketikan."}, "Formulir tidak lengkap"),
        ({}, "Formulir tidak lengkap"),
    ],
)
def test_forged_comments_change_nothing_and_lose_nothing(office, log_in, data, words):
    item = office.bring_to("awaiting_verification")
    lines = AuditEntry.objects.count()
    response = send(log_in(office.bidang), item, **data)
    assert response.status_code in {409, 422}
    page = response.content.decode()
    assert words in page
    assert data.get("text", "").strip() in page
    assert (Comment.objects.count(), AuditEntry.objects.count()) == (0, lines)


def test_a_comment_of_another_item_is_out_of_reach(office, log_in):
    mine, other = office.bring_to("awaiting_verification"), office.bring_to("awaiting_correction")
    comment = comments.add(other, office.sekretaris, place="title", text="Milik materi lain.")
    response = send(log_in(office.bidang), mine, do="resolve", comment=comment.pk)
    assert response.status_code == 409
    assert Comment.objects.filter(pk=comment.pk, resolved_at=None).exists()


def test_a_position_that_no_editor_wrote_breaks_nothing(office, log_in):
    item = office.bring_to("awaiting_verification")
    comment = comments.add(item, office.bidang, place=body_place(item), text="Cek.")
    for position in ("{", "[1]", '[{"key": "x"}]', '[{"key": [], "start": "a", "end": null}]', "null"):
        Comment.objects.filter(pk=comment.pk).update(position=position)
        assert log_in(office.bidang).get(item.get_absolute_url()).status_code == 200


def test_many_comments_cost_no_more_queries(office, django_assert_num_queries):
    """Three queries: the comments with their authors, the answers, and the answers' authors."""
    item = office.bring_to("awaiting_verification")
    places = Places(item.get_draft())
    for number in range(3):
        comment = comments.add(item, office.bidang, place="lead", text=f"Komentar {number}.")
        comments.answer(item, office.staf1, comment_id=str(comment.pk), text="Jawaban.")
    with django_assert_num_queries(3):
        assert len(comments.list_open(item, places)) == 3


def test_a_place_shows_the_label_of_a_choice(office):
    item = office.bring_to("composing")
    table = {"caption": "Pohon", "rows": "Kelompok | Pohon\nTani | 600", "header": "row"}
    office.write(item, body=[("table", table)])
    assert any(name.endswith("kepala tabel: Baris pertama") for _path, name in Places(item.get_draft()).list())
