"""Examine an item's page for personal data and apply the verifier's decisions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import SimpleLazyObject

from moderation.evidence.own_contacts import get_allowed
from moderation.ports.seal import get_media

from ..models import AuditEntry, FindingDecision
from ..scanner import Severity
from .files import examine_files
from .findings import PageFinding, examine_text, join_notes, merge
from .texts import SourceText, collect_field_texts, collect_post_texts


def collect_texts(page) -> list[SourceText]:
    """Return every text of the page that citizens could see, without its files (see ``examine``)."""
    return [*collect_field_texts(page), *collect_post_texts(page)]


def examine(
    page,
    typed: Mapping[str, str] | None = None,
    *,
    is_live: bool = False,
    posts=None,
    media=None,
    ask_allowed: Callable[[], tuple[str, ...]] = get_allowed,
) -> list[PageFinding]:
    """Return the findings in the page as it is in memory, each value once.

    ``typed`` and ``is_live`` are for an editor that shows findings while somebody types; ``posts`` is what
    ``channels.get_previews``, ``media`` what ``get_media`` said of the page, where the caller has just asked;
    ``ask_allowed`` returns the office's own contacts.
    """
    # Queried when a text holds the first contact: most hold none.
    allowed = SimpleLazyObject(ask_allowed)
    found = [finding for text in collect_field_texts(page, typed) for finding in examine_text(text, allowed)]
    found += examine_files(get_media(page) if media is None else media, allowed, is_live=is_live)
    # A post repeats the page's words: keep only the findings it adds.
    known = {finding.fingerprint for finding in found}
    posts = [finding for text in collect_post_texts(page, posts) for finding in examine_text(text, allowed)]
    return merge(found + [finding for finding in posts if finding.fingerprint not in known])


@dataclass(frozen=True)
class Judged:
    """A finding with the verifier's last decision, if any."""

    finding: PageFinding
    decision: FindingDecision | None

    @property
    def is_set_aside(self) -> bool:
        return self.decision is not None and self.decision.sets_aside


@dataclass(frozen=True)
class Examination:
    """All findings in an item's page, with the decisions on them."""

    judged: tuple[Judged, ...]

    @cached_property
    def blocking(self) -> list[PageFinding]:
        """Findings that block the item."""
        return [one.finding for one in self._of(Severity.BLOCK) if not one.is_set_aside]

    @cached_property
    def undecided(self) -> list[PageFinding]:
        """Blocking findings without a decision of the verifier."""
        return [one.finding for one in self._of(Severity.BLOCK) if one.decision is None]

    @cached_property
    def set_aside(self) -> list[Judged]:
        return [one for one in self._of(Severity.BLOCK) if one.is_set_aside]

    @cached_property
    def warnings(self) -> list[PageFinding]:
        """Findings that need the tick of the user who hands the text on."""
        return [one.finding for one in self._of(Severity.WARN)]

    @cached_property
    def notes(self) -> list[PageFinding]:
        return [one.finding for one in self._of(Severity.INFO)]

    @property
    def shown(self) -> list[Judged]:
        """The findings for the screen: what asks for nothing is said once, however many places it has."""
        others = [one for one in self.judged if one.finding.severity is not Severity.INFO]
        return others + [Judged(note, None) for note in join_notes(self.notes)]

    def find(self, fingerprint: str) -> PageFinding | None:
        """Return the blocking finding with this fingerprint, set aside or not; None when it is gone."""
        return next((one.finding for one in self._of(Severity.BLOCK) if one.finding.fingerprint == fingerprint), None)

    def _of(self, severity) -> list[Judged]:
        return [one for one in self.judged if one.finding.severity is severity]


def examine_item(item, page, typed=None, **known) -> Examination:
    """Return the examination of the item's page with the decisions made for this item; ``known``: see ``examine``."""
    findings = examine(page, typed, **known)
    last = get_decisions(item) if findings else {}
    return Examination(tuple(Judged(finding, last.get(finding.fingerprint)) for finding in findings))


def get_decisions(item) -> dict[str, FindingDecision]:
    """Return the last decision on each value of the item, by fingerprint; ignore rows without their line in the log."""
    decided = list(FindingDecision.objects.filter(disposition_id=item.pk).select_related("by").order_by("pk"))
    if not decided:
        return {}
    logged = AuditEntry.objects.filter(disposition_id=item.pk, action="assess_finding").values_list("data", flat=True)
    told = {(data.get("fingerprint"), data.get("decision"), data.get("basis")) for data in logged}
    return {
        decision.fingerprint: decision
        for decision in decided
        if (decision.fingerprint, decision.decision, decision.basis) in told
    }


def find_blocking(item, page) -> list[PageFinding]:
    """Return the findings of severity Blokir that no verifier has set aside for the item."""
    return examine_item(item, page).blocking
