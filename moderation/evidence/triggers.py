"""Database triggers, the last guard layer: refuse writes that bypass the ORM (I1, I12).

``QuerySet.update``, ``bulk_update`` and SQL by hand cannot make a news page live without an
executed permit, take it down while the permit stands, change what citizens read, rewrite a
permitted revision, a permit, an audit line, or drop a register row.

Dropped before every migrate, because SQLite rebuilds tables under them, and installed after it
(docs/wagtail-facts.md#triggers).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, connection, connections
from wagtail.models import Page, Revision

from moderation.models import (
    AuditEntry,
    AuditHead,
    Disposition,
    ModeratedPage,
    PublicationPermit,
    SealedMedia,
    Withdrawal,
)

PREFIX = "sop_guard_"


@dataclass(frozen=True)
class Trigger:
    """Refuse ``operation`` on ``table`` when ``condition`` (over OLD and NEW) holds."""

    name: str
    table: str
    operation: str
    condition: str
    message: str


_registered: list[Callable[[str], list[Trigger]]] = []


def register_triggers(get_more: Callable[[str], list[Trigger]]) -> None:
    """Add the triggers of another app's records; called from its ``AppConfig.ready``."""
    _registered.append(get_more)


def get_triggers(vendor: str) -> list[Trigger]:
    """Return every trigger in the SQL dialect of the database."""
    return [
        *_page_triggers(),
        *_record_triggers(vendor),
        *(trigger for get_more in _registered for trigger in get_more(vendor)),
    ]


def find_sentence(error: IntegrityError) -> str | None:
    """Return what a trigger of ours says by this error, as a sentence; None where another rule refused."""
    said = str(error).partition("\n")[0].strip()
    messages = {trigger.message for trigger in get_triggers(connection.vendor)}
    return f"Ditolak oleh pengaman basis data: {said}." if said in messages else None


def differs(vendor: str, *columns: str) -> str:
    """Return SQL that is true when one of the columns changes."""
    operator = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return "(" + " OR ".join(f"NEW.{name} {operator} OLD.{name}" for name in columns) + ")"


def _permit_exists(page_id: str, extra: str = "") -> str:
    return (
        f"EXISTS (SELECT 1 FROM {PublicationPermit._meta.db_table} p WHERE p.page_id = {page_id} "
        f"AND p.executed_at IS NOT NULL AND p.revoked_at IS NULL{extra})"
    )


def is_moderated(row: str) -> str:
    """Return SQL: the page's content type is moderated, or it has a row in a moderated type's table."""
    rows = "".join(
        f" OR EXISTS (SELECT 1 FROM {model._meta.db_table} m WHERE m.{model._meta.pk.column} = {row}.id)"
        for model in ModeratedPage.__subclasses__()
    )
    names = " OR ".join(
        f"(app_label = '{model._meta.app_label}' AND model = '{model._meta.model_name}')"
        for model in ModeratedPage.__subclasses__()
    )
    return f"({row}.content_type_id IN (SELECT id FROM django_content_type WHERE {names}){rows})"


def _page_triggers() -> list[Trigger]:
    table = Page._meta.db_table
    permitted = _permit_exists("NEW.id", " AND p.revision_id = NEW.live_revision_id")
    return [
        Trigger(
            "page_insert",
            table,
            "INSERT",
            f"NEW.live AND {is_moderated('NEW')}",
            "berita tidak dapat dibuat langsung tayang",
        ),
        Trigger(
            "page_up",
            table,
            "UPDATE",
            f"NEW.live AND {is_moderated('NEW')} AND NOT {permitted}",
            "berita tayang hanya dengan perintah tayang yang dijalankan",
        ),
    ]


def _record_triggers(vendor) -> list[Trigger]:
    """Return triggers that keep permits, permitted revisions, audit lines and register rows write-once."""
    permit, audit = PublicationPermit._meta, AuditEntry._meta
    later = [permit.get_field(name).column for name in PublicationPermit.ADDED_LATER]
    nullable = [column for column in later if column != "revoke_reason"]
    fixed = [f.column for f in permit.concrete_fields if f.column not in later]
    twice = " OR ".join(f"(OLD.{column} IS NOT NULL AND {differs(vendor, column)})" for column in nullable)
    twice += f" OR (OLD.revoke_reason <> '' AND {differs(vendor, 'revoke_reason')})"
    recorded = f"EXISTS (SELECT 1 FROM {audit.db_table} a WHERE a.revision_id = OLD.id)"
    permit_rules = [
        Trigger(
            "permit_insert",
            permit.db_table,
            "INSERT",
            " OR ".join(f"NEW.{column} IS NOT NULL" for column in nullable),
            "perintah tayang diterbitkan sebelum dijalankan",
        ),
        Trigger(
            "permit_change",
            permit.db_table,
            "UPDATE",
            f"{differs(vendor, *fixed)} OR {twice}",
            "perintah tayang tidak dapat diubah",
        ),
        *written_once(permit.db_table, "permit", "perintah tayang tidak dapat dihapus"),
    ]
    register = ("register_year", "register_sequence", "register_number")
    return [
        *permit_rules,
        *_after_publication_triggers(vendor),
        Trigger(
            "revision_text",
            Revision._meta.db_table,
            "UPDATE",
            f"{differs(vendor, 'content', 'object_id')} AND EXISTS (SELECT 1 FROM "
            f"{permit.db_table} p WHERE p.revision_id = OLD.id)",
            "versi terverifikasi tidak dapat diubah",
        ),
        Trigger(
            "revision_recorded",
            Revision._meta.db_table,
            "UPDATE",
            f"{differs(vendor, 'content', 'object_id')} AND {recorded}",
            "versi yang tercatat dalam jejak audit tidak dapat diubah",
        ),
        Trigger(
            "revision_gone",
            Revision._meta.db_table,
            "DELETE",
            recorded,
            "versi yang tercatat dalam jejak audit tidak dapat dihapus",
        ),
        Trigger("audit_change", audit.db_table, "UPDATE", "", "jejak audit tidak dapat diubah"),
        *written_once(audit.db_table, "audit", "jejak audit tidak dapat dihapus"),
        Trigger(
            "audit_head_change",
            AuditHead._meta.db_table,
            "UPDATE",
            "NEW.sequence <> OLD.sequence + 1 OR NOT EXISTS "
            f"(SELECT 1 FROM {audit.db_table} a WHERE a.sequence = NEW.sequence AND a.hash = NEW.hash)",
            "jejak audit hanya bertambah",
        ),
        *written_once(AuditHead._meta.db_table, "audit_head", "jejak audit hanya bertambah"),
        Trigger("media_change", SealedMedia._meta.db_table, "UPDATE", "", "berkas terverifikasi tetap tercatat"),
        *written_once(SealedMedia._meta.db_table, "media", "berkas terverifikasi tetap tercatat"),
        *written_once(Disposition._meta.db_table, "register", "baris register tidak dapat dihapus"),
        Trigger(
            "register_number",
            Disposition._meta.db_table,
            "UPDATE",
            differs(vendor, *register),
            "nomor register tidak dapat diubah",
        ),
    ]


def _after_publication_triggers(vendor) -> list[Trigger]:
    """Return triggers that freeze the public note of a ralat and of a take-down."""
    permit, withdrawal = PublicationPermit._meta, Withdrawal._meta
    note, is_public = (
        ("r.content->>'correction_note'", "(r.content->>'correction_is_public')::boolean")
        if vendor == "postgresql"
        else ("json_extract(r.content, '$.correction_note')", "json_extract(r.content, '$.correction_is_public') = 1")
    )
    in_the_text = (
        f"EXISTS (SELECT 1 FROM {Revision._meta.db_table} r WHERE r.id = NEW.revision_id "
        f"AND r.object_id = CAST(NEW.page_id AS varchar(255)) AND {is_public} AND {note} = NEW.correction_note)"
    )
    ended = (
        f"EXISTS (SELECT 1 FROM {permit.db_table} p JOIN {Page._meta.db_table} g ON g.id = p.page_id "
        "WHERE p.id = NEW.permit_id AND p.page_id = NEW.page_id AND p.executed_at IS NOT NULL "
        "AND p.revoked_at IS NOT NULL AND NOT g.live "
        "AND (NEW.by_id IS NOT NULL OR p.revoked_by_id IS NULL AND p.ends_at <= NEW.at))"
    )
    message = "catatan penurunan tetap"
    return [
        Trigger(
            "permit_note",
            permit.db_table,
            "INSERT",
            f"NEW.correction_note <> '' AND NOT (NEW.is_correction AND {in_the_text})",
            "keterangan ralat hanya yang diverifikasi",
        ),
        Trigger("withdrawal_insert", withdrawal.db_table, "INSERT", f"NOT {ended}", message),
        Trigger("withdrawal_change", withdrawal.db_table, "UPDATE", "", message),
        *written_once(withdrawal.db_table, "withdrawal", message),
    ]


def written_once(table: str, name: str, message: str) -> list[Trigger]:
    """Return the triggers of an append-only table.

    SQLite's REPLACE deletes the old row without asking a DELETE trigger, so a key that exists is
    refused; PostgreSQL's TRUNCATE asks a trigger of its own (see ``create_sql``).
    """
    return [
        Trigger(f"{name}_gone", table, "DELETE", "", message),
        Trigger(f"{name}_replaced", table, "INSERT", f"EXISTS (SELECT 1 FROM {table} o WHERE o.id = NEW.id)", message),
    ]


def create_sql(trigger: Trigger, vendor: str) -> list[str]:
    """Return the statements that install a trigger; on PostgreSQL its function comes first."""
    name = PREFIX + trigger.name
    if vendor == "sqlite":
        when = f"WHEN {trigger.condition} " if trigger.condition else ""
        return [
            f"CREATE TRIGGER {name} BEFORE {trigger.operation} ON {trigger.table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{trigger.message}'); END"
        ]
    # PostgreSQL's WHEN allows no subqueries, so the function checks the condition.
    returned = "OLD" if trigger.operation == "DELETE" else "NEW"
    condition = trigger.condition or "TRUE"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{trigger.message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {returned}; END $$",
        f"CREATE TRIGGER {name} BEFORE {trigger.operation} ON {trigger.table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        *_refuse_truncate(trigger, name),
    ]


def _refuse_truncate(trigger: Trigger, name: str) -> list[str]:
    """Return the trigger that refuses TRUNCATE, which fires no row trigger, on an append-only table."""
    if trigger.operation != "DELETE" or trigger.condition:
        return []
    return [
        f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {trigger.table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    ]


def install_all(using="default", **kwargs) -> None:
    """Install every trigger anew; nothing happens before all tables exist."""
    connection = connections[using]
    triggers = get_triggers(connection.vendor)
    if not {trigger.table for trigger in triggers} <= set(connection.introspection.table_names()):
        return
    drop_all(using)
    with connection.cursor() as cursor:
        for trigger in triggers:
            for statement in create_sql(trigger, connection.vendor):
                cursor.execute(statement)


def drop_all(using="default", **kwargs) -> None:
    """Drop every trigger of ours, also those that are no longer defined."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in find_installed(connection):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP FUNCTION {name}() CASCADE")


def find_installed(connection) -> list[str]:
    """Return the names of our triggers in the database."""
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    else:
        query = (
            "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace "
            "WHERE n.nspname = current_schema() AND proname LIKE %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(query, [PREFIX + "%"])
        return sorted(row[0] for row in cursor.fetchall())
