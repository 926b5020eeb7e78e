"""Admin → Kanal: rights on accounts, waiting posts that are never lost, secrets that are never shown."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.models import AuditEntry
from moderation.ports.exceptions import StepRefused, StepStale
from news.social.account_screens import actions
from news.social.accounts import service
from news.social.channels.oauth import Grant
from news.social.models import Account, Delivery
from news.social.models.fields import Secret
from tests.social.conftest import work

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

KANAL = "/admin/kanal/"
OTHERS = ["ppid", "sekretariat", "staf1", "bidang", "pemantau"]


@pytest.fixture
def person(office, log_in):
    return log_in(office.sekretaris)


@pytest.fixture
def account(office, mastodon):
    """A connected account with a working token."""
    return Account.objects.create(
        key="mastodon",
        kind="mastodon",
        label="Mastodon",
        from_settings=False,
        settings={"base_url": mastodon.url},
        credentials=Secret.hide({"access_token": mastodon.token}),
        account_name="@kecamatan",
        connected_by=office.sekretaris,
        connected_at=timezone.now(),
    )


def get(account):
    return Account.objects.get(pk=account.pk)


def paste(client, mastodon, label="Mastodon Kecamatan", **changes):
    form = {"label": label, "base_url": mastodon.url, "visibility": "public", "image": "on"}
    return client.post(f"{KANAL}tambah/mastodon/token/", form | {"access_token": mastodon.token} | changes)


def body(response):
    return response.content.decode()


# --- Connecting with a pasted token -------------------------------------------------------------


def test_a_pasted_token_is_tested_and_kept(person, mastodon, office):
    response = paste(person, mastodon)
    assert response["Location"] == f"{KANAL}akun/mastodon/"
    account = Account.objects.get(kind="mastodon")
    assert account.credentials.reveal() == {"access_token": mastodon.token}
    assert account.connected_by == office.sekretaris
    page = body(person.get(response["Location"]))
    assert "@kecamatan" in page
    assert "500 karakter" in page
    assert mastodon.token not in page
    assert mastodon.posts == []
    entry = AuditEntry.objects.get(action="channel_connected")
    assert entry.role == "Sekretaris"
    assert mastodon.token not in str(vars(entry))


def test_a_wrong_token_is_refused_and_never_shown_again(person, mastodon):
    response = paste(person, mastodon, access_token="wrong-token-of-somebody")
    assert response.status_code == 200
    assert "menolak token" in body(response)
    assert "wrong-token-of-somebody" not in body(response)
    assert mastodon.url in body(response)
    assert not Account.objects.filter(kind="mastodon").exists()


def test_a_server_that_is_away_is_said_and_nothing_is_kept(person, mastodon):
    mastodon.__exit__()
    response = paste(person, mastodon)
    assert "tidak dapat dihubungi" in body(response)
    assert mastodon.token not in body(response)


def test_two_accounts_of_one_kind_have_keys_and_names_of_their_own(person, mastodon, monkeypatch):
    paste(person, mastodon, "Mastodon Kecamatan")
    Account.objects.filter(kind="mastodon").update(account_name="@lain")
    paste(person, mastodon, "Mastodon Desa")
    made = Account.objects.filter(kind="mastodon")
    assert [(one.key, one.label) for one in made] == [
        ("mastodon", "Mastodon Kecamatan"),
        ("mastodon-2", "Mastodon Desa"),
    ]


def test_the_console_cannot_be_added_here(person):
    assert person.get(f"{KANAL}tambah/console/").status_code == 404
    assert person.post(f"{KANAL}tambah/console/token/", {"label": "x", "path": "/tmp/x"}).status_code == 404


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OTHERS)
def test_other_roles_see_and_change_nothing(account, office, log_in, name):
    client = log_in(office.people[name])
    assert "/admin/kanal/" not in body(client.get("/admin/"))
    before = Account.objects.values().get(pk=account.pk)
    own = f"{KANAL}akun/mastodon/"
    form = {"label": "x", "reason": "x", "version": 0, "waiting_total": 0}
    for path in (KANAL, own, f"{own}ubah/", f"{own}jeda/", f"{own}hapus/", f"{own}hubungkan/"):
        assert client.get(path).status_code in (302, 403)
        assert client.post(path, form).status_code in (
            302,
            403,
        )
    for code in ("uji", "lanjutkan", "matikan", "nyalakan", "naik", "turun"):
        assert client.post(f"{own}lakukan/{code}/").status_code in (302, 403)
    for act in (
        lambda user: actions.hold(account, user, "x"),
        lambda user: actions.switch(account, user, on=False),
        lambda user: actions.note_test(account, user),
        lambda user: actions.delete(account, user, 0, 0, cancels=False, reason="x"),
        lambda user: actions.connect("mastodon", "x", {}, {}, Grant(), user, account=None, way="token"),
    ):
        with pytest.raises(StepRefused, match="Hanya Sekretaris"):
            act(office.people[name])
    assert Account.objects.values().get(pk=account.pk) == before


def test_the_administrator_may_connect_but_not_cancel(account, office, log_in, mastodon):
    client = log_in(office.admin)
    assert client.get(KANAL).status_code == 200
    client.post(f"{KANAL}akun/mastodon/lakukan/uji/")
    assert AuditEntry.objects.get(action="channel_tested").role == "Pengelola situs"
    with pytest.raises(StepRefused, match="Hanya Sekretaris yang dapat membatalkan"):
        actions.delete(account, office.admin, 0, 0, cancels=True, reason="x")


def test_a_link_does_nothing(account, person):
    for code in ("uji", "lanjutkan", "matikan", "naik"):
        assert person.get(f"{KANAL}akun/mastodon/lakukan/{code}/").status_code == 405
    assert AuditEntry.objects.filter(action__startswith="channel_").count() == 0


def test_a_post_from_elsewhere_is_refused(account, office):
    from django.test import Client

    from tests.support.factories import PASSWORD

    client = Client(enforce_csrf_checks=True)
    client.login(username=office.sekretaris.username, password=PASSWORD)
    assert client.post(f"{KANAL}akun/mastodon/lakukan/matikan/").status_code == 403
    assert get(account).enabled


# --- Testing ------------------------------------------------------------------------------------


def test_the_test_asks_and_posts_nothing(account, person, mastodon):
    response = person.post(f"{KANAL}akun/mastodon/lakukan/uji/", follow=True)
    assert "Uji coba berhasil" in body(response)
    assert mastodon.posts == []
    assert get(account).last_health["scopes"] == mastodon.scopes
    assert get(account).settings["max_length"] == 500


def test_a_revoked_token_pauses_and_reconnecting_sends_what_waits(person, office, publish, mastodon, account):
    delivery = publish("mastodon")["mastodon"]
    mastodon.token = "a-new-token-for-tests"
    work()
    assert get(account).paused_at is not None
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PENDING
    form = {"label": "Mastodon", "base_url": mastodon.url, "visibility": "public", "image": "on"}
    person.post(f"{KANAL}akun/mastodon/hubungkan/token/", form | {"access_token": mastodon.token})
    assert get(account).paused_at is None
    Delivery.objects.update(next_attempt_at=timezone.now())
    work()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert len(mastodon.posts) == 1


# --- Changing -----------------------------------------------------------------------------------


def test_a_stale_form_changes_nothing(account, person):
    page = body(person.get(f"{KANAL}akun/mastodon/ubah/"))
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    form = {"version": version, "visibility": "unlisted", "image": "on"}
    assert person.post(f"{KANAL}akun/mastodon/ubah/", form | {"label": "Pertama"}).status_code == 302
    response = person.post(f"{KANAL}akun/mastodon/ubah/", form | {"label": "Kedua"})
    assert "diubah pengguna lain" in body(response)
    assert get(account).label == "Pertama"
    assert get(account).settings["visibility"] == "unlisted"
    assert AuditEntry.objects.filter(action="channel_changed").count() == 1


def test_an_account_is_paused_with_a_reason_and_resumed(account, person):
    assert "Alasan" in body(person.post(f"{KANAL}akun/mastodon/jeda/", {"reason": " "}))
    assert get(account).paused_at is None
    person.post(f"{KANAL}akun/mastodon/jeda/", {"reason": "Akun sedang diperiksa."})
    assert get(account).pause_reason == "Akun sedang diperiksa."
    person.post(f"{KANAL}akun/mastodon/lakukan/lanjutkan/")
    assert get(account).paused_at is None
    assert AuditEntry.objects.filter(action__in=("channel_held", "channel_resumed")).count() == 2


def test_a_switched_off_channel_keeps_what_waits_and_names_it(account, person, publish, mastodon):
    delivery = publish("mastodon")["mastodon"]
    response = person.post(f"{KANAL}akun/mastodon/lakukan/matikan/", follow=True)
    assert "Yang menunggu: 1" in body(response)
    work()
    delivery.refresh_from_db()
    assert delivery.state_label == "Dijeda"
    assert mastodon.posts == []
    person.post(f"{KANAL}akun/mastodon/lakukan/nyalakan/")
    work()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT


def test_the_order_is_changed(account, person):
    first = list(Account.objects.kept().values_list("key", flat=True))
    person.post(f"{KANAL}akun/{first[-1]}/lakukan/naik/")
    assert list(Account.objects.kept().values_list("key", flat=True)) == [*first[:-2], first[-1], first[-2]]
    person.post(f"{KANAL}akun/{first[-1]}/lakukan/turun/")
    assert list(Account.objects.kept().values_list("key", flat=True)) == first


# --- Deleting -----------------------------------------------------------------------------------


def delete(client, account, **data):
    page = client.get(f"{KANAL}akun/{account.key}/hapus/")
    shown = {name: page.context["form"][name].value() for name in ("version", "waiting_total")}
    return client.post(f"{KANAL}akun/{account.key}/hapus/", shown | {"reason": "Akun ditutup."} | data)


def test_an_account_that_was_never_used_is_gone_with_its_token(account, person):
    assert delete(person, account).status_code == 302
    assert not Account.objects.filter(key="mastodon").exists()
    assert AuditEntry.objects.get(action="channel_deleted").reason == "Akun ditutup."


def test_what_waits_is_named_and_kept_until_the_account_is_connected_again(account, person, publish, mastodon):
    delivery = publish("mastodon")["mastodon"]
    page = body(person.get(f"{KANAL}akun/mastodon/hapus/"))
    assert "1 unggahan belum dikirim" in page
    assert delete(person, account).status_code == 200, "the choice is asked for"
    assert get(account).archived_at is None
    assert delete(person, account, waiting="tunggu").status_code == 302
    kept = get(account)
    assert kept.archived_at is not None
    assert not kept.credentials
    delivery.refresh_from_db()
    assert (delivery.state, delivery.closed_at) == (Delivery.State.PENDING, None)
    assert "1 menunggu" in body(person.get(KANAL))
    form = {"label": "Mastodon", "base_url": mastodon.url, "visibility": "public", "image": "on"}
    person.post(f"{KANAL}akun/mastodon/hubungkan/token/", form | {"access_token": mastodon.token})
    assert get(account).archived_at is None
    work()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT


def test_what_waits_is_cancelled_with_the_reason_where_the_sekretaris_says_so(account, person, publish, office):
    delivery = publish("mastodon")["mastodon"]
    assert delete(person, account, waiting="batalkan").status_code == 302
    delivery.refresh_from_db()
    assert delivery.closed_by == office.sekretaris
    assert delivery.closed_note == "Akun ditutup."
    assert get(account).archived_at is not None
    assert AuditEntry.objects.filter(action="delivery_tutup").count() == 1


def test_more_that_waits_by_now_asks_again(account, person, publish):
    version = get(account).version
    publish("mastodon")
    data = {"version": version, "waiting_total": 0, "reason": "x", "waiting": "tunggu"}
    response = person.post(f"{KANAL}akun/mastodon/hapus/", data)
    assert "Jumlah yang menunggu telah berubah" in body(response)
    assert get(account).archived_at is None


def test_an_order_for_later_keeps_the_account(account, person, office):
    office.bring_to("ordered", channels=["mastodon"])
    assert "1 perintah tayang yang belum tayang" in body(person.get(f"{KANAL}akun/mastodon/hapus/"))
    delete(person, account, waiting="tunggu")
    assert get(account).archived_at is not None


# --- The list -----------------------------------------------------------------------------------


def test_the_list_asks_the_database_as_often_for_many_as_for_few(account, person, office):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert person.get(KANAL).status_code == 200
        return len(queries)

    person.get(KANAL)
    few = count()
    for number in range(20):
        Account.objects.create(
            key=f"n{number}", kind="x", label=f"Kanal {number}", from_settings=False, connected_by=office.admin
        )
    assert count() == few


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (24 * 20, "berakhir 20 hari lagi"),
        (24 * 7, "berakhir 7 hari lagi"),
        (24, "berakhir besok"),
        (-1, "sudah berakhir"),
    ],
)
def test_the_end_is_said_in_words(account, person, hours, words):
    Account.objects.update(expires_at=timezone.now() + timedelta(hours=hours))
    assert words in body(person.get(KANAL))


def test_an_end_that_is_near_stands_on_the_home(account, person):
    assert "Izin kanal segera berakhir" not in body(person.get("/admin/"))
    Account.objects.update(expires_at=timezone.now() + timedelta(days=6, hours=1))
    assert "Izin kanal segera berakhir" in body(person.get("/admin/"))


def test_what_the_network_says_is_shown_as_text(account, person):
    words = "<script>alert(1)</script>"
    Account.objects.update(account_name=words, last_health={"problems": [words]}, checked_at=timezone.now())
    for path in (KANAL, f"{KANAL}akun/mastodon/"):
        assert words not in body(person.get(path))


def test_accounts_of_the_settings_come_and_go_and_leave_the_others_alone(account, settings):
    settings.SOCIAL_CHANNELS = {}
    service.sync_accounts()
    assert get(account).enabled
    assert not Account.objects.get(key="console").enabled
    settings.SOCIAL_CHANNELS = {"mastodon": {"kind": "mastodon", "label": "Dari pengaturan", "credentials": {}}}
    service.sync_accounts()
    assert not get(account).from_settings
    assert get(account).label == "Mastodon"


def test_a_stale_account_cannot_be_switched_twice(account, office):
    actions.switch(account, office.sekretaris, on=False)
    with pytest.raises(StepStale):
        actions.switch(account, office.sekretaris, on=False)
