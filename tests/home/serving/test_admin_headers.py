"""The admin's Content-Security-Policy lets exactly Wagtail's own inline scripts run."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from home.serving.admin_headers import set_admin_headers
from home.serving.public_headers import SELF_CONTAINED, PublicHeadersMiddleware

pytestmark = pytest.mark.db_agnostic


def read_policy(html: str, path="/admin/pages/9/edit/") -> dict[str, list[str]]:
    response = HttpResponse(html)
    set_admin_headers(RequestFactory().get(path), response)
    parts = (part.split(" ") for part in response["Content-Security-Policy"].split("; "))
    return {name: sources for name, *sources in parts}


def list_scripts(html: str) -> list[str]:
    return read_policy(html)["script-src"]


@pytest.mark.parametrize(
    "script",
    [
        'new ImageChooser("id_main_image", {"modalUrl": "/admin/"});',
        r'initDateChooser("id_body\u002D0", {"format": "d"});',
    ],
)
def test_a_field_of_wagtail_runs(script):
    assert len(list_scripts(f"<p><script>{script}</script></p>")) == 2


@pytest.mark.parametrize(
    "script",
    [
        "alert(1)",
        'new ImageChooser("id_a", {"modalUrl": "/"});alert(1)',
        'new ImageChooser("id_a", {"a": 1});alert({"b": 2});',
        'new ImageChooser("id_a", {"a": alert(1)});',
        'new ImageChooser("id_a", alert(1));',
        'alert("id_a", {"Chooser(": 1});',
    ],
)
def test_nothing_else_runs(script):
    assert list_scripts(f"<p><script>{script}</script></p>") == ["'self'"]


def test_styles_stand_in_a_page_only_where_a_rich_text_is_edited():
    colours = read_policy("<style>p { color: red }</style>")["style-src-elem"]
    assert "'unsafe-inline'" not in colours
    assert len(colours) == 3, "the site itself, the desk's colours and those of a preview"
    rich = '<script src="/static/wagtailadmin/js/draftail.0f5bd2f.js"></script>'
    assert read_policy(rich)["style-src-elem"] == ["'self'", "'unsafe-inline'"]
    assert read_policy(rich)["style-src-attr"] == ["'none'"]


def test_forms_lead_out_only_where_a_channel_is_connected():
    for path, leads_out in (("/admin/kanal/1/", True), ("/admin/antrean/", False)):
        response = HttpResponse("")
        set_admin_headers(RequestFactory().get(path), response)
        assert ("form-action 'self' https: http:" in response["Content-Security-Policy"]) == leads_out


def test_a_policy_of_the_view_stays():
    response = HttpResponse("", headers={"Content-Security-Policy": "default-src 'none'; sandbox"})
    set_admin_headers(RequestFactory().get("/admin/"), response)
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_signing_out_leaves_nothing_in_the_browser():
    for method, cleared in (("post", True), ("get", False)):
        response = HttpResponse("")
        set_admin_headers(getattr(RequestFactory(), method)("/admin/logout/"), response)
        assert ("Clear-Site-Data" in response) == cleared


@pytest.mark.parametrize("status", sorted(SELF_CONTAINED))
def test_a_page_that_stands_alone_loads_nothing(status):
    """Its own style aside."""
    response = PublicHeadersMiddleware(lambda request: HttpResponse("", status=status))(RequestFactory().get("/"))
    assert response["Content-Security-Policy"] == settings.SELF_CONTAINED_POLICY
    assert response["Permissions-Policy"] == settings.PUBLIC_HEADERS["Permissions-Policy"]
