"""Render items for lists, cached until something public changes."""

from django.template.loader import render_to_string
from wagtail.models import Site

from news.memo import cached_until_change


def write_teaser(request, shape: str, key: int, find, level: int = 0, plain: bool = False) -> str:
    """Return the HTML of the item in the shape of a component ("row", "card", "event").

    ``find`` returns the item if its HTML is not cached, None if it was just taken down; ``level``
    overrides the component's heading level; a ``plain`` card leaves out the category.
    """
    site = Site.find_for_request(request) if request is not None else None

    def write():
        item = find()
        if item is None:
            return ""
        context = {"item": item, "level": level, "plain": plain, "request": request}
        return render_to_string(f"components/teasers/{shape}.html", context)

    return cached_until_change(("teaser", shape, key, level, plain, site and site.pk), write)


class Teasers:
    """The teasers of many items; those not cached are fetched together.

    ``keys`` are those of the items in the order of the list, ``items`` the query that brings all that a teaser shows.
    """

    def __init__(self, request, shape: str, keys, items, level: int = 0):
        self.request, self.shape, self.keys, self.items, self.level = request, shape, list(keys), items, level
        self._found = None

    def __iter__(self):
        for key in self.keys:
            yield write_teaser(self.request, self.shape, key, lambda key=key: self._find(key), self.level)

    def __len__(self):
        return len(self.keys)

    def _find(self, key):
        if self._found is None:
            self._found = self.items.in_bulk(self.keys)
        return self._found.get(key)
