"""Triggers of the tree and of sites: what citizens read stays at its address (I10)."""

from typing import Any

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from moderation.models import AuditEntry, Disposition, ModeratedPage, PublicationPermit

from ..triggers import Trigger, differs

#: The action of the line without which a site's host does not change.
SITE_ADDRESS = "site_address"

_HIDDEN = "halaman memuat berita yang tayang atau pernah tayang"
_KEPT = "alamat berita yang tayang atau pernah tayang tetap"
_FORMER = "alamat lama sebuah berita menuju berita itu"
_MOVED = "halaman dengan materi di dalamnya tidak dipindahkan"


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers in the SQL dialect of the database."""
    return [*_tree_triggers(vendor), *_redirect_triggers(vendor), *_access_triggers(), *_site_triggers(vendor)]


def _published_below(path: str, extra: str = "") -> str:
    """Return SQL: an item in or below the path is live or was."""
    return (
        f"EXISTS (SELECT 1 FROM {PublicationPermit._meta.db_table} p JOIN {Page._meta.db_table} n ON n.id = p.page_id "
        f"WHERE p.completed_at IS NOT NULL AND n.path LIKE {path} || '%'{extra})"
    )


def _item_below(path: str) -> str:
    """Return SQL: an item, live or not, is in or below the path."""
    return (
        f"EXISTS (SELECT 1 FROM {Disposition._meta.db_table} d JOIN {Page._meta.db_table} n ON n.id = d.page_id "
        f"WHERE n.path LIKE {path} || '%')"
    )


def _tree_triggers(vendor) -> list[Trigger]:
    table = Page._meta.db_table
    taken = (
        f"EXISTS (SELECT 1 FROM {table} q WHERE q.slug = NEW.slug AND q.depth = NEW.depth AND q.id <> NEW.id "
        f"AND {_get_parent('q.path')} = {_get_parent('NEW.path')} AND {_item_below('q.path')})"
    )
    former = (
        f"EXISTS (SELECT 1 FROM {Site._meta.db_table} s JOIN {table} h ON h.id = s.root_page_id "
        f"JOIN {Redirect._meta.db_table} r ON r.old_path = substr(NEW.url_path, length(h.url_path), "
        f"length(NEW.url_path) - length(h.url_path)) WHERE length(NEW.url_path) > length(h.url_path) "
        f"AND r.redirect_page_id <> NEW.id AND {_is_kept('r')})"
    )
    # Wagtail looks no further below a page that says it has no children; a list asks by path.
    far_below = _published_below("OLD.path", " AND n.depth > OLD.depth + 1")
    emptied = f"(NEW.numchild = 0 AND OLD.numchild <> 0 AND OLD.depth > 1 AND {far_below})"
    moved = f"({differs(vendor, 'path', 'depth')} AND {_item_below('OLD.path')})"
    renamed = f"{differs(vendor, 'slug', 'url_path', 'content_type_id')} AND {_published_below('OLD.path')}"
    elsewhere = differs(vendor, "slug", "path", "depth")
    return [
        Trigger("page_moved", table, "UPDATE", f"{moved} OR {emptied}", _MOVED),
        Trigger("page_address", table, "UPDATE", renamed, _KEPT),
        Trigger("page_taken_insert", table, "INSERT", taken, "alamat ini milik sebuah materi"),
        Trigger("page_taken_update", table, "UPDATE", f"{elsewhere} AND {taken}", "alamat ini milik sebuah materi"),
        Trigger("page_former_insert", table, "INSERT", former, _FORMER),
        Trigger("page_former_update", table, "UPDATE", f"{differs(vendor, 'url_path')} AND {former}", _FORMER),
        Trigger("page_gone", table, "DELETE", _item_below("OLD.path"), "halaman dengan materi tidak dihapus"),
        *(
            Trigger(
                f"{model._meta.model_name}_gone",
                model._meta.db_table,
                "DELETE",
                f"EXISTS (SELECT 1 FROM {table} g WHERE g.id = OLD.{model._meta.pk.column} "
                f"AND {_published_below('g.path')})",
                "halaman dengan materi tidak dihapus",
            )
            for model in _list_classes_above()
        ),
    ]


def _is_kept(row: str) -> str:
    """Return SQL: Wagtail made this redirect where an item that is live or was once had its address."""
    return (
        f"({row}.automatically_created AND EXISTS (SELECT 1 FROM {PublicationPermit._meta.db_table} k "
        f"WHERE k.page_id = {row}.redirect_page_id AND k.completed_at IS NOT NULL))"
    )


def _redirect_triggers(vendor) -> list[Trigger]:
    """Return triggers that keep the way from an item's former address to it."""
    table = Redirect._meta.db_table
    changed = differs(vendor, "old_path", "site_id", "redirect_page_id", "redirect_link", "automatically_created")
    return [
        Trigger("redirect_change", table, "UPDATE", f"{changed} AND {_is_kept('OLD')}", _FORMER),
        Trigger("redirect_gone", table, "DELETE", _is_kept("OLD"), _FORMER),
    ]


def _get_parent(path: str) -> str:
    return f"substr({path}, 1, length({path}) - {Page.steplen})"


def _list_classes_above() -> list[type[Page]]:
    """Return the page classes that may stand above a moderated page."""
    found: list[type[Page]] = []
    waiting: list[Any] = list(ModeratedPage.__subclasses__())
    while waiting:
        parents = [model for model in waiting.pop().clean_parent_page_models() if model not in (Page, *found)]
        found += parents
        waiting += parents
    return found


def _access_triggers() -> list[Trigger]:
    """Return triggers against unpublishing or restricting a page above what is live or was."""
    page, restriction = Page._meta.db_table, PageViewRestriction._meta.db_table
    closed = _published_below(f"(SELECT r.path FROM {page} r WHERE r.id = NEW.page_id)")
    above = f"OLD.live AND NOT NEW.live AND {_published_below('NEW.path', ' AND n.id <> NEW.id')}"
    return [
        Trigger("page_above", page, "UPDATE", above, _HIDDEN),
        Trigger("restriction_insert", restriction, "INSERT", closed, _HIDDEN),
        Trigger("restriction_update", restriction, "UPDATE", closed, _HIDDEN),
    ]


def _site_triggers(vendor) -> list[Trigger]:
    """Return triggers that keep the one site: its host changes with a line of the log, nothing else of its place."""
    table, log = Site._meta.db_table, AuditEntry._meta.db_table
    published = f"EXISTS (SELECT 1 FROM {PublicationPermit._meta.db_table} p WHERE p.completed_at IS NOT NULL)"
    host = "a.data->>'hostname'" if vendor == "postgresql" else "json_extract(a.data, '$.hostname')"
    port = "(a.data->>'port')::integer" if vendor == "postgresql" else "json_extract(a.data, '$.port')"
    logged = (
        f"EXISTS (SELECT 1 FROM {log} a WHERE a.action = '{SITE_ADDRESS}' AND {host} = NEW.hostname "
        f"AND {port} = NEW.port AND NOT EXISTS (SELECT 1 FROM {log} b WHERE b.action = '{SITE_ADDRESS}' "
        "AND b.sequence > a.sequence))"
    )
    place = differs(vendor, "root_page_id", "is_default_site")
    changed = f"({place} OR ({differs(vendor, 'hostname', 'port')} AND NOT {logged})) AND {published}"
    message = "alamat situs dengan berita yang tayang atau pernah tayang tetap"
    beside = f"EXISTS (SELECT 1 FROM {table} s)"
    return [
        Trigger("site_insert", table, "INSERT", f"{beside} OR {published}", "satu pemasangan melayani satu situs"),
        Trigger("site_change", table, "UPDATE", changed, message),
        Trigger("site_gone", table, "DELETE", published, message),
    ]
