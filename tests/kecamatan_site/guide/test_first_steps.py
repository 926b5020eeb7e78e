"""Langkah pertama: each step's state is that of the database; the panel goes when all is done."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.models import OfficeSettings, ServicePage, VillagePage
from home.starter import make_starter_pages
from kecamatan_site.guide import first_steps
from moderation import sop
from news.models import NewsCategory
from news.social.models import Account
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def read_states() -> dict[str, bool]:
    return {step.code: step.is_done for step in first_steps.find_steps(first_steps.read_ticks(0))}


def tick(client, code, on="1"):
    return client.post(reverse("guide:first_step", args=[code]), {"on": on})


def test_a_new_office_is_led_from_step_to_step_until_the_panel_goes(db, log_in):
    admin = make_user("admin", is_staff=True, is_superuser=True)
    client = log_in(admin)
    OfficeSettings.objects.update(address="", phone="", email="", hours="")
    NewsCategory.objects.all().delete()
    Account.objects.update(enabled=False)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Langkah pertama" in page
    assert "alamat kantor, telepon, surel, jam layanan" in page
    assert all(duty in page for role, duty in sop.DUTIES.items() if role != sop.OBSERVER_GROUP)
    assert not any(read_states().values())

    OfficeSettings.objects.update(address="Jalan Contoh 1", phone="1", email="k@contoh.go.id", hours="Senin")
    make_starter_pages()
    both = make_user("rangkap", *sop.Role)
    assert read_states() == {
        "kantor": True,
        "petugas": False,
        "kategori": True,
        "halaman": False,
        "kanal": False,
        "materi": False,
    }
    assert "Bidang memerlukan seorang" in client.get(reverse("wagtailadmin_home")).content.decode()
    verifier = make_user("bidang", sop.Role.BIDANG)
    assert read_states()["petugas"]
    get_user_model().objects.filter(pk=verifier.pk).update(is_active=False)
    assert not read_states()["petugas"]
    get_user_model().objects.filter(pk=verifier.pk).update(is_active=True)
    assert both.is_active

    for code in ("halaman", "kanal"):
        assert tick(client, code).status_code == 302
    tick(client, "kanal", on="0")
    assert (read_states()["halaman"], read_states()["kanal"]) == (True, False)
    Account.objects.update_or_create(
        key="telegram", defaults={"kind": "telegram", "label": "Telegram", "enabled": True}
    )
    assert read_states()["kanal"]
    # Another administrator finds what the first one said.
    other = make_user("admin2", is_staff=True, is_superuser=True)
    assert "Langkah pertama" in log_in(other).get(reverse("wagtailadmin_home")).content.decode()


def test_an_office_without_settings_gets_them(office):
    OfficeSettings.objects.all().delete()
    assert not read_states()["kantor"]
    assert OfficeSettings.objects.count() == 1


def test_the_panel_goes_when_the_first_item_is_live(office, log_in):
    item = office.bring_to("awaiting_correction")
    step = first_steps.find_steps(set())[-1]
    assert (step.is_done, step.links[0][0]) == (False, item.get_absolute_url())
    assert item.state_label in step.told
    office.bring_to("live", item)
    client = log_in(office.admin)
    OfficeSettings.objects.update(address="Jalan Contoh 1", phone="1", email="k@contoh.go.id", hours="Senin")
    for code in first_steps.TICKED:
        tick(client, code)
    assert all(read_states().values())
    assert "Langkah pertama" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_it_is_the_administrators_and_stays_folded(office, log_in):
    client = log_in(office.admin)
    home = reverse("wagtailadmin_home")
    assert '<details class="desk-fold" open>' in client.get(home).content.decode()
    tick(client, "terlipat")
    assert '<details class="desk-fold">' in client.get(home).content.decode()
    tick(client, "terlipat", on="0")
    assert '<details class="desk-fold" open>' in client.get(home).content.decode()
    assert tick(client, "petugas").status_code == 404
    for name in ("ppid", "staf1", "pemantau"):
        person = log_in(office.people[name])
        assert "Langkah pertama" not in person.get(home).content.decode()
        assert tick(person, "halaman").status_code in {302, 403}
    assert not read_states()["halaman"]


def test_empty_rows_are_counted_and_the_queries_stay_the_same(office):
    make_starter_pages()
    pages = [*ServicePage.objects.live(), *VillagePage.objects.live()]
    gaps = sum(not getattr(page, name) for page in pages for name in getattr(page, "FACTS", ("duration", "cost")))
    assert gaps
    assert f" {gaps} isian" in first_steps.find_steps(set())[3].told

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            first_steps.find_steps(first_steps.read_ticks(office.admin.pk))
        return len(queries)

    few = count()
    for number in range(30):
        make_user(f"orang{number}", sop.Role.STAF)
        NewsCategory.objects.create(name=f"Kategori {number}", slug=f"kategori-{number}")
    assert count() == few == 2
