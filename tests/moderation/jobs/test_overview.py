"""The screen Keutuhan: site, channels, log and roles, green or the first difference."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.management.jobs import integrity, witness
from moderation.models import Watch
from moderation.people.alarms import Found, settle
from moderation.people.role_audit import note_holders
from tests.moderation.jobs.test_integrity import change_live_text

pytestmark = pytest.mark.django_db


def see(client) -> dict[str, str]:
    """Return the verdicts of the screen by their labels, with all that is said of each."""
    soup = BeautifulSoup(client.get(reverse("moderation:integrity")).content, "html.parser")
    lines = [one.get_text(" ", strip=True) for one in soup.select(".desk-sights > li")]
    return {line.partition(":")[0]: line.partition(":")[2].strip() for line in lines}


def watch_everything() -> list[Watch]:
    now = timezone.now()
    return [
        Watch.objects.create(part=part, due_at=now, looked_at=now, round_ended_at=now, round_size=3)
        for part in Watch.Part
    ]


def test_nothing_is_called_whole_before_anybody_looked(office, log_in):
    told = see(log_in(office.people["ppid"]))
    assert [told[name][:16] for name in ("Situs", "Kanal", "Jejak audit dan berita")] == ["belum diketahui "] * 3
    assert told["Peran"].startswith("utuh")


def test_all_is_green_and_each_shows_its_first_difference(office, log_in, settings, tmp_path, monkeypatch):
    settings.WITNESS_DIR = str(tmp_path)
    item = office.bring_to("live")
    site, channels = watch_everything()
    integrity.run_now()
    note_holders()
    witness.run_due()
    client = log_in(office.sekretaris)
    assert all(line.startswith("utuh") for line in see(client).values()), see(client)
    settle(site, [], [Found("https://situs.example/", "tautan", "", "slot gacor"), Found("/b/", "teks", "a", "b")])
    settle(channels, [], [Found("Mastodon", "tidak lewat SOP", "", "Halo")])
    change_live_text(item)
    integrity.run_now()
    office.people["pemantau"].groups.through.objects.create(
        user=office.people["pemantau"], group=Group.objects.get(name="Sekretaris")
    )
    (tmp_path / witness.FILE_NAME).write_text("bukan saksi\n")
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    witness.run_due()
    monkeypatch.undo()
    told = see(client)
    assert "https://situs.example/: tautan." in told["Situs"]
    assert "Lihat semua 2 perbedaan" in told["Situs"]
    assert "Mastodon: tidak lewat SOP." in told["Kanal"]
    assert item.register_number in told["Jejak audit dan berita"]
    assert "pemantau" in told["Peran"]
    assert all(line.startswith("tidak utuh") for line in told.values())
    page = client.get(reverse("moderation:discrepancies")).content.decode()
    assert "slot gacor" in page


@pytest.mark.db_agnostic
def test_a_watch_that_stopped_is_not_green(office, log_in):
    watch_everything()
    Watch.objects.update(looked_at=timezone.now() - timedelta(hours=40))
    told = see(log_in(office.sekretaris))
    assert "Penjagaan berhenti" in told["Situs"]
    assert "Penjagaan berhenti" in told["Kanal"]
    Watch.objects.update(looked_at=timezone.now(), round_ended_at=timezone.now() - timedelta(hours=40))
    assert see(log_in(office.sekretaris))["Situs"].startswith("belum diketahui")


@pytest.mark.db_agnostic
def test_the_menu_leads_those_there_whom_alarms_reach(office, client):
    shown = set()
    for name in ("ppid", "sekretaris", "staf1", "bidang", "admin", "pemantau"):
        client.force_login(office.people[name])
        if "Keutuhan" in client.get(reverse("wagtailadmin_home")).content.decode():
            shown.add(name)
    assert shown == {"ppid", "sekretaris", "admin"}
    assert client.get(reverse("moderation:integrity")).status_code == 200
    client.logout()
    assert client.get(reverse("moderation:discrepancies")).status_code == 302


@pytest.mark.db_agnostic
def test_the_screens_ask_the_same_of_many_differences(office, client):
    client.force_login(office.admin)
    [site, _channels] = watch_everything()
    settle(site, [], [Found("/0/", "teks")])

    def count(name) -> int:
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    few = [count(name) for name in ("moderation:integrity", "moderation:discrepancies")]
    settle(site, [], [Found(f"/{number}/", "teks", "", str(number)) for number in range(40)])
    assert [count(name) for name in ("moderation:integrity", "moderation:discrepancies")] == few
    assert few[0] <= 20, few
