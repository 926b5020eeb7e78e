"""Create lists, villages and permissions where they are missing, after every migrate."""

from django.apps import apps as registry
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate, post_save
from django.utils.text import slugify
from wagtail.models import GroupPagePermission, Page

from home.models import HomePage
from home.models.base import ReferencePage
from moderation import sop
from news.models import Kind, NewsIndexPage, Village

#: Permissions on reference pages: the Sekretaris publishes, the Sekretariat prepares drafts.
EDITORS = {
    sop.Role.SEKRETARIS: ("add_page", "change_page", "publish_page"),
    sop.Role.SEKRETARIAT: ("add_page", "change_page"),
}
#: Permissions on what citizens type for the words of the pages.
SYNONYMS = ("add_synonym", "change_synonym", "delete_synonym")
#: Tree depth of the sections, the front page's children.
SECTION_DEPTH = 3


def connect(app) -> None:
    """Connect the signals of migrations and new sections."""
    post_migrate.connect(set_up, sender=app)
    post_save.connect(open_new_section, dispatch_uid="home_open_new_section")


def set_up(apps=registry, **kwargs) -> None:
    """Create what is missing; do nothing when migrate stops before these tables exist."""
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
    """Create the villages of the office's file where there are none."""
    if Village.objects.exists():
        return
    Village.objects.bulk_create(
        Village(name=fact.name, first_name=fact.name, slug=slugify(fact.name), code=fact.code)
        for fact in settings.OFFICE_FACTS.villages
    )


def make_lists() -> None:
    """Create the list of each kind of item below the front page."""
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
    """Return the sections of reference pages, without the lists of news."""
    pages = Page.objects.filter(depth=SECTION_DEPTH).specific()
    return [page for page in pages if isinstance(page, ReferencePage)]


def open_new_section(sender, instance, created=False, **kwargs) -> None:
    """Grant the editors their permissions on a new section."""
    if created and isinstance(instance, ReferencePage) and instance.depth == SECTION_DEPTH:
        grant_section(instance)


def grant_section(page) -> None:
    """Grant the editors their permissions on a section and its descendants."""
    for role, codenames in EDITORS.items():
        group, _created = Group.objects.get_or_create(name=str(role))
        for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames):
            GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def grant_settings() -> None:
    """Grant the Sekretaris the office's settings, its categories, and what citizens type."""
    # Django creates an app's permissions after the app's own post_migrate handlers.
    for name in ("home", "news"):
        create_permissions(registry.get_app_config(name), verbosity=0)
    group, _created = Group.objects.get_or_create(name=str(sop.Role.SEKRETARIS))
    granted = ("change_officesettings", "add_newscategory", "change_newscategory", *SYNONYMS)
    group.permissions.add(*Permission.objects.filter(codename__in=granted))
