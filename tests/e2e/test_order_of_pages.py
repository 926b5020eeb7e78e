"""The explorer says why pages cannot be put before a list with items in it, and shows the true order."""

from home.models import HomePage, StandardPage


def test_a_refused_order_is_told(office, login):
    office.bring_to("live")
    front = HomePage.objects.get()
    front.add_child(instance=StandardPage(title="Satu", slug="satu"))
    page = login("admin", width=360)
    page.goto(f"/admin/pages/{front.pk}/?ordering=ord")
    moved = page.locator("tr:has-text('Satu')")
    moved.locator("[data-w-orderable-target=handle]").drag_to(page.locator("tr:has-text('Berita') td").first)
    page.wait_for_selector("text=halaman dengan materi di dalamnya tidak dipindahkan")
    assert "Data kantor" in page.locator(".messages").inner_text()
    assert front.get_children().last().title == "Satu"
