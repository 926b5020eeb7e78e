"""Kirim foto: a photo sent from a phone becomes Bahan of a disposition under way, or of the sender's own proposal.

Each file comes by itself and may come twice, where the answer to the first was lost: the same file is kept once.
"""

from dataclasses import dataclass
from pathlib import PurePath

from django.db.models import QuerySet

from moderation import sop
from moderation.chain.dispositions import store_materials, whole
from moderation.evidence import audit
from moderation.models import Disposition, Proposal, SourceMaterial
from moderation.models.roles import get_roles
from moderation.ports.exceptions import StepRefused
from moderation.records.proposals import may_change, may_propose
from moderation.uploads import materials
from moderation.uploads.control_characters import replace_control_characters

AUDIT_LABELS = {"material_added": "Bahan ditambahkan"}
#: Until the text is handed to Bidang, its writers can use another photo.
STEPS = (
    sop.StepCode.FORWARDING,
    sop.StepCode.RECEIPT,
    sop.StepCode.ASSIGNMENT,
    sop.StepCode.COMPOSITION,
    sop.StepCode.CORRECTION,
)
MOST_SHOWN, CAPTION_LENGTH = 50, 80
NOT_OPEN = "Materi ini tidak menerima foto lagi, atau bukan usulan Anda. Pilih yang lain."


@dataclass(frozen=True)
class Target:
    """What photos can be sent to: its key in a form, and its name."""

    key: str
    label: str


def may_send(user) -> bool:
    """Say whether the user may send photos: whoever holds a role of the SOP."""
    return bool(get_roles(user))


def list_targets(user) -> list[Target]:
    """Return the user's own open proposals and the dispositions under way, the newest first."""
    dispositions, proposals = _find_open(user)
    return [
        *(Target(f"u{one.pk}", f"Usulan: {one.subject}") for one in proposals.order_by("-pk")[:MOST_SHOWN]),
        *(
            Target(f"d{one.pk}", f"{one.register_number} {one.subject}")
            for one in dispositions.order_by("-issued_at", "-pk")[:MOST_SHOWN]
        ),
    ]


def add(user, key: str, file, caption: str) -> bool:
    """Keep the file as Bahan; return False where it is there already. Raises StepRefused with a sentence."""
    caption = " ".join(replace_control_characters(caption).replace("/", " ").split())[:CAPTION_LENGTH]
    path = PurePath(file.name)
    file.name = f"{caption} ({path.stem}){path.suffix}" if caption else path.name
    if problem := materials.find_problem(file):
        raise StepRefused(problem)
    with whole() as keep:
        owner = _lock(user, key)
        there = list(owner.materials.all())
        if any(_is_same(material, file) for material in there):
            return False
        if len(there) >= materials.MAX_FILES:
            raise StepRefused(materials.TOO_MANY)
        item = owner if isinstance(owner, Disposition) else None
        store_materials([file], keep, **({"disposition": owner} if item else {"proposal": owner}))
        if item is None:
            # Whoever decides with the screen of before is told.
            owner.version += 1
            owner.save(update_fields=["version"])
        roles = ", ".join(role.value for role in get_roles(user))
        facts = {"materials": [file.name]} | ({} if item else {"proposal": owner.pk})
        audit.append(
            action="material_added",
            user=user,
            role=roles,
            disposition=item,
            output=f"Bahan: {file.name}"[:255],
            data=facts,
        )
    return True


def _find_open(user) -> tuple[QuerySet[Disposition], QuerySet[Proposal]]:
    if not may_send(user):
        return Disposition.objects.none(), Proposal.objects.none()
    states = (Proposal.State.WAITING, Proposal.State.RETURNED)
    own = Proposal.objects.filter(proposed_by=user, state__in=states)
    return Disposition.objects.at_step(*STEPS), own if may_propose(user) else own.none()


def _lock(user, key: str) -> Disposition | Proposal:
    dispositions, own = _find_open(user)
    number = key[1:] if key[1:].isdecimal() and len(key) < 11 else "0"
    item = dispositions.select_for_update().filter(pk=number).first() if key.startswith("d") else None
    proposal = own.select_for_update().filter(pk=number).first() if key.startswith("u") else None
    if item is not None:
        return item
    if proposal is None or not may_change(proposal, user):
        raise StepRefused(NOT_OPEN)
    return proposal


def _is_same(material: SourceMaterial, file) -> bool:
    if material.name != file.name or material.file.size != file.size:
        return False
    file.seek(0)
    with material.file.open("rb") as stored:
        same = stored.read() == file.read()
    file.seek(0)
    return same
