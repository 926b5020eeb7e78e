"""Compare source confirmations with the log: each question and each answer has its line, and none is missing (I11)."""

from dataclasses import dataclass

from django.db import transaction

from moderation.models import AuditEntry, Disposition, SourceConfirmation


@dataclass
class _Told:
    """What the lines tell of one confirmation."""

    question: str = ""
    given: str = ""
    is_withdrawn: bool = False


def find_problems() -> list[str]:
    """Return what is wrong with the confirmations, one sentence each, in two queries where nothing is."""
    found = []
    for key in sorted({item for item, _problem in _compare()}):
        # A link may be answered between two reads: look again while nobody takes a step.
        with transaction.atomic():
            item = Disposition.objects.select_for_update().get(pk=key)
            found += [f"{item.register_number}: {problem}" for _item, problem in _compare(key)]
    return found


def _compare(item: int | None = None) -> list[tuple[int, str]]:
    only = {} if item is None else {"disposition_id": item}
    told = _read_lines(only)
    problems = []
    for row in SourceConfirmation.objects.filter(**only).order_by("pk"):
        problem = _judge(row, told.pop((row.disposition_id, row.pk), _Told()))
        if problem:
            problems.append((row.disposition_id, f"konfirmasi narasumber nomor {row.pk} {problem}"))
    gone = [(key, f"konfirmasi narasumber nomor {number} hilang.") for key, number in sorted(told)]
    return problems + gone


def _judge(row: SourceConfirmation, told: _Told) -> str:
    """Return what is wrong with one confirmation, "" for nothing."""
    if told.question != row.compute_question():
        return "tidak sama dengan yang tercatat dalam jejak audit."
    if told.given != row.compute_answer():
        return "memuat jawaban yang lain daripada yang tercatat dalam jejak audit."
    if told.is_withdrawn != (row.withdrawn_at is not None):
        return "ditarik atau dibuka lagi tanpa tercatat dalam jejak audit."
    return ""


def _read_lines(only: dict) -> dict[tuple[int, int], _Told]:
    told: dict[tuple[int, int], _Told] = {}
    lines = AuditEntry.objects.filter(**only, action__startswith="confirmation_").order_by("sequence")
    for item, action, data in lines.values_list("disposition_id", "action", "data"):
        one = told.setdefault((item or 0, data["confirmation"]), _Told())
        if action == "confirmation_asked":
            one.question = data["question"]
        elif action == "confirmation_answered":
            one.given = data["given"]
        else:
            one.is_withdrawn = True
    return told
