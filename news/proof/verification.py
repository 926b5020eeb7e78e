"""What the foot of an article tells a citizen: that it was verified, when, and as exactly which version."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from moderation.chain import corrections
from moderation.models import AuditEntry
from moderation.ports.seal import shorten

#: What an article shows of an order, and what tells which one it is.
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
    """Let the query of pages bring the proof of each along: its executed permit that was not revoked."""
    permits = "publication_permits"
    executed = Q(**{f"{permits}__executed_at__isnull": False, f"{permits}__revoked_at__isnull": True})
    return pages.annotate(permit=FilteredRelation(permits, condition=executed)).annotate(
        proof_seal=F("permit__seal"),
        proof_number=F("permit__disposition__register_number"),
        proof_at=_find_verify_line("permit__seal", "pk"),
    )


def read_proof(page) -> bool:
    """Bring along the proof of the very version that the page in memory is; say whether there is one.

    With it come the corrections that citizens are told of. For one page this is half the work of
    ``with_verification``, whose many tables the database has to plan for.
    """
    permits = corrections.list_executed(page).select_related("disposition").only(*_SHOWN)
    permits = list(permits.annotate(verified_at=_find_verify_line("seal", "page_id")))
    page.public_corrections = [permit for permit in permits if corrections.is_told(permit)]
    for permit in permits:
        if permit.revoked_at is None and permit.revision_id == page.live_revision_id:
            page.proof_seal, page.proof_at = permit.seal, permit.verified_at
            page.proof_number = permit.disposition.register_number
            return True
    return False


def get_verification(page) -> Verification | None:
    """Return the proof that came with the page, None for a preview and for what is not live."""
    seal = getattr(page, "proof_seal", None)
    return Verification(page.proof_number, page.proof_at, seal) if seal else None
