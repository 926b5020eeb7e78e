"""Add the guide to the desk."""

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from wagtail import hooks

from moderation.wagtail_hooks import DeskMenuItem

from . import first_steps


@hooks.register("register_admin_urls")
def register_guide_urls():
    return [path("panduan/", include("kecamatan_site.guide.urls"))]


@hooks.register("register_admin_menu_item")
def register_guide_menu_item():
    return DeskMenuItem("Panduan", reverse("guide:index"), name="panduan", icon_name="help", order=9000)


@hooks.register("construct_homepage_panels", order=1000)
def show_first_steps(request, panels):
    """Put what a new office has still to do above everything else."""
    if (panel := first_steps.find_panel(request)) is not None:
        panels.insert(0, panel)


@hooks.register("insert_global_admin_css")
def add_link_css():
    """Add the style of the question mark."""
    return format_html('<link rel="stylesheet" href="{}">', static("guide/link.css"))
