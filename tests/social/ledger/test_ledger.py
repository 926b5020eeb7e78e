"""The ledger's screens: rights to read and decide, effects and audit lines of each decision."""

import csv
import io
from datetime import timedelta

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.models import AuditEntry, Disposition
from moderation.people import notifications
from news.social.models import Account, Delivery, DeliveryEvent
from tests.social.conftest import work
from tests.support.audit_log import find_first_break

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
    assert find_first_break() is None
    assert Disposition.objects.get(pk=failed.disposition_id).state == "done"


@pytest.mark.parametrize(
    "link", ["", "x.com", "x.com/kecamatan/status/7", "javascript:alert(1)", "https://x.com/" + "a" * 500]
)
def test_mark_as_sent_needs_a_real_link_and_keeps_what_was_typed(uncertain, office, log_in, link):
    client = log_in(office.sekretaris)
    response = client.post(address(uncertain, "tandai-terkirim"), {"link": link})
    uncertain.refresh_from_db()
    if link == "x.com/kecamatan/status/7":
        # Typed without https; completed.
        assert (uncertain.state, uncertain.remote_url) == ("sent", f"https://{link}")
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


def multiply(delivery, count):
    """Copy this delivery many times, each to its own account."""
    accounts = Account.objects.bulk_create(
        Account(key=f"akun-{number}", kind="console", label=f"Akun {number}") for number in range(count)
    )
    triggers.drop_all()
    copies = [copy(delivery, account) for account in accounts]
    Delivery.objects.bulk_create(copies)
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(delivery=one, outcome="checked_same") for one in Delivery.objects.exclude(pk=delivery.pk)
    )
    triggers.install_all()


def copy(delivery, account):
    skipped = {"id", "account_id", "idempotency_key"}
    values = {field.attname: getattr(delivery, field.attname) for field in Delivery._meta.concrete_fields}
    return Delivery(account=account, **{name: value for name, value in values.items() if name not in skipped})


def test_the_list_takes_the_same_queries_for_ten_deliveries_and_for_a_thousand(
    failed, office, log_in, django_assert_max_num_queries
):
    client = log_in(office.pemantau)
    multiply(failed, 10)
    client.get("/admin/unggahan/")
    with django_assert_max_num_queries(30) as few:
        client.get("/admin/unggahan/")
    Account.objects.filter(key__startswith="akun-").update(key=Concat(Value("lama-"), "key"))
    multiply(failed, 1000)
    with django_assert_max_num_queries(len(few)):
        page = client.get("/admin/unggahan/")
    assert len(page.context["deliveries"]) == 25
    assert page.context["page_obj"].paginator.count == 1011
    with django_assert_max_num_queries(12):
        rows = b"".join(client.get("/admin/unggahan/?export=csv").streaming_content).decode().splitlines()
    assert len(rows) > 1011


def test_the_list_is_searched_by_title_number_and_day(failed, office, log_in):
    client = log_in(office.pemantau)
    today = timezone.localdate()

    def count(**query):
        return len(client.get("/admin/unggahan/", query).context["deliveries"])

    assert count(cari=failed.title[:9].upper()) == count(cari=failed.disposition.register_number) == 1
    assert count(cari="tidak ada yang begini") == count(cari="%") == 0
    assert count(dari=today, sampai=today) == 1
    assert count(dari=today + timedelta(days=1)) == count(sampai=today - timedelta(days=1)) == 0
    assert count(dari="kemarin", sampai="9999-99-99", cari="x" * 300) == 1
    page = body(client.get("/admin/unggahan/", {"cari": '"><script>', "dari": today}))
    assert "&quot;&gt;&lt;script&gt;" in page
    assert f'value="{today:%Y-%m-%d}"' in page


def test_the_list_goes_into_a_spreadsheet_as_it_is_narrowed(networks, publish, office, log_in):
    item = office.bring_to("composing")
    office.write(item, title="=HYPERLINK(1)", lead="@SUM(A1) bersih.")
    office.bring_to("live", item, channels=["x"])
    publish("mastodon")
    client = log_in(office.pemantau)
    table = b"".join(client.get("/admin/unggahan/?kanal=x&export=csv").streaming_content).decode("utf-8-sig")
    heading, row, *rest = csv.reader(io.StringIO(table))
    assert heading[:4] == ["Berita", "Nomor register", "Kanal", "Status"]
    assert not rest
    cells = dict(zip(heading, row, strict=True))
    assert cells["Berita"] == "'=HYPERLINK(1)"
    assert cells["Isi unggahan"].startswith("'@SUM(A1)")
    assert cells["Sidik isi"] == Delivery.objects.get(account__key="x").seal
    book = load_workbook(io.BytesIO(b"".join(client.get("/admin/unggahan/?kanal=x&export=xlsx").streaming_content)))
    assert [cell.value for cell in book.active[2]][:1] == ["'=HYPERLINK(1)"]
    page = body(client.get("/admin/unggahan/?kanal=x"))
    assert "?kanal=x&amp;export=csv" in page
    office.people["pemantau"].groups.clear()
    assert client.get("/admin/unggahan/?export=csv").status_code in (302, 403)


def test_failures_stand_on_the_home_of_the_admin_and_in_a_mail(failed, office, log_in, mailoutbox):
    for name in ("sekretaris", "bidang"):
        home = body(log_in(office.people[name]).get("/admin/"))
        assert "Unggahan yang tertahan" in home
        assert "/admin/unggahan/?status=perlu-keputusan" in home
        assert failed.title in home
    notifications.send_due_notifications()
    mails = [mail for mail in mailoutbox if mail.subject.startswith("Unggahan ke X memerlukan keputusan")]
    assert {address for mail in mails for address in mail.to} == {
        office.sekretaris.email,
        office.sekretaris2.email,
        office.staf1.email,
    }
    log_in(office.staf1).post(address(failed, "tutup"), {"note": "Dibagikan dengan tangan."})
    assert "Unggahan yang tertahan" not in body(log_in(office.sekretaris).get("/admin/"))


def test_a_channel_that_is_switched_off_says_what_waits_and_what_to_do(networks, publish, office, log_in):
    delivery = publish("x")["x"]
    Account.objects.filter(key="x").update(enabled=False)
    client = log_in(office.staf1)
    page = body(client.get("/admin/unggahan/"))
    assert "X dimatikan: 1 unggahan menunggu" in page
    assert "?status=dijeda&amp;kanal=x" in page
    assert "Nyalakan kembali kanal" in body(client.get(reverse("social:delivery", args=[delivery.pk])))
    assert "1</strong> unggahan dijeda" in body(client.get("/admin/"))
    Account.objects.filter(key="x").update(archived_at=timezone.now())
    assert "X dihapus: 1 unggahan menunggu" in body(client.get("/admin/unggahan/"))
    client.post(address(delivery, "tutup"), {"note": "Akun dihapus."})
    assert "X dihapus" not in body(client.get("/admin/unggahan/"))
