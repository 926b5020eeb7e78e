"""Every screen that a role can reach speaks Indonesian."""

import pytest

from .support import language
from .support.factories import make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

ACCOUNTS = ("ppid", "sekretaris", "sekretariat", "staf1", "bidang", "pemantau")


@pytest.fixture
def filled_office(office):
    """An item at each step that has a screen of its own, and some pictures."""
    make_photo()
    for state in ("disposed", "received", "composing", "awaiting_correction", "awaiting_verification", "verified"):
        office.bring_to(state)
    office.bring_to("ordered")
    office.open_ralat(office.bring_to("live"))
    return office


def test_no_screen_of_any_role_speaks_english(filled_office, client):
    english = {}
    for account in ACCOUNTS:
        client.force_login(filled_office.people[account])
        screens = 0
        for address, html in language.crawl(client):
            screens += 1
            found = [phrase for phrase in language.read_spoken(html) if language.find_english(phrase)]
            if found:
                english[account, address] = sorted(set(found))[:10]
        assert screens > 8, account
    assert english == {}


def test_english_is_told_from_indonesian():
    assert language.find_english("Save this page") == ["Save", "this", "page"]
    assert language.find_english("Sidik isi 3e92 a91d 61be") == []
    assert language.find_english("Simpan halaman ini sebagai draf untuk warga desa Mojogedang") == []
