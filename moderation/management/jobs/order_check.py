"""Compare the orders of a page with the log: which is the last one is told by keys, never by the clock."""

from itertools import groupby, pairwise

from django.db.models import Count, OuterRef, Subquery

from moderation.models import AuditEntry, PublicationPermit


def find_problems() -> list[str]:
    """Return a sentence for each page whose orders do not stand in the order of their lines in the log; one query.

    Only pages with several orders that were carried out are read. An order without a line: ``proof.items``.
    """
    lines = AuditEntry.objects.filter(
        action="publish", disposition_id=OuterRef("disposition_id"), revision_id=OuterRef("revision_id")
    )
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
