"""What citizens come for, in a browser: search, narrow, read, share, and ask whether a text is genuine."""

import pytest

from tests.support.factories import make_photo

LEAD = "Bantuan langsung tunai disalurkan kepada 52 keluarga di Desa Pendem tanpa potongan biaya apa pun."


@pytest.fixture
def news(office):
    """A live item with this lead and a picture."""
    item = office.bring_to("composing")
    photo = {"main_image": make_photo(), "main_image_alt": "Balai desa", "main_image_credit": "Dokumentasi"}
    office.write(item, title="Penyaluran BLT Dana Desa", lead=LEAD, **photo)
    return office.bring_to("live", item).get_page()


def test_search_filter_read_share_and_check(news, new_page):
    page = new_page(width=360)
    page.goto("/cari/?q=disalurkan")
    assert page.inner_text(".row--found mark") == "Penyaluran"
    page.click("main summary:text-is('Saring')")
    page.select_option("select[name=jenis]", "agenda")
    page.click("form.filter button, main form button")
    assert "Tidak ada hasil" in page.inner_text("main")
    page.click("text=Tampilkan 1 hasil tanpa saringan")
    page.click("main .row--found h2 a")
    assert page.inner_text("h1") == news.title
    links = page.eval_on_selector_all(".share a", "found => found.map(link => link.href)")
    assert [link.split("/")[2] for link in links] == ["www.facebook.com", "x.com", "wa.me", "t.me"]
    copied = page.inner_text("article")
    page.goto("/asli-atau-hoaks/")
    page.fill("textarea", copied)
    page.click("main form.check button")
    assert page.inner_text("#jawaban") == "Asli: diterbitkan oleh kantor ini"
    page.fill("textarea", LEAD.replace("52", "25"))
    page.click("main form.check button")
    assert "berbeda" in page.inner_text("#jawaban")
    assert "25" in page.inner_text(".verdict__text ins")
    assert "52" in page.inner_text(".verdict__text del")
    page.fill("textarea", "")
    page.click("main form.check button")
    assert "Tempel teks" in page.inner_text(".filter__error")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.context.cookies() == []
