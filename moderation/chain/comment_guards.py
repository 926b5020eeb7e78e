"""Write down what happens to comments outside the worksheet, and keep open ones open (docs/wagtail-facts.md).

In a browser Wagtail's editor resolves a comment when the commented block is removed, and erases its row later. Only the
worksheet resolves, knowingly: ``moderation.chain.comments``.
"""

from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import Comment, CommentReply

from moderation.models import Disposition, ModeratedPage
from moderation.ports.exceptions import GuardViolation
from moderation.ports.official_step import in_official_step

from .comments import record

RESOLVED_ELSEWHERE = (
    "Komentar diselesaikan pada lembar kerja, oleh penulisnya atau oleh yang memegang materi ini sekarang. Sampai itu "
    "komentar tetap terbuka, juga bila bagian yang dikomentari dihapus."
)


def on_comment_saved(sender, instance, created=False, **kwargs) -> None:
    """Log a comment, or its new words, that came from elsewhere than the worksheet."""
    changed = instance.__dict__.pop("_sop_changed", False)
    if created or changed:
        _log("comment_added" if created else "comment_changed", instance, instance.text)


def guard_comment(sender, instance, **kwargs) -> None:
    """Refuse to resolve a comment outside the worksheet, and note whether its words change."""
    if instance.pk is None or in_official_step():
        return
    stored = Comment.objects.filter(pk=instance.pk).values_list("text", "resolved_at").first()
    if stored is None:
        return
    text, resolved_at = stored
    if resolved_at is None and instance.resolved_at is not None and _find_item(instance) is not None:
        raise GuardViolation(RESOLVED_ELSEWHERE)
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
        _log("comment_answered" if created else "comment_answer_changed", instance.comment, instance.text)


def on_reply_deleted(sender, instance, **kwargs) -> None:
    """Log an answer that is erased while its comment is open."""
    comment = Comment.objects.filter(pk=instance.comment_id, resolved_at=None).first()
    if comment is not None:
        _log("comment_answer_erased", comment, instance.text)


def _log(action, comment, text) -> None:
    item = None if in_official_step() else _find_item(comment)
    if item is None:
        return
    page = comment.page if isinstance(comment.page, ModeratedPage) else item.get_draft()
    record(action, item, get_active_log_context().user, comment, page, text)


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
