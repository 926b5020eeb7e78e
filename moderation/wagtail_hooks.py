"""Puts the desk into Wagtail's admin, and takes out of it what would lead around the SOP."""

from django.contrib.messages import get_messages
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PageLockedMenuItem,
    SaveDraftMenuItem,
    SubmitForModerationMenuItem,
)
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from . import sop
from .desk.document_access import hide_unpublished
from .desk.home_panel import WaitingPanel
from .desk.views.office.checklists import may_edit_checklists
from .desk.views.office.worktime import may_set_time
from .models import Disposition, ModeratedPage, prefetch_dispositions
from .models.roles import may_see_desk
from .people import appointments, preferences
from .records import queue
from .review import exemptions

hooks.register("before_serve_document", hide_unpublished)
hooks.register("register_account_settings_panel", preferences.NotificationPreferencePanel)
HAND_OVER = sop.get_action("hand_over")
#: Reports and help of Wagtail's own about screens that the SOP has put out of service.
_WITHOUT_USE = {"workflows", "workflow-tasks", "locked-pages"}


@hooks.register("register_admin_urls")
def register_desk_urls():
    """The desk's addresses, below /admin/."""
    return [path("", include("moderation.desk.urls"))]


@hooks.register("insert_global_admin_css")
def add_desk_css():
    """The style of the desk's screens, and of the worksheet among them."""
    sheets = [(static(f"moderation/{name}.css"),) for name in ("desk", "worksheet", "time", "privacy", "changes")]
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_global_admin_js")
def add_guard_of_length():
    """What would be too long for the server stays in the form."""
    return format_html_join("", '<script src="{}" defer></script>', [(static("moderation/too-long.js"),)])


@hooks.register("insert_editor_js")
def add_live_check():
    """The personal-data check and the posts of what is being typed, and names for the rich text fields."""
    scripts = [(static(f"moderation/{name}.js"),) for name in ("privacy", "posts", "editor")]
    return format_html_join("", '<script src="{}" defer></script>', scripts)


class DeskMenuItem(MenuItem):
    """A menu entry for everybody who works in the chain or watches it."""

    def is_shown(self, request):
        return may_see_desk(request.user)


@hooks.register("register_admin_menu_item")
def register_queue_menu_item():
    return DeskMenuItem("Antrean", reverse("moderation:queue"), name="antrean", icon_name="tasks", order=200)


@hooks.register("register_admin_menu_item")
def register_disposition_menu_item():
    return DeskMenuItem(
        "Disposisi", reverse("moderation:disposition_list"), name="disposisi", icon_name="form", order=210
    )


@hooks.register("register_admin_menu_item")
def register_letter_menu_item():
    return DeskMenuItem("Surat masuk", reverse("moderation:letters"), name="surat-masuk", icon_name="mail", order=215)


@hooks.register("register_admin_menu_item")
def register_register_menu_item():
    return DeskMenuItem(
        "Daftar publikasi", reverse("moderation:register"), name="daftar-publikasi", icon_name="list-ul", order=220
    )


@hooks.register("register_admin_menu_item")
def register_public_information_menu_item():
    return DeskMenuItem("DIP", reverse("moderation:public_information"), name="dip", icon_name="list-ol", order=222)


@hooks.register("register_admin_menu_item")
def register_calendar_menu_item():
    return DeskMenuItem("Kalender", reverse("moderation:calendar"), name="kalender", icon_name="calendar", order=225)


@hooks.register("register_admin_menu_item")
def register_report_menu_item():
    return DeskMenuItem("Laporan", reverse("moderation:report"), name="laporan", icon_name="history", order=240)


class WorkTimeMenuItem(MenuItem):
    """In the settings of those who decide about them; the others find it from the report."""

    def is_shown(self, request):
        return may_set_time(request.user)


@hooks.register("register_settings_menu_item")
def register_work_time_menu_item():
    return WorkTimeMenuItem(
        "Waktu kerja dan target", reverse("moderation:work_time"), name="waktu-kerja", icon_name="time", order=905
    )


class ChecklistMenuItem(MenuItem):
    """In the settings of those who write the lists; the others meet them on the worksheet."""

    def is_shown(self, request):
        return may_edit_checklists(request.user)


@hooks.register("register_settings_menu_item")
def register_checklist_menu_item():
    return ChecklistMenuItem(
        "Daftar periksa", reverse("moderation:checklists"), name="daftar-periksa", icon_name="list-ul", order=906
    )


class ActingMenuItem(MenuItem):
    """In the settings of those who appoint."""

    def is_shown(self, request):
        return appointments.may_appoint(request.user)


@hooks.register("register_settings_menu_item")
def register_acting_menu_item():
    return ActingMenuItem(
        "Pejabat pengganti", reverse("moderation:acting_list"), name="pejabat-pengganti", icon_name="group", order=900
    )


@hooks.register("construct_main_menu")
def hide_what_roles_cannot_use(request, menu_items):
    """The people of the chain get the desk and their tools; reports and help are the superuser's."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name not in {"reports", "help"}]
    for item in menu_items:
        if item.name == "reports":
            # "Laporan" is the office's own report.
            item.label = "Laporan situs"


@hooks.register("construct_reports_menu")
def hide_stock_workflow_reports(request, menu_items):
    """The register and the queue tell more than Wagtail's reports about its own workflows."""
    menu_items[:] = [item for item in menu_items if item.name not in _WITHOUT_USE]


@hooks.register("construct_homepage_panels")
def show_what_waits(request, panels):
    """One panel of the SOP instead of Wagtail's panels about workflows, locks and latest edits,
    which ask about each page one by one."""
    stock = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel, LockedPagesPanel, RecentEditsPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, stock)]
    if may_see_desk(request.user):
        panels.append(WaitingPanel(request))


# After Wagtail's apps, which come later in INSTALLED_APPS, have put theirs in.
@hooks.register("construct_homepage_summary_items", order=1000)
def count_work_and_not_files(request, summary_items):
    """How many pages, pictures and documents there are is nobody's task; the menu leads to them."""
    summary_items.clear()


class HandOverMenuItem(SubmitForModerationMenuItem):
    """Row 5: Wagtail's own submit button under the name that the SOP gives it."""

    def get_context_data(self, parent_context):
        return super().get_context_data(parent_context) | {"label": HAND_OVER.label}


class WorksheetMenuItem(ActionMenuItem):
    """The way from the editor to the item's worksheet."""

    name = "action-worksheet"
    label = "Buka lembar kerja"
    icon_name = "clipboard-list"

    def is_shown(self, context):
        return True

    def get_url(self, parent_context):
        return parent_context["page"].specific.disposition.get_absolute_url()


@hooks.register("construct_explorer_page_queryset")
def fetch_dispositions_at_once(parent_page, pages, request):
    """Wagtail's list of pages asks for each row whether the user may edit it."""
    return prefetch_dispositions(pages)


@hooks.register("construct_page_action_menu")
def keep_to_the_sop(menu_items, request, context):
    """The editor of a moderated page saves, hands over and leads to the worksheet; no more."""
    page = context.get("page")
    if page is None or not isinstance(page, ModeratedPage):
        return
    kept = []
    for item in menu_items:
        if isinstance(item, SubmitForModerationMenuItem):
            kept.append(HandOverMenuItem(order=item.order))
        elif isinstance(item, (SaveDraftMenuItem, PageLockedMenuItem)):
            kept.append(item)
    if page.disposition is not None:
        kept.append(WorksheetMenuItem(order=1000))
    menu_items[:] = kept


@hooks.register("after_edit_page")
def lead_to_the_worksheet(request, page):
    """After the hand-over: the worksheet, with a banner that says who holds the item now."""
    if not isinstance(page, ModeratedPage) or "action-submit" not in request.POST:
        return None
    item = Disposition.objects.select_related("assigned_to").filter(page_id=page.pk).first()
    if item is None or item.state != HAND_OVER.to:
        return None
    # Wagtail has just said the same in its own words; reading the messages takes them off.
    list(get_messages(request))
    messages.success(
        request,
        f"“{page.title}”: materi diserahkan untuk dikoreksi. {queue.describe_position(item)}",
        buttons=[messages.button(reverse("moderation:queue"), "Buka antrean")],
    )
    if page.get_proposed_classification() == sop.EXEMPT:
        messages.warning(request, exemptions.EXEMPT_HINT)
    return redirect(item)
