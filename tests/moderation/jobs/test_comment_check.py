"""A3: comments settled, erased, forged or rewritten in SQL are refused, or named by the nightly proof."""

import pytest
from django.utils import timezone
from wagtail.models import Comment, CommentReply

from moderation.chain import comments
from moderation.chain.transitions import take
from moderation.management.jobs import comment_check, integrity
from moderation.models import AuditEntry
from tests.support.databases.statements import refused_by_trigger
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.django_db

SETTLED = "komentar diselesaikan pada lembar kerja, satu kali"
KEPT = "penulis dan halaman sebuah komentar tetap"
OPEN = "komentar yang terbuka tidak dihapus"


@pytest.fixture
def item(office):
    item = office.bring_to("awaiting_verification")
    comments.add(item, office.bidang, place="title", text="Hubungi Pak RT, NIK 3313152808900001.")
    return take(item, "return_to_sekretaris", office.bidang, {"comment": "Lihat komentar."})


@pytest.fixture
def comment(item):
    return Comment.objects.get()


def rows():
    return Comment.objects.all()


def find(words) -> list[str]:
    return [problem for problem in integrity.run_now().differences if words in problem]


def test_what_went_through_the_worksheet_and_the_editor_is_whole(office, item, comment):
    comments.answer(item, office.sekretaris, comment_id=str(comment.pk), text="Sebentar.")
    reply = CommentReply.objects.create(comment=comment, user=office.staf1, text="Sudah.")
    reply.text = "Sudah diganti."
    reply.save()
    CommentReply.objects.create(comment=comment, user=office.staf1, text="Salah.").delete()
    assert integrity.run_now().is_whole
    comments.resolve(item, office.sekretaris, comment_id=str(comment.pk))
    assert integrity.run_now().is_whole
    rows().delete()
    assert integrity.run_now().is_whole


def test_sql_settles_none(office, item, comment):
    for change in ({"resolved_at": timezone.now()}, {"resolved_by": office.bidang}):
        with refused_by_trigger(SETTLED):
            rows().update(**change)
    comments.resolve(item, office.sekretaris, comment_id=str(comment.pk))
    for change in ({"resolved_at": None}, {"resolved_by": office.bidang}):
        with refused_by_trigger(SETTLED):
            rows().update(**change)


def test_sql_moves_and_erases_none(office, item):
    elsewhere = office.bring_to("composing").page
    for change in ({"page": elsewhere}, {"user": office.staf2}, {"created_at": timezone.now()}):
        with refused_by_trigger(KEPT):
            rows().update(**change)
    with refused_by_trigger(OPEN):
        rows()._raw_delete("default")


def test_a_resolved_comment_may_go(office, item, comment):
    comments.resolve(item, office.sekretaris, comment_id=str(comment.pk))
    rows()._raw_delete("default")
    assert not rows().exists()


class TestProof:
    """Past the triggers, or where none stands."""

    def test_settled(self, item):
        slip_past_triggers(rows(), resolved_at=timezone.now())
        assert find("diselesaikan, tetapi jejak audit tidak memuatnya")

    def test_opened_again(self, office, item, comment):
        comments.resolve(item, office.sekretaris, comment_id=str(comment.pk))
        slip_past_triggers(rows(), resolved_at=None)
        assert find("dibuka lagi")

    def test_erased(self, item, comment):
        slip_past_triggers(rows(), resolved_at=timezone.now())
        rows()._raw_delete("default")
        [problem] = find("hilang, padahal belum diselesaikan")
        assert item.register_number in problem

    def test_rewritten(self, item):
        rows().update(text="Bagus.")
        assert find("tidak sama dengan yang tercatat")

    def test_forged(self, office, item):
        Comment.objects.bulk_create(
            [Comment(page=item.page, user=office.bidang, text="Dari Bidang.", contentpath="title")]
        )
        assert find("tidak tercatat dalam jejak audit")

    @pytest.mark.parametrize("way", ["forged", "rewritten", "erased"])
    def test_answers(self, office, item, comment, way):
        comments.answer(item, office.sekretaris, comment_id=str(comment.pk), text="Sebentar.")
        replies = CommentReply.objects.all()
        if way == "forged":
            CommentReply.objects.bulk_create([CommentReply(comment=comment, user=office.bidang, text="Setuju.")])
        elif way == "rewritten":
            replies.update(text="Tidak.")
        else:
            replies._raw_delete("default")
        assert find("jawaban atas komentar")

    def test_comments_of_a_version_without_lines_are_noted_once(self, office, item):
        Comment.objects.bulk_create([Comment(page=item.page, user=office.bidang, text="Lama.", contentpath="title")])
        comment_check.note_earlier()
        assert integrity.run_now().is_whole
        Comment.objects.bulk_create([Comment(page=item.page, user=office.bidang, text="Baru.", contentpath="title")])
        comment_check.note_earlier()
        assert AuditEntry.objects.filter(action="comments_noted").count() == 1
        assert len(find("tidak tercatat")) == 1
