"""Install triggers that write a ``PageChange`` in the transaction that changes what a public page shows.

Drafts, steps of the chain and logins leave no note.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.utils import timezone
from modelcluster.fields import ParentalKey
from taggit.models import Tag, TaggedItem
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, ReferenceIndex, Site

from moderation.evidence.triggers import differs
from moderation.models import Disposition, Holiday, ListedItem, OfficeProcedure, PublicInformation
from news.models import NewsPage

from .groups import EVERYTHING, GENERAL, MEDIA, of_category
from .listening import CHANNEL
from .models import PageChange, PageGeneration

PREFIX = "page_change_"
#: Columns of a page that no public page shows.
UNSEEN = {
    "alias_of_id",
    "draft_title",
    "expire_at",
    "expired",
    "go_live_at",
    "has_unpublished_changes",
    "latest_revision_created_at",
    "latest_revision_id",
    "locked",
    "locked_at",
    "locked_by_id",
    "numchild",
    "owner_id",
}
#: Columns that Wagtail fills in on first use.
COMPUTED = {"file_hash", "file_size"}
#: Content types: the one that the reference index gives every page, and those of settings and snippets.
_PAGE_TYPE = "SELECT id FROM django_content_type WHERE app_label = 'wagtailcore' AND model = 'page'"
_SHARED_TYPES = "SELECT id FROM django_content_type WHERE app_label IN ('home', 'news')"


@dataclass(frozen=True)
class Note:
    """A trigger: after ``operation`` on ``table``, if ``condition``, note each of ``groups`` (SQL expressions)."""

    name: str
    table: str
    operation: str
    condition: str
    groups: tuple[str, ...]


def get_notes(vendor: str) -> list[Note]:
    """Return every trigger in the database's SQL dialect. New public models and columns are included by themselves."""
    return [*_page_notes(vendor), *_own_table_notes(vendor), *_other_notes(vendor)]


def _quote(group: str) -> str:
    return f"'{group}'"


def _page_notes(vendor) -> Iterator[Note]:
    """Yield the triggers of ``wagtailcore_page``, for live pages."""
    table = Page._meta.db_table
    shown = [field.column for field in Page._meta.local_concrete_fields if field.column not in UNSEEN]
    changed = f"(NEW.live OR OLD.live) AND {differs(vendor, *shown)}"
    yield Note("page_insert", table, "INSERT", "NEW.live", _groups_of_page("NEW.id"))
    yield Note("page_shown", table, "UPDATE", changed, _groups_of_page("NEW.id"))
    # A picture that this page showed may no longer be public.
    yield Note("page_hidden", table, "UPDATE", f"OLD.live AND {differs(vendor, *shown)}", (_quote(MEDIA),))
    yield Note("page_delete", table, "DELETE", "OLD.live", (_quote(EVERYTHING),))


def _groups_of_page(key: str) -> tuple[str, ...]:
    """Return the groups that show the page: lists and its category for news, everything for other pages.

    News to which a menu, a banner or another page refers is shown by everything.
    """
    news, references = NewsPage._meta.db_table, ReferenceIndex._meta.db_table
    is_news = f"EXISTS (SELECT 1 FROM {news} n WHERE n.page_ptr_id = {key})"
    referred = (
        f"EXISTS (SELECT 1 FROM {references} f WHERE f.to_object_id = CAST({key} AS varchar(255)) "
        f"AND f.to_content_type_id IN ({_PAGE_TYPE}) AND (f.base_content_type_id IN ({_SHARED_TYPES}) "
        f"OR (f.base_content_type_id IN ({_PAGE_TYPE}) AND f.object_id <> f.to_object_id)))"
    )
    return (
        f"CASE WHEN {is_news} AND NOT {referred} THEN '{GENERAL}' ELSE '{EVERYTHING}' END",
        f"(SELECT '{of_category('')}' || n.category_id FROM {news} n WHERE n.page_ptr_id = {key})",
    )


def _own_table_notes(vendor) -> Iterator[Note]:
    """Yield the triggers of the page classes' own tables and of their child rows."""
    for model in apps.get_models():
        if issubclass(model, Page) and model is not Page and not model._meta.proxy:
            yield from _class_notes(vendor, model)
        for field in model._meta.local_concrete_fields:
            # Child rows of Page itself are permissions, comments and the like.
            is_child = isinstance(field, ParentalKey) and issubclass(field.related_model, Page)
            if is_child and field.related_model is not Page:
                yield from _child_notes(model, field)


def _class_notes(vendor, model) -> Iterator[Note]:
    fields = model._meta.local_concrete_fields
    key = model._meta.pk.column
    columns = [field.column for field in fields if not field.primary_key]
    if not columns:
        return
    groups = _groups_of_page(f"NEW.{key}")
    if model is NewsPage:
        groups = (*groups, f"'{of_category('')}' || OLD.category_id")
    condition = f"{_is_live(f'NEW.{key}')} AND {differs(vendor, *columns)}"
    yield Note(f"{model._meta.label_lower}_text".replace(".", "_"), model._meta.db_table, "UPDATE", condition, groups)


def _child_notes(model, field) -> Iterator[Note]:
    label = model._meta.label_lower.replace(".", "_")
    for operation, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        key = f"{row}.{field.column}"
        name = f"{label}_{operation.lower()}"
        yield Note(name, model._meta.db_table, operation, _is_live(key), _groups_of_page(key))


def _is_live(key: str) -> str:
    return f"EXISTS (SELECT 1 FROM {Page._meta.db_table} g WHERE g.id = {key} AND g.live)"


def _other_notes(vendor) -> Iterator[Note]:
    """Yield the triggers of what many pages show: settings, snippets, media, tags, registers."""
    for model in _list_shared_models():
        for operation in ("INSERT", "UPDATE", "DELETE"):
            yield _make_note(model, operation, "", EVERYTHING)
    for model in (get_image_model(), get_document_model()):
        columns = [f.column for f in model._meta.local_concrete_fields if f.column not in COMPUTED]
        shown = _is_on_a_page(model, "OLD.id")
        yield _make_note(model, "UPDATE", f"{differs(vendor, *columns)} AND {shown}", EVERYTHING)
        yield _make_note(model, "DELETE", shown, EVERYTHING)
    rendition, shown = get_image_model().get_rendition_model(), _is_on_a_page(get_image_model(), "OLD.image_id")
    yield _make_note(rendition, "DELETE", shown, EVERYTHING)
    yield _make_note(Tag, "UPDATE", "", EVERYTHING)
    yield _make_note(TaggedItem, "DELETE", "", EVERYTHING)
    # A file may no longer be public when a reference to it ends.
    yield _make_note(ReferenceIndex, "DELETE", _is_public_reference("OLD"), MEDIA)
    shown = ("activity_date", "activity_place", "classification", "page_id", "register_number")
    yield _make_note(Disposition, "UPDATE", f"{differs(vendor, *shown)} AND {_is_live('NEW.page_id')}", GENERAL)
    for model in (PublicInformation, ListedItem, OfficeProcedure, Holiday):
        for operation in ("INSERT", "UPDATE", "DELETE"):
            yield _make_note(model, operation, "", GENERAL)


def _is_public_reference(row: str) -> str:
    """Return SQL: the row of the reference index belongs to a live page, a setting or a snippet."""
    key = f"CASE WHEN {row}.base_content_type_id IN ({_PAGE_TYPE}) THEN CAST({row}.object_id AS integer) END"
    return f"({row}.base_content_type_id IN ({_SHARED_TYPES}) OR {_is_live(key)})"


def _is_on_a_page(model, key: str) -> str:
    """Return SQL: something public refers to the picture or document."""
    kind = f"app_label = '{model._meta.app_label}' AND model = '{model._meta.model_name}'"
    return (
        f"EXISTS (SELECT 1 FROM {ReferenceIndex._meta.db_table} f "
        f"WHERE f.to_object_id = CAST({key} AS varchar(255)) "
        f"AND f.to_content_type_id IN (SELECT id FROM django_content_type WHERE {kind}) "
        f"AND {_is_public_reference('f')})"
    )


def _list_shared_models():
    """Yield Site, PageViewRestriction, and the models of home and news that are no page, child row or media."""
    yield from (Site, PageViewRestriction)
    apart = (Page, get_image_model(), get_image_model().get_rendition_model(), get_document_model())
    for label in ("home", "news"):
        for model in apps.get_app_config(label).get_models():
            is_child = any(isinstance(field, ParentalKey) for field in model._meta.local_concrete_fields)
            if not issubclass(model, apart) and not is_child:
                yield model


def _make_note(model, operation, condition, group) -> Note:
    label = f"{model._meta.label_lower}_{operation.lower()}".replace(".", "_")
    return Note(label, model._meta.db_table, operation, condition, (_quote(group),))


def create_sql(note: Note, vendor: str) -> list[str]:
    """Return the statements that create the trigger, on PostgreSQL preceded by its function."""
    name, table = PREFIX + note.name, PageChange._meta.db_table
    if vendor == "sqlite":
        # SQLite has one writer: a note without a number is this transaction's, or is numbered after it.
        found = f'NOT EXISTS (SELECT 1 FROM {table} c WHERE c.generation IS NULL AND c."group" = v.name)'
        inserts = " ".join(
            f'INSERT INTO {table} ("group") SELECT v.name FROM (SELECT {group} AS name) v '
            f"WHERE v.name IS NOT NULL AND {found};"
            for group in note.groups
        )
        when = f"WHEN {note.condition} " if note.condition else ""
        return [f"CREATE TRIGGER {name} AFTER {note.operation} ON {note.table} FOR EACH ROW {when}BEGIN {inserts} END"]
    found = (
        f'NOT EXISTS (SELECT 1 FROM {table} c WHERE c.generation IS NULL AND c."group" = v.name '
        "AND c.made_in = txid_current())"
    )
    inserts = " ".join(
        f'INSERT INTO {table} ("group", made_in) SELECT v.name, txid_current() FROM (SELECT {group} AS name) v '
        f"WHERE v.name IS NOT NULL AND {found};"
        for group in note.groups
    )
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {note.condition or 'TRUE'} THEN {inserts} END IF; RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {note.operation} ON {note.table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def create_wake_sql() -> list[str]:
    """Return the statements by which PostgreSQL tells who listens that a note was committed."""
    name, table = f"{PREFIX}told", PageChange._meta.db_table
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def install_all(using="default", **kwargs) -> None:
    """Install every trigger anew, and create the ``PageGeneration``; do nothing before all tables exist."""
    connection = connections[using]
    notes = get_notes(connection.vendor)
    tables = {*(note.table for note in notes), PageChange._meta.db_table, PageGeneration._meta.db_table}
    if not tables <= set(connection.introspection.table_names()):
        return
    drop_all(using)
    now = timezone.now()
    PageGeneration.objects.using(using).get_or_create(defaults={"began_at": now, "settled_at": now})
    with connection.cursor() as cursor:
        for note in notes:
            for statement in create_sql(note, connection.vendor):
                cursor.execute(statement)
        if connection.vendor == "postgresql":
            for statement in create_wake_sql():
                cursor.execute(statement)
    # The triggers were off during the migration.
    PageChange.objects.using(using).create(group=EVERYTHING)


def drop_all(using="default", **kwargs) -> None:
    """Drop every trigger of ours, including those no longer defined."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in _find_installed(connection, cursor):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP FUNCTION {name}() CASCADE")


def _find_installed(connection, cursor) -> list[str]:
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    else:
        query = (
            "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace "
            "WHERE n.nspname = current_schema() AND proname LIKE %s"
        )
    cursor.execute(query, [PREFIX + "%"])
    return sorted(row[0] for row in cursor.fetchall())


def list_statements(vendor: str) -> dict[str, tuple[str, list[str]]]:
    """Return table and statements of each trigger by its name in the database, for the proof of the records' tables."""
    notes = {PREFIX + note.name: (note.table, create_sql(note, vendor)) for note in get_notes(vendor)}
    wake = {f"{PREFIX}told": (PageChange._meta.db_table, create_wake_sql())} if vendor == "postgresql" else {}
    return notes | wake
