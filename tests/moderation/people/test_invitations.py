"""Many accounts from one table: all or none, each error with its line, and a link in place of a password."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from moderation import sop
from moderation.models import AuditEntry, Notification
from moderation.people import invitations, notifications
from moderation.ports.exceptions import StepRefused

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

SCREEN = "moderation:accounts_invite"
HEAD = "nama;nama pengguna;surel;peran"
NEW = "empat kata acak kuda pelangi"


def table(*rows: str) -> str:
    return "\r\n".join([HEAD, *rows])


def send(client, text: str):
    return client.post(reverse(SCREEN), {"table": text})


def set_password(link: str, password: str = NEW):
    """Follow a link of an invitation in a browser of one's own."""
    client = Client()
    opened = client.get(link, follow=True)
    form = opened.redirect_chain[-1][0] if opened.redirect_chain else link
    return client.post(form, {"new_password1": password, "new_password2": password})


def read_link(letter) -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]


def test_each_person_gets_account_roles_and_a_link_that_works_once(office, log_in):
    response = send(log_in(office.admin), invitations.EXAMPLE)
    assert response["Location"] == reverse("moderation:accounts")
    people = get_user_model().objects.filter(username__in=["sri.lestari", "suratmi"]).order_by("username")
    assert [user.get_full_name() for user in people] == ["Sri Lestari, S.Sos.", "Suratmi"]
    assert {group.name for group in people[1].groups.all()} == {sop.Role.SEKRETARIAT, sop.Role.STAF}
    assert not any(user.has_usable_password() or user.is_superuser for user in people)
    assert AuditEntry.objects.get(action="accounts_invited").data["users"] == [user.pk for user in people]

    assert notifications.send_due_notifications() == 2
    letter = next(found for found in mail.outbox if found.to == ["suratmi@contoh.go.id"])
    assert "Nama pengguna: suratmi" in letter.body
    assert sop.DUTIES[sop.Role.STAF] in letter.body
    assert "3 hari" in letter.body
    link = read_link(letter)
    assert set_password(link)["Location"] == reverse("wagtailadmin_password_reset_complete")
    person = get_user_model().objects.get(username="suratmi")
    assert person.check_password(NEW)
    set_password(link, "kata lain yang panjang sekali")
    person.refresh_from_db()
    assert person.check_password(NEW), "the link works once"


def test_a_link_ends_after_days_and_another_may_be_sent(office, log_in, monkeypatch):
    client = log_in(office.admin)
    send(client, table("Suratmi;;suratmi@contoh.go.id;Pemantau"))
    person = get_user_model().objects.get(username="suratmi")
    link = read_link_of(person)
    later = PasswordResetTokenGenerator()._now() + timedelta(days=3, seconds=60)
    with monkeypatch.context() as patch:
        patch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
        set_password(link)
        person.refresh_from_db()
        assert not person.has_usable_password()
    assert "Undang lagi" in client.get(reverse("moderation:accounts")).content.decode()
    again = reverse("moderation:account_invite_again", args=[person.pk])
    assert client.post(again).status_code == 302
    set_password(read_link_of(person))
    person.refresh_from_db()
    assert person.check_password(NEW)
    client.post(again)
    assert Notification.objects.filter(recipient=person).count() == 2
    with pytest.raises(StepRefused):
        invitations.invite_again(office.admin, person)


def read_link_of(person) -> str:
    return Notification.objects.filter(recipient=person).latest("pk").address


def test_every_line_says_what_is_wrong_with_it_and_nothing_is_done(office, log_in):
    text = table(
        "Suratmi;suratmi;suratmi@contoh.go.id;Staf Sekretariat",
        ";tanpa.nama;tanpa@contoh.go.id;Sekretaris",
        "Budi;budi;bukan surel;Camat",
        'Ani;suratmi;SURATMI@contoh.go.id;"staf sekretariat"',
        "Staf lama;STAF1;lain@contoh.go.id;Pemantau",
        "Rina;ri na;rina@contoh.go.id;",
        "Tono;tono;tono@contoh.go.id;Pemantau;lebih",
    )
    before = get_user_model().objects.count()
    response = send(log_in(office.admin), text)
    assert response.status_code == 422
    assert response.context["form"]["table"].value() == text
    found = {row.line: " ".join(row.problems) for row in response.context["bad_rows"]}
    for line, words in (
        (3, "Isi nama."),
        (4, "“bukan surel” bukan alamat surel. Peran “Camat” tidak dikenal."),
        (5, "Nama pengguna “suratmi” sama dengan baris 2. Surel “suratmi@contoh.go.id” sama dengan baris 2."),
        (6, "Nama pengguna “staf1” sudah dipakai akun lain."),
        (7, "Isi peran. Nama pengguna:"),
        (8, "Ada isian di luar kolom."),
    ):
        assert words in found.pop(line)
        assert f"Baris {line}" in response.content.decode()
    assert not found
    assert (get_user_model().objects.count(), Notification.objects.count()) == (before, 0)
    assert not AuditEntry.objects.exists()


def test_a_table_is_read_as_spreadsheet_programs_save_it(office, log_in):
    text = table("Sri Lestari, S.Sos.;;sri@contoh.go.id;Sekretaris")
    for content in (
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.replace(";", "\t").encode(),
        text.replace("Sri Lestari, S.Sos.", '"Sri Lestari, S.Sos."').replace(";", ",").encode(),
    ):
        [row] = invitations.read(invitations.decode(content))
        assert (row.name, row.username, row.roles, row.problems) == ("Sri Lestari, S.Sos.", "sri", ["Sekretaris"], [])
    file = SimpleUploadedFile("orang.csv", text.encode("utf-16"))
    assert log_in(office.admin).post(reverse(SCREEN), {"file": file}).status_code == 302
    for wrong in ("", HEAD, "nama;surel\r\nA;a@b.id", "nama;surel;peran;sandi\r\n", "nama;nama;surel;peran\r\n"):
        assert send(log_in(office.admin), wrong).status_code == 422
    with pytest.raises(StepRefused, match="Paling banyak 200"):
        invitations.read(table(*[f"Orang;o{n};o{n}@contoh.go.id;Pemantau" for n in range(201)]))


def test_nobody_but_the_administrator_invites(office, log_in):
    text = table("Suratmi;;suratmi@contoh.go.id;PPID Pembantu")
    for name in ("ppid", "sekretaris", "staf1", "pemantau"):
        client = log_in(office.people[name])
        assert send(client, text).status_code in {302, 403}
        assert client.get(reverse(SCREEN)).status_code in {302, 403}
        with pytest.raises(StepRefused):
            invitations.invite_all(office.people[name], invitations.read(text))
        with pytest.raises(StepRefused):
            invitations.invite_again(office.people[name], office.staf2)
    assert not get_user_model().objects.filter(username="suratmi").exists()
