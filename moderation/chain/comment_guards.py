"""Write down what happens to comments outside the worksheet, and keep open ones open (docs/wagtail-facts.md).

In a browser Wagtail's editor resolves a comment when the commented block is removed, and erases its row later. Only the
worksheet resolves, knowingly: ``moderation.chain.comments``.
"""

from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import Comment, CommentReply

from moderation.evidence.triggers import Trigger, differs
from moderation.models import AuditEntry, Disposition, ModeratedPage
from moderation.ports.exceptions import GuardViolation
from moderation.ports.official_step import in_official_step

from .comments import record

RESOLVED_ELSEWHERE = (
    "Komentar diselesaikan pada lembar kerja, oleh penulisnya atau oleh yang memegang materi ini sekarang. Sampai itu "
    "komentar tetap terbuka, juga bila bagian yang dikomentari dihapus."
)

RESOLVED_FOR_GOOD = "Komentar ini sudah diselesaikan dan tidak dibuka lagi. Tulis komentar baru bila perlu."


def on_comment_saved(sender, instance, created=False, **kwargs) -> None:
    """Log a comment, or its new words, that came from elsewhere than the worksheet."""
    changed = instance.__dict__.pop("_sop_changed", False)
    if created or changed:
        _log("comment_added" if created else "comment_changed", instance, instance.text)


def guard_comment(sender, instance, **kwargs) -> None:
    """Refuse to resolve a comment outside the worksheet, or to open it anew, and note whether its words change."""
    if instance.pk is None or in_official_step():
        return
    stored = Comment.objects.filter(pk=instance.pk).values_list("text", "resolved_at").first()
    if stored is None:
        return
    text, resolved_at = stored
    if resolved_at != instance.resolved_at and _find_item(instance) is not None:
        raise GuardViolation(RESOLVED_ELSEWHERE if resolved_at is None else RESOLVED_FOR_GOOD)
    instance._sop_changed = text != instance.text


def guard_comment_deletion(sender, instance, **kwargs) -> None:
    """Refuse to erase an open comment of an item; the row of a resolved one may go, its lines stay."""
    if in_official_step() or _find_item(instance) is None:
        return
    if Comment.objects.filter(pk=instance.pk, resolved_at=None).exists():
        raise GuardViolation(RESOLVED_ELSEWHERE)


def note_reply_change(sender, instance, **kwargs) -> None:
    """Note whether the words of a stored answer change."""
    if instance.pk is not None and not in_official_step():
        stored = CommentReply.objects.filter(pk=instance.pk).values_list("text", flat=True).first()
        instance._sop_changed = stored is not None and stored != instance.text


def on_reply_saved(sender, instance, created=False, **kwargs) -> None:
    """Log an answer, or its new words, that came from elsewhere than the worksheet."""
    changed = instance.__dict__.pop("_sop_changed", False)
    if created or changed:
        _log("comment_answered" if created else "comment_answer_changed", instance.comment, instance.text, instance)


def on_reply_deleted(sender, instance, **kwargs) -> None:
    """Log an answer that is erased while its comment is open."""
    comment = Comment.objects.filter(pk=instance.comment_id, resolved_at=None).first()
    if comment is not None:
        _log("comment_answer_erased", comment, instance.text, instance)


def _log(action, comment, text, reply=None) -> None:
    item = None if in_official_step() else _find_item(comment)
    if item is None:
        return
    page = comment.page if isinstance(comment.page, ModeratedPage) else item.get_draft()
    record(action, item, get_active_log_context().user, comment, page, text, reply)


def _find_item(comment) -> Disposition | None:
    return Disposition.objects.filter(page_id=comment.page_id).first()


def connect() -> None:
    """Connect the guard and the log; called once from ``AppConfig.ready``."""
    pre_save.connect(guard_comment, sender=Comment, dispatch_uid="moderation_guard_comment")
    post_save.connect(on_comment_saved, sender=Comment, dispatch_uid="moderation_log_comment")
    pre_delete.connect(guard_comment_deletion, sender=Comment, dispatch_uid="moderation_guard_comment_gone")
    pre_save.connect(note_reply_change, sender=CommentReply, dispatch_uid="moderation_note_reply")
    post_save.connect(on_reply_saved, sender=CommentReply, dispatch_uid="moderation_log_reply")
    pre_delete.connect(on_reply_deleted, sender=CommentReply, dispatch_uid="moderation_log_reply_gone")


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers: a comment is resolved with its line, once; an open one stays, and stays whose it is."""
    table, items, log = Comment._meta.db_table, Disposition._meta.db_table, AuditEntry._meta.db_table
    of_item = f"EXISTS (SELECT 1 FROM {items} d WHERE d.page_id = OLD.page_id)"
    key = "a.data->>'comment'" if vendor == "postgresql" else "json_extract(a.data, '$.comment')"
    told = (
        f"EXISTS (SELECT 1 FROM {items} d JOIN {log} a ON a.disposition_id = d.id WHERE d.page_id = OLD.page_id "
        f"AND a.action = 'comment_resolved' AND CAST({key} AS varchar(20)) = CAST(OLD.id AS varchar(20)))"
    )
    resolved = differs(vendor, "resolved_at", "resolved_by_id")
    return [
        Trigger(
            "comment_resolved",
            table,
            "UPDATE",
            f"{resolved} AND {of_item} AND (OLD.resolved_at IS NOT NULL OR NOT {told})",
            "komentar diselesaikan pada lembar kerja, satu kali",
        ),
        Trigger(
            "comment_change",
            table,
            "UPDATE",
            f"{differs(vendor, 'page_id', 'user_id', 'created_at')} AND {of_item}",
            "penulis dan halaman sebuah komentar tetap",
        ),
        Trigger(
            "comment_gone",
            table,
            "DELETE",
            f"OLD.resolved_at IS NULL AND {of_item}",
            "komentar yang terbuka tidak dihapus",
        ),
    ]
