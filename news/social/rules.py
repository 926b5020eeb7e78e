"""What the database itself refuses about deliveries: their words are those of the sealed version (I9)."""

from moderation.models import PublicationPermit
from moderation.triggers import Rule, differs, written_once

from .models import Delivery, DeliveryAttempt

#: What was decided when the page went live; everything else tells of the sending.
_FIXED = (
    "account",
    "disposition",
    "page",
    "permit",
    "seal",
    "kind",
    "title",
    "link",
    "alt",
    "request_text",
    "idempotency_key",
)


def get_rules(vendor: str) -> list[Rule]:
    """Return the rules in the SQL dialect of the database."""
    delivery, line = Delivery._meta, DeliveryAttempt._meta
    columns = [delivery.get_field(name).column for name in _FIXED]
    # Between the execution of the order and its completion lies nothing but the page's going live.
    going_live = (
        f"EXISTS (SELECT 1 FROM {PublicationPermit._meta.db_table} p WHERE p.id = NEW.permit_id "  # noqa: S608
        "AND p.page_id = NEW.page_id AND p.seal = NEW.seal "
        "AND p.executed_at IS NOT NULL AND p.completed_at IS NULL AND p.revoked_at IS NULL)"
    )
    message = "unggahan hanya lahir dari penayangan dan isinya tetap"
    return [
        Rule("delivery_insert", delivery.db_table, "INSERT", f"NOT {going_live}", message),
        Rule("delivery_text", delivery.db_table, "UPDATE", differs(vendor, *columns), message),
        *written_once(delivery.db_table, "delivery", message),
        Rule("delivery_line_change", line.db_table, "UPDATE", "", "catatan pengiriman tetap"),
        *written_once(line.db_table, "delivery_line", "catatan pengiriman tetap"),
    ]
