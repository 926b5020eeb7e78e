"""Triggers of shares: a line needs a live version; lines are append-only."""

from moderation.evidence.triggers import Trigger, written_once
from moderation.models import PublicationPermit
from news.social.models.share import Share


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers in the SQL dialect of the database."""
    table, permit = Share._meta.db_table, PublicationPermit._meta.db_table
    shared = (
        f"(NEW.kind = 'shared' AND NEW.about_id IS NULL AND EXISTS (SELECT 1 FROM {permit} p "
        "WHERE p.id = NEW.permit_id AND p.page_id = NEW.page_id AND p.disposition_id = NEW.disposition_id "
        "AND p.seal = NEW.seal AND p.executed_at IS NOT NULL AND p.revoked_at IS NULL))"
    )
    ended = (
        f"(NEW.kind IN ('withdrawn', 'removed') AND EXISTS (SELECT 1 FROM {table} s "
        "WHERE s.id = NEW.about_id AND s.kind = 'shared' AND s.disposition_id = NEW.disposition_id "
        "AND s.page_id = NEW.page_id AND s.permit_id = NEW.permit_id AND s.seal = NEW.seal))"
    )
    message = "catatan pembagian hanya bertambah"
    return [
        Trigger("share_insert", table, "INSERT", f"NOT ({shared} OR {ended})", message),
        Trigger("share_change", table, "UPDATE", "", message),
        *written_once(table, "share", message),
    ]
