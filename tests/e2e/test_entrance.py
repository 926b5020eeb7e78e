"""The way in: citizens without JavaScript and cookies, the office through the form."""

import pytest

ACCOUNTS = ("ppid", "sekretaris", "sekretariat", "staf1", "bidang", "pemantau", "admin")


def watch(page):
    """Everything the page asks for, and every error its scripts raise."""
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    return asked, errors


@pytest.mark.parametrize("path", ["/", "/cari/?q=irigasi", "/tidak-ada/"])
def test_a_citizen_reads_without_javascript_cookies_and_third_parties(new_page, server, path):
    page = new_page(javascript=False, width=360)
    asked, _ = watch(page)
    page.goto(path)
    assert page.locator("h1").first.is_visible()
    assert page.locator("html").get_attribute("lang") == "id"
    assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
    assert page.context.cookies() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_role_gets_into_the_admin(sign_in, account):
    page = sign_in(account)
    asked, errors = watch(page)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").first.is_visible()
    assert errors == []
    assert [url for url in asked if "gravatar" in url] == []
