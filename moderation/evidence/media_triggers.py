"""Triggers of what a text refers to: what a seal covers stays and stays open to citizens, what a draft names stays."""

from django.contrib.contenttypes.models import ContentType
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, Revision

from moderation import sop
from moderation.models import Disposition, PublicationPermit, SealedMedia

from .media_guards import list_named
from .triggers import Trigger, differs

#: The columns that citizens see of each kind of file.
_SHOWN = (
    (get_image_model, ("file", *(f"focal_point_{side}" for side in ("x", "y", "width", "height")))),
    (get_document_model, ("file", "title")),
)
_IN_FORCE = " AND p.revoked_at IS NULL"
_CLOSED = "berkas berita yang tayang tidak dapat ditutup bagi warga"


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers in the SQL dialect of the database."""
    return [*_file_triggers(vendor), *_collection_triggers(vendor), *_named_triggers(vendor)]


def _named_triggers(vendor) -> list[Trigger]:
    """Return triggers that keep what the newest text of an item under way, or the text of an order, names in a field;
    what a page's row names is kept by its foreign key."""
    states = ", ".join(f"'{state}'" for state in sorted(sop.OPEN_STATES))
    orders = (
        f"SELECT p.revision_id FROM {PublicationPermit._meta.db_table} p "
        "WHERE p.revoked_at IS NULL AND p.executed_at IS NULL"
    )
    drafts = (
        f"SELECT g.latest_revision_id FROM {Page._meta.db_table} g "
        f"JOIN {Disposition._meta.db_table} d ON d.page_id = g.id WHERE d.state IN ({states})"
    )
    triggers = []
    for model, names in list_named().items():
        if vendor == "postgresql":
            named = " OR ".join(f"r.content->>'{name}' = CAST(OLD.id AS text)" for name in names)
        else:
            named = " OR ".join(f"json_extract(r.content, '$.{name}') = OLD.id" for name in names)
        condition = (
            f"EXISTS (SELECT 1 FROM {Revision._meta.db_table} r WHERE (r.id IN ({orders}) OR r.id IN ({drafts})) "
            f"AND ({named}))"
        )
        message = "ini dipakai dalam naskah yang sedang berjalan"
        triggers.append(Trigger(f"{model._meta.model_name}_named", model._meta.db_table, "DELETE", condition, message))
    return triggers


def _file_triggers(vendor) -> list[Trigger]:
    """Return triggers that freeze what an order, revoked or not, covers of a file."""
    triggers = []
    for get_model, columns in _SHOWN:
        model = get_model()
        label, table = model._meta.model_name, model._meta.db_table
        sealed, in_force = _is_sealed(model, "OLD"), _is_sealed(model, "OLD", _IN_FORCE)
        closed = _is_closed(f"(SELECT c.path FROM {Collection._meta.db_table} c WHERE c.id = NEW.collection_id)")
        message = "berkas berita yang diperintahkan tayang tidak dapat diubah"
        triggers += [
            Trigger(f"{label}_change", table, "UPDATE", f"{differs(vendor, *columns)} AND {sealed}", message),
            Trigger(f"{label}_gone", table, "DELETE", sealed, message),
            Trigger(
                f"{label}_closed",
                table,
                "UPDATE",
                f"{differs(vendor, 'collection_id')} AND {in_force} AND {closed}",
                _CLOSED,
            ),
        ]
    return triggers


def _collection_triggers(vendor) -> list[Trigger]:
    """Return triggers against closing a collection with a file that citizens read, also by moving it."""
    collection, restriction = Collection._meta.db_table, CollectionViewRestriction._meta.db_table
    path = f"(SELECT r.path FROM {collection} r WHERE r.id = NEW.collection_id)"
    below = " OR ".join(_is_needed(get_model(), f"c.path LIKE {path} || '%'") for get_model, _columns in _SHOWN)
    inside = " OR ".join(_is_needed(get_model(), "c.id = NEW.id") for get_model, _columns in _SHOWN)
    moved = f"{differs(vendor, 'path')} AND {_is_closed('NEW.path')} AND ({inside})"
    return [
        Trigger("collection_moved", collection, "UPDATE", moved, _CLOSED),
        Trigger("collection_restriction_insert", restriction, "INSERT", below, _CLOSED),
        Trigger("collection_restriction_update", restriction, "UPDATE", below, _CLOSED),
    ]


def _is_sealed(model, row: str, which: str = "") -> str:
    """Return SQL: an order's seal covers the file in ``row``; ``which`` narrows down the orders ``p``."""
    return (
        f"EXISTS (SELECT 1 FROM {SealedMedia._meta.db_table} s "
        f"JOIN {PublicationPermit._meta.db_table} p ON p.id = s.permit_id "
        f"JOIN {ContentType._meta.db_table} t ON t.id = s.content_type_id "
        f"WHERE t.app_label = '{model._meta.app_label}' AND t.model = '{model._meta.model_name}' "
        f"AND s.object_id = CAST({row}.id AS varchar(64)){which})"
    )


def _is_needed(model, where: str) -> str:
    """Return SQL: an order in force covers a file of this kind in a collection ``c``."""
    return (
        f"EXISTS (SELECT 1 FROM {model._meta.db_table} m JOIN {Collection._meta.db_table} c "
        f"ON c.id = m.collection_id WHERE {where} AND {_is_sealed(model, 'm', _IN_FORCE)})"
    )


def _is_closed(path: str) -> str:
    """Return SQL: the collection at this path, or one above it, is restricted."""
    return (
        f"EXISTS (SELECT 1 FROM {CollectionViewRestriction._meta.db_table} v "
        f"JOIN {Collection._meta.db_table} a ON a.id = v.collection_id WHERE {path} LIKE a.path || '%')"
    )
