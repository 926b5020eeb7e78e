"""What counts as a change of a public page: triggers that note it in the transaction that makes it.

A draft, a step of the chain or a login changes no public page and leaves no note.
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

from moderation.models import Disposition, ListedItem, OfficeProcedure, PublicInformation
from moderation.triggers import differs
from news.models import NewsPage

from .groups import EVERYTHING, GENERAL, MEDIA, of_category
from .models import PageChange, PageGeneration

PREFIX = "page_change_"
#: Columns of a page that no citizen sees.
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
#: Columns that are filled in when somebody first asks for them.
COMPUTED = {"file_hash", "file_size"}
#: The type that the index of references gives every page, and the types of what stands around pages.
_PAGE_TYPE = "SELECT id FROM django_content_type WHERE app_label = 'wagtailcore' AND model = 'page'"
_SHARED_TYPES = "SELECT id FROM django_content_type WHERE app_label IN ('home', 'news')"


@dataclass(frozen=True)
class Note:
    """After ``operation`` on ``table``, where ``condition`` holds, note each of ``groups`` (SQL expressions)."""

    name: str
    table: str
    operation: str
    condition: str
    groups: tuple[str, ...]


def get_notes(vendor: str) -> list[Note]:
    """Return every trigger; what an app adds to its public models is found here by itself."""
    return [*_page_notes(vendor), *_own_table_notes(vendor), *_other_notes(vendor)]


def _quote(group: str) -> str:
    return f"'{group}'"


def _page_notes(vendor) -> Iterator[Note]:
    """The rows that all pages have, live ones only."""
    table = Page._meta.db_table
    shown = [field.column for field in Page._meta.local_concrete_fields if field.column not in UNSEEN]
    changed = f"(NEW.live OR OLD.live) AND {differs(vendor, *shown)}"
    yield Note("page_insert", table, "INSERT", "NEW.live", _groups_of_page("NEW.id"))
    yield Note("page_shown", table, "UPDATE", changed, _groups_of_page("NEW.id"))
    # A picture that this page showed may now be shown by none.
    yield Note("page_hidden", table, "UPDATE", f"OLD.live AND {differs(vendor, *shown)}", (_quote(MEDIA),))
    yield Note("page_delete", table, "DELETE", "OLD.live", (_quote(EVERYTHING),))


def _groups_of_page(key: str) -> tuple[str, ...]:
    """An item of the news stands in lists and beside others of its category, any other page in all menus.

    Where anything else refers to the item, a menu, a banner or another page, everything may show it.
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
    """What the classes of pages add: their own columns and their child rows."""
    for model in apps.get_models():
        if issubclass(model, Page) and model is not Page and not model._meta.proxy:
            yield from _class_notes(vendor, model)
        for field in model._meta.local_concrete_fields:
            # Wagtail's own child rows of every page are permissions, comments and the like.
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
    """What stands around pages, and what several of them share."""
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
    # Where a reference ends, a file may be public no more.
    yield _make_note(ReferenceIndex, "DELETE", _is_public_reference("OLD"), MEDIA)
    shown = ("activity_date", "activity_place", "classification", "page_id", "register_number")
    yield _make_note(Disposition, "UPDATE", f"{differs(vendor, *shown)} AND {_is_live('NEW.page_id')}", GENERAL)
    for model in (PublicInformation, ListedItem, OfficeProcedure):
        for operation in ("INSERT", "UPDATE", "DELETE"):
            yield _make_note(model, operation, "", GENERAL)


def _is_public_reference(row: str) -> str:
    """Say whether a row of the index of references is that of a live page, or of what stands around pages."""
    key = f"CASE WHEN {row}.base_content_type_id IN ({_PAGE_TYPE}) THEN CAST({row}.object_id AS integer) END"
    return f"({row}.base_content_type_id IN ({_SHARED_TYPES}) OR {_is_live(key)})"


def _is_on_a_page(model, key: str) -> str:
    """Say whether something public refers to the picture or document."""
    kind = f"app_label = '{model._meta.app_label}' AND model = '{model._meta.model_name}'"
    return (
        f"EXISTS (SELECT 1 FROM {ReferenceIndex._meta.db_table} f "
        f"WHERE f.to_object_id = CAST({key} AS varchar(255)) "
        f"AND f.to_content_type_id IN (SELECT id FROM django_content_type WHERE {kind}) "
        f"AND {_is_public_reference('f')})"
    )


def _list_shared_models():
    """Sites, restrictions, and every model of the public apps that is neither page, child, picture nor file."""
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
    """Return the statements that install the trigger; on PostgreSQL its function comes first."""
    name, table = PREFIX + note.name, PageChange._meta.db_table
    if vendor == "sqlite":
        # One writer at a time: a note without a generation is this transaction's own, or will be settled after it.
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


def install_all(using="default", **kwargs) -> None:
    """Install every trigger anew, and the one row that counts; nothing happens before all tables exist."""
    connection = connections[using]
    notes = get_notes(connection.vendor)
    tables = {*(note.table for note in notes), PageChange._meta.db_table, PageGeneration._meta.db_table}
    if not tables <= set(connection.introspection.table_names()):
        return
    drop_all(using)
    now = timezone.now()
    PageGeneration.objects.using(using).get_or_create(defaults={"began_at": now, "settled_at": now})
    # What a migration changed, it changed while nobody noted.
    PageChange.objects.using(using).create(group=EVERYTHING)
    with connection.cursor() as cursor:
        for note in notes:
            for statement in create_sql(note, connection.vendor):
                cursor.execute(statement)


def drop_all(using="default", **kwargs) -> None:
    """Drop every trigger of ours, also those that are no longer asked for."""
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
