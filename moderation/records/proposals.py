"""Usulan: Staf or Sekretariat propose what to publish; PPID Pembantu decides, and alone makes a disposition of it.

A proposal gives its proposer no right. Whoever proposed an item counts among its authors (I2).
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from moderation import sop
from moderation.chain.dispositions import (
    PROPOSED_FIELDS,
    close_proposal,
    find_problems,
    lock_proposal,
    store_materials,
    whole,
)
from moderation.evidence import audit
from moderation.models import Proposal, SourceMaterial
from moderation.models.roles import choose_role, describe_person, has_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused, StepStale

PROPOSERS = (sop.Role.STAF, sop.Role.SEKRETARIAT)
DECIDER = sop.Role.PPID_PEMBANTU
#: Proposals do not start with a letter: Sekretariat writes letters into the agenda, from which PPID issues.
ORIGINS = (Proposal.Origin.ACTIVITY, Proposal.Origin.WEBSITE, Proposal.Origin.SOURCE)
AUDIT_LABELS = {
    "proposal_made": "Usulan diajukan",
    "proposal_changed": "Usulan diperbaiki",
    "proposal_returned": "Usulan dikembalikan untuk diperbaiki",
    "proposal_refused": "Usulan tidak diterima",
}
_DECISIONS = {
    Proposal.State.RETURNED: ("proposal_returned", "dikembalikan untuk diperbaiki"),
    Proposal.State.REFUSED: ("proposal_refused", "tidak diterima"),
}


def may_propose(user) -> bool:
    """Say whether the user may propose."""
    return has_role(user, *PROPOSERS)


def may_decide(user) -> bool:
    """Say whether the user may decide about proposals."""
    return has_role(user, DECIDER)


def may_change(proposal: Proposal, user) -> bool:
    """Say whether the user may still change the proposal: its proposer, until it is decided."""
    return proposal.is_open and proposal.proposed_by_id == user.pk and may_propose(user)


def get_proposals(state: str = ""):
    """Return the proposals, newest first, with their people, disposition and number of files."""
    found = Proposal.objects.select_related("proposed_by", "decided_by", "disposition")
    found = found.filter(state=state) if state else found
    return found.annotate(files=Count("materials")).order_by("-proposed_at", "-pk")


def count_waiting() -> int:
    """Return how many proposals wait for PPID Pembantu."""
    return Proposal.objects.filter(state=Proposal.State.WAITING).count()


@dataclass(frozen=True)
class Beginning:
    """How an item begins for this person: may they issue, may they propose, how many proposals wait for them."""

    may_issue: bool
    may_propose: bool
    proposals: int

    @classmethod
    def find(cls, user) -> "Beginning":
        decides = may_decide(user)
        return cls(decides, may_propose(user), count_waiting() if decides else 0)


def propose(user, data: dict, files=()) -> Proposal:
    """Make a proposal with its files, in one transaction; raises StepRefused with the problems by field."""
    _require_proposer(user)
    files = list(files)
    with whole() as keep:
        proposal = Proposal(proposed_by=user)
        _fill(proposal, data, files, kept=0)
        proposal.save()
        store_materials(files, keep, proposal=proposal)
        _tell_deciders(proposal, "Usulan baru")
        _log("proposal_made", user, proposal)
    return proposal


def change(user, proposal: Proposal, data: dict, files=(), removed=(), *, expected_version: int) -> Proposal:
    """Change an undecided proposal, which waits again afterwards; ``removed``: keys of files to delete."""
    _require_proposer(user)
    files = list(files)
    with whole() as keep:
        proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if proposal.version != expected_version:
            raise StepStale("Usulan ini telah berubah sejak layar Anda dibuka. Muat ulang layar, lalu ulangi.")
        if not may_change(proposal, user):
            raise StepRefused("Usulan hanya dapat diubah oleh pengusulnya, sebelum diputuskan PPID Pembantu.")
        gone = list(proposal.materials.filter(disposition=None, pk__in=removed))
        _fill(proposal, data, files, kept=proposal.materials.count() - len(gone))
        proposal.state = Proposal.State.WAITING
        proposal.version += 1
        proposal.save()
        store_materials(files, keep, proposal=proposal)
        SourceMaterial.objects.filter(pk__in=[material.pk for material in gone]).delete()
        _tell_deciders(proposal, "Usulan diperbaiki")
        _log("proposal_changed", user, proposal, removed=[material.name for material in gone])
        transaction.on_commit(lambda: [material.file.storage.delete(material.file.name) for material in gone])
    return proposal


def decide(user, proposal: Proposal, state: str, reason: str, *, expected_version: int) -> Proposal:
    """Return or refuse a waiting proposal with a reason, and tell its proposer."""
    if not may_decide(user):
        raise StepRefused(f"Usulan diputuskan oleh {DECIDER}.")
    if state not in _DECISIONS:
        raise StepRefused("Keputusan ini tidak dikenal.")
    if not reason.strip():
        raise StepRefused("Tulis alasannya.", fields={"reason": "Tulis alasannya, agar pengusul tahu."})
    action, words = _DECISIONS[Proposal.State(state)]
    with transaction.atomic():
        proposal = lock_proposal(proposal, expected_version)
        close_proposal(proposal, state, user, reason.strip())
        notifications.tell(
            proposal.proposed_by,
            f"Usulan {words}: {proposal.subject}",
            f"Usulan Anda {words} oleh {describe_person(user, DECIDER)}.\n\nAlasan: {proposal.reason}",
            address=proposal.get_absolute_url(),
        )
        _log(action, user, proposal, proposal.reason, roles=(DECIDER,))
    return proposal


def _require_proposer(user):
    if not may_propose(user):
        raise StepRefused(f"Usulan diajukan oleh {' atau '.join(PROPOSERS)}.")


def _fill(proposal, data, files, kept) -> None:
    """Copy the fields; raises StepRefused where the sheet of row 1 would be refused."""
    problems = find_problems(data, files, kept)
    if data.get("origin") not in ORIGINS:
        problems["origin"] = "Pilih asal usulan."
    if problems:
        raise StepRefused("Usulan belum dapat diajukan. " + " ".join(problems.values()), fields=problems)
    for name in (*PROPOSED_FIELDS, "based_on"):
        if name in data:
            setattr(proposal, name, data[name])


def _tell_deciders(proposal, words) -> None:
    body = f"{words} dari {describe_person(proposal.proposed_by, '')}: {proposal.subject}"
    notifications.tell_role(DECIDER, f"{words}: {proposal.subject}", body, proposal.get_absolute_url())


def _log(action, user, proposal, reason="", roles=PROPOSERS, **data) -> None:
    role = choose_role(user, roles)
    names = list(proposal.materials.order_by("pk").values_list("name", flat=True))
    audit.append(
        action=action,
        user=user,
        role=role.value if role else "",
        reason=reason,
        output=f"Usulan: {proposal.subject}"[:255],
        data={"proposal": proposal.pk, "materials": names} | data,
    )
