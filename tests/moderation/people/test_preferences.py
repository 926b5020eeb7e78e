"""Mail preferences: every mail, a daily digest, or none; reminders by a colleague."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.chain.transitions import take
from moderation.management.jobs import digests
from moderation.models import Notification, NotificationPreference
from moderation.people import notifications, whatsapp
from tests.support.factories import EXEMPTION, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

NIK = "3313010101900001"
Mode = NotificationPreference.Mode


def prefer(user, mode=Mode.EACH, **more):
    return NotificationPreference.objects.create(user=user, mode=mode, **more)


def recipients():
    return sorted(Notification.objects.values_list("recipient__username", flat=True))


#: Expected recipients of each step's mail.
TOLD = [
    ("disposed", "forward", "sekretaris", {}, ["sekretariat"]),
    ("disposed", "recall", "ppid", {"comment": "x"}, []),
    ("forwarded", "recall_forwarding", "sekretaris2", {"comment": "x"}, ["sekretaris"]),
    ("assigned", "recall_assignment", "sekretariat", {"comment": "x"}, []),
    ("composing", "hand_over", "staf1", {}, ["sekretaris", "sekretaris2"]),
    ("awaiting_correction", "return_to_staf", "sekretaris2", {"comment": "x"}, ["staf1"]),
    ("awaiting_correction", "declare_corrected", "sekretaris", {}, ["bidang", "bidang2"]),
    ("awaiting_verification", "return_to_sekretaris", "bidang2", {"comment": "x"}, ["sekretaris"]),
    ("awaiting_verification", "mark_exempt", "bidang", EXEMPTION, ["ppid"]),
    ("awaiting_verification", "cancel", "ppid", {"comment": "x"}, []),
    ("awaiting_verification", "verify", "bidang", verdict, ["sekretaris", "sekretaris2"]),
    ("verified", "order", "sekretaris2", {"channels": [], "left_out_reason": "Cukup di website."}, ["staf1"]),
    ("verified", "return_to_correction", "sekretaris2", {"comment": "x"}, ["sekretaris"]),
    ("ordered", "return_to_correction", "sekretaris2", {"comment": "x"}, ["sekretaris"]),
]


def test_who_is_told(office):
    """Try each step from one item on its way, and roll it back."""
    item = office.issue()
    for state, action, by, data, told in TOLD:
        item = office.bring_to(state, item)
        with transaction.atomic():
            Notification.objects.all().delete()
            take(item, action, office.people[by], data() if callable(data) else data)
            assert recipients() == told, (state, action)
            transaction.set_rollback(True)


def test_who_is_told_of_an_exemption(office):
    item = office.bring_to("held_exempt")
    for action, told in (("release_exempt", ["bidang"]), ("confirm_exempt", [])):
        with transaction.atomic():
            Notification.objects.all().delete()
            take(item, action, office.ppid, {"comment": "x"})
            assert recipients() == told, action
            transaction.set_rollback(True)


def test_whoever_lost_the_role_is_not_told_of_a_return(office):
    item = office.bring_to("awaiting_verification")
    Notification.objects.all().delete()
    office.sekretaris.groups.clear()
    take(item, "return_to_sekretaris", office.bidang, {"comment": "Perbaiki."})
    assert recipients() == ["sekretaris2"]


def test_subjects_begin_with_what_is_asked(office):
    office.bring_to("ordered")
    verbs = {subject.partition(":")[0] for subject in Notification.objects.values_list("subject", flat=True)}
    assert verbs == {
        "Teruskan",
        "Terima",
        "Susun",
        "Koreksi",
        "Verifikasi",
        "Perintahkan tayang",
        "Tayangkan",
    }


def test_a_mail_says_what_changed_since_the_round_before(office):
    item = office.bring_to("awaiting_verification")
    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Perbaiki."})
    office.write(item, user=office.sekretaris, lead="Ringkasan yang diperbaiki.")
    Notification.objects.all().delete()
    take(item, "declare_corrected", office.sekretaris)
    body = Notification.objects.first().body
    assert "Perubahan sejak putaran sebelumnya: " in body
    assert "ringkasan" in body.lower()
    assert "Ringkasan yang diperbaiki." not in body


def test_no_number_of_a_person_leaves_the_house(office):
    item = office.issue(subject=f"Warga ber-NIK {NIK}")
    item = take(item, "forward", office.sekretaris, {"comment": f"Hapus NIK {NIK}."})
    notifications.send_due_notifications()
    sent = "".join(f"{found.subject}{found.body}{found.alternatives}" for found in mail.outbox)
    assert mail.outbox
    assert NIK not in sent
    assert NIK not in whatsapp.write_text(item)


def test_a_typed_address_becomes_no_link_and_markup_no_markup(office, settings):
    item = office.bring_to("awaiting_verification")
    Notification.objects.all().delete()
    take(item, "return_to_sekretaris", office.bidang, {"comment": "Lihat <a href='//x.example'>ini</a>"})
    notifications.send_due_notifications()
    (sent,) = mail.outbox
    html, kind = sent.alternatives[0]
    assert kind == "text/html"
    assert html.count("<a ") == 1
    assert f'href="{settings.WAGTAILADMIN_BASE_URL}{item.get_absolute_url()}"' in html
    assert sent.body.count("http") == 1


def test_an_address_that_cannot_be_written_holds_up_nobody(office):
    office.issue()
    type(office.sekretaris).objects.filter(pk=office.sekretaris.pk).update(email="a@b.id\nBcc: c@d.id")
    assert notifications.send_due_notifications() == 1
    assert [found.to for found in mail.outbox] == [["sekretaris2@contoh.go.id"]]


class TestOff:
    def test_no_mail_of_what_waits(self, office):
        prefer(office.sekretaris, Mode.OFF)
        office.issue()
        assert recipients() == ["sekretaris2"]

    def test_what_cannot_wait_is_told_all_the_same(self, office):
        prefer(office.sekretaris, Mode.OFF)
        prefer(office.sekretaris2, Mode.DAILY)
        office.issue(is_urgent=True)
        assert recipients() == ["sekretaris", "sekretaris2"]
        assert not Notification.objects.filter(in_digest=True).exists()


class TestDigest:
    NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Jakarta"))

    @pytest.fixture
    def clock(self, monkeypatch):
        def set_to(moment):
            monkeypatch.setattr(timezone, "now", lambda: moment)

        return set_to

    @pytest.mark.parametrize(("hour", "day"), [(13, 23), (12, 24), (7, 24)])
    def test_the_next_time_the_office_s_clock_shows_the_hour(self, hour, day):
        at = notifications.get_digest_time(self.NOON, hour)
        assert (timezone.localtime(at).day, timezone.localtime(at).hour, at.minute) == (day, hour, 0)

    def test_one_mail_at_the_hour_with_all_that_still_waits(self, office, clock, settings):
        prefer(office.sekretaris, Mode.DAILY, digest_hour=13)
        clock(self.NOON)
        first, second, third = office.issue(), office.issue(), office.issue()
        take(third, "forward", office.sekretaris2)
        clock(self.NOON + timedelta(minutes=59))
        assert digests.send_digests() == 0
        clock(self.NOON + timedelta(hours=1))
        assert digests.send_digests() == 1
        (sent,) = mail.outbox
        assert sent.to == ["sekretaris@contoh.go.id"]
        assert sent.subject == "Ringkasan harian: 2 materi menunggu Anda"
        assert f"Teruskan: {first.subject}" in sent.body
        assert f"{settings.WAGTAILADMIN_BASE_URL}{second.get_absolute_url()}" in sent.body
        assert third.subject not in sent.body
        assert digests.send_digests() == 0
        notifications.send_due_notifications()
        assert ["sekretaris@contoh.go.id"] not in [found.to for found in mail.outbox[1:]]

    def test_nothing_left_to_tell_is_not_told(self, office, clock):
        prefer(office.sekretaris, Mode.DAILY, digest_hour=13)
        clock(self.NOON)
        take(office.issue(), "forward", office.sekretaris2)
        clock(self.NOON + timedelta(hours=2))
        assert digests.send_digests() == 0
        assert mail.outbox == []
        assert not Notification.objects.filter(in_digest=True, sent_at=None).exists()

    def test_switched_off_meanwhile_it_is_not_sent(self, office, clock):
        preference = prefer(office.sekretaris, Mode.DAILY, digest_hour=13)
        clock(self.NOON)
        office.issue()
        preference.mode = Mode.OFF
        preference.save()
        clock(self.NOON + timedelta(hours=2))
        assert digests.send_digests() == 0
        assert mail.outbox == []

    def test_a_server_that_is_away_loses_no_digest(self, office, clock, settings):
        prefer(office.sekretaris, Mode.DAILY, digest_hour=13)
        clock(self.NOON)
        office.issue()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        clock(self.NOON + timedelta(hours=1))
        assert digests.send_digests() == 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        clock(self.NOON + timedelta(hours=2))
        assert digests.send_digests() == 1


class TestAccountScreen:
    def save(self, client, **changes):
        page = client.get(reverse("wagtailadmin_account"))
        data = {}
        for panels in page.context["panels_by_tab"].values():
            for panel in panels:
                for field in panel.get_form():
                    data[field.html_name] = field.value() if field.value() is not None else ""
        data = {name: value for name, value in data.items() if not name.startswith(("password", "avatar"))}
        names = {"name_email-first_name": "Sri", "name_email-last_name": "Lestari"}
        return client.post(reverse("wagtailadmin_account"), data | names | changes)

    def test_each_sets_their_own(self, office, log_in):
        client = log_in(office.sekretaris)
        changes = {
            "pemberitahuan-mode": "daily",
            "pemberitahuan-digest_hour": "15",
            "pemberitahuan-phone": "0812-3456-7890",
        }
        assert self.save(client, **changes).status_code == 302
        preference = NotificationPreference.objects.get()
        assert (preference.user, preference.mode, preference.digest_hour) == (office.sekretaris, "daily", 15)
        assert preference.phone == "081234567890"

    def test_odd_values_are_refused(self, office, log_in):
        client = log_in(office.sekretaris)
        for field, value in (
            ("mode", "kadang"),
            ("digest_hour", "99"),
            ("phone", "javascript:alert(1)"),
            ("phone", "0271123"),
        ):
            response = self.save(client, **{f"pemberitahuan-{field}": value})
            assert response.status_code == 200, value
        assert not NotificationPreference.objects.exists()

    def test_wagtail_s_own_preferences_without_effect_are_gone(self, office, log_in):
        for user in (office.sekretaris, office.admin):
            page = log_in(user).get(reverse("wagtailadmin_account")).content.decode()
            assert "Pemberitahuan alur SOP" in page
            assert "submitted_notifications" not in page

    def test_a_visitor_is_asked_to_log_in(self, client):
        assert client.get(reverse("wagtailadmin_account")).status_code == 302


class TestReminder:
    def link(self, client, item):
        found = client.get(item.get_absolute_url()).context["reminders"]
        return [(reminder.name, urlsplit(reminder.address)) for reminder in found]

    def test_it_names_item_step_and_worksheet_and_goes_to_the_holder(self, office, log_in, settings):
        prefer(office.staf1, phone="+6281234567890")
        item = office.bring_to("composing")
        ((name, address),) = self.link(log_in(office.sekretariat), item)
        assert name == "staf1"
        assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", "/6281234567890")
        (text,) = parse_qs(address.query)["text"]
        assert item.subject in text
        assert "Penyusunan materi" in text
        assert f"{settings.WAGTAILADMIN_BASE_URL}{item.get_absolute_url()}" in text

    def test_without_a_number_the_sender_chooses(self, office, log_in):
        item = office.bring_to("composing")
        ((name, address),) = self.link(log_in(office.sekretariat), item)
        assert (name, address.path) == ("", "/")

    def test_nobody_reminds_themselves_and_nobody_of_what_has_ended(self, office, log_in):
        item = office.bring_to("composing")
        assert self.link(log_in(office.staf1), item) == []
        item = take(item, "cancel", office.sekretaris, {"comment": "Tidak jadi."})
        assert self.link(log_in(office.sekretariat), item) == []

    def test_a_hostile_subject_stays_text(self, office, log_in):
        item = office.issue(subject='"><script>&text=x#')
        ((_name, address),) = self.link(log_in(office.ppid), item)
        assert len(parse_qs(address.query)["text"]) == 1
        assert "<script>" not in log_in(office.ppid).get(item.get_absolute_url()).content.decode()

    def test_an_urgent_item_says_so(self, office):
        item = office.issue(is_urgent=True)
        assert sop.FAST_LANE in whatsapp.write_text(item)
