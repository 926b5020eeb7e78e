"""Wagtail's own screens work under the admin's Content-Security-Policy: the browser refuses nothing."""

from tests.support.factories import make_photo

SCREENS = (
    "/admin/pages/",
    "/admin/pages/{page}/edit/",
    "/admin/pages/{page}/history/",
    "/admin/pages/{item}/history/",
    "/admin/pages/{item}/revisions/compare/earliest...latest/",
    "/admin/images/multiple/add/",
    "/admin/images/{photo}/",
    "/admin/documents/add/",
    "/admin/collections/add/",
    "/admin/redirects/add/",
    "/admin/settings/moderation/officeprocedure/",
    "/admin/sites/",
    "/admin/users/",
    "/admin/users/new/",
    "/admin/groups/",
    "/admin/reports/site-history/",
    "/admin/reports/workflow/",
    "/admin/login/",
    "/admin/password_reset/",
)


def test_the_browser_refuses_nothing(login, office):
    item, photo = office.bring_to("live"), make_photo()
    front = item.get_page().get_parent()
    page = login("admin")
    refused: dict[str, list[str]] = {}
    page.on(
        "console",
        lambda message: (
            refused.setdefault(page.url, []).append(message.text[:900])
            if "Content Security Policy" in message.text
            else None
        ),
    )
    for address in SCREENS:
        answer = page.goto(address.format(page=front.pk, photo=photo.pk, item=item.page_id))
        assert answer.status == 200, address
        policy = answer.headers["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        assert "style-src-attr 'none'" in policy
        assert "camera=()" in answer.headers["permissions-policy"]
        page.wait_for_load_state("networkidle")
    assert refused == {}


def test_a_rich_text_has_its_styles(login, office):
    """Draftail writes a style element into each field; what it shows in an empty one comes from it."""
    item = office.bring_to("composing")
    page = login("staf1")
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    page.locator("[data-contentpath=body] button.c-sf-add-button").last.click()
    page.locator(".w-combobox__option:visible").first.click()
    field = page.locator(".Draftail-block--empty").last
    field.wait_for()
    assert "Tulis" in field.evaluate("element => getComputedStyle(element, '::before').content")
    page.locator("button:has-text('Pilih'):visible").first.click()
    page.wait_for_selector(".modal-dialog [role=tab]")
    assert refused == []


def test_what_is_not_wagtails_does_not_run_and_is_not_drawn(login):
    """Not even a script that looks like the start of a field."""
    page = login("admin")
    harm = (
        '<script>new ImageChooser("id_a", {"modalUrl": "/"});window.harm = 1</script>'
        '<style>main { color: rgb(1, 2, 3) }</style><main id="drawn" style="color: rgb(1, 2, 3)">x</main>'
    )
    page.route("**/admin/antrean/", lambda route: _add(route, harm))
    page.goto("/admin/antrean/")
    assert page.evaluate("window.harm") is None
    assert page.evaluate("getComputedStyle(document.getElementById('drawn')).color") != "rgb(1, 2, 3)"


def _add(route, harm):
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</body>", f"{harm}</body>"))
