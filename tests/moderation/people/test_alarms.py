"""Alarms of the watches: once for each difference, and once more when it is mended."""

import pytest
from django.utils import timezone

from moderation.models import Discrepancy, Notification, Watch
from moderation.people import alarms
from moderation.people.alarms import Found, settle

pytestmark = pytest.mark.django_db
ALARM = "Peringatan: yang diterima warga berbeda dari yang diverifikasi"
ADVERT = Found("/a/", "tautan", "", "a http://slot.example")


@pytest.fixture
def watch(office):
    return Watch.objects.create(part=Watch.Part.SITE, due_at=timezone.now())


def take_mails() -> list[tuple[str, str]]:
    """Return subject and recipient of the mails since the last call."""
    mails = sorted(Notification.objects.values_list("subject", "recipient__username"))
    Notification.objects.all().delete()
    return mails


def to_all(subject) -> list[tuple[str, str]]:
    return [(subject, name) for name in ("ppid", "sekretaris", "sekretaris2")]


def test_one_alarm_for_each_difference_and_one_when_it_is_mended(watch):
    settle(watch, ["/a/"], [])
    assert take_mails() == []
    settle(watch, ["/a/"], [ADVERT])
    assert take_mails() == to_all(ALARM)
    settle(watch, ["/a/"], [ADVERT])
    settle(watch, ["/b/"], [])
    assert take_mails() == []
    assert Discrepancy.objects.get().mended_at is None
    settle(watch, ["/a/"], [])
    assert take_mails() == to_all("Pulih: Situs yang diterima warga")
    assert Discrepancy.objects.get().mended_at is not None
    settle(watch, ["/a/"], [ADVERT])
    assert take_mails() == to_all(ALARM), "it came back"


@pytest.mark.db_agnostic
def test_the_same_change_of_many_pages_is_one_alarm_until_the_last_is_mended(watch):
    pages = [Found(f"/{number}/", "tautan", "", ADVERT.received) for number in range(8)]
    settle(watch, ["/0/", "/1/"], pages[:2])
    assert "/0/ dan 1 tempat lain" in Notification.objects.first().body
    take_mails()
    settle(watch, ["/2/"], [*pages[2:], Found("/2/", "teks", "", "Slot gacor")])
    assert take_mails() == []
    settle(watch, [page.place for page in pages[:-1]], [])
    assert take_mails() == []
    settle(watch, ["/7/"], [])
    assert take_mails() == to_all("Pulih: Situs yang diterima warga")


@pytest.mark.db_agnostic
def test_a_mail_shows_both_versions_and_no_link_of_the_attacker(watch):
    settle(
        watch,
        ["/a/"],
        [Found("/a/", "teks", "Isi\x00 resmi", "Isi http://slot.example\n0812-3456-7890", "sebagai ponsel")],
    )
    body = Notification.objects.first().body
    assert "SEHARUSNYA: Isi" in body
    assert "DITERIMA: Isi hxxp://slot.example" in body
    assert "Dilihat sebagai ponsel" in body
    assert "0812-3456-7890" not in body


def test_what_is_kept_is_bounded(watch, monkeypatch):
    monkeypatch.setattr(alarms, "KEPT", 5)
    long = "x" * (alarms.LONGEST + 10)
    settle(watch, [], [Found(f"/{number}/" + long, "teks", "\x00" + long, str(number) + long) for number in range(9)])
    assert Discrepancy.objects.count() == 5
    assert len(Discrepancy.objects.first().expected) == alarms.LONGEST
    assert Notification.objects.first().body.count("SEHARUSNYA") == alarms.TOLD
