"""Find what needs a picture, a document or a category: orders, verified versions, and drafts under way.

Wagtail's reference index reads rows, not revisions, so it knows nothing of what only a draft, a ralat or an earlier
version uses. Guards, forms and Wagtail's "usage" screens ask here. Drafts are read when somebody asks, in one query:
saving a draft costs nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from wagtail.models import Page

from moderation import sop
from moderation.models import AuditEntry, Disposition, PublicationPermit, SealedMedia

from .references import Reference, list_references

#: Uses named in a sentence; the rest are counted.
NAMED = 3


class Reason(models.TextChoices):
    """Why something is needed, the strongest first."""

    LIVE = "live", "sedang tayang"
    ORDERED = "ordered", "diperintahkan tayang"
    KEPT = "kept", "versi yang tercatat dalam jejak audit"
    DRAFT = "draft", "naskah yang sedang berjalan"


_STRENGTH = {reason: number for number, reason in enumerate(Reason)}


@dataclass(frozen=True)
class Use:
    """One page that needs the object. ``number``: its register number, "" for a page outside the SOP."""

    page_id: int
    title: str
    number: str
    reason: Reason
    #: Where in the draft it stands; empty for other reasons.
    references: tuple[Reference, ...] = ()

    def __str__(self):
        number = f" ({self.number})" if self.number else ""
        return f"“{self.title}”{number}, {self.reason.label}"

    @property
    def is_evidence(self) -> bool:
        """Say whether the very bytes are part of a sealed version; a draft only names the object."""
        return self.reason != Reason.DRAFT

    @property
    def is_in_force(self) -> bool:
        """Say whether citizens read it now, or will by an order."""
        return self.reason in {Reason.LIVE, Reason.ORDERED}


def find_uses(instance) -> list[Use]:
    """Return what needs the object, the strongest reason first."""
    return find_uses_in_bulk([instance])[instance]


def find_uses_in_bulk(instances) -> dict[models.Model, list[Use]]:
    """Return what needs each object, in a constant number of queries."""
    wanted = {_get_key(instance): instance for instance in instances}
    found: dict[models.Model, dict[tuple[int, Reason], Use]] = {instance: {} for instance in instances}
    for walk in (_walk_permits, _walk_log, _walk_drafts):
        for key, use in walk(wanted):
            found[wanted[key]].setdefault((use.page_id, use.reason), use)
    return {instance: _rank(uses.values()) for instance, uses in found.items()}


def describe(uses: list[Use]) -> str:
    """Return the uses as part of a sentence."""
    text = "; ".join(str(use) for use in uses[:NAMED])
    return text if len(uses) <= NAMED else f"{text}; dan {len(uses) - NAMED} lainnya"


def _get_key(instance) -> tuple[str, str]:
    return instance._meta.concrete_model._meta.label_lower, str(instance.pk)


def _rank(uses) -> list[Use]:
    """Leave out that an earlier version is kept where the page's present one needs the object, too."""
    in_force = {use.page_id for use in uses if use.is_in_force}
    kept = [use for use in uses if use.reason != Reason.KEPT or use.page_id not in in_force]
    return sorted(kept, key=lambda use: (_STRENGTH[use.reason], use.page_id))


def _walk_permits(wanted) -> Iterator:
    """Yield the orders, revoked ones too, whose seal covers a wanted picture or document."""
    of_kind = Q()
    for label, key in wanted:
        of_kind |= Q(content_type=_get_content_type(label), object_id=key)
    rows = SealedMedia.objects.filter(of_kind).select_related("permit__disposition", "permit__page")
    for row in rows.order_by("pk") if wanted else ():
        permit = row.permit
        if permit.revoked_at is not None:
            reason = Reason.KEPT
        else:
            reason = Reason.ORDERED if permit.executed_at is None else Reason.LIVE
        kind = ContentType.objects.get_for_id(row.content_type_id)
        use = Use(permit.page_id, permit.page.title, permit.disposition.register_number, reason)
        yield (f"{kind.app_label}.{kind.model}", row.object_id), use


def _walk_log(wanted) -> Iterator:
    """Yield the versions without an order that the log describes: verified ones, and those of items under way."""
    told = Q(action="verify") | Q(disposition_id__in=Disposition.objects.open().values("pk"))
    lines = AuditEntry.objects.filter(told, data__has_key="media")
    lines = lines.exclude(data__media=[]).exclude(seal__in=PublicationPermit.objects.values("seal"))
    lines = lines.order_by("-sequence")
    for page_id, number, title, media in lines.values_list("page_id", "register_number", "title", "data__media"):
        for facts in media:
            key = facts["model"], str(facts["id"])
            if key in wanted and page_id is not None:
                yield key, Use(page_id, title, number, Reason.KEPT)


def _walk_drafts(wanted) -> Iterator:
    """Yield the newest texts of items under way, and of pages outside the SOP with unpublished changes."""
    under_way = Q(register_item__state__in=sop.OPEN_STATES)
    outside = Q(register_item=None, has_unpublished_changes=True)
    pages = Page.objects.filter(under_way | outside).exclude(latest_revision=None)
    for page in pages.select_related("latest_revision", "register_item").order_by("pk").iterator(chunk_size=200):
        model = ContentType.objects.get_for_id(page.content_type_id).model_class()
        if model is None:
            continue
        content = page.latest_revision.content
        places = defaultdict(list)
        for reference in list_references(model, content):
            places[reference.model._meta.label_lower, reference.key].append(reference)
        item = getattr(page, "register_item", None)
        for key in places.keys() & wanted.keys():
            number = item.register_number if item else ""
            yield key, Use(page.pk, content["title"], number, Reason.DRAFT, tuple(places[key]))


def _get_content_type(label: str) -> ContentType:
    return ContentType.objects.get_by_natural_key(*label.split("."))
