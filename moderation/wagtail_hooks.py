"""Add the desk to Wagtail's admin, and remove what would bypass the SOP."""

from django.contrib.messages import get_messages
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PageLockedMenuItem,
    SaveDraftMenuItem,
    SubmitForModerationMenuItem,
)
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.account import NameEmailSettingsPanel
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from . import sop
from .desk.document_access import hide_unpublished
from .desk.home_panel import WaitingPanel
from .desk.library.bulk import refuse_closed_collection
from .desk.library.incoming import may_send
from .desk.views.office.checklists import may_edit_checklists
from .desk.views.office.worktime import may_set_time
from .models import Disposition, ModeratedPage, prefetch_dispositions
from .models.roles import has_role, may_see_desk
from .people import appointments, preferences
from .people.account_forms import OwnNameForm
from .people.alarms import ALARMED_ROLES
from .ports.office import get_fact
from .records import queue
from .review import exemptions

hooks.register("before_serve_document", hide_unpublished)
hooks.register("before_bulk_action", refuse_closed_collection)
hooks.register("register_account_settings_panel", preferences.NotificationPreferencePanel)
# Wagtail has no setting for this form.
NameEmailSettingsPanel.form_class = OwnNameForm
HAND_OVER = sop.get_action("hand_over")
#: Wagtail's own reports and help about screens that are disabled.
_WITHOUT_USE = {"workflows", "workflow-tasks", "locked-pages"}


@hooks.register("register_admin_urls")
def register_desk_urls():
    """Register the desk's URLs, below /admin/."""
    return [path("", include("moderation.desk.urls")), path("", include("moderation.sign_in.account_urls"))]


@hooks.register("register_account_menu_item")
def link_to_security(request):
    """Lead from the account's screen to its second factors and sessions."""
    return {
        "url": reverse("mfa_index"),
        "label": "Keamanan akun",
        "help_text": "Faktor kedua, kode pemulihan, dan sesi yang terbuka.",
    }


@hooks.register("insert_global_admin_css")
def add_desk_css():
    """Add the desk's style sheets, and the office's colour in place of Wagtail's."""
    names = ("face", "desk", "worksheet/sheet", "lists/tables", "lists/time", "privacy", "changes")
    sheets = [(static(f"moderation/{name}.css"),) for name in names]
    links = format_html_join("", '<link rel="stylesheet" href="{}">', sheets)
    return format_html("{}<style>{}</style>", links, get_fact("colours").desk_css)


@hooks.register("insert_global_admin_js")
def add_desk_scripts():
    """Add the scripts that stop over-long input in the form, and say why a script was turned away."""
    scripts = [(static(f"moderation/{name}.js"),) for name in ("forms/too-long", "turned-away")]
    return format_html_join("", '<script src="{}" defer></script>', scripts)


@hooks.register("insert_editor_js")
def add_live_check():
    """Add the scripts of the live check, the live posts, saving again, and accessible names of rich text fields."""
    scripts = [(static(f"moderation/{name}.js"),) for name in ("privacy", "posts", "save-again", "editor")]
    return format_html_join("", '<script src="{}" defer></script>', scripts)


class DeskMenuItem(MenuItem):
    """Menu item for everyone with access to the desk."""

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
def register_proposal_menu_item():
    return DeskMenuItem("Usulan", reverse("moderation:proposals"), name="usulan", icon_name="comment-add", order=212)


class SendPhotosMenuItem(MenuItem):
    """Menu item for whoever may send photos from a phone."""

    def is_shown(self, request):
        return may_send(request.user)


@hooks.register("register_admin_menu_item")
def register_photos_menu_item():
    address = reverse("moderation:send_photos")
    return SendPhotosMenuItem("Kirim foto", address, name="kirim-foto", icon_name="upload", order=213)


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


class IntegrityMenuItem(MenuItem):
    """Menu item for those whom the alarms reach, and the administrator; others reach the screen from the log."""

    def is_shown(self, request):
        return request.user.is_superuser or has_role(request.user, *ALARMED_ROLES)


@hooks.register("register_admin_menu_item")
def register_integrity_menu_item():
    return IntegrityMenuItem(
        "Keutuhan", reverse("moderation:integrity"), name="keutuhan", icon_name="circle-check", order=250
    )


class WorkTimeMenuItem(MenuItem):
    """Settings item for those who may change working time; others reach it from the report."""

    def is_shown(self, request):
        return may_set_time(request.user)


@hooks.register("register_settings_menu_item")
def register_work_time_menu_item():
    return WorkTimeMenuItem(
        "Waktu kerja dan target", reverse("moderation:work_time"), name="waktu-kerja", icon_name="time", order=905
    )


class ChecklistMenuItem(MenuItem):
    """Settings item for those who may edit checklists."""

    def is_shown(self, request):
        return may_edit_checklists(request.user)


@hooks.register("register_settings_menu_item")
def register_checklist_menu_item():
    return ChecklistMenuItem(
        "Daftar periksa", reverse("moderation:checklists"), name="daftar-periksa", icon_name="list-ul", order=906
    )


class ActingMenuItem(MenuItem):
    """Settings item for those who may appoint."""

    def is_shown(self, request):
        return appointments.may_appoint(request.user)


@hooks.register("register_settings_menu_item")
def register_acting_menu_item():
    return ActingMenuItem(
        "Pejabat pengganti", reverse("moderation:acting_list"), name="pejabat-pengganti", icon_name="group", order=900
    )


@hooks.register("register_settings_menu_item")
def register_accounts_menu_item():
    return ActingMenuItem(
        "Akun petugas", reverse("moderation:accounts"), name="akun-petugas", icon_name="user", order=901
    )


@hooks.register("construct_main_menu")
def hide_what_roles_cannot_use(request, menu_items):
    """Leave the desk's items in the menu of SOP roles; show reports and help to superusers only."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name not in {"reports", "help"}]
    for item in menu_items:
        if item.name == "reports":
            # "Laporan" is the name of the office's own report.
            item.label = "Laporan situs"


@hooks.register("construct_reports_menu")
def hide_stock_workflow_reports(request, menu_items):
    """Hide Wagtail's workflow reports, which the register and the queue replace."""
    menu_items[:] = [item for item in menu_items if item.name not in _WITHOUT_USE]


@hooks.register("construct_homepage_panels")
def show_what_waits(request, panels):
    """Replace Wagtail's home panels about workflows, locks and latest edits, which query each page
    one by one, with one panel of the SOP."""
    stock = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel, LockedPagesPanel, RecentEditsPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, stock)]
    if may_see_desk(request.user):
        panels.append(WaitingPanel(request))


# Runs after Wagtail's apps, which come later in INSTALLED_APPS, have added theirs.
@hooks.register("construct_homepage_summary_items", order=1000)
def count_work_and_not_files(request, summary_items):
    """Remove Wagtail's counts of pages, images and documents from the home screen."""
    summary_items.clear()


class HandOverMenuItem(SubmitForModerationMenuItem):
    """Row 5: Wagtail's submit button, labelled as in the SOP; the main button of whoever may hand over."""

    template_name = "moderation/editor/hand_over.html"

    def get_context_data(self, parent_context):
        return super().get_context_data(parent_context) | {"label": HAND_OVER.label}


class WorksheetMenuItem(ActionMenuItem):
    """Link from the editor back to the item's worksheet; the main button of whoever decides there."""

    name = "action-worksheet"
    label = "Kembali ke lembar kerja"
    icon_name = "clipboard-list"

    def is_shown(self, context):
        return True

    def get_url(self, parent_context):
        return parent_context["page"].specific.disposition.get_absolute_url()


@hooks.register("construct_explorer_page_queryset")
def fetch_dispositions_at_once(parent_page, pages, request):
    """Prefetch dispositions for Wagtail's page list, which checks edit permission for each row."""
    return prefetch_dispositions(pages)


@hooks.register("construct_page_action_menu")
def keep_to_the_sop(menu_items, request, context):
    """Limit the editor's buttons on a moderated page to hand over, save and return to the worksheet."""
    page = context.get("page")
    if page is None or not isinstance(page, ModeratedPage):
        return
    saves = [item for item in menu_items if isinstance(item, (SaveDraftMenuItem, PageLockedMenuItem))]
    hands_over = [HandOverMenuItem() for item in menu_items if isinstance(item, SubmitForModerationMenuItem)]
    returns = [WorksheetMenuItem()] if page.disposition is not None else []
    # The first is the button that is seen, the others stand in its menu.
    menu_items[:] = [*hands_over, *saves, *returns] if hands_over else [*returns, *saves]


@hooks.register("after_edit_page")
def lead_to_the_worksheet(request, page):
    """After the hand-over, redirect to the worksheet with a message naming the new holder."""
    if not isinstance(page, ModeratedPage) or "action-submit" not in request.POST:
        return None
    item = Disposition.objects.select_related("assigned_to").filter(page_id=page.pk).first()
    if item is None or item.state != HAND_OVER.to:
        return None
    # Iterate to discard Wagtail's own success message.
    list(get_messages(request))
    messages.success(
        request,
        f"“{page.title}”: materi diserahkan untuk dikoreksi. {queue.describe_position(item)}",
        buttons=[messages.button(reverse("moderation:queue"), "Buka antrean")],
    )
    if page.get_proposed_classification() == sop.EXEMPT:
        messages.warning(request, exemptions.EXEMPT_HINT)
    return redirect(item)
