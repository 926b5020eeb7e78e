"""A real browser on a real server: pages as the office's people and citizens see them."""

import os
import tempfile
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from tests.support.chromium import find_chromium
from tests.support.factories import PASSWORD, Office

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that asks a third party for anything fails to get it, here too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
#: Milliseconds that a page may take for anything: a busy machine is no fault of the page.
PATIENCE = 60_000
SCREENSHOTS = Path(tempfile.gettempdir()) / "mojogedang-screenshots"


def pytest_collection_modifyitems(items):
    """Every test of this folder is a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Leaves on the item what became of the test, for the screenshots."""
    report = yield
    if report.when == "call":
        item.failed_in_call = report.failed
    return report


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """One Chromium for all tests of a process."""
    # Playwright's event loop runs in the thread of the tests, where Django would then refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def server(live_server, settings):
    """The site on a free port, with what the migrations put into the database."""
    settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server


@pytest.fixture
def new_page(browser, server, request):
    """Opens a page of somebody who shares nothing with the others: new_page(javascript=False, width=360)."""
    contexts = []

    def open_page(*, javascript=True, width=1280, height=900):
        context = browser.new_context(
            base_url=server.url,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_page
    if getattr(request.node, "failed_in_call", False):
        _take_screenshots(contexts, request.node.name)
    for context in contexts:
        context.close()


def _take_screenshots(contexts, name):
    SCREENSHOTS.mkdir(exist_ok=True)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        path = SCREENSHOTS / f"{name.replace('/', '_')}-{number}.png"
        page.screenshot(path=path, full_page=True)
        print(f"screenshot: {path}")


@pytest.fixture
def office(server):
    """The people of the office, in the database that the server sees."""
    return Office.open()


@pytest.fixture
def sign_in(new_page, office):
    """Opens a page and signs in through the form: sign_in("sekretaris")."""

    def sign_in(name, **options):
        page = new_page(**options)
        page.goto("/admin/login/")
        page.fill("input[name=login]", getattr(office, name).username)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    return sign_in


@pytest.fixture
def login(new_page, office, server):
    """Opens a blank page whose session has signed in, through the form but past the browser: login("sekretaris").

    What the browser makes of the form is the matter of ``test_entrance`` and ``test_sign_in``.
    """

    def log_in(name, **options):
        client = Client()
        answer = client.post("/admin/login/", {"login": getattr(office, name).username, "password": PASSWORD})
        assert answer.headers["location"] == "/admin/"
        page = new_page(**options)
        cookies = [{"name": cookie.key, "value": cookie.value, "url": server.url} for cookie in client.cookies.values()]
        page.context.add_cookies(cookies)
        return page

    return log_in
