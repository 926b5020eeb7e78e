"""What a site always has, made after every migrate where it is missing: the lists, the villages, the rights."""

from django.apps import apps as registry
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate, post_save
from django.utils.text import slugify
from wagtail.models import GroupPagePermission, Page

from moderation import sop

#: The 13 villages in the order of their codes (Kemendagri, 33.13.15).
VILLAGES = (
    "Sewurejo",
    "Ngadirejo",
    "Mojogedang",
    "Pojok",
    "Mojoroto",
    "Kaliboto",
    "Buntar",
    "Gebyog",
    "Gentungan",
    "Pendem",
    "Pereng",
    "Munggur",
    "Kedungjeruk",
)
_FIRST_CODE = 2001
_DISTRICT = "33.13.15"

#: Who keeps the reference pages: the Sekretaris publishes, the Sekretariat prepares drafts.
EDITORS = {
    sop.Role.SEKRETARIS: ("add_page", "change_page", "publish_page"),
    sop.Role.SEKRETARIAT: ("add_page", "change_page"),
}
#: Below the front page, where its sections stand.
SECTION_DEPTH = 3


def connect(app) -> None:
    """Watch for migrations and for new sections."""
    post_migrate.connect(set_up, sender=app)
    post_save.connect(open_new_section, dispatch_uid="home_open_new_section")


def set_up(apps=registry, **kwargs) -> None:
    """Make what is missing; a migrate that stops before these tables exist is none of its business."""
    try:
        apps.get_model("news", "NewsIndexPage")._meta.get_field("kind")
        apps.get_model("home", "ServicePage")
    except LookupError:
        return
    make_villages()
    make_lists()
    grant_settings()
    for page in list_sections():
        grant_section(page)


def make_villages() -> None:
    """Enter the villages of the kecamatan, once."""
    from news.models import Village

    if Village.objects.exists():
        return
    Village.objects.bulk_create(
        Village(name=name, slug=slugify(name), code=f"{_DISTRICT}.{_FIRST_CODE + place}")
        for place, name in enumerate(VILLAGES)
    )


def make_lists() -> None:
    """Make the list of each kind of item below the front page."""
    from news.models import Kind, NewsIndexPage

    from .models import HomePage

    front = HomePage.objects.first()
    if front is None:
        return
    existing = set(NewsIndexPage.objects.values_list("kind", flat=True))
    for kind in Kind:
        if kind not in existing:
            front.add_child(
                instance=NewsIndexPage(title=kind.label, slug=kind.value, kind=kind.value, show_in_menus=True)
            )


def list_sections():
    """Return the sections of reference pages; a list of the news is never one."""
    from .models.base import ReferencePage

    pages = Page.objects.filter(depth=SECTION_DEPTH).specific()
    return [page for page in pages if isinstance(page, ReferencePage)]


def open_new_section(sender, instance, created=False, **kwargs) -> None:
    """Let the editors into a section that was just added."""
    from .models.base import ReferencePage

    if created and isinstance(instance, ReferencePage) and instance.depth == SECTION_DEPTH:
        grant_section(instance)


def grant_section(page) -> None:
    """Give the editors their rights on one section and what is below it."""
    for role, codenames in EDITORS.items():
        group, _created = Group.objects.get_or_create(name=str(role))
        for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames):
            GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def grant_settings() -> None:
    """Let the Sekretaris keep the office's data, menus, highlights and banners."""
    # Django makes the permissions of an app after this app's own handlers have run.
    create_permissions(registry.get_app_config("home"), verbosity=0)
    group, _created = Group.objects.get_or_create(name=str(sop.Role.SEKRETARIS))
    group.permissions.add(Permission.objects.get(codename="change_officesettings"))
