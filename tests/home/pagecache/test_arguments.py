"""Which arguments of an address a page reads; all others lead to the kept page of the bare address."""

import ast
import importlib

import pytest
from django import forms
from django.conf import settings
from django.test import RequestFactory
from wagtail.contrib.redirects.models import Redirect

from home.pagecache import arguments
from tests.home.pagecache.test_pagecache import HOST, is_kept

pytestmark = pytest.mark.db_agnostic
#: Screens of the office, which are never kept.
OF_THE_DESK = settings.BASE_DIR / "news" / "social"


def list_public_files():
    for package in ("home", "news"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if OF_THE_DESK not in path.parents and "migrations" not in path.parts:
                yield path


def is_query(node) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "GET" and ast.unparse(node.value) == "request"


def find_uses(tree):
    """Return the innermost expression around each ``request.GET`` that is read."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if is_query(node) and isinstance(node.ctx, ast.Load):
            around = parents[node]
            yield parents[around] if isinstance(around, ast.Attribute) else around


def name_arguments(path, use) -> set[str]:
    """Return what an expression reads of the query; fail at one that this test cannot judge."""
    written = ast.unparse(use)
    if isinstance(use, ast.Compare) and isinstance(use.left, ast.Constant):
        return {use.left.value}
    if isinstance(use, ast.Call) and written.startswith("request.GET.get("):
        return {use.args[0].value}
    # Hands the arguments on, and reads none.
    if written == "request.GET.copy()":
        return set()
    if isinstance(use, ast.Call) and isinstance(use.func, ast.Name):
        module = importlib.import_module(".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts))
        form = getattr(module, use.func.id)
        if issubclass(form, forms.BaseForm):
            return set(form.base_fields)
    raise AssertionError(f"{path}: {written}")


def test_the_table_is_what_the_views_read():
    read = set()
    for path in list_public_files():
        for use in find_uses(ast.parse(path.read_text())):
            read |= name_arguments(path, use)
    assert read == arguments.READ


@pytest.mark.parametrize(
    "query",
    [
        "",
        "fbclid=IwAR0_x-y",
        "utm_source=wa&utm_medium=sosial",
        "ref",
        "a=1&b",
        "mc=ada%20spasi&x=a=b",
        "Q=air",
        "qq=1",
    ],
)
def test_what_no_page_reads_is_taken_away(query):
    request = RequestFactory().get(f"/berita/?{query}")
    arguments.drop_unread(request)
    assert (request.META["QUERY_STRING"], dict(request.GET)) == ("", {})
    assert request.get_full_path() == "/berita/"


@pytest.mark.parametrize(
    "query", ["q=air", "utm_source=wa&q=air", "halaman", "%71=air", "a+b=1", "fbclid=1&%68alaman=2", "=1", "a=1&", "&&"]
)
def test_what_a_page_may_read_stays(query):
    request = RequestFactory().get(f"/berita/?{query}")
    arguments.drop_unread(request)
    assert request.META["QUERY_STRING"] == query


def test_a_shared_link_fills_the_page_of_the_bare_address(news, pages, client):
    shared = client.get(f"{news.url}?fbclid=IwAR0&utm_source=wa", **HOST)
    assert is_kept(pages, news.url)
    assert b"fbclid" not in shared.content
    assert shared.content == client.get(news.url, **HOST).content


def test_a_view_that_reads_an_argument_keeps_nothing_of_it(pages, client):
    client.get("/ppid/daftar-informasi-publik/?q=air", **HOST)
    assert not is_kept(pages, "/ppid/daftar-informasi-publik/")
    assert client.get("/cari/?utm_source=wa&q=air", **HOST).context["words"] == "air"


def test_an_old_address_with_arguments_still_leads_on(pages, client):
    Redirect.add_redirect("/lama/?id=5", redirect_to="/cari/")
    answer = client.get("/lama/?id=5", **HOST)
    assert (answer.status_code, answer["Location"]) == (301, "/cari/")
