"""Open, drop and publish a ralat: rows 5 to 8 again while the verified version stays live.

One transaction ends the old order and carries out the new one, so the page is never down and never
without a valid order. The public note of a ralat is a field of the page, inside the seal.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from moderation.models import AuditEntry, PublicationPermit
from moderation.ports import channels
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.ports.signals import page_corrected

from . import permits

QUESTION = "Apakah warga perlu tahu isinya berubah?"
ANSWERS = {
    True: "Ya, dengan keterangan ralat",
    False: "Tidak, perubahan kecil tanpa keterangan",
    None: "Belum dijawab",
}


@dataclass(frozen=True)
class RunningCorrection:
    """The worksheet's data of a running ralat."""

    reason: str
    opened_by: str
    opened_at: datetime
    question: str
    answer: str
    is_public: bool | None
    note: str
    is_live: bool
    #: One Indonesian sentence for each post: its follow-up when the ralat goes live.
    follow_ups: list[str]


def open_correction(context):
    """Extension: reopen the text of a published item, starting from the live version."""
    item = context.item
    permit = _get_last_executed(item)
    context.permit, context.seal = permit, permit.seal
    item.correcting = True
    item.round += 1
    context.facts["from"] = item.state
    context.revision_id = reset_draft(item, permit, context.user, is_ahead=True)
    context.forget_text()


def drop_correction(context):
    """Extension: end a ralat without publishing it and restore the order and text from before it."""
    item = context.item
    is_live = item.get_page().live
    context.permit = end(item, context.user, context.data["comment"])
    context.forget_text()
    context.seal, context.revision_id = context.permit.seal, context.permit.revision_id
    if not is_live:
        context.to = "taken_down"
    elif channels.is_waited_for(item):
        context.to = "live"


def end(item, user, reason) -> PublicationPermit:
    """End a running ralat: its order is void, its workflow is cancelled, its text is put back."""
    permits.revoke_pending(item, user, reason)
    page = item.get_page()
    workflow_state = page.current_workflow_state
    if workflow_state is not None:
        workflow_state.cancel_officially(user)
    permit = _get_last_executed(item)
    reset_draft(item, permit, user, is_ahead=not page.live)
    item.correcting = False
    item.schedule_error = ""
    return permit


def reset_draft(item, permit, user, *, is_ahead: bool) -> int:
    """Save the text of the order as the newest revision, without a ralat note; return the revision's key.

    ``is_ahead``: mark the draft as differing from the live page.
    """
    draft = item.read_version(permit.revision)
    draft.correction_is_public, draft.correction_note = None, ""
    revision = draft.save_revision(user=user, clean=False, changed=False)
    draft.has_unpublished_changes = is_ahead
    draft.save(update_fields=["has_unpublished_changes"], clean=False)
    return revision.pk


def get_channel_labels(item) -> dict[str, str]:
    """Return the channel labels by key of the last executed order; a ralat applies to these only."""
    return _get_last_executed(item).channel_labels


def replace_order(item, permit, user) -> PublicationPermit | None:
    """Revoke the order under which the page is live, in favour of ``permit``; return it, or None."""
    previous = PublicationPermit.objects.executed().filter(page_id=permit.page_id).first()
    if previous is not None:
        previous.add_fact(
            revoked_at=timezone.now(),
            revoked_by=user,
            revoke_reason=f"Diganti oleh perintah tayang {permit.number} (ralat).",
        )
    return previous


def announce(item, permit, previous, first_published_at) -> None:
    """Send ``page_corrected``; raise GuardViolation if the ralat changed the first publication date."""
    page = item.get_page()
    if page.first_published_at != first_published_at:
        raise GuardViolation("Tanggal tayang pertama tidak dapat berubah oleh ralat.")
    page_corrected.send(sender=type(page), page=page, permit=permit, previous=previous)


def find_faults(page) -> dict[str, str]:
    """Return errors by field for what a ralat may not change: the slug, to which links and posts point."""
    item = page.disposition
    if item is None or not item.correcting or item.page.slug == page.slug:
        return {}
    return {"slug": "Alamat berita yang pernah tayang tidak berubah: tautan warga dan unggahan menunjuk ke sana."}


def find_gaps(page) -> dict[str, str]:
    """Return errors by field for what a ralat lacks before it may be handed over."""
    item = page.disposition
    if item is None or not item.correcting:
        return {}
    if page.correction_is_public is None:
        return {"correction_is_public": f"Jawab lebih dahulu: {QUESTION[:1].lower()}{QUESTION[1:]}"}
    if page.correction_is_public and not page.correction_note.strip():
        return {"correction_note": "Tulis keterangan ralat untuk warga: apa yang keliru dan apa yang benar."}
    return {}


def find_public(page) -> list[PublicationPermit]:
    """Return the published corrections with a public note, newest first, in one query."""
    return [permit for permit in list_executed(page) if is_public(permit)]


def list_executed(page):
    """Return the executed orders, newest first."""
    return PublicationPermit.objects.filter(page_id=page.pk).carried_out()


def is_public(permit) -> bool:
    """Say whether this order was a ralat with a note for citizens; a minor edit has none."""
    return permit.is_correction and permit.correction_note != ""


def list_published(item) -> list[PublicationPermit]:
    """Return every correction of the item that went live, minor edits included, newest first."""
    executed = (permit for permit in item.permits.all() if permit.is_correction and permit.executed_at is not None)
    return sorted(executed, key=lambda permit: -permit.pk)


def find_forged(page) -> PublicationPermit | None:
    """Return the first order whose public note differs from that of its revision, None when all agree."""
    for permit in find_public(page):
        sealed = permit.revision.content
        if not sealed.get("correction_is_public") or sealed.get("correction_note") != permit.correction_note:
            return permit
    return None


def describe_running(item, page) -> RunningCorrection | None:
    """Return the worksheet's data of the item's running ralat, None when there is none."""
    if not item.correcting or page is None:
        return None
    opened = AuditEntry.objects.filter(disposition_id=item.pk, action="open_correction").latest("sequence")
    return RunningCorrection(
        reason=opened.reason,
        opened_by=opened.actor_name,
        opened_at=opened.at,
        question=QUESTION,
        answer=ANSWERS[page.correction_is_public],
        is_public=page.correction_is_public,
        note=page.get_correction_note(),
        is_live=page.live,
        follow_ups=channels.get_follow_ups(item, "correction", page),
    )


def _get_last_executed(item) -> PublicationPermit:
    permit = item.permits.carried_out().select_related("revision").first()
    if permit is None:
        raise StepRefused("Berita ini belum pernah tayang.")
    return permit
