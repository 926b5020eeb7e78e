"""Wagtail's count and list of uses, with those that its reference index does not know."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import cached_property
from django.utils.text import capfirst
from wagtail.models import Page, ReferenceIndex
from wagtail.models.reference_index import ReferenceGroups

from moderation.evidence.references import Reference
from moderation.evidence.uses import Use, find_uses, find_uses_in_bulk


@dataclass(frozen=True)
class UseReference:
    """A use in the form in which Wagtail's tables show a reference."""

    page: Page
    use: Use
    reference: Reference | None = None

    @property
    def content_path(self) -> str:
        return self.reference.content_path if self.reference else ""

    @property
    def model_name(self) -> str:
        return self.page.cached_content_type.name

    def describe_source_field(self) -> str:
        if self.reference is None:
            return capfirst(self.use.reason.label)
        found = ReferenceIndex(content_type=self.page.cached_content_type, model_path=self.reference.model_path)
        return f"{found.describe_source_field()} ({self.use.reason.label})"

    def describe_on_delete(self) -> str:
        return "mencegah penghapusan"


class Usage(ReferenceGroups):
    """The pages and settings that use an object: rows, drafts under way, orders and verified versions."""

    def __init__(self, instance):
        super().__init__(ReferenceIndex.get_references_to(instance))
        self._instance = instance

    def __iter__(self):
        pages = Page.objects.in_bulk({use.page_id for use in self._uses})
        more: dict[int, list[UseReference]] = defaultdict(list)
        for use in self._uses:
            if use.page_id in pages:
                places = use.references or (None,)
                more[use.page_id] += [UseReference(pages[use.page_id], use, place) for place in places]
        for source, references in super().__iter__():
            found = more.pop(source.pk, []) if isinstance(source, Page) else []
            known = {reference.content_path for reference in references}
            # Where the row says it already, a live version adds nothing.
            yield source, references + [one for one in found if one.content_path and one.content_path not in known]
        for page_id, references in more.items():
            yield pages[page_id], references

    @cached_property
    def _uses(self) -> list[Use]:
        return find_uses(self._instance)

    @cached_property
    def _count(self):
        return sum(1 for _group in self)

    @cached_property
    def is_protected(self):
        return bool(self._uses) or super().is_protected


def count_in_bulk(instances) -> dict:
    """Return how many pages and settings use each object, in a constant number of queries."""
    pages = ContentType.objects.get_for_model(Page).pk
    sources = defaultdict(set)
    references = ReferenceIndex.get_references_to_in_bulk(instances)
    names = ("to_object_id", "base_content_type", "object_id")
    for key, kind, source in references.values_list(*names) if instances else ():
        sources[key].add((kind, str(source)))
    for instance, uses in find_uses_in_bulk(instances).items():
        sources[str(instance.pk)].update((pages, str(use.page_id)) for use in uses)
    return {instance: len(sources[str(instance.pk)]) for instance in instances}
