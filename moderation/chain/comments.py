"""Read, add, answer and resolve Wagtail's comments on a moderated page from the worksheet.

Comments are outside the seal and possible while the text is frozen. An open comment blocks an
approval. Wagtail deletes a resolved comment at the next save of the page, so each action is also
written to the audit log.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from wagtail.models import Comment, CommentReply

from moderation import sop
from moderation.evidence import audit
from moderation.models import Disposition
from moderation.models.roles import get_roles
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.official_step import official_step
from moderation.review.comment_anchors import Places

from . import policy

MAX_LENGTH = 2000
NOT_YOURS = "Komentar diselesaikan oleh penulisnya, atau oleh yang memegang materi ini sekarang."
#: Steps at which comments can still be acted upon.
STEPS = {
    sop.StepCode.COMPOSITION,
    sop.StepCode.CORRECTION,
    sop.StepCode.VERIFICATION,
    sop.StepCode.PUBLICATION_ORDER,
}


@dataclass(frozen=True)
class Thread:
    """One open comment with its answers, and the place in the text it is about."""

    comment: Comment
    place: str
    quote: str
    replies: list[CommentReply]


def list_open(item, places: Places) -> list[Thread]:
    """Return the open comments of the item, the oldest first; ``places`` are those of the shown version."""
    comments = Comment.objects.filter(page_id=item.page_id, resolved_at=None).select_related("user")
    return [
        Thread(
            comment,
            places.describe(comment.contentpath),
            places.get_quote(comment.contentpath, comment.position),
            sorted(comment.replies.all(), key=lambda reply: reply.pk),
        )
        for comment in comments.prefetch_related("replies__user").order_by("pk")
    ]


def require_none_open(context) -> None:
    """Raise StepRefused for an approval while a comment is open."""
    count = Comment.objects.filter(page_id=context.item.page_id, resolved_at=None).count()
    if count:
        raise StepRefused(
            f"Masih ada {count} komentar yang belum selesai. Jawab lalu selesaikan komentar itu pada lembar kerja, "
            "atau kembalikan materi."
        )


def may_decide(authority: policy.Authority) -> bool:
    """Say whether the user may add and resolve comments: whoever decides about the item now."""
    item = authority.item
    if item.page_id is None or item.step is None or item.step.code not in STEPS:
        return False
    ways = (action for action in authority.actions if item.step.role in action.by)
    return any(not action.keeps_state and action.to != "cancelled" for action in ways)


def may_resolve(authority: policy.Authority, comment) -> bool:
    """Say whether the user may resolve this comment: its author while the item is under way, or whoever decides now."""
    is_author = comment.user_id == authority.user.pk and may_answer(authority.item, authority.user)
    return is_author or may_decide(authority)


def may_answer(item, user) -> bool:
    """Say whether the user may answer: everybody in the chain, while the item is under way."""
    return item.page_id is not None and item.step is not None and bool(get_roles(user))


def add(disposition, user, *, place: str, text: str, quote: str = "") -> Comment:
    """Add a comment to a field or block of the text; the editor shows it at its place."""
    with transaction.atomic(), official_step():
        item = _lock(disposition)
        if not may_decide(policy.Authority(item, user)):
            raise StepRefused("Komentar ditulis oleh yang memegang materi ini sekarang.")
        text = _clean(text)
        page = item.get_draft()
        places = Places(page)
        if place not in dict(places.list()):
            raise StepRefused("Pilih bagian naskah yang dikomentari.")
        position = places.find_position(place, quote)
        if quote.strip() and not position:
            text = f"“{quote.strip()}”: {text}"
        comment = Comment.objects.create(page_id=item.page_id, user=user, text=text, contentpath=place)
        if position:
            comment.position = position
            comment.save(update_position=True)
        comment.log_create(user=user, page_revision=page.latest_revision)
        record("comment_added", item, user, comment, page, text)
    return comment


def answer(disposition, user, *, comment_id: str, text: str) -> CommentReply:
    """Answer a comment."""
    with transaction.atomic(), official_step():
        item = _lock(disposition)
        if not may_answer(item, user):
            raise StepRefused("Komentar dijawab oleh para pelaksana SOP selama materi berjalan.")
        text = _clean(text)
        comment = _get_open(item, comment_id)
        reply = CommentReply.objects.create(comment=comment, user=user, text=text)
        page = item.get_draft()
        reply.log_create(user=user, page_revision=page.latest_revision)
        record("comment_answered", item, user, comment, page, text, reply=reply)
    return reply


def resolve(disposition, user, *, comment_id: str) -> Comment:
    """Mark a comment as resolved."""
    with transaction.atomic(), official_step():
        item = _lock(disposition)
        comment = _get_open(item, comment_id)
        if not may_resolve(policy.Authority(item, user), comment):
            raise StepRefused(NOT_YOURS)
        page = item.get_draft()
        # The trigger asks for the line before the comment is resolved.
        record("comment_resolved", item, user, comment, page, comment.text)
        comment.resolved_at, comment.resolved_by = timezone.now(), user
        comment.save()
        comment.log_resolve(user=user, page_revision=page.latest_revision)
    return comment


def _lock(disposition) -> Disposition:
    return Disposition.objects.select_for_update().get(pk=disposition.pk)


def _get_open(item, comment_id) -> Comment:
    found = Comment.objects.filter(page_id=item.page_id, pk=comment_id) if str(comment_id).isdecimal() else None
    comment = found.first() if found is not None else None
    if comment is None:
        raise StepStale("Komentar ini tidak ditemukan lagi. Muat ulang lembar kerja.")
    if comment.resolved_at is not None:
        raise StepStale("Komentar ini sudah diselesaikan.")
    return comment


def _clean(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise StepRefused("Tulis isi komentar.")
    if len(text) > MAX_LENGTH:
        raise StepRefused("Komentar paling panjang 2.000 huruf.")
    return text


def record(action, item, user, comment, page, text, reply=None) -> None:
    """Append a line about a comment, or an answer to it; ``user``: None where nobody is signed in."""
    about = {"comment": comment.pk} | ({"reply": reply.pk} if reply is not None else {})
    audit.append(
        action=action,
        disposition=item,
        user=user,
        role=", ".join(role.value for role in get_roles(user)) if user else "",
        reason=text,
        data=about | {"place": Places(page).describe(comment.contentpath)},
    )
