"""No address but one signs anybody in, and that one asks for the second factor."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import LoginView
from django.urls import URLResolver, get_resolver, reverse

from tests.support.factories import PASSWORD

from .conftest import CODE, Browser

pytestmark = pytest.mark.django_db


def walk(patterns, above=""):
    """Yield (route, view) of every pattern."""
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def list_login_views() -> set[str]:
    """Return the addresses at which a sign-in of Django's or Wagtail's is written down."""
    found = walk(get_resolver().url_patterns)
    return {route for route, view in found if issubclass(getattr(view, "view_class", object), LoginView)}


def test_the_password_alone_opens_no_door(office, app):
    """Also at addresses of Wagtail's that stand in its own lists of addresses."""
    app.set_up(office.admin)
    doors = list_login_views()
    assert doors == {"admin/login/", "_util/login/"}, "a new sign-in: replace it in kecamatan_site/urls.py"
    for door in doors:
        browser = Browser()
        data = {"username": office.admin.username, "login": office.admin.username, "password": PASSWORD}
        answer = browser.post(f"/{door}", data)
        assert SESSION_KEY not in browser.session, door
        assert answer["Location"] in (CODE, reverse("account_login")), door


def test_a_sign_in_of_the_public_site_leads_to_ours(browser):
    assert browser.get("/_util/login/?next=/berita/")["Location"] == "/admin/login/?next=/berita/"


def test_the_office_chooses_where_the_admin_is():
    """Every address moves, and the old one is a page of the site that does not exist."""
    script = (
        "import django; django.setup()\n"
        "from django.urls import resolve, reverse\n"
        "from moderation.desk import kept_form, middleware\n"
        "names = ('wagtailadmin_login', 'account_login', 'moderation:queue', 'mfa_index', 'kanal:index')\n"
        "assert all(reverse(name).startswith('/kelola-situs/') for name in names)\n"
        "assert resolve('/kelola-situs/login/').url_name == 'account_login'\n"
        "assert resolve('/admin/login/').url_name == 'wagtail_serve'\n"
        "assert all(route.startswith('kelola-situs/') for route in kept_form._OPEN + middleware._ASKING)\n"
    )
    environment = os.environ | {"ADMIN_PATH": "/kelola-situs", "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test"}
    subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR, env=environment, check=True)
