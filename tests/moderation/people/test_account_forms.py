"""An account is made on one sheet: a whole name, and the roles with what each does."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from moderation import sop
from tests.support.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture
def sheet(office, log_in):
    """A new account as the administrator fills it in."""
    form = {
        "username": "suratmi",
        "first_name": "Suratmi",
        "email": "suratmi@contoh.go.id",
        "password1": f"{PASSWORD}-suratmi",
        "password2": f"{PASSWORD}-suratmi",
        "groups": [Group.objects.get(name=sop.Role.STAF).pk],
    }
    return log_in(office.admin), reverse("wagtailusers_users:add"), form


def test_one_name_is_enough_and_no_surname_is_asked_for(sheet):
    client, address, form = sheet
    assert "Nama belakang" not in client.get(address).content.decode()
    assert client.post(address, form).status_code == 302
    user = get_user_model().objects.get(username="suratmi")
    assert (user.get_full_name(), user.first_name, user.last_name) == ("Suratmi", "Suratmi", "")
    assert [group.name for group in user.groups.all()] == [sop.Role.STAF]


def test_a_surname_stored_apart_joins_the_name(sheet, office):
    client, _address, _form = sheet
    get_user_model().objects.filter(pk=office.staf1.pk).update(first_name="Sri", last_name="Lestari, S.Sos.")
    address = reverse("wagtailusers_users:edit", args=[office.staf1.pk])
    form = client.get(address).context["form"]
    assert form["first_name"].value() == "Sri Lestari, S.Sos."
    kept = {"username": office.staf1.username, "first_name": form["first_name"].value(), "email": "sri@contoh.go.id"}
    groups = list(office.staf1.groups.values_list("pk", flat=True))
    assert client.post(address, kept | {"is_active": "on", "groups": groups}).status_code == 302
    office.staf1.refresh_from_db()
    assert (office.staf1.first_name, office.staf1.last_name) == ("Sri Lestari, S.Sos.", "")


def test_a_name_too_long_is_refused_and_nothing_is_lost(sheet):
    client, address, form = sheet
    answer = client.post(address, form | {"first_name": "Sri " * 60})
    assert answer.status_code == 200
    assert "first_name" in answer.context["form"].errors
    assert answer.context["form"]["email"].value() == form["email"]


def test_roles_stand_in_the_order_of_the_sop_with_what_each_does(sheet):
    client, address, _form = sheet
    text = client.get(address).content.decode()
    places = [text.index(duty) for duty in sop.DUTIES.values()]
    assert places == sorted(places)
    assert set(sop.DUTIES) == {*sop.Role, sop.OBSERVER_GROUP}
    for row in sop.ROWS:
        assert f"baris {row.number}" in sop.DUTIES[row.actor]


def test_the_own_account_asks_for_one_name(office, log_in):
    text = log_in(office.staf1).get(reverse("wagtailadmin_account")).content.decode()
    assert "Nama lengkap" in text
    assert "Nama belakang" not in text
