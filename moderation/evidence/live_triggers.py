"""Triggers of what is live, and of the order it is live under, from its issue to its end (I1, I5, I10).

An order is issued for what the item's state, its task and the log's line call verified, executed for what all three
call ordered, and ends after its page was taken down, or by the ralat that takes its place. The rows that citizens read
are frozen while the page is live, whether or not an order stands, except while a ralat is being executed.
"""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, TaskState, WorkflowState

from moderation import sop
from moderation.models import (
    AuditEntry,
    Disposition,
    ModeratedPage,
    PublicationPermit,
    SopTask,
    SopTaskState,
)
from moderation.ports.seal import SEALED_PAGE_FIELDS, get_sealed_child_relations

from .triggers import Trigger, differs, is_moderated

_PAGE, _PERMIT = Page._meta.db_table, PublicationPermit._meta.db_table
_ITEM, _LINE = Disposition._meta.db_table, AuditEntry._meta.db_table
_FROZEN = "isi berita yang tayang tidak dapat diubah"
#: Where a trigger of its own refuses an order (``moderation.review.exemptions``).
_EXEMPT = ("held_exempt", "exempted")


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers in the SQL dialect of the database."""
    return [*_page_triggers(vendor), *_content_triggers(vendor), *_permit_triggers(), *_end_triggers()]


def _page_triggers(vendor) -> list[Trigger]:
    columns = (*SEALED_PAGE_FIELDS, "content_type", "first_published_at")
    shown = [Page._meta.get_field(name).column for name in columns]
    live = f"OLD.live AND {is_moderated('OLD')}"
    return [
        Trigger(
            "page_text",
            _PAGE,
            "UPDATE",
            f"{live} AND {differs(vendor, *shown)} AND NOT {_is_executing('OLD.id')}",
            _FROZEN,
        ),
    ]


def _content_triggers(vendor) -> list[Trigger]:
    """Return triggers that freeze the class's own columns and the child rows of a live page."""
    triggers = []
    for model in ModeratedPage.__subclasses__():
        label = model._meta.model_name
        columns = [field.column for field in model._meta.local_concrete_fields if not field.primary_key]
        table, key = model._meta.db_table, model._meta.pk.column
        frozen = _is_frozen(f"OLD.{key}")
        triggers += [
            Trigger(
                f"{label}_insert", table, "INSERT", _is_live(f"NEW.{key}"), "berita tidak dapat dibuat langsung tayang"
            ),
            Trigger(f"{label}_text", table, "UPDATE", f"{differs(vendor, *columns)} AND {frozen}", _FROZEN),
            Trigger(f"{label}_gone", table, "DELETE", frozen, _FROZEN),
        ]
        for relation in get_sealed_child_relations(model):
            child, column = relation.related_model._meta, relation.field.column
            for operation, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
                condition = " OR ".join(_is_frozen(f"{row}.{column}") for row in rows)
                name = f"{child.model_name}_{operation.lower()}"
                triggers.append(Trigger(name, child.db_table, operation, condition, _FROZEN))
    return triggers


def _permit_triggers() -> list[Trigger]:
    exempt = f"EXISTS (SELECT 1 FROM {_ITEM} d WHERE d.id = NEW.disposition_id AND d.state IN {_list_states(*_EXEMPT)})"
    verified = _is_recorded(
        states=("verified",), action="verify", step=sop.StepCode.VERIFICATION, status=TaskState.STATUS_APPROVED
    )
    ordered = _is_recorded(
        states=("ordered", "scheduled"),
        action="order",
        step=sop.StepCode.PUBLICATION,
        status=TaskState.STATUS_IN_PROGRESS,
        also="AND a.revision_id = NEW.revision_id",
    )
    return [
        Trigger(
            "permit_verified",
            _PERMIT,
            "INSERT",
            f"NOT {verified} AND NOT {exempt}",
            "perintah tayang hanya untuk isi yang diverifikasi",
        ),
        Trigger(
            "permit_executed",
            _PERMIT,
            "UPDATE",
            f"OLD.executed_at IS NULL AND NEW.executed_at IS NOT NULL AND NOT {ordered}",
            "perintah tayang dijalankan hanya dari keadaan diperintahkan",
        ),
    ]


def _is_recorded(*, states, action, step, status, also="") -> str:
    """Return SQL: the item of an order's row NEW is in one of these states, the log has the line of this action for
    its text in this round, and so has the task of this step, in the workflow that runs."""
    page = f"(SELECT c.id FROM {ContentType._meta.db_table} c WHERE c.app_label = 'wagtailcore' AND c.model = 'page')"
    return (
        f"EXISTS (SELECT 1 FROM {_ITEM} d "
        f"JOIN {_LINE} a ON a.disposition_id = d.id "
        f"JOIN {WorkflowState._meta.db_table} w ON w.object_id = CAST(d.page_id AS varchar(255)) "
        f"JOIN {TaskState._meta.db_table} t ON t.workflow_state_id = w.id "
        f"JOIN {SopTaskState._meta.db_table} s ON s.taskstate_ptr_id = t.id "
        f"JOIN {SopTask._meta.db_table} k ON k.task_ptr_id = t.task_id "
        f"WHERE d.id = NEW.disposition_id AND d.page_id = NEW.page_id AND d.state IN {_list_states(*states)} "
        f"AND a.action = '{action}' AND a.page_id = NEW.page_id AND a.seal = NEW.seal AND a.round = d.round {also} "
        f"AND w.base_content_type_id = {page} AND w.status = '{WorkflowState.STATUS_IN_PROGRESS}' "
        f"AND k.step = '{step}' AND t.status = '{status}' AND s.round = d.round AND s.seal = NEW.seal)"
    )


def _end_triggers() -> list[Trigger]:
    """Return the triggers of a take-down: who ends the order and why first, then the page, then the order's end."""
    stands = (
        f"EXISTS (SELECT 1 FROM {_PERMIT} p WHERE p.page_id = NEW.id AND p.executed_at IS NOT NULL "
        "AND p.revoked_at IS NULL AND (p.revoke_reason = '' OR p.revoked_by_id IS NULL "
        "AND (p.ends_at IS NULL OR p.revoke_reason <> p.end_reason)))"
    )
    ralat = (
        f"EXISTS (SELECT 1 FROM {_PERMIT} q JOIN {_ITEM} d ON d.id = q.disposition_id WHERE q.page_id = OLD.page_id "
        "AND q.id > OLD.id AND q.is_correction AND q.executed_at IS NULL AND q.revoked_at IS NULL "
        f"AND d.correcting AND d.state IN {_list_states('ordered', 'scheduled')})"
    )
    return [
        Trigger(
            "page_down",
            _PAGE,
            "UPDATE",
            f"NOT NEW.live AND {stands}",
            "berita diturunkan hanya oleh Sekretaris dengan alasan",
        ),
        Trigger(
            "permit_revoked",
            _PERMIT,
            "UPDATE",
            "OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND OLD.executed_at IS NOT NULL "
            f"AND {_is_live('OLD.page_id')} AND NOT {ralat}",
            "perintah tayang berlaku selama beritanya tayang",
        ),
        Trigger(
            "permit_run_out",
            _PERMIT,
            "UPDATE",
            "OLD.executed_at IS NOT NULL AND OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL "
            "AND NEW.revoked_by_id IS NULL AND (OLD.ends_at IS NULL OR NEW.revoked_at < OLD.ends_at)",
            "perintah tayang berakhir sendiri hanya pada waktu yang disebutnya",
        ),
        Trigger(
            "permit_end",
            _PERMIT,
            "INSERT",
            "(NEW.ends_at IS NULL) <> (NEW.end_reason = '') OR NEW.ends_at <= NEW.ordered_at",
            "batas tayang disebut dengan alasan dan belum lewat",
        ),
    ]


def _is_live(page_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM {_PAGE} g WHERE g.id = {page_id} AND g.live)"


def _is_executing(page_id: str) -> str:
    """Return SQL: an order for the page is being executed, so its rows are being written."""
    return (
        f"EXISTS (SELECT 1 FROM {_PERMIT} p WHERE p.page_id = {page_id} AND p.executed_at IS NOT NULL "
        "AND p.completed_at IS NULL AND p.revoked_at IS NULL)"
    )


def _is_frozen(page_id: str) -> str:
    return f"({_is_live(page_id)} AND NOT {_is_executing(page_id)})"


def _list_states(*states: str) -> str:
    return "(" + ", ".join(f"'{sop.get_state(state).code}'" for state in states) + ")"
