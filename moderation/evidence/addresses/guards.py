"""Keep the addresses at which citizens read what was verified: none is moved, changed, hidden or taken (I10).

Wagtail finds a page by its slug below its parent, so an item's address is its own slug and the slugs of all pages
above it. Links of citizens, posts and cards point there. Once an item was live its address stays, also after a
take-down: it then answers 410. The same is refused past the ORM by ``moderation.evidence.addresses.triggers``.
"""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import pre_delete, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from wagtail.signals import pre_page_move

from moderation.models import Disposition, PublicationPermit
from moderation.ports.exceptions import GuardViolation
from moderation.ports.official_step import in_official_step

#: What of a page's row decides at which address it, and what lies below it, is found.
PLACE = ("slug", "url_path", "path", "depth", "content_type_id")
#: What of a site's row decides at which address its pages are found.
_SITE_PLACE = ("hostname", "port", "root_page_id", "is_default_site")


def find_published_below(path: str) -> Disposition | None:
    """Return an item in or below a place of the tree that is live or was, None without one."""
    permits = PublicationPermit.objects.exclude(completed_at=None).filter(page__path__startswith=path)
    permit = permits.select_related("disposition").first()
    return permit.disposition if permit is not None else None


def find_item_below(path: str) -> Disposition | None:
    """Return an item in or below a place of the tree, live or not, None without one."""
    return Disposition.objects.filter(page__path__startswith=path).first()


def guard_place(page: Page, stored: dict | None, update_fields=None) -> None:
    """Refuse a save that moves an item, changes its address, or puts another page at it.

    ``stored``: the values of ``PLACE`` in the database; None for a new page.
    """
    refusal = find_refusal(page, stored, update_fields)
    if refusal:
        raise GuardViolation(refusal)


def find_refusal(page: Page, stored: dict | None, update_fields=None) -> str:
    """Return why the page may not stand where this save would put it, "" when it may."""
    place = {name: _get_value(page, name, stored, update_fields) for name in PLACE}
    changed = {name for name in PLACE if stored is None or place[name] != stored[name]}
    if stored is not None:
        if changed & {"path", "depth"}:
            item = find_item_below(stored["path"])
            if item is not None:
                return describe_move(page, item)
        if changed & {"slug", "url_path", "content_type_id"}:
            item = find_published_below(stored["path"])
            if item is not None:
                return describe_change(page, item)
    if not changed & {"slug", "path", "url_path"}:
        return ""
    taken = find_refusal_to_take(place["slug"], place["path"], page.pk)
    return taken or find_refusal_at_former(place["url_path"], page.pk, stored)


def _get_value(page, name, stored, update_fields):
    is_written = stored is None or update_fields is None or {name, name.removesuffix("_id")} & set(update_fields)
    return getattr(page, name) if is_written else stored[name]


def find_refusal_of_slug(page: Page, parent: Page, slug: str) -> str:
    """Return why the page may not have this slug below its parent, "" when it may; for a form."""
    stored = Page.objects.filter(pk=page.pk).values(*PLACE).first() if page.pk else None
    if stored is not None and slug == stored["slug"]:
        return ""
    if stored is not None:
        item = find_published_below(stored["path"])
        if item is not None:
            return describe_change(page, item)
    path = stored["path"] if stored else f"{parent.path}{'0' * Page.steplen}"
    taken = find_refusal_to_take(slug, path, page.pk)
    return taken or find_refusal_at_former(f"{parent.url_path}{slug}/", page.pk, stored)


def find_refusal_to_take(slug: str, path: str, page_id: int | None = None) -> str:
    """Return why no page may have this slug at this place of the tree, "" when it may."""
    above = path[: -Page.steplen]
    alike = Page.objects.filter(slug=slug, depth=len(path) // Page.steplen, path__startswith=above)
    for page in alike.exclude(pk=page_id):
        item = find_item_below(page.path)
        if item is not None:
            return _say_taken(slug, page, item)
    return ""


def find_refusal_at_former(url_path: str, page_id: int | None, stored: dict | None) -> str:
    """Return why the page, or one below it, may not stand where a published item once had its address, "" when it
    may. Wagtail's redirect leads from there to the item."""
    address = get_address(url_path)
    if address is None:
        return ""
    at = Q(old_path=address) | Q(old_path__startswith=f"{address}/")
    former = list_kept_redirects().filter(at).exclude(redirect_page=page_id).select_related("redirect_page")
    rows = list(former.order_by("pk"))
    if not rows:
        return ""
    new = {address, *_rebase_below(stored, url_path)}
    for row in rows:
        if row.old_path in new:
            return _say_taken(row.old_path, row.redirect_page, row.redirect_page.register_item)
    return ""


def _rebase_below(stored: dict | None, url_path: str) -> Iterator[str]:
    """Yield the addresses that the pages below would have."""
    if not stored:
        return
    below = Page.objects.filter(path__startswith=stored["path"], depth__gt=stored["depth"])
    for old in below.values_list("url_path", flat=True):
        yield get_address(url_path + old.removeprefix(stored["url_path"])) or ""


def list_kept_redirects():
    """Return the redirects at which an item that is live or was once had its address."""
    published = PublicationPermit.objects.exclude(completed_at=None).filter(page_id=OuterRef("redirect_page_id"))
    return Redirect.objects.filter(Exists(published), automatically_created=True)


def get_address(url_path: str) -> str | None:
    """Return the address of a place in the tree as a redirect spells it, None outside the site."""
    for site in Site.get_site_root_paths():
        if url_path.startswith(site.root_path):
            return Redirect.normalise_path(url_path[len(site.root_path) - 1 :])
    return None


def find_page_at(path: str) -> Page | None:
    """Return the page at a path of the site, live or not; None when there is none."""
    below = f"{Redirect.normalise_path(path).partition('?')[0].strip('/')}/".removeprefix("/")
    places = [f"{root}{below}" for root in Site.objects.values_list("root_page__url_path", flat=True)]
    return Page.objects.filter(url_path__in=places).select_related("register_item").first()


def _say_taken(slug, page, item) -> str:
    return (
        f"Alamat “{slug}” di sini milik “{page.title}”, tempat warga membaca materi {item.register_number}. "
        "Gunakan alamat lain."
    )


def describe_change(page, item) -> str:
    """Return why the address of a page with this item in or below it stays."""
    return (
        f"Alamat “{page.title}” tidak dapat diubah: materi {item.register_number} tayang atau pernah tayang di sana, "
        "dan tautan warga serta unggahan menunjuk ke alamat itu."
    )


def describe_move(page, item) -> str:
    """Return why a page with this item in or below it is not moved."""
    return (
        f"“{page.title}” tidak dapat dipindahkan: materi {item.register_number} berada di sana, dan alamatnya "
        "akan berubah."
    )


def guard_move(sender, instance, **kwargs) -> None:
    """Refuse to move a page with an item in or below it, before the tree is touched."""
    item = find_item_below(instance.path)
    if item is not None:
        raise GuardViolation(describe_move(instance, item))


def guard_access(path: str) -> None:
    """Refuse to unpublish or restrict a page with items in or below it that are live or were: they, or the notice of
    their take-down, would be gone for citizens (I10)."""
    item = find_published_below(path)
    if item is not None:
        raise GuardViolation(
            f"Halaman ini memuat materi yang tayang atau pernah tayang ({item.register_number}) dan tidak dapat "
            "ditutup bagi warga. Berita diturunkan melalui lembar kerja, dengan alasan."
        )


SITE_KEPT = (
    "Alamat situs tidak dapat diubah di sini: berita tayang atau pernah tayang di bawahnya, dan tautan warga menunjuk "
    "ke sana. Nama situs diganti oleh pengelola server dengan perintah “manage.py change_site_address”, dengan alasan."
)


ONE_SITE = (
    "Satu pemasangan melayani satu situs. Pencarian, register, dan umpan situs kedua akan menampilkan isi situs "
    "pertama. Kantor lain mendapat pemasangan sendiri, dengan basis data dan domain sendiri; mintalah kepada pengelola "
    "server."
)


def is_second_site(site: Site) -> bool:
    """Say whether a save of this site would put it beside another one."""
    return not Site.objects.filter(pk=site.pk).exists() and Site.objects.exists()


def is_anything_published() -> bool:
    """Say whether any item is live or was."""
    return PublicationPermit.objects.exclude(completed_at=None).exists()


def guard_site(sender, instance, raw=False, **kwargs) -> None:
    """Refuse a second site at any time; another address or front page once anything was published."""
    if is_second_site(instance):
        raise GuardViolation(ONE_SITE)
    stored = Site.objects.filter(pk=instance.pk).values(*_SITE_PLACE).first() if instance.pk else None
    changed = {name for name in _SITE_PLACE if stored is None or stored[name] != getattr(instance, name)}
    if not changed or not is_anything_published():
        return
    if changed <= {"hostname", "port"} and in_official_step():
        return
    raise GuardViolation(SITE_KEPT)


def guard_site_deletion(sender, instance, **kwargs) -> None:
    """Refuse to delete a site once anything was published."""
    if is_anything_published():
        raise GuardViolation(SITE_KEPT)


def connect() -> None:
    """Connect the guards of moves and sites; called once from ``AppConfig.ready``."""
    pre_page_move.connect(guard_move, dispatch_uid="moderation_guard_move")
    pre_save.connect(guard_site, sender=Site, dispatch_uid="moderation_guard_site")
    pre_delete.connect(guard_site_deletion, sender=Site, dispatch_uid="moderation_guard_site_gone")
