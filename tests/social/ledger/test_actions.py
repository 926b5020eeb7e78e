"""The ledger's actions: read back, send again, mark, remove; their rights and audit lines."""

import pytest
from django.urls import reverse

from moderation.models import AuditEntry, Disposition
from moderation.ports.exceptions import StepRefused
from news.social.ledger import decisions
from news.social.models import FollowUp
from tests.social.conftest import work

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def address(delivery, code):
    return reverse("social:decision", args=[delivery.pk, code])


def body(response):
    return response.content.decode()


@pytest.fixture
def sent(networks, publish):
    """A post that reached X and is closed."""
    delivery = publish("x")["x"]
    work()
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    return delivery


@pytest.fixture
def uncertain(networks, publish):
    """A post in doubt that the worker no longer searches for."""
    networks["x"].fail("500 before")
    delivery = publish("x")["x"]
    work(passes=6)
    delivery.refresh_from_db()
    assert delivery.waits_for_person
    return delivery


def press_check(client, delivery):
    return body(client.post(reverse("social:check", args=[delivery.pk]), follow=True))


class TestCheck:
    def test_what_stands_there_is_what_was_sent(self, sent, office, log_in):
        page = press_check(log_in(office.bidang), sent)
        assert "Diperiksa di kanal: sama" in page
        event = sent.events.get(outcome="checked_same")
        assert (event.user, event.found_text) == (office.bidang, "")
        assert "Diperiksa di kanal: sama" in body(log_in(office.pemantau).get("/admin/unggahan/"))

    def test_a_post_that_was_changed_is_shown_with_its_differences(self, sent, networks, office, log_in):
        post = networks["x"].posts[0]
        post.text = post.text.replace("Warga", "<b>Camat</b>", 1)
        page = press_check(log_in(office.staf1), sent)
        assert "Diperiksa di kanal: berbeda" in page
        assert "Perbedaan yang ditemukan di kanal" in page
        assert "<del" in page
        assert "&lt;b&gt;Camat&lt;/b&gt;" in page
        assert "<b>Camat</b>" not in page
        sent.refresh_from_db()
        assert sent.state == "sent"

    def test_a_post_that_is_gone(self, sent, networks, office, log_in):
        networks["x"].posts.clear()
        page = press_check(log_in(office.sekretaris), sent)
        assert "tidak ditemukan" in page
        assert "mungkin dihapus di kanal" in page

    def test_a_network_that_does_not_answer_says_nothing(self, sent, networks, office, log_in):
        networks["x"].fail_reads((503, {}, {"title": "Service Unavailable"}))
        page = press_check(log_in(office.sekretaris), sent)
        assert "tidak dapat dibaca" in page
        assert sent.events.get(outcome="checked_unreadable").status == 503

    def test_a_dead_token_pauses_the_account(self, sent, networks, office, log_in):
        networks["x"].fail_reads((401, {}, {"title": "Unauthorized"}))
        press_check(log_in(office.sekretaris), sent)
        sent.account.refresh_from_db()
        assert sent.account.paused_at is not None

    def test_looking_for_one_that_nobody_could_find(self, uncertain, networks, office, log_in):
        client = log_in(office.staf1)
        page = press_check(client, uncertain)
        assert "Belum tentu tidak terkirim" in page
        uncertain.refresh_from_db()
        assert (uncertain.state, uncertain.needs_person) == ("uncertain", True)

        networks["x"].create_post(uncertain.request_text)
        page = press_check(client, uncertain)
        assert "Ditemukan di kanal" in page
        uncertain.refresh_from_db()
        assert uncertain.state == "sent"
        assert uncertain.remote_url
        assert Disposition.objects.get(pk=uncertain.disposition_id).state == "done"

    @pytest.mark.parametrize("name", ["ppid", "sekretariat", "pemantau", "admin"])
    def test_nobody_else_asks_the_network(self, sent, office, log_in, name, networks):
        client = log_in(office.people[name])
        assert "Periksa di kanal" not in body(client.get(reverse("social:delivery", args=[sent.pk])))
        asked = len(networks["x"].requests)
        assert "Hanya Sekretaris, Staf Sekretariat, dan Bidang" in press_check(client, sent)
        assert len(networks["x"].requests) == asked
        assert not sent.events.filter(outcome__startswith="checked").exists()

    def test_there_must_be_something_to_read(self, networks, publish, office, log_in):
        delivery = publish("x")["x"]
        assert "Tidak ada unggahan yang dapat diperiksa" in press_check(log_in(office.staf1), delivery)
        assert log_in(office.staf1).get(reverse("social:check", args=[delivery.pk])).status_code == 405


class TestSendAgain:
    def test_an_uncertain_one_only_after_the_person_vouches(self, uncertain, office, log_in, networks):
        client = log_in(office.staf1)
        url = address(uncertain, "periksa-lalu-kirim")
        assert "melihatnya dua kali" in body(client.get(url))
        client.post(url, {"note": "Sudah dilihat."})
        client.post(url, {"vouched": "on", "note": " "})
        uncertain.refresh_from_db()
        assert uncertain.state == "uncertain"

        client.post(url, {"vouched": "on", "note": "Sudah saya periksa di akun."})
        work()
        uncertain.refresh_from_db()
        assert (uncertain.state, len(networks["x"].posts)) == ("sent", 1)
        line = AuditEntry.objects.get(action="delivery_periksa_lalu_kirim")
        assert (line.actor_id, line.reason) == (office.staf1.pk, "Sudah saya periksa di akun.")

    def test_not_while_the_worker_still_looks(self, networks, publish, office):
        networks["x"].fail("500 before")
        delivery = publish("x")["x"]
        work()
        decision = decisions.get_decision("periksa-lalu-kirim")
        with pytest.raises(StepRefused, match="telah berubah"):
            decisions.decide(delivery, decision, office.staf1, note="x", vouched=True)

    def test_what_was_sent_is_never_sent_again(self, sent, office, log_in, networks):
        client = log_in(office.sekretaris)
        for code in ("kirim-ulang", "kirim-sekarang", "periksa-lalu-kirim"):
            client.post(address(sent, code), {"vouched": "on", "note": "Lagi."})
        work(passes=2)
        assert len(networks["x"].posts) == 1


class TestMarkAsSent:
    @pytest.mark.parametrize(
        "link",
        [
            "https://x.com/kecamatan",
            "https://x.com.penipu.example/kecamatan/status/9",
            "https://facebook.com/kecamatan/posts/9",
            "https://notx.com/kecamatan/status/9",
        ],
    )
    def test_the_link_must_be_a_post_of_this_channel(self, uncertain, office, log_in, link):
        response = log_in(office.sekretaris).post(address(uncertain, "tandai-terkirim"), {"link": link})
        assert "bukan alamat unggahan di X" in body(response)
        assert link in body(response)
        uncertain.refresh_from_db()
        assert (uncertain.state, uncertain.remote_url) == ("uncertain", "")

    def test_the_number_in_the_link_is_kept(self, uncertain, office, log_in):
        link = "https://x.com/kecamatan/status/99?s=20"
        log_in(office.sekretaris).post(address(uncertain, "tandai-terkirim"), {"link": link})
        uncertain.refresh_from_db()
        assert (uncertain.state, uncertain.remote_id, uncertain.remote_url) == ("sent", "99", link)


class TestRemove:
    def test_the_post_goes_and_the_news_stays(self, sent, office, log_in, networks):
        client = log_in(office.sekretaris)
        assert "Berita tetap tayang di website" in body(client.get(address(sent, "hapus-dari-kanal")))
        client.post(address(sent, "hapus-dari-kanal"), {"note": ""})
        assert not FollowUp.objects.exists()

        client.post(address(sent, "hapus-dari-kanal"), {"note": "Foto warga tanpa izin."})
        act = FollowUp.objects.get()
        assert (act.kind, act.occasion, act.state) == ("delete", "decision", "pending")
        assert Disposition.objects.get(pk=sent.disposition_id).state == "done"
        work()
        assert networks["x"].posts == []
        sent.refresh_from_db()
        assert sent.page.live
        line = AuditEntry.objects.get(action="delivery_hapus_dari_kanal")
        assert (line.reason, line.role, line.seal) == ("Foto warga tanpa izin.", "Sekretaris", sent.seal)
        assert "dihapus dari kanal oleh petugas" in body(client.get(reverse("moderation:register")))

    def test_it_is_offered_once(self, sent, office, log_in):
        client = log_in(office.sekretaris)
        for _time in range(2):
            client.post(address(sent, "hapus-dari-kanal"), {"note": "Keliru."})
        assert FollowUp.objects.count() == 1
        assert client.get(address(sent, "hapus-dari-kanal")).status_code == 302

    @pytest.mark.parametrize("name", ["staf1", "bidang", "ppid", "admin"])
    def test_only_the_sekretaris_takes_a_post_back(self, sent, office, log_in, name):
        client = log_in(office.people[name])
        assert "Hapus dari kanal" not in body(client.get(reverse("social:delivery", args=[sent.pk])))
        client.post(address(sent, "hapus-dari-kanal"), {"note": "Paksa."})
        assert not FollowUp.objects.exists()

    def test_a_ralat_does_not_bring_it_back(self, sent, office, log_in, networks):
        log_in(office.sekretaris).post(address(sent, "hapus-dari-kanal"), {"note": "Keliru."})
        item = office.open_ralat(Disposition.objects.get(pk=sent.disposition_id))
        office.bring_to("live", item)
        work(passes=2)
        assert networks["x"].posts == []
        assert list(FollowUp.objects.values_list("kind", "state")) == [("delete", "done")]

    def test_what_cannot_be_removed_from_here_becomes_a_task(self, sent, office, log_in, monkeypatch):
        from dataclasses import replace

        from news.social.channels import KINDS

        monkeypatch.setattr(KINDS["x"], "capabilities", replace(KINDS["x"].capabilities, can_delete=False))
        log_in(office.sekretaris).post(address(sent, "hapus-dari-kanal"), {"note": "Keliru."})
        assert FollowUp.objects.get().state == "task"
        assert "Hapus unggahan di X" in body(log_in(office.staf1).get("/admin/unggahan/"))
