"""Add the doctor's screen to the desk."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .views import HealthView, may_see


@hooks.register("register_admin_urls")
def register_health_url():
    return [path("keadaan-situs/", HealthView.as_view(), name="site_health")]


class HealthMenuItem(MenuItem):
    """Settings item for those who may see the screen."""

    def is_shown(self, request):
        return may_see(request.user)


@hooks.register("register_settings_menu_item")
def register_health_menu_item():
    return HealthMenuItem("Keadaan situs", reverse("site_health"), name="keadaan-situs", icon_name="desktop", order=907)
