"""Wagtail's own screens work under the admin's Content-Security-Policy: the browser refuses nothing."""

from tests.support.factories import make_photo

SCREENS = (
    "/admin/pages/",
    "/admin/pages/{page}/edit/",
    "/admin/pages/{page}/history/",
    "/admin/images/add/",
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
        answer = page.goto(address.format(page=front.pk, photo=photo.pk))
        assert answer.status == 200, address
        policy = answer.headers["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        assert "camera=()" in answer.headers["permissions-policy"]
        page.wait_for_load_state("networkidle")
    assert refused == {}


def test_a_script_that_is_not_wagtails_does_not_run(login):
    """Not even one that looks like the start of a field."""
    page = login("admin")
    page.route(
        "**/admin/antrean/",
        lambda route: _add(route, '<script>new ImageChooser("id_a", {"modalUrl": "/"});window.harm = 1</script>'),
    )
    page.goto("/admin/antrean/")
    assert page.evaluate("window.harm") is None


def _add(route, script):
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</body>", f"{script}</body>"))
