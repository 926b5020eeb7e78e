"""Acting officers: a role for some days, by decree, under separation of duties."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.chain import policy
from moderation.chain.transitions import take
from moderation.models import ActingOfficer, AuditEntry, Notification, roles
from moderation.people import appointments, notifications
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.ports.official_step import official_step
from moderation.records import queue, register
from tests.support.databases.statements import put_in_its_own_place, refused_by_trigger
from tests.support.factories import EXEMPTION, make_user, verdict

pytestmark = pytest.mark.django_db

SEKRETARIS, BIDANG, STAF, PPID = sop.Role.SEKRETARIS, sop.Role.BIDANG, sop.Role.STAF, sop.Role.PPID_PEMBANTU


def day(offset: int):
    return timezone.localdate() + timedelta(days=offset)


def sheet(user, role=SEKRETARIS, first=0, last=3, **more):
    """Return the filled form of an appointment; days count from today."""
    return {
        "user": user,
        "role": role.value,
        "kind": "Plh.",
        "decree_number": "800/12/2026",
        "decree_date": day(0),
        "starts_on": day(first),
        "ends_on": day(last),
    } | more


def appoint(office, user, role=SEKRETARIS, first=0, last=3, **more):
    """Record an appointment, also one that is over."""
    with official_step():
        return ActingOfficer.objects.create(
            **sheet(user, role, first, last, **more), appointed_by=office.ppid, appointed_at=timezone.now()
        )


def anew(user):
    return type(user).objects.get(pk=user.pk)


@pytest.mark.db_agnostic
class TestDays:
    @pytest.mark.parametrize(
        ("first", "last", "holds"), [(1, 3, False), (0, 0, True), (-3, 0, True), (-3, -1, False), (-1, 1, True)]
    )
    def test_the_role_is_held_from_the_first_day_to_the_last(self, office, first, last, holds):
        appoint(office, office.staf2, first=first, last=last)
        user = anew(office.staf2)
        assert roles.has_role(user, SEKRETARIS) is holds
        assert (SEKRETARIS in roles.get_roles(user)) is holds
        assert (office.staf2 in roles.users_with_role(SEKRETARIS)) is holds
        item = office.issue()
        assert policy.Authority(item, user).may_take("forward") is holds
        assert (item in queue.get_waiting_for(user)) is holds

    def test_it_ends_with_the_day_in_the_office_also_for_an_object_that_lives_on(self, office, monkeypatch):
        last = datetime(2026, 12, 5, tzinfo=ZoneInfo("Asia/Jakarta"))
        appoint(office, office.staf2, starts_on=last.date(), ends_on=last.date())
        user = anew(office.staf2)
        for moment, holds in (
            (last - timedelta(seconds=1), False),
            (last, True),
            (last + timedelta(hours=23, minutes=59), True),
            (last + timedelta(days=1), False),
        ):
            monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
            assert roles.has_role(user, SEKRETARIS) is holds, moment
            assert roles.users_with_role(SEKRETARIS).filter(pk=user.pk).exists() is holds, moment

    def test_ended_early_it_ends_at_once(self, office):
        appointment = appoint(office, office.staf2)
        appointments.end(appointment, office.ppid, "Sekretaris kembali bertugas.")
        item = office.issue()
        with pytest.raises(StepRefused, match="hanya dapat dilakukan oleh Sekretaris"):
            take(item, "forward", office.staf2)
        line = AuditEntry.objects.get(action="acting_ended")
        assert "Sekretaris kembali bertugas." in line.reason
        with pytest.raises(StepRefused, match="sudah berakhir"):
            appointments.end(appointment, office.ppid, "Sekali lagi.")

    def test_the_worker_writes_down_the_end_of_a_term(self, office):
        appoint(office, office.staf2, first=-3, last=-1)
        appoint(office, office.staf1, first=-3, last=0)
        assert appointments.close_expired() == 1
        assert appointments.close_expired() == 0
        assert AuditEntry.objects.get(action="acting_expired").reason.startswith("staf2")

    def test_a_deactivated_account_holds_nothing(self, office):
        appoint(office, office.staf2)
        office.staf2.is_active = False
        office.staf2.save()
        assert not roles.has_role(anew(office.staf2), SEKRETARIS)
        assert office.staf2 not in roles.users_with_role(SEKRETARIS)


@pytest.mark.db_agnostic
class TestPapers:
    def test_each_line_says_in_which_role_and_by_which_decree(self, office, log_in):
        appoint(office, office.staf2)
        item = take(office.issue(), "forward", office.staf2)
        line = AuditEntry.objects.get(action="forward")
        assert (line.actor_name, line.role) == ("staf2", "Sekretaris")
        assert line.acting_note == "Plh. Sekretaris, SK 800/12/2026"
        assert line.acting_note in log_in(office.pemantau).get(item.get_absolute_url()).content.decode()
        mail = Notification.objects.get(disposition=item, recipient=office.sekretariat)
        assert "oleh staf2 (Plh. Sekretaris, SK 800/12/2026)." in mail.body

    def test_one_s_own_role_comes_first_and_each_row_has_its_role(self, office):
        appoint(office, office.sekretariat)
        item = take(office.issue(), "forward", office.sekretariat)
        item = take(item, "receive", office.sekretariat)
        take(item, "cancel", office.sekretariat, {"comment": "Tidak jadi."})
        lines = AuditEntry.objects.filter(actor_id=office.sekretariat.pk).order_by("sequence")
        stood_in = ("Sekretaris", "Plh. Sekretaris, SK 800/12/2026")
        assert [(line.role, line.acting_note) for line in lines] == [stood_in, ("Sekretariat", ""), stood_in]

    def test_the_register_names_the_acting_verifier_as_such(self, office):
        appoint(office, office.sekretariat, BIDANG, kind="Plt.")
        item = take(office.bring_to("awaiting_verification"), "verify", office.sekretariat, verdict())
        cell = register.get_rows(register.get_items({"q": item.subject}))[0]["cells"]["verified"]
        assert cell.startswith(f"sekretariat (Plt. {BIDANG.value}, SK 800/12/2026), ")


@pytest.mark.db_agnostic
class TestSeparationOfDuties:
    def test_who_wrote_does_not_verify_through_a_role_that_starts_later(self, office):
        item = office.bring_to("awaiting_verification")
        appoint(office, office.staf1, BIDANG)
        appoint(office, office.sekretaris, BIDANG)
        for user in (office.staf1, office.sekretaris):
            for action, data in (("verify", verdict()), ("mark_exempt", EXEMPTION)):
                with pytest.raises(StepRefused, match="yang Anda susun atau koreksi sendiri"):
                    take(item, action, user, data)

    def test_who_judged_does_not_correct_through_a_role_that_starts_later(self, office):
        item = take(
            office.bring_to("awaiting_verification"), "return_to_sekretaris", office.bidang, {"comment": "Perbaiki."}
        )
        appoint(office, office.bidang, SEKRETARIS)
        user = anew(office.bidang)
        assert not policy.may_write_text(item, user)
        assert item.get_draft().get_lock().for_user(user)
        with pytest.raises(StepRefused, match="yang telah Anda periksa sebagai Bidang"):
            take(item, "declare_corrected", user)

    def test_a_superuser_acts_only_in_the_role_of_the_decree(self, office):
        appoint(office, office.admin, SEKRETARIS)
        item = take(office.issue(), "forward", office.admin)
        with pytest.raises(StepRefused, match="hanya dapat dilakukan oleh Sekretariat"):
            take(item, "receive", office.admin)


@pytest.mark.db_agnostic
class TestRightsInWagtail:
    def test_an_acting_staf_gets_in_and_uploads_until_the_end(self, office, client):
        newcomer = make_user("pengganti")
        image, document = reverse("wagtailimages:add"), reverse("wagtaildocs:add")

        def see():
            client.force_login(newcomer)
            return [client.get(address).status_code for address in (reverse("moderation:queue"), image, document)]

        assert see() == [302, 302, 302]
        appointment = appoint(office, newcomer, STAF)
        assert see() == [200, 200, 200]
        assert client.get(reverse("wagtailimages_chooser:choose")).status_code == 200
        appointments.end(appointment, office.ppid, "Selesai.")
        assert see() == [302, 302, 302]

    def test_who_acts_in_nothing_costs_no_query_of_rights(self, office):
        user = anew(office.staf1)
        roles.get_appointments(user)
        with CaptureQueriesContext(connection) as queries:
            user.has_perm("wagtailadmin.access_admin")
            user.has_perm("wagtailadmin.access_admin")
        assert not [found for found in queries.captured_queries if "actingofficer" in found["sql"]]


@pytest.mark.db_agnostic
class TestAppointing:
    def post(self, client, data):
        body = {name: getattr(value, "pk", value) for name, value in data.items()}
        return client.post(reverse("moderation:acting_add"), body)

    @pytest.mark.parametrize("name", ["ppid", "admin"])
    def test_ppid_pembantu_and_the_administrator_appoint(self, office, log_in, name):
        office.issue()
        client = log_in(office.people[name])
        data = sheet(office.staf2, represents=office.sekretaris)
        assert self.post(client, data).status_code == 302
        assert ActingOfficer.objects.get().appointed_by == office.people[name]
        line = AuditEntry.objects.get(action="acting_appointed")
        assert line.actor_name == name
        assert "staf2 (staf2); Plh. Sekretaris, SK 800/12/2026;" in line.reason
        assert "menggantikan sekretaris" in line.reason
        page = client.get(reverse("moderation:acting_list")).content.decode()
        assert "Menjabat" in page
        assert Notification.objects.get(recipient=office.staf2).subject == "Penunjukan: Plh. Sekretaris"

    def test_nobody_else_does(self, office, log_in):
        appointment = appoint(office, office.staf2)
        for name in ("sekretaris", "sekretariat", "staf1", "bidang", "pemantau"):
            client = log_in(office.people[name])
            assert self.post(client, sheet(office.staf2, first=9, last=9)).status_code == 302, name
            with pytest.raises(StepRefused, match="ditunjuk oleh PPID Pembantu"):
                appointments.appoint(office.people[name], sheet(office.staf2, first=9, last=9))
            client.post(reverse("moderation:acting_end", args=[appointment.pk]), {"reason": "x"})
            with pytest.raises(StepRefused, match="diakhiri oleh PPID Pembantu"):
                appointments.end(appointment, office.people[name], "x")
        appointment.refresh_from_db()
        assert appointment.ended_at is None
        assert ActingOfficer.objects.count() == 1

    def test_an_acting_ppid_pembantu_passes_no_role_on(self, office):
        appoint(office, office.sekretariat, PPID)
        with pytest.raises(StepRefused):
            appointments.appoint(anew(office.sekretariat), sheet(office.staf2))

    def test_what_speaks_against_it_is_said_beside_the_field(self, office, log_in):
        appoint(office, office.staf2)
        client = log_in(office.ppid)
        for user, first, last, more, field, words in (
            (office.ppid, 10, 12, {}, "user", "diri sendiri"),
            (office.sekretaris, 10, 12, {}, "user", "sudah memegang peran"),
            (office.staf2, 10, 12, {"represents": office.staf2}, "represents", "orang lain"),
            (office.staf2, 2, 1, {}, "ends_on", "mendahului"),
            (office.staf2, -5, -1, {}, "ends_on", "sudah lewat"),
            (office.staf2, 10, 12, {"decree_date": day(1)}, "decree_date", "belum tiba"),
            (office.staf2, 3, 9, {}, "starts_on", "Sudah ada penunjukan"),
        ):
            response = self.post(client, sheet(user, first=first, last=last, **more))
            assert response.status_code == 422, words
            assert words in " ".join(response.context["form"].errors[field])
        assert ActingOfficer.objects.count() == 1

    def test_an_empty_form_is_asked_for_in_indonesian(self, office, log_in):
        response = self.post(log_in(office.ppid), {})
        assert {"user", "role", "decree_number", "starts_on", "ends_on"} <= set(response.context["form"].errors)
        assert "This field" not in response.content.decode()

    def test_nobody_writes_the_row_by_hand(self, office):
        appointment = appoint(office, office.staf2)
        appointment.ends_on = day(99)
        for attempt in (appointment.save, appointment.delete, ActingOfficer(user=office.staf1).save):
            with pytest.raises(GuardViolation):
                attempt()

    def test_the_list_takes_the_same_number_of_queries(self, office, log_in):
        client = log_in(office.ppid)
        address = reverse("moderation:acting_list")
        appoint(office, office.staf2)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for number in range(8):
            appoint(office, office.staf1, first=10 + number, last=10 + number, represents=office.sekretaris)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few)


@pytest.mark.db_agnostic
def test_mails_go_to_whoever_is_in_office(office):
    appoint(office, office.staf2, represents=office.sekretaris)
    item = office.issue()
    assert {user.username for user in notifications.get_next_people(item)} == {"staf2", "sekretaris2"}


class TestInTheDatabase:
    @pytest.mark.parametrize("column", ["role", "ends_on", "decree_number"])
    def test_an_appointment_is_not_rewritten(self, office, column):
        appointment = appoint(office, office.staf2)
        value = day(99) if column == "ends_on" else "Lain"
        with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic():
            ActingOfficer.objects.filter(pk=appointment.pk).update(**{column: value})

    def test_none_is_born_ended(self, office):
        ended = ActingOfficer(**sheet(office.staf2), appointed_by=office.ppid, appointed_at=timezone.now())
        ended.ended_at = timezone.now()
        with refused_by_trigger("tidak dapat diubah"):
            ActingOfficer.objects.bulk_create([ended])

    def test_none_is_replaced(self, office):
        appoint(office, office.staf2)
        with refused_by_trigger("tetap tercatat"):
            put_in_its_own_place(ActingOfficer)

    def test_an_end_is_not_taken_back(self, office):
        appointment = appointments.end(appoint(office, office.staf2), office.ppid, "Kembali bertugas.")
        with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic():
            ActingOfficer.objects.filter(pk=appointment.pk).update(ended_at=None)

    def test_an_appointment_stays_recorded(self, office):
        appointment = appoint(office, office.staf2)
        with pytest.raises(IntegrityError, match="tetap tercatat"), transaction.atomic():
            ActingOfficer.objects.filter(pk=appointment.pk)._raw_delete("default")
