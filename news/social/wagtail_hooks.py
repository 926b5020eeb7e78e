"""Puts the ledger into the admin."""

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from moderation.roles import may_see_desk

from . import images, views
from .home_panel import TroublePanel

_urls = [
    path("", views.IndexView.as_view(), name="index"),
    path("<int:pk>/", views.DeliveryView.as_view(), name="delivery"),
    path("tindak-lanjut/<int:pk>/<slug:code>/", views.FollowUpView.as_view(), name="follow_up"),
    path("<int:pk>/periksa/", views.CheckView.as_view(), name="check"),
    path("<int:pk>/<slug:code>/", views.DecisionView.as_view(), name="decision"),
    path("akun/<slug:key>/lanjutkan/", views.ResumeView.as_view(), name="resume"),
]


@hooks.register("register_admin_urls")
def register_ledger_urls():
    """The ledger's addresses, below /admin/unggahan/."""
    return [path("unggahan/", include((_urls, "social")))]


class _LedgerMenuItem(MenuItem):
    def is_shown(self, request):
        return may_see_desk(request.user)


@hooks.register("register_admin_menu_item")
def register_ledger_menu_item():
    """The menu entry of everybody who works in the chain or watches it."""
    return _LedgerMenuItem("Unggahan", reverse("social:index"), name="unggahan", icon_name="upload", order=230)


@hooks.register("construct_homepage_panels")
def show_trouble(request, panels):
    """What of the posts needs a person, for everybody who reads the ledger."""
    if may_see_desk(request.user):
        panels.append(TroublePanel())


@hooks.register("register_image_operations")
def register_padding():
    """What networks with fixed ratios need of a picture."""
    return [("padding", images.Padding)]
