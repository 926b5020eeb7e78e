"""The ledger's screens: who may read, who may decide, what each decision does and writes down."""

import pytest
from django.urls import reverse

from moderation import audit
from moderation.models import AuditEntry, Disposition
from moderation.transitions import take
from news.social.models import Account, Delivery

from .conftest import work

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

FAIL = (403, {}, {"detail": "You are not permitted to perform this action."})


def address(delivery, code):
    return reverse("social:decision", args=[delivery.pk, code])


def body(response):
    return response.content.decode()


@pytest.fixture
def failed(networks, publish):
    networks["x"].fail(FAIL)
    delivery = publish("x")["x"]
    work()
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    return delivery


@pytest.fixture
def uncertain(networks, publish):
    networks["x"].fail("500 before")
    delivery = publish("x")["x"]
    work(passes=6)
    delivery.refresh_from_db()
    assert delivery.waits_for_person
    return delivery


@pytest.mark.parametrize("name", ["sekretaris", "staf1", "bidang", "ppid", "sekretariat", "pemantau", "admin"])
def test_everyone_with_a_role_reads_the_exact_text(failed, office, log_in, name):
    client = log_in(office.people[name])
    listing = body(client.get("/admin/unggahan/"))
    assert failed.title in listing
    assert "Gagal" in listing
    detail = body(client.get(reverse("social:delivery", args=[failed.pk])))
    assert failed.request_text.splitlines()[0] in detail
    assert failed.seal in detail
    assert "Ditolak kanal (jawaban 403)" in detail
    may_act = name in {"sekretaris", "staf1"}
    assert ("Kirim ulang" in detail) == may_act
    assert 'name="viewport"' in detail


def test_a_stranger_reads_nothing(failed, office, client, django_user_model):
    assert client.get("/admin/unggahan/").status_code == 302
    office.people["pemantau"].groups.clear()
    client.force_login(office.pemantau)
    for url in ("/admin/unggahan/", reverse("social:delivery", args=[failed.pk]), address(failed, "tutup")):
        response = client.get(url)
        assert response.status_code in (302, 403)


@pytest.mark.parametrize("name", ["bidang", "ppid", "sekretariat", "pemantau", "admin"])
@pytest.mark.parametrize("code", ["kirim-ulang", "tandai-terkirim", "tutup"])
def test_nobody_else_decides_even_with_a_forged_post(failed, office, log_in, name, code):
    client = log_in(office.people[name])
    data = {"link": "https://x.com/kecamatan/status/1", "note": "paksa"}
    response = client.post(address(failed, code), data)
    assert "Hanya Sekretaris dan Staf Sekretariat" in body(response)
    assert client.get(address(failed, code)).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.closed_at) == ("failed", None)
    assert not AuditEntry.objects.filter(action__startswith="delivery_").exists()


def test_send_again(failed, office, log_in, networks):
    client = log_in(office.staf1)
    asking = body(client.get(address(failed, "kirim-ulang")))
    assert "dikirim sekali lagi" in asking
    assert Delivery.objects.get().state == "failed"

    response = client.post(address(failed, "kirim-ulang"), follow=True)
    assert "Unggahan menunggu dikirim ulang." in body(response)
    client.post(address(failed, "kirim-ulang"))
    work()

    failed.refresh_from_db()
    assert (failed.state, len(networks["x"].posts)) == ("sent", 1)
    line = AuditEntry.objects.get(action="delivery_kirim_ulang")
    assert (line.actor_id, line.role, line.seal) == (office.staf1.pk, "Staf Sekretariat", failed.seal)
    assert line.disposition_id == failed.disposition_id
    assert audit.find_first_break() is None
    assert Disposition.objects.get(pk=failed.disposition_id).state == "done"


@pytest.mark.parametrize("link", ["", "x.com", "javascript:alert(1)", "https://x.com/" + "a" * 500])
def test_mark_as_sent_needs_a_real_link_and_keeps_what_was_typed(uncertain, office, log_in, link):
    client = log_in(office.sekretaris)
    response = client.post(address(uncertain, "tandai-terkirim"), {"link": link})
    uncertain.refresh_from_db()
    if link == "x.com":
        # Typed without https, as people do; completed.
        assert (uncertain.state, uncertain.remote_url) == ("sent", "https://x.com")
        return
    assert response.status_code == 200
    assert link[:40] in body(response)
    assert uncertain.state == "uncertain"


def test_mark_as_sent_finishes_the_item(uncertain, office, log_in):
    client = log_in(office.sekretaris)
    client.post(address(uncertain, "tandai-terkirim"), {"link": "https://x.com/kecamatan/status/9"})
    uncertain.refresh_from_db()
    assert (uncertain.state, uncertain.remote_url) == ("sent", "https://x.com/kecamatan/status/9")
    assert Disposition.objects.get(pk=uncertain.disposition_id).state == "done"
    page = body(client.get(reverse("social:delivery", args=[uncertain.pk])))
    assert "Keputusan petugas" in page
    assert 'href="https://x.com/kecamatan/status/9"' in page


def test_an_uncertain_post_is_sent_again_only_after_somebody_vouches_that_it_is_not_there(
    uncertain, office, log_in, networks
):
    client = log_in(office.sekretaris)
    assert client.get(address(uncertain, "kirim-ulang")).status_code == 302
    response = client.post(address(uncertain, "kirim-ulang"))
    assert "keadaan unggahan telah berubah" in body(response)
    assert "unggahan ganda" in body(client.get(address(uncertain, "tandai-tidak-terkirim")))

    client.post(address(uncertain, "tandai-tidak-terkirim"), {"note": "Sudah saya periksa di akun."})
    client.post(address(uncertain, "kirim-ulang"))
    work()
    uncertain.refresh_from_db()
    assert (uncertain.state, len(networks["x"].posts)) == ("sent", 1)


def test_nobody_has_to_guess_while_the_worker_still_looks(networks, publish, office, log_in):
    networks["x"].fail("500 before")
    delivery = publish("x")["x"]
    work()
    client = log_in(office.sekretaris)
    page = body(client.get(reverse("social:delivery", args=[delivery.pk])))
    assert "Tandai terkirim" in page
    assert "Tandai tidak terkirim" not in page


def test_closing_needs_a_note_and_finishes_the_item(failed, office, log_in):
    client = log_in(office.sekretaris)
    client.post(address(failed, "tutup"), {"note": "  "})
    failed.refresh_from_db()
    assert failed.closed_at is None
    assert Disposition.objects.get(pk=failed.disposition_id).state == "live"

    client.post(address(failed, "tutup"), {"note": "Dibagikan dengan tangan."})
    failed.refresh_from_db()
    assert (failed.state, failed.closed_note, failed.closed_by) == (
        "failed",
        "Dibagikan dengan tangan.",
        office.sekretaris,
    )
    assert failed.state_label == "Gagal, ditutup"
    assert Disposition.objects.get(pk=failed.disposition_id).state == "done"
    assert client.get(address(failed, "kirim-ulang")).status_code == 302


def test_what_waits_for_a_dead_account_can_be_closed_and_is_never_sent(networks, publish, office, log_in):
    delivery = publish("x")["x"]
    Account.objects.filter(key="x").update(enabled=False)
    client = log_in(office.staf1)
    client.post(address(delivery, "tutup"), {"note": "Akun X tidak dipakai lagi."})
    Account.objects.filter(key="x").update(enabled=True)
    work(passes=2)
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert networks["x"].posts == []
    assert Disposition.objects.get(pk=delivery.disposition_id).state == "done"


def test_news_that_was_taken_down_is_not_sent_again(failed, office, log_in, networks):
    take(failed.disposition, "take_down", office.sekretaris, {"comment": "Salah foto."})
    response = log_in(office.staf1).post(address(failed, "kirim-ulang"))
    assert "tidak lagi tayang" in body(response)
    work()
    assert networks["x"].posts == []


def test_an_unknown_decision_is_not_found(failed, office, log_in):
    assert log_in(office.staf1).get(address(failed, "hapus")).status_code == 404


def test_only_a_person_who_may_decide_resumes_an_account(networks, office, log_in):
    Account.objects.filter(key="x").update(paused_at="2026-11-23T08:00Z", pause_reason="Token dicabut.")
    client = log_in(office.bidang)
    page = body(client.get("/admin/unggahan/"))
    assert "Token dicabut." in page
    assert "Lanjutkan X" not in page
    client.post("/admin/unggahan/akun/x/lanjutkan/")
    assert Account.objects.get(key="x").paused_at is not None
    client = log_in(office.staf1)
    assert "Lanjutkan X" in body(client.get("/admin/unggahan/"))
    client.post("/admin/unggahan/akun/x/lanjutkan/")
    assert Account.objects.get(key="x").paused_at is None


def test_the_list_can_be_narrowed(networks, publish, failed, office, log_in):
    publish("mastodon")
    work()
    Account.objects.filter(key="x").update(paused_at="2026-11-23T08:00Z")
    held = publish("x")["x"]
    client = log_in(office.pemantau)

    def found(query):
        return {delivery.pk for delivery in client.get(f"/admin/unggahan/?{query}").context["deliveries"]}

    everything = set(Delivery.objects.values_list("pk", flat=True))
    assert found("") == found("status=ngawur&kanal=ngawur") == everything
    assert found("status=gagal") == found("status=perlu-keputusan") == {failed.pk}
    assert found("status=dijeda") == found("kanal=x&status=menunggu") == {held.pk}
    assert found("kanal=mastodon") == found("status=terkirim")
    assert found("status=tidak-diketahui") == found("status=dikirim") == set()
    assert client.get("/admin/unggahan/?p=99").status_code == 404


def test_the_list_takes_the_same_queries_for_one_delivery_and_for_many(
    configure, publish, office, log_in, django_assert_max_num_queries
):
    keys = [f"akun-{number}" for number in range(30)]
    configure(**{key: {"kind": "console", "label": key} for key in keys})
    publish(keys[0])
    client = log_in(office.pemantau)
    client.get("/admin/unggahan/")
    with django_assert_max_num_queries(30) as few:
        client.get("/admin/unggahan/")
    publish(*keys)
    with django_assert_max_num_queries(len(few)):
        page = client.get("/admin/unggahan/")
    assert len(page.context["deliveries"]) == 25
