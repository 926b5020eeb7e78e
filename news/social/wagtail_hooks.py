"""Wagtail hooks: URLs, menu items and home panels of posts and accounts."""

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from moderation.models.roles import may_see_desk

from .account_screens.home_panel import EndingPanel
from .accounts.service import may_manage
from .ledger import views
from .ledger.home_panel import TroublePanel
from .outbox import images
from .sharing.urls import urlpatterns as sharing_urls

_urls = [
    path("", views.IndexView.as_view(), name="index"),
    path("pemulihan/", views.RestorationView.as_view(), name="restoration"),
    path("<int:pk>/", views.DeliveryView.as_view(), name="delivery"),
    path("tindak-lanjut/<int:pk>/<slug:code>/", views.FollowUpView.as_view(), name="follow_up"),
    path("<int:pk>/periksa/", views.CheckView.as_view(), name="check"),
    path("<int:pk>/<slug:code>/", views.DecisionView.as_view(), name="decision"),
    path("akun/<slug:key>/lanjutkan/", views.ResumeView.as_view(), name="resume"),
    *sharing_urls,
]


@hooks.register("register_admin_urls")
def register_ledger_urls():
    """Register the URLs of ledger and accounts."""
    return [path("unggahan/", include((_urls, "social"))), path("kanal/", include("news.social.account_screens.urls"))]


class _LedgerMenuItem(MenuItem):
    def is_shown(self, request):
        return may_see_desk(request.user)


@hooks.register("register_admin_menu_item")
def register_ledger_menu_item():
    """Add the ledger's menu item for every role of the chain and observers."""
    return _LedgerMenuItem("Unggahan", reverse("social:index"), name="unggahan", icon_name="upload", order=230)


class _KanalMenuItem(MenuItem):
    def is_shown(self, request):
        return may_manage(request.user)


@hooks.register("register_admin_menu_item")
def register_kanal_menu_item():
    """Add the accounts' menu item for those who may manage them."""
    return _KanalMenuItem("Kanal", reverse("kanal:index"), name="kanal", icon_name="link", order=235)


@hooks.register("construct_homepage_panels")
def show_endings(request, panels):
    """Show expiring permissions to those who can connect the account again."""
    if may_manage(request.user):
        panels.append(EndingPanel())


@hooks.register("construct_homepage_panels")
def show_trouble(request, panels):
    """Show posts that need a person to everybody who may read the ledger."""
    if may_see_desk(request.user):
        panels.append(TroublePanel())


@hooks.register("register_image_operations")
def register_padding():
    """Add the image filter for networks with fixed ratios."""
    return [("padding", images.Padding)]
