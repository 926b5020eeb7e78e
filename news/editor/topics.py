"""Topics of a text: those that differ only in case or marks are one."""

from collections.abc import Iterable

from django.utils.text import slugify
from taggit.models import Tag


def unite(names: Iterable[str]) -> list[str]:
    """Return each topic once, as it was written when it was first used; in the order of ``names``, in one query."""
    written: dict[str, str] = {}
    for name in map(str.strip, names):
        written.setdefault(slugify(name) or name, name)
    known = dict(Tag.objects.filter(slug__in=written).values_list("slug", "name"))
    return [known.get(key, name) for key, name in written.items()]
