"""Decisions of a person about a follow-up that no API can carry out, or that failed."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from moderation.evidence import audit
from moderation.models.roles import get_roles
from moderation.ports.exceptions import StepRefused, StepStale
from news.social.models import Delivery, DeliveryEvent, FollowUp
from news.social.models.leases import FREE
from news.social.outbox.renewal import add_event
from news.social.outbox.settlement import close_finished_items

from .decisions import ROLES, may_decide

State, Kind = FollowUp.State, FollowUp.Kind

#: Maximum tasks shown at once.
LIST_LIMIT = 25
_INSTRUCTIONS = {
    Kind.EDIT: "Perbarui unggahan di {label}",
    Kind.MEDIA: "Ganti foto unggahan di {label}, atau hapus lalu unggah ulang",
    Kind.REPLY: "Umumkan RALAT di {label}",
    Kind.DELETE: "Hapus unggahan di {label}",
}


@dataclass(frozen=True)
class TaskDecision:
    """One decision about a follow-up: its button and announced effect."""

    code: str
    label: str
    consequence: str
    done: str
    audit_action: str
    asks_note: bool = False


DECISIONS = (
    TaskDecision(
        "selesai",
        "Tandai selesai",
        "Anda menyatakan telah mengerjakannya di kanal.",
        "Tindak lanjut ditandai selesai.",
        "follow_up_done",
    ),
    TaskDecision(
        "coba-lagi",
        "Coba lagi",
        "Dicoba sekali lagi secara otomatis. Pastikan lebih dahulu bahwa balasan RALAT belum ada di akun.",
        "Tindak lanjut menunggu dicoba lagi.",
        "follow_up_retried",
    ),
    TaskDecision(
        "tidak-perlu",
        "Tidak perlu dikerjakan",
        "Unggahan di kanal dibiarkan seperti adanya.",
        "Tindak lanjut dinyatakan tidak perlu.",
        "follow_up_dropped",
        asks_note=True,
    ),
)

#: Labels of the decisions' audit lines.
AUDIT_LABELS = {decision.audit_action: decision.done.rstrip(".") for decision in DECISIONS}


def get_decision(code: str) -> TaskDecision | None:
    """Return the decision with this code."""
    return next((decision for decision in DECISIONS if decision.code == code), None)


def get_available(follow_up: FollowUp, user) -> list[TaskDecision]:
    """Return the decisions open to the user for the follow-up now."""
    if not may_decide(user) or not follow_up.waits_for_person:
        return []
    return [decision for decision in DECISIONS if decision.code != "coba-lagi" or follow_up.state != State.TASK]


def describe(follow_up: FollowUp) -> str:
    """Return the task in words."""
    sentence = _INSTRUCTIONS[Kind(follow_up.kind)].format(label=follow_up.delivery.account.label)
    return sentence.replace("unggahan", "balasan RALAT") if follow_up.target_id else sentence


@dataclass(frozen=True)
class Task:
    """A follow-up with the decisions of one person."""

    follow_up: FollowUp
    sentence: str
    decisions: list[TaskDecision]


def list_for(delivery, user) -> list[Task]:
    """Return the follow-ups of one post, latest first."""
    found = delivery.follow_ups.select_related("delivery__account", "target", "done_by", "permit")
    return [Task(follow_up, describe(follow_up), get_available(follow_up, user)) for follow_up in found]


def list_to_share() -> list[Delivery]:
    """Return the posts that a person is to make, oldest first."""
    tasks = Delivery.objects.tasks().select_related("account").defer("request_text")
    return list(tasks.order_by("created_at", "pk")[:LIST_LIMIT])


def list_waiting(user) -> list[Task]:
    """Return the follow-ups that need a person, oldest first."""
    found = FollowUp.objects.waiting_for_person().select_related("delivery__account", "delivery__disposition", "target")
    return [
        Task(one, describe(one), get_available(one, user)) for one in found.order_by("created_at", "pk")[:LIST_LIMIT]
    ]


def decide(follow_up: FollowUp, decision: TaskDecision, user, *, link: str = "", note: str = "") -> None:
    """Carry out a decision and write its audit line; raise StepRefused and change nothing otherwise."""
    if not may_decide(user):
        raise StepRefused("Hanya Sekretaris dan Staf Sekretariat yang dapat mengambil keputusan atas unggahan.")
    link, note = link.strip(), note.strip()
    if decision.asks_note and not note:
        raise StepRefused("Tulis catatan lebih dahulu.", fields={"note": "Catatan wajib diisi."})
    with transaction.atomic():
        locked = FollowUp.objects.select_for_update(of=("self",))
        stored = locked.select_related("delivery__disposition", "delivery__account").get(pk=follow_up.pk)
        if decision not in get_available(stored, user):
            raise StepStale(
                f"“{decision.label}” tidak dijalankan: keadaan tindak lanjut telah berubah. "
                f"Status sekarang: {stored.get_state_display()}."
            )
        values = _get_values(decision, user, link, note)
        FollowUp.objects.filter(pk=stored.pk).update(needs_person=False, **values, **FREE)
        add_event(
            stored,
            DeliveryEvent.Outcome.DECIDED,
            ": ".join(filter(None, (decision.label, link or note))),
            user=user,
        )
        audit.append(
            action=decision.audit_action,
            disposition=stored.delivery.disposition,
            page_id=stored.delivery.page_id,
            user=user,
            role=next(role.value for role in get_roles(user) if role in ROLES),
            reason=note,
            seal=stored.seal,
            data={"account": stored.delivery.account.key, "follow_up": stored.pk, "kind": stored.kind, "link": link},
        )
    close_finished_items(stored.delivery.disposition_id)


def _get_values(decision: TaskDecision, user, link: str, note: str) -> dict:
    now = timezone.now()
    if decision.code == "selesai":
        return {"state": State.DONE, "done_at": now, "done_by": user, "last_error": "", "remote_url": link}
    if decision.code == "coba-lagi":
        return {"state": State.PENDING, "attempts": 0, "looks": 0, "next_attempt_at": now}
    return {"state": State.CANCELLED, "done_at": now, "done_by": user, "last_error": f"Tidak perlu: {note}"[:500]}
