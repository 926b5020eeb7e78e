"""Triggers of deliveries and follow-ups: their text is that of the sealed version (I9)."""

from wagtail.models import Page

from moderation.evidence.triggers import Trigger, differs, written_once
from moderation.models import PublicationPermit

from . import Delivery, DeliveryEvent, FollowUp

#: Columns fixed when the page went live; all others record the sending.
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


#: Columns that even a ralat cannot change on an unsent post.
_FIXED_FOR_EVER = ("account", "disposition", "page", "kind", "idempotency_key")

#: Columns fixed by the ralat or the take-down; all others record the execution.
_FIXED_ACT = (
    "delivery",
    "permit",
    "occasion",
    "kind",
    "target",
    "seal",
    "link",
    "request_text",
    "idempotency_key",
)


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers in the SQL dialect of the database."""
    delivery, event = Delivery._meta, DeliveryEvent._meta
    columns = _get_columns(Delivery, _FIXED)
    # Between the order's execution and its completion only the page goes live.
    going_live = (
        f"EXISTS (SELECT 1 FROM {PublicationPermit._meta.db_table} p WHERE p.id = NEW.permit_id "
        "AND p.page_id = NEW.page_id AND p.seal = NEW.seal "
        "AND p.executed_at IS NOT NULL AND p.completed_at IS NULL AND p.revoked_at IS NULL)"
    )
    message = "unggahan hanya lahir dari penayangan dan isinya tetap"
    # An unsent post may take the text of the live ralat, once.
    takes_corrected_text = (
        "OLD.state IN ('pending', 'task', 'failed') AND OLD.closed_at IS NULL AND NEW.state = OLD.state "
        f"AND NOT {differs(vendor, *_get_columns(Delivery, _FIXED_FOR_EVER))} AND NEW.permit_id > OLD.permit_id "
        f"AND EXISTS (SELECT 1 FROM {PublicationPermit._meta.db_table} p WHERE p.id = NEW.permit_id "
        "AND p.page_id = NEW.page_id AND p.seal = NEW.seal AND p.is_correction "
        "AND p.executed_at IS NOT NULL AND p.revoked_at IS NULL)"
    )
    return [
        Trigger("delivery_insert", delivery.db_table, "INSERT", f"NOT {going_live}", message),
        Trigger(
            "delivery_text",
            delivery.db_table,
            "UPDATE",
            f"{differs(vendor, *columns)} AND NOT ({takes_corrected_text})",
            message,
        ),
        *written_once(delivery.db_table, "delivery", message),
        Trigger("delivery_event_change", event.db_table, "UPDATE", "", "catatan pengiriman tetap"),
        *written_once(event.db_table, "delivery_event", "catatan pengiriman tetap"),
        *_get_follow_up_triggers(vendor),
    ]


def _get_follow_up_triggers(vendor: str) -> list[Trigger]:
    act, delivery, permit = FollowUp._meta, Delivery._meta, PublicationPermit._meta
    born = (
        f"EXISTS (SELECT 1 FROM {permit.db_table} p JOIN {delivery.db_table} d ON d.page_id = p.page_id "
        f"JOIN {Page._meta.db_table} g ON g.id = p.page_id "
        "WHERE p.id = NEW.permit_id AND d.id = NEW.delivery_id AND p.seal = NEW.seal AND p.executed_at IS NOT NULL "
        "AND ((NEW.occasion = 'correction' AND p.is_correction AND p.revoked_at IS NULL AND p.completed_at IS NULL) "
        "OR (NEW.occasion = 'take_down' AND NOT g.live AND (p.revoked_by_id IS NOT NULL "
        "OR p.ends_at IS NOT NULL AND p.revoke_reason = p.end_reason)) "
        "OR (NEW.occasion = 'decision' AND NEW.kind = 'delete' AND d.state = 'sent')))"
    )
    message = "tindak lanjut unggahan hanya lahir dari ralat, penurunan, atau keputusan petugas dan isinya tetap"
    return [
        Trigger("follow_up_insert", act.db_table, "INSERT", f"NOT {born}", message),
        Trigger(
            "follow_up_text", act.db_table, "UPDATE", differs(vendor, *_get_columns(FollowUp, _FIXED_ACT)), message
        ),
        *written_once(act.db_table, "follow_up", message),
    ]


def _get_columns(model, names) -> list[str]:
    return [model._meta.get_field(name).column for name in names]
