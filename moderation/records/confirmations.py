"""Konfirmasi narasumber: a quoted person says of one passage by a link whether it is right; the answer is filed.

The link holds a signed token, kept as a digest, and ends with its answer or after seven days. An answer holds for the
passage as it was asked: a later change asks for another one. Whoever has the link can answer, so the case names who
made it.
"""

import hashlib
import secrets
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from moderation import sop
from moderation.chain.policy import Authority
from moderation.evidence import audit
from moderation.evidence.own_contacts import mask_typed
from moderation.evidence.triggers import Trigger, differs, written_once
from moderation.models import AuditEntry, Disposition, SourceConfirmation
from moderation.models.roles import choose_role, has_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.review.passages import Passage, list_passages

from . import item_history

DAYS = 7
ASKERS = (sop.Role.STAF, sop.Role.SEKRETARIS)
#: The actor of an answer's line: the person has no account, and the name stands in the case.
ANSWERER = "Narasumber, lewat tautan"
AUDIT_LABELS = {
    "confirmation_asked": "Konfirmasi narasumber diminta",
    "confirmation_withdrawn": "Tautan konfirmasi narasumber ditarik",
    "confirmation_answered": "Narasumber menjawab",
}
#: States of an item whose text is not wanted any more.
_ENDED = {"cancelled", "exempted", "taken_down"}
_REFUSALS = {
    "unknown": "Tautan ini tidak dikenal. Salin seluruh tautan dari pesan yang Anda terima, lalu buka sekali lagi.",
    "used": "Jawaban atas tautan ini sudah kami terima. Terima kasih. Satu tautan dijawab satu kali.",
    "withdrawn": "Tautan ini tidak berlaku lagi: kantor tidak memerlukan jawabannya.",
    "expired": f"Tautan ini sudah berakhir. Tautan berlaku {DAYS} hari. Mintalah tautan baru kepada kantor.",
    "changed": "Bagian yang ditanyakan sudah diubah sejak tautan ini dibuat. Mintalah tautan baru kepada kantor.",
}
_signer = Signer(sep=".", salt="moderation.records.confirmations")


class LinkRefused(StepRefused):
    """A link asks nothing, or nothing any more; ``code`` is a key of the refusals."""

    def __init__(self, code: str):
        super().__init__(_REFUSALS[code])
        self.code = code


def may_ask(authority: Authority) -> bool:
    """Say whether the user may ask: the Staf who composes the item, or a Sekretaris, while it is under way."""
    item, user = authority.item, authority.user
    if item.page_id is None or item.step is None:
        return False
    return has_role(user, sop.Role.SEKRETARIS) or (item.assigned_to_id == user.pk and has_role(user, sop.Role.STAF))


@transaction.atomic
def ask(item: Disposition, user, *, key: str, source: str) -> tuple[SourceConfirmation, str]:
    """Make a link about a passage and withdraw an open one about the same; return the row and the token."""
    item = _lock(item, user)
    passage = _find_passage(item, key)
    source = source or passage.source
    if not source:
        raise StepRefused("Tulis siapa narasumbernya.", fields={"source": "Tulis nama atau jabatan narasumber."})
    for row in item.confirmations.filter(passage=passage.text, answered_at=None, withdrawn_at=None):
        _withdraw(item, user, row)
    now, token = timezone.now(), _signer.sign(secrets.token_urlsafe(18))
    row = SourceConfirmation.objects.create(
        disposition=item,
        passage=passage.text,
        source=source,
        asked_by=user,
        asked_at=now,
        expires_at=now + timedelta(days=DAYS),
        token_digest=_digest(token),
    )
    _log("confirmation_asked", item, row, user)
    return row, token


@transaction.atomic
def withdraw(item: Disposition, user, key: int) -> None:
    """Take an unanswered link back."""
    item = _lock(item, user)
    row = item.confirmations.filter(pk=key, answered_at=None, withdrawn_at=None).first()
    if row is None:
        raise StepStale("Tautan ini sudah dijawab atau ditarik.")
    _withdraw(item, user, row)


def find(token: str) -> SourceConfirmation:
    """Return what a link asks; raises LinkRefused where it asks nothing, without a query where nobody signed it."""
    try:
        _signer.unsign(token)
    except BadSignature as error:
        raise LinkRefused("unknown") from error
    rows = SourceConfirmation.objects.select_related("disposition", "asked_by")
    row = rows.filter(token_digest=_digest(token)).first()
    if row is None:
        raise LinkRefused("unknown")
    if row.answered_at:
        raise LinkRefused("used")
    if row.withdrawn_at or row.disposition.state in _ENDED:
        raise LinkRefused("withdrawn")
    if row.expires_at <= timezone.now():
        raise LinkRefused("expired")
    page = item_history.get_shown_page(row.disposition)
    if row.passage not in {passage.text for passage in list_passages(page)}:
        raise LinkRefused("changed")
    return row


@transaction.atomic
def answer(token: str, choice: str, words: str) -> SourceConfirmation:
    """File the answer to a link, once; tell who asked and, where something must change, who holds the item."""
    # The item is locked before the question is read again: two answers come one after the other.
    item = Disposition.objects.select_for_update().get(pk=find(token).disposition_id)
    row = find(token)
    row.answer = SourceConfirmation.Answer(choice).value
    row.words, row.answered_at = mask_typed(words), timezone.now()
    _log("confirmation_answered", item, row)
    row.save(update_fields=["answer", "words", "answered_at"])
    _tell(item, row)
    return row


def _lock(item, user) -> Disposition:
    item = Disposition.objects.select_for_update().get(pk=item.pk)
    if not may_ask(Authority(item, user)):
        raise StepRefused("Konfirmasi diurus oleh Staf yang menyusun materi ini, atau oleh Sekretaris.")
    return item


def _find_passage(item, key: str) -> Passage:
    page = item_history.get_shown_page(item)
    found = next((passage for passage in list_passages(page) if passage.key == key), None)
    if found is None:
        problem = "Pilih bagian naskah yang ditanyakan. Bagian yang sudah diubah tidak dapat dipilih lagi."
        raise StepRefused(problem, fields={"passage": problem})
    return found


def _withdraw(item, user, row) -> None:
    row.withdrawn_at = timezone.now()
    # The trigger asks for the line first.
    _log("confirmation_withdrawn", item, row, user)
    row.save(update_fields=["withdrawn_at"])


def _log(action, item, row, user=None) -> None:
    given = {"answer": row.answer, "given": row.compute_answer()} if row.answer else {}
    role = choose_role(user, ASKERS) if user else None
    line = audit.make_line(
        action=action,
        disposition=item,
        user=user,
        role=role.value if role else "",
        reason=row.words,
        output=f"Konfirmasi narasumber nomor {row.pk}{f': {row.get_answer_display()}' if row.answer else ''}",
        data={"confirmation": row.pk, "question": row.compute_question()} | given,
    )
    if user is None:
        line.actor_name = ANSWERER
    audit.write([line])


def _tell(item, row) -> None:
    people = {row.asked_by_id: row.asked_by}
    if row.answer == SourceConfirmation.Answer.CHANGE:
        people |= {user.pk: user for user in notifications.get_next_people(item)}
    said = row.get_answer_display()
    lines = [f"Narasumber menjawab “{said}” atas satu bagian naskah.", *notifications.describe_item(item)]
    lines += ["", f"Keterangan: {row.words}"] if row.words else []
    for user in people.values():
        notifications.tell(user, notifications.write_subject(item, f"Narasumber: {said}"), "\n".join(lines), item)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers: what was asked stays, and an answer is given once, with its line."""
    table, log = SourceConfirmation._meta.db_table, AuditEntry._meta.db_table
    later = SourceConfirmation.ADDED_LATER
    fixed = [field.column for field in SourceConfirmation._meta.concrete_fields if field.name not in later]

    def read(name: str) -> str:
        return f"a.data->>'{name}'" if vendor == "postgresql" else f"json_extract(a.data, '$.{name}')"

    def is_told(action: str, more: str = "") -> str:
        return (
            f"EXISTS (SELECT 1 FROM {log} a WHERE a.disposition_id = NEW.disposition_id AND a.action = '{action}' "
            f"AND CAST({read('confirmation')} AS varchar(20)) = CAST(NEW.id AS varchar(20)){more})"
        )

    unanswered = "OLD.answered_at IS NULL AND OLD.withdrawn_at IS NULL"
    told = is_told("confirmation_answered", f" AND {read('answer')} = NEW.answer")
    message = "jawaban narasumber dicatat satu kali, lewat tautannya"
    return [
        Trigger(
            "confirmation_insert",
            table,
            "INSERT",
            "NEW.answer <> '' OR NEW.words <> '' OR NEW.answered_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL",
            "konfirmasi narasumber dimulai tanpa jawaban",
        ),
        Trigger(
            "confirmation_change", table, "UPDATE", differs(vendor, *fixed), "yang ditanyakan kepada narasumber tetap"
        ),
        Trigger(
            "confirmation_answered",
            table,
            "UPDATE",
            f"{differs(vendor, 'answer', 'words', 'answered_at')} AND NOT ({unanswered} AND {told})",
            message,
        ),
        Trigger(
            "confirmation_withdrawn",
            table,
            "UPDATE",
            f"{differs(vendor, 'withdrawn_at')} AND NOT ({unanswered} AND {is_told('confirmation_withdrawn')})",
            message,
        ),
        *written_once(table, "confirmation", "konfirmasi narasumber tidak dapat dihapus"),
    ]
