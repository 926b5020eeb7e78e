"""Watch the pages of the site that a verified text links to.

Wagtail resolves such a link when the page is read: its ``href`` changes with the linked page's address and is dead once
that page is taken down. The line of a publication holds the addresses of that day; a change by the application is told
to the Sekretaris and logged with the new ones, and the nightly proof names every other one, and what is dead.
"""

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_slug_changed, page_unpublished, post_page_move

from moderation import sop
from moderation.evidence import audit
from moderation.evidence.references import list_references
from moderation.models import AuditEntry, PublicationPermit
from moderation.models.roles import users_with_role
from moderation.people import notifications
from moderation.ports.official_step import in_official_step


def get_facts(page_class, content: dict) -> dict:
    """Return the addresses of the pages that a text links to, for its line; without links nothing is queried."""
    keys = _list_linked(page_class, content)
    return {"links": _read_addresses(keys)} if keys else {}


def find_all_problems(permits, page_class) -> dict[int, list[str]]:
    """Return what is wrong with the links of live texts, one phrase each, by page; without links nothing is queried."""
    linked = {permit.page_id: _list_linked(page_class, permit.revision.content) for permit in permits}
    linked = {page_id: keys for page_id, keys in linked.items() if keys}
    if not linked:
        return {}
    told = AuditEntry.objects.filter(page_id__in=linked, data__has_key="links").order_by("sequence")
    known = dict(told.values_list("page_id", "data__links"))
    pages = {
        str(page.pk): page for page in Page.objects.filter(pk__in={key for keys in linked.values() for key in keys})
    }
    found = {page_id: _find_dead(keys, known.get(page_id) or {}, pages) for page_id, keys in linked.items()}
    return {page_id: problems for page_id, problems in found.items() if problems}


def _find_dead(keys, known, pages) -> list[str]:
    problems = []
    for key in keys:
        page = pages.get(key)
        if page is None:
            problems.append(f"halaman nomor {key}, yang tidak ada lagi")
        elif not page.live:
            problems.append(f"“{page.title}”, yang tidak tayang")
        elif known.get(key, page.url_path) != page.url_path:
            problems.append(f"“{page.title}”, yang alamatnya berubah dari {known[key]} menjadi {page.url_path}")
    return problems


def tell_of_change(sender, instance, **kwargs) -> None:
    """Tell the Sekretaris which live items link to a page that moved or was taken down, and write it down."""
    if in_official_step():
        return
    pages = {str(page.pk): page for page in instance.get_descendants(inclusive=True)}
    kind = ContentType.objects.get_for_model(Page)
    found = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id__in=pages, base_content_type=kind)
    linking = {int(key) for key in found.values_list("object_id", flat=True)}
    if not linking:
        return
    permits = PublicationPermit.objects.executed().filter(page__in=linking)
    for permit in permits.select_related("disposition", "revision", "page"):
        page_class = permit.page.specific_class
        keys = set(_list_linked(page_class, permit.revision.content)) & pages.keys()
        if keys:
            _tell(permit, page_class, [pages[key] for key in sorted(keys)])


def _tell(permit, page_class, changed) -> None:
    item = permit.disposition
    what = "; ".join(f"“{page.title}” {_describe(page)}" for page in changed)
    audit.append(
        action="link_changed",
        disposition=item,
        user=get_active_log_context().user,
        reason=what,
        data=get_facts(page_class, permit.revision.content),
    )
    body = (
        f"Berita yang tayang menaut ke halaman yang berubah: {what}. Bila perlu, buka ralat untuk mengubah tautannya."
    )
    for user in users_with_role(sop.Role.SEKRETARIS):
        subject = f"Tautan pada {item.register_number} berubah"
        notifications.tell(user, subject, body, item, address=reverse("moderation:worksheet", args=[item.pk]))


def _describe(page) -> str:
    return f"kini beralamat {page.url_path}" if page.live else "tidak tayang lagi"


def _list_linked(page_class, content) -> list[str]:
    found = list_references(page_class, content)
    own = {field.name for field in Page._meta.concrete_fields}
    return sorted({one.key for one in found if issubclass(one.model, Page) and one.model_path not in own})


def _read_addresses(keys) -> dict[str, str]:
    return {str(key): path for key, path in Page.objects.filter(pk__in=keys).values_list("pk", "url_path")}


def connect() -> None:
    """Connect to Wagtail's signals; called once from ``AppConfig.ready``."""
    for signal in (page_slug_changed, post_page_move, page_unpublished):
        signal.connect(tell_of_change, dispatch_uid="moderation_links")
