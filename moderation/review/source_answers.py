"""What quoted persons answered, as a reviewer reads it, and the point of a checklist that follows from it."""

from dataclasses import dataclass

from django.utils import timezone

from moderation.models import SourceConfirmation

from . import checklists
from .passages import list_passages, list_quotes

Answer = SourceConfirmation.Answer


@dataclass(frozen=True)
class Asked:
    """A confirmation, and whether its passage stands in the text as it was asked."""

    row: SourceConfirmation
    stands: bool

    @property
    def is_open(self) -> bool:
        """Whether its link can be answered."""
        row = self.row
        return self.stands and not (row.answered_at or row.withdrawn_at) and row.expires_at > timezone.now()

    @property
    def holds(self) -> bool:
        """Whether an answer was given that holds for the text as it is."""
        return self.stands and self.row.answered_at is not None

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if self.row.withdrawn_at:
            return "Tautan ditarik"
        if not self.stands:
            return f"{self.row.get_answer_display() or 'Belum dijawab'}; bagian ini sudah diubah, mintalah lagi"
        if self.row.answer:
            return self.row.get_answer_display()
        return "Menunggu jawaban" if self.is_open else "Tautan berakhir tanpa jawaban"


def list_asked(item, page) -> list[Asked]:
    """Return the item's confirmations, the oldest first; ``page``: the version that is shown."""
    standing = {passage.text for passage in list_passages(page)} if page is not None else set()
    rows = item.confirmations.select_related("asked_by").order_by("pk")
    return [Asked(row, row.passage in standing) for row in rows]


def find_asked(item, page, entries) -> list[Asked]:
    """Return the same; asks nothing where no line of the item's log tells of a confirmation."""
    return list_asked(item, page) if any(entry.action == "confirmation_asked" for entry in entries) else []


def fill_checklist(form, page, asked: list[Asked]) -> None:
    """Answer the point of the form's list that asks whether quoted persons agreed, from what they answered.

    "Perlu diubah" of a passage that still stands is a fault. "Sesuai" needs "Benar" of every quote in the text and of
    every other passage that was asked. Anything less is left to the reader, who may change the answer either way.
    """
    checklist = getattr(form, "checklist", None)
    standing = [found for found in asked if found.stands and not found.row.withdrawn_at]
    given = {found.row.passage: found.row for found in standing if found.holds}
    if checklist is None or form.is_bound or not given:
        return
    wanted = {found.row.passage for found in standing} | {quote.text for quote in list_quotes(page)}
    is_right = all(passage in given and given[passage].answer == Answer.RIGHT for passage in wanted)
    if any(row.answer == Answer.CHANGE for row in given.values()):
        mark = checklists.FIX
    elif is_right and not any(found.is_open for found in standing):
        mark = checklists.OK
    else:
        return
    told = "; ".join(f"{row.source}: {row.get_answer_display().lower()}" for row in given.values())
    for point in checklist.items:
        if _asks_for_consent(point.text):
            note = form.fields[f"note_{point.key}"]
            form.initial[f"check_{point.key}"] = mark
            form.initial[f"note_{point.key}"] = f"Konfirmasi narasumber. {told}"[: note.max_length]


def _asks_for_consent(text: str) -> bool:
    words = text.casefold()
    return "kutipan" in words and "setuju" in words
