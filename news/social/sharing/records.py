"""Record who shared what with whom, and how that ended, each with its audit line."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from moderation.evidence import audit
from moderation.evidence.own_contacts import mask_typed
from moderation.models import PublicationPermit
from moderation.models.roles import choose_role
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.sop import Role
from news.social.accounts import service
from news.social.models.share import Share

from .texts import write_text

ROLES = (Role.STAF, Role.SEKRETARIAT, Role.SEKRETARIS)
NOT_LIVE = "Berita ini tidak sedang tayang, jadi tidak dapat dibagikan."
OVERTAKEN = "Berita ini telah diralat sejak layar ini dibuka. Bagikan versi yang baru, lalu catat kembali."
Kind = Share.Kind


@dataclass(frozen=True)
class Ending:
    """One way to end a share."""

    kind: str
    code: str
    label: str
    consequence: str
    done: str
    audit_action: str
    asks_note: bool = False


ENDINGS = (
    Ending(
        Kind.WITHDRAWN,
        "cabut",
        "Cabut catatan",
        "Catatan ini dinyatakan keliru. Barisnya tetap tersimpan, dengan baris kedua yang mencabutnya.",
        "Catatan pembagian dicabut.",
        "share_withdrawn",
        asks_note=True,
    ),
    Ending(
        Kind.REMOVED,
        "hapus",
        "Tandai pesan dihapus",
        "Anda menyatakan pesan ini telah dihapus dari percakapan, atau anggotanya telah diberi tahu.",
        "Penghapusan pesan dicatat.",
        "share_removed",
    ),
)
AUDIT_LABELS = {"share_recorded": "Pembagian lewat WhatsApp dicatat"} | {
    ending.audit_action: ending.done.rstrip(".") for ending in ENDINGS
}


def may_record(user) -> bool:
    """Say whether the user may record shares."""
    return choose_role(user, ROLES) is not None


def get_ending(code: str) -> Ending | None:
    """Return the ending with this code."""
    return next((ending for ending in ENDINGS if ending.code == code), None)


def get_endings(share: Share, user) -> list[Ending]:
    """Return the endings open to the user; "removed" only when the shared version is outdated or down."""
    if share.end is not None or not may_record(user):
        return []
    return [ending for ending in ENDINGS if ending.kind != Kind.REMOVED or share.permit.revoked_at is not None]


@transaction.atomic
def record(item, user, *, target: str, shared_on, seal: str) -> Share:
    """Record a share of the live version; raise StepRefused when that is not allowed."""
    role = _get_role(user)
    target = mask_typed(" ".join(target.split()))
    if not target:
        raise StepRefused("Isi nama grup atau penerima.", fields={"target": "Isi nama grup atau penerima."})
    # Lock the order, so that no take-down happens before this line is written.
    permits = PublicationPermit.objects.select_for_update(of=("self",)).executed()
    permit = permits.filter(disposition=item, page__live=True).first()
    if permit is None:
        raise StepRefused(NOT_LIVE)
    if permit.seal != seal:
        raise StepStale(OVERTAKEN)
    _check_day(shared_on, permit)
    if Share.objects.standing().filter(permit=permit, target__iexact=target, shared_on=shared_on).exists():
        raise StepRefused(f"Pembagian ke {target} pada tanggal itu sudah tercatat.")
    page = permit.revision.as_object()
    share = Share.objects.create(
        disposition=item,
        page_id=permit.page_id,
        permit=permit,
        seal=permit.seal,
        target=target,
        shared_on=shared_on,
        text=write_text(page, permit.page.full_url or ""),
        by=user,
        role=role,
    )
    _log(share, "share_recorded", user, role)
    return share


def _check_day(shared_on, permit) -> None:
    today = timezone.localdate()
    if not timezone.localdate(permit.executed_at) <= shared_on <= today:
        words = "Tanggal harus antara hari versi ini tayang dan hari ini."
        raise StepRefused(words, fields={"shared_on": words})


@transaction.atomic
def end(share: Share, ending: Ending, user, note: str = "") -> Share:
    """Append the line that ends a share; raise StepRefused when that is not allowed."""
    role = _get_role(user)
    note = mask_typed(" ".join(note.split()))
    if ending.asks_note and not note:
        raise StepRefused("Tulis alasan lebih dahulu.", fields={"note": "Alasan wajib diisi."})
    stored = Share.objects.select_for_update(of=("self",)).select_related("disposition", "permit").get(pk=share.pk)
    if ending not in get_endings(stored, user):
        raise StepStale(f"“{ending.label}” tidak dijalankan: keadaan catatan ini telah berubah.")
    line = Share.objects.create(
        kind=ending.kind,
        about=stored,
        disposition_id=stored.disposition_id,
        page_id=stored.page_id,
        permit_id=stored.permit_id,
        seal=stored.seal,
        target=stored.target,
        shared_on=timezone.localdate(),
        note=note,
        by=user,
        role=role,
    )
    _log(line, ending.audit_action, user, role)
    return line


def _get_role(user) -> str:
    role = choose_role(user, ROLES)
    if role is None:
        raise StepRefused("Hanya Staf Sekretariat, Sekretariat, dan Sekretaris yang mencatat pembagian.")
    return role.value


def _log(line, action, user, role) -> None:
    audit.append(
        action=action,
        disposition=line.disposition,
        page_id=line.page_id,
        user=user,
        role=role,
        reason=line.note,
        output=str(line),
        seal=line.seal,
        data={"share": line.about_id or line.pk, "shared_on": line.shared_on},
    )


def on_page_down(sender, page, permit, **kwargs) -> None:
    """Notify the people of the item to delete what they shared."""
    shares = list(Share.objects.standing().filter(page_id=page.pk).select_related("disposition__assigned_to"))
    if not shares:
        return
    groups = "\n".join(f"- {share.target}" for share in shares)
    service.tell(
        f"Hapus pesan WhatsApp: {page.title}",
        f"Berita ini diturunkan dari tayangan. Hapus pesannya dari percakapan berikut, lalu tandai:\n{groups}",
        shares[0].disposition,
    )
