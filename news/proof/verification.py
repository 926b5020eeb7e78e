"""Read the proof at the foot of an article: verification, time and seal of the live version."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from moderation.chain import corrections
from moderation.models import AuditEntry
from moderation.ports.seal import shorten

#: Fields of a permit that an article shows or needs to identify it.
_SHOWN = (
    "seal",
    "is_correction",
    "correction_note",
    "executed_at",
    "revoked_at",
    "page_id",
    "revision_id",
    "disposition__register_number",
)


@dataclass(frozen=True)
class Verification:
    """The proof under which a page is live."""

    register_number: str
    verified_at: datetime | None
    seal: str

    @property
    def short_seal(self):
        return shorten(self.seal)


def _find_verify_line(seal: str, page: str):
    lines = AuditEntry.objects.filter(page_id=OuterRef(page), action="verify", seal=OuterRef(seal))
    return Subquery(lines.order_by("-sequence").values("at")[:1])


def with_verification(pages):
    """Prefetch each page's proof: its executed permit that was not revoked."""
    permits = "publication_permits"
    executed = Q(**{f"{permits}__executed_at__isnull": False, f"{permits}__revoked_at__isnull": True})
    return pages.annotate(permit=FilteredRelation(permits, condition=executed)).annotate(
        proof_seal=F("permit__seal"),
        proof_number=F("permit__disposition__register_number"),
        proof_at=_find_verify_line("permit__seal", "pk"),
    )


def read_proof(page) -> bool:
    """Attach the proof of exactly the version in memory to the page; return whether there is one.

    Attaches the public corrections too. For one page this is half the work of ``with_verification``,
    whose many joins are slow to plan.
    """
    permits = corrections.list_executed(page).select_related("disposition").only(*_SHOWN)
    permits = list(permits.annotate(verified_at=_find_verify_line("seal", "page_id")))
    page.public_corrections = [permit for permit in permits if corrections.is_public(permit)]
    for permit in permits:
        if permit.revoked_at is None and permit.revision_id == page.live_revision_id:
            page.proof_seal, page.proof_at = permit.seal, permit.verified_at
            page.proof_number = permit.disposition.register_number
            return True
    return False


def get_verification(page) -> Verification | None:
    """Return the page's attached proof, None for a preview and for a page that is not live."""
    seal = getattr(page, "proof_seal", None)
    return Verification(page.proof_number, page.proof_at, seal) if seal else None
