"""Paginate long lists at a cost independent of the page number.

OFFSET walks over every skipped row; these pages are found by the key of their first row.
"""

from django.core.paginator import Paginator
from django.db import connections
from django.db.models import F, Q, Window
from django.db.models.functions import Mod, RowNumber
from django.db.models.signals import post_migrate
from django.utils.functional import cached_property
from wagtail.models import Page

from news.memo import cached_until_change

#: Rows up to which OFFSET is faster.
NEAR = 10
INDEX = "news_by_publication"


class LongPaginator(Paginator):
    """Paginate ``items``, ordered by one date field and then by key, both in the same direction.

    ``address`` is the list's URL and identifies it in the cache.
    """

    def __init__(self, items, per_page, *, address: str, field: str, descending: bool):
        sign = "-" if descending else ""
        super().__init__(items.order_by(f"{sign}{field}", f"{sign}pk"), per_page)
        self.address, self.field, self.descending = address, field, descending

    @cached_property
    def count(self):
        return cached_until_change((self.address, "count"), self.object_list.order_by().count)

    def page(self, number):
        number = self.validate_number(number)
        if number <= NEAR:
            return super().page(number)
        begins = cached_until_change((self.address, "begins"), self._find_begins)
        if number > len(begins):
            # The list changed since it was counted.
            return super().page(number)
        value, key = begins[number - 1]
        side = "lte" if self.descending else "gte"
        strict = side.removesuffix("e")
        rest = self.object_list.filter(
            Q(**{f"{self.field}__{strict}": value}) | Q(**{f"pk__{side}": key}), **{f"{self.field}__{side}": value}
        )
        return self._get_page(rest[: self.per_page], number, self)

    def _find_begins(self) -> list[tuple]:
        """Return the date and the key of the first item of each page."""
        order = [F(name).desc() if self.descending else F(name).asc() for name in (self.field, "pk")]
        rows = self.object_list.order_by().annotate(row=Window(RowNumber(), order_by=order))
        first = rows.annotate(place=Mod("row", self.per_page)).filter(place=1 if self.per_page > 1 else 0)
        return list(first.order_by("row").values_list(self.field, "pk"))


def add_index(using="default", **kwargs) -> None:
    """Create the index for the lists' order on Wagtail's table, which a migration of ours cannot alter."""
    connection, table = connections[using], Page._meta.db_table
    with connection.cursor() as cursor:
        if table in connection.introspection.table_names(cursor):
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON {table} (first_published_at DESC, id DESC)")


def connect(app) -> None:
    """Create the index after every migrate, because SQLite drops it when it rebuilds the table."""
    post_migrate.connect(add_index, sender=app, dispatch_uid="news_list_index")
