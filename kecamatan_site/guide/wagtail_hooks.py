"""Add the guide to the desk."""

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from wagtail import hooks

from moderation.wagtail_hooks import DeskMenuItem


@hooks.register("register_admin_urls")
def register_guide_urls():
    return [path("panduan/", include("kecamatan_site.guide.urls"))]


@hooks.register("register_admin_menu_item")
def register_guide_menu_item():
    return DeskMenuItem("Panduan", reverse("guide:index"), name="panduan", icon_name="help", order=9000)


@hooks.register("insert_global_admin_css")
def add_link_css():
    """Add the style of the question mark."""
    return format_html('<link rel="stylesheet" href="{}">', static("guide/link.css"))
