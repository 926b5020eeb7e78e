"""Compare comments with the log: each open one has its line and words, and none was settled without a line (I11)."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, transaction
from wagtail.models import Comment, CommentReply

from moderation.evidence import audit
from moderation.evidence.own_contacts import mask_typed
from moderation.models import AuditEntry, Disposition

#: The line about comments from a version that wrote none.
NOTED = "comments_noted"


@dataclass
class _Thread:
    """What the lines tell of one comment: its words, whether it was resolved, and its answers' words by key."""

    text: str | None = None
    is_resolved: bool = False
    replies: dict = field(default_factory=dict)
    knows_replies: bool = True


def find_problems() -> list[str]:
    """Return what is wrong with the comments of items, one sentence each; without comments five queries."""
    items = _find_items()
    suspects = {item for item, _problem in _compare(items)}
    found = []
    for key in sorted(suspects):
        # A comment may be written between two reads: look again while nobody takes a step.
        with transaction.atomic():
            item = Disposition.objects.select_for_update().get(pk=key)
            found += [f"{item.register_number}: {problem}" for _item, problem in _compare([item])]
    return found


def _find_items() -> list[Disposition]:
    """Return the items under way, and those whose page has a comment."""
    commented = Disposition.objects.filter(page__in=Comment.objects.values("page"))
    return list({item.pk: item for item in [*Disposition.objects.open(), *commented]}.values())


def _compare(items) -> list[tuple[int, str]]:
    pages = {item.page_id: item.pk for item in items if item.page_id}
    rows = {comment.pk: comment for comment in Comment.objects.filter(page__in=pages)}
    replies: dict[int, Counter[str]] = {}
    for reply in CommentReply.objects.filter(comment__in=rows):
        replies.setdefault(reply.comment_id, Counter())[mask_typed(reply.text)] += 1
    told = _read_lines(list(pages.values()))
    noted = _read_noted()
    problems = []
    for key, comment in rows.items():
        item = pages[comment.page_id]
        problem = _judge(comment, told.get((item, key)), replies.get(key, Counter()), key in noted)
        if problem:
            problems.append((item, problem))
    gone = [(item, key) for (item, key), thread in told.items() if not thread.is_resolved and key not in rows]
    problems += [(item, f"komentar nomor {key} hilang, padahal belum diselesaikan.") for item, key in sorted(gone)]
    return problems


def _judge(comment, thread, replies, is_noted) -> str:
    """Return what is wrong with one comment, "" for nothing."""
    name = f"komentar nomor {comment.pk}"
    if comment.resolved_at is not None and not (thread and thread.is_resolved):
        return "" if is_noted else f"{name} diselesaikan, tetapi jejak audit tidak memuatnya."
    if comment.resolved_at is None and thread and thread.is_resolved:
        return f"{name} dibuka lagi setelah diselesaikan."
    if thread is None or thread.text is None:
        return "" if is_noted else f"{name} tidak tercatat dalam jejak audit."
    if thread.text != mask_typed(comment.text):
        return f"isi {name} tidak sama dengan yang tercatat dalam jejak audit."
    if comment.resolved_at is None and thread.knows_replies and Counter(thread.replies.values()) != replies:
        return f"jawaban atas {name} tidak sama dengan yang tercatat dalam jejak audit."
    return ""


def _read_lines(items) -> dict[tuple[int, int], _Thread]:
    threads: dict[tuple[int, int], _Thread] = {}
    lines = AuditEntry.objects.filter(disposition_id__in=items, action__startswith="comment_").order_by("sequence")
    for item, action, text, data in lines.values_list("disposition_id", "action", "reason", "data"):
        if "comment" not in data:
            continue
        thread = threads.setdefault((item or 0, data["comment"]), _Thread())
        if action in {"comment_added", "comment_changed"}:
            thread.text = text
        elif action == "comment_resolved":
            thread.is_resolved = True
        elif "reply" not in data:
            thread.knows_replies = False
        elif action == "comment_answer_erased":
            thread.replies.pop(data["reply"], None)
        else:
            thread.replies[data["reply"]] = text
    return threads


def _read_noted() -> set[int]:
    noted = AuditEntry.objects.filter(action=NOTED).values_list("data__comments", flat=True)
    return {key for keys in noted for key in keys}


def note_earlier(**kwargs) -> None:
    """Write down, once, the comments from a version that wrote no lines; called after every migrate."""
    tables = set(connection.introspection.table_names())
    if not {AuditEntry._meta.db_table, Comment._meta.db_table, Disposition._meta.db_table} <= tables:
        return
    if AuditEntry.objects.filter(action=NOTED).exists():
        return
    items = Comment.objects.filter(page__register_item__isnull=False)
    logged = AuditEntry.objects.filter(action="comment_added", data__has_key="comment")
    earlier = set(items.values_list("pk", flat=True)) - set(logged.values_list("data__comment", flat=True))
    if earlier:
        audit.append(action=NOTED, reason=f"{len(earlier)} komentar lama", data={"comments": sorted(earlier)})
