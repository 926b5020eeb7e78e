"""Compare the orders with the log: each that was carried out has its line, and which is the last one is told by keys,
never by the clock."""

from itertools import groupby, pairwise

from django.db.models import Count, Exists, OuterRef, Subquery

from moderation.models import AuditEntry, PublicationPermit


def find_problems() -> list[str]:
    """Return a sentence for each page whose orders do not stand in the order of their lines in the log; one query.

    Only pages with several orders that were carried out are read. An order without a line: ``find_unrecorded``.
    """
    lines = _get_lines()
    carried_out = PublicationPermit.objects.exclude(executed_at=None)
    several = carried_out.order_by().values("page_id").annotate(orders=Count("pk")).filter(orders__gt=1)
    orders = carried_out.filter(page_id__in=several.values("page_id")).annotate(
        line=Subquery(lines.order_by("-sequence").values("sequence")[:1])
    )
    rows = orders.exclude(line=None).order_by("page_id", "pk").values_list("page_id", "number", "line", named=True)
    return [
        f"Perintah tayang {later.number} tercatat pada baris {later.line} jejak audit, mendahului {earlier.number} "
        f"pada baris {earlier.line}: urutan perintah tidak sama dengan jejak audit."
        for _page, own in groupby(rows.iterator(), key=lambda row: row.page_id)
        for earlier, later in pairwise(own)
        if later.line < earlier.line
    ]


def find_unrecorded() -> list[str]:
    """Return a sentence for each order that was carried out without a line of its publication; one query."""
    lines = _get_lines().filter(seal=OuterRef("seal"), page_id=OuterRef("page_id"))
    orders = PublicationPermit.objects.exclude(executed_at=None).exclude(Exists(lines)).order_by("pk")
    return [
        f"Perintah tayang {number} ({register}) dijalankan tanpa langkah penayangan: jejak audit tidak memuatnya."
        for number, register in orders.values_list("number", "disposition__register_number")
    ]


def _get_lines():
    """Return the lines of the publication that an order, the outer row, led to."""
    return AuditEntry.objects.filter(
        action="publish", disposition_id=OuterRef("disposition_id"), revision_id=OuterRef("revision_id")
    )
