"""The groups that are roles keep their names and meaning; who holds one is known to the log."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from moderation import sop
from moderation.management.jobs import integrity
from moderation.models import AuditEntry
from moderation.models.roles import has_role
from moderation.people import role_audit
from moderation.ports.exceptions import GuardViolation
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def send_group(client, found: Group, name: str, permissions=None):
    """Send Wagtail's form of a group as its page would."""
    address = reverse("wagtailusers_groups:edit", args=[found.pk])
    chosen = found.permissions.all() if permissions is None else permissions
    data = {"name": name, "permissions": [permission.pk for permission in chosen]}
    for prefix in ("page_permissions", "collection_permissions", "image_permissions", "document_permissions"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    forms = client.get(address).context["permission_panels"]
    for panel in forms:
        data |= {f"{panel.prefix}-TOTAL_FORMS": 0, f"{panel.prefix}-INITIAL_FORMS": 0}
    return client.post(address, data, follow=True)


class TestGroups:
    def test_two_groups_cannot_change_their_names(self, office, log_in):
        """Under exchanged names an observer would verify."""
        client = log_in(office.admin)
        # Where this sentence is not said, the trigger's is.
        said = "“{}” adalah peran dalam SOP dan tidak dapat diganti namanya"
        for name, new in ((sop.Role.BIDANG.value, "Bidang lama"), (sop.OBSERVER_GROUP, "Penonton")):
            answer = send_group(client, group(name), new)
            assert said.format(name) in answer.content.decode()
        assert has_role(get_user_model().objects.get(username="bidang"), sop.Role.BIDANG)

    def test_a_role_cannot_be_deleted(self, office, log_in):
        found = group(sop.Role.BIDANG.value)
        answer = log_in(office.admin).post(reverse("wagtailusers_groups:delete", args=[found.pk]), follow=True)
        assert "tidak dapat dihapus" in answer.content.decode()
        assert Group.objects.filter(pk=found.pk).exists()
        with pytest.raises(GuardViolation):
            Group.objects.filter(name__in=list(sop.Role)).delete()

    @pytest.mark.parametrize(
        "take",
        [
            lambda found, access: found.permissions.remove(access),
            lambda found, _: found.permissions.clear(),
            lambda found, access: access.group_set.remove(found),
            lambda _, access: access.group_set.clear(),
        ],
    )
    def test_a_role_keeps_its_access(self, office, take):
        access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        with pytest.raises(GuardViolation, match="memerlukan akses"):
            take(group(sop.Role.STAF.value), access)

    def test_unticking_the_access_gets_a_sentence(self, office, log_in):
        answer = send_group(log_in(office.admin), group(sop.Role.STAF.value), sop.Role.STAF.value, permissions=())
        assert "memerlukan akses" in answer.content.decode()

    def test_other_groups_are_free(self, office, log_in):
        other = Group.objects.create(name="Magang")
        answer = send_group(log_in(office.admin), other, "Mahasiswa magang")
        assert answer.status_code == 200
        other.refresh_from_db()
        assert other.name == "Mahasiswa magang"
        other.delete()

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE auth_group SET name = 'Bidang lama' WHERE name = %s", "DELETE FROM auth_group WHERE name = %s"],
    )
    def test_sql_changes_no_role(self, statement):
        with pytest.raises(DatabaseError, match="grup peran"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [sop.Role.BIDANG.value])


class TestAccounts:
    def test_whoever_took_a_step_cannot_be_deleted(self, office, log_in):
        office.bring_to("assigned")
        # Other records protect the accounts of PPID Pembantu and Staf, and nothing else that of the Sekretariat.
        for user in (office.ppid, office.sekretariat, office.staf1):
            answer = log_in(office.admin).post(reverse("wagtailusers_users:delete", args=[user.pk]), follow=True)
            assert "Tutup akun ini" in answer.content.decode(), user
            assert get_user_model().objects.filter(pk=user.pk).exists()

    def test_nor_by_a_bulk_action_or_sql(self, office, log_in):
        office.bring_to("forwarded")
        address = reverse("wagtail_bulk_action", args=["auth", "user", "delete"])
        log_in(office.admin).post(f"{address}?id={office.sekretaris.pk}", follow=True)
        assert get_user_model().objects.filter(pk=office.sekretaris.pk).exists()
        with pytest.raises(DatabaseError, match="pernah mengambil langkah"), transaction.atomic():
            get_user_model().objects.filter(pk=office.sekretaris.pk)._raw_delete("default")

    def test_whoever_took_none_can(self, office, log_in):
        new = make_user("salah-ketik", sop.Role.STAF)
        log_in(office.admin).post(reverse("wagtailusers_users:delete", args=[new.pk]))
        assert not get_user_model().objects.filter(pk=new.pk).exists()


def first_night(office) -> None:
    """Let the worker take the whole nightly run that writes down who holds which role."""
    office.issue()
    integrity.request(office.ppid)
    while not integrity.get_last_finished():
        assert integrity.run_due()
    assert integrity.get_last_finished().differences == []
    assert AuditEntry.objects.filter(action="roles_noted").count() == 1


def give_by_sql(user, role: sop.Role) -> None:
    through = get_user_model().groups.through
    through.objects.bulk_create([through(user=user, group=group(role.value))])


class TestHolders:
    """A role that no line grants is named by the proof."""

    def test_a_grant_past_the_log_is_named(self, office):
        first_night(office)
        give_by_sql(office.pemantau, sop.Role.BIDANG)
        problem = " ".join(integrity.run_now().differences)
        assert f"(pemantau) memegang peran {sop.Role.BIDANG.value}" in problem

    def test_a_withdrawal_past_the_log_is_named(self, office):
        first_night(office)
        get_user_model().groups.through.objects.filter(user=office.bidang).delete()
        problem = " ".join(integrity.run_now().differences)
        assert f"(bidang) tidak lagi memegang peran {sop.Role.BIDANG.value}" in problem

    def test_what_the_log_tells_is_in_order(self, office):
        first_night(office)
        office.pemantau.groups.add(group(sop.Role.STAF.value))
        office.bidang2.groups.clear()
        make_user("baru", sop.Role.STAF)
        make_user("salah-ketik", sop.Role.STAF).delete()
        assert integrity.run_now().differences == []

    def test_nothing_is_written_before_the_first_disposition(self, office):
        assert role_audit.note_holders() is False
        assert not AuditEntry.objects.exists()
