"""An omitted channel needs a reason, which the permit, the log and every printed document keep."""

from dataclasses import replace

import pytest

from moderation.chain.transitions import take
from moderation.models import AuditEntry, PublicationPermit
from moderation.ports.exceptions import StepRefused
from moderation.records.papers import case_file
from news.social.channels.x.adapter import XChannel
from news.social.models import Delivery
from tests.social.conftest import give_public_address, work

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

REASON = "Kuota X bulan ini habis."


def order(office, item, **data):
    return take(item, "order", office.sekretaris, data)


def test_a_channel_is_left_out_with_a_reason_and_nothing_is_sent_there(networks, office, log_in):
    item = office.bring_to("verified")
    with pytest.raises(StepRefused, match="mengapa X, Konsol tidak dipakai") as refusal:
        order(office, item, channels=["mastodon"])
    assert refusal.value.fields == {"left_out_reason": "Tulis alasan kanal tidak dipakai."}
    with pytest.raises(StepRefused):
        order(office, item, channels=["mastodon"], left_out_reason="   ")
    assert not PublicationPermit.objects.exists()

    item = order(office, item, channels=["mastodon"], left_out_reason=REASON)
    permit = PublicationPermit.objects.get()
    assert (permit.channels, permit.left_out_labels) == (["mastodon"], {"x": "X", "console": "Konsol"})
    assert AuditEntry.objects.get(action="order").data["left_out_reason"] == REASON
    take(item, "publish", office.staf1)
    work()
    assert [delivery.account.key for delivery in Delivery.objects.all()] == ["mastodon"]
    assert networks["x"].posts == []
    item.refresh_from_db()
    assert item.state == "done"

    words = f"X, Konsol: {REASON}"
    client = log_in(office.pemantau)
    assert words in client.get(item.get_absolute_url()).content.decode()
    assert f"Website, Mastodon; tanpa {words}" in client.get("/admin/daftar-publikasi/").content.decode()
    assert words in str(case_file.build(item))


def test_a_reason_without_need_is_not_kept(networks, office):
    item = office.bring_to("verified")
    order(office, item, channels=["x", "mastodon", "console"], left_out_reason="Tidak perlu.")
    permit = PublicationPermit.objects.get()
    assert (permit.left_out_labels, permit.left_out_reason) == ({}, "")
    assert "left_out_reason" not in AuditEntry.objects.get(action="order").data


def test_the_worksheet_asks_and_keeps_what_was_typed(networks, office, log_in):
    item = office.bring_to("verified")
    client = log_in(office.sekretaris)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "Alasan kanal tidak dipakai" in page
    assert "Tetap unggah walaupun terlambat" in page
    assert "lebih dari 24 jam" in page
    assert "bukan penayangan pertama" not in page
    data = {"action": "order", "version": item.version, "channels": ["x"], "comment": "Segera."}
    refused = client.post(f"{item.get_absolute_url()}langkah/", data)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Tulis alasan kanal tidak dipakai." in page
    assert "Segera." in page


def test_without_any_account_nothing_is_asked(configure, office, log_in):
    configure()
    item = office.bring_to("verified")
    page = log_in(office.sekretaris).get(item.get_absolute_url()).content.decode()
    assert "Alasan kanal tidak dipakai" not in page
    assert order(office, item, channels=[]).state == "ordered"


def test_a_network_that_needs_a_picture_says_what_it_posts_when_there_is_none(configure, office, log_in):
    configure(ig={"kind": "instagram", "label": "Instagram"})
    item = office.bring_to("verified")
    page = log_in(office.sekretaris).get(item.get_absolute_url()).content.decode()
    assert "Instagram memerlukan gambar." in page
    assert order(office, item, channels=["ig"]).state == "ordered"


def test_a_text_that_no_longer_fits_stops_the_order(networks, office, monkeypatch):
    item = take(office.bring_to("assigned"), "compose", office.staf1)
    office.write(item, channel_texts=[("text", {"channel": "x", "text": "Warga hadir. " * 15})])
    item = office.bring_to("verified", item)
    give_public_address()
    # Text, two line breaks and 23 for the link make 219.
    monkeypatch.setattr(XChannel, "capabilities", replace(XChannel.capabilities, max_length=205))
    with pytest.raises(StepRefused, match="Teks untuk X kelebihan 14 karakter") as refusal:
        order(office, item, channels=["x"], left_out_reason=REASON)
    assert "channels" in refusal.value.fields
    assert order(office, item, channels=["mastodon"], left_out_reason="Terlalu panjang.").state == "ordered"


class TestPostAgain:
    """A ralat posts only where its order names a channel without a post."""

    def bring_ralat(self, office, item):
        item = office.open_ralat(item)
        return office.bring_to("verified", item)

    def publish(self, office, item, **data):
        item = order(office, item, **data)
        return take(item, "publish", office.staf1)

    def test_a_ralat_posts_nothing_by_itself(self, networks, publish, office):
        item = publish("mastodon")["mastodon"].disposition
        work()
        self.publish(office, self.bring_ralat(office, item), channels=["x", "mastodon", "console"])
        work(passes=2)
        assert networks["x"].posts == []
        assert len(networks["mastodon"].posts) == 1
        assert Delivery.objects.count() == 1

    def test_a_channel_that_was_left_out_can_get_its_post_with_the_ralat(self, networks, publish, office, log_in):
        item = publish("mastodon")["mastodon"].disposition
        work()
        item = self.bring_ralat(office, item)
        page = log_in(office.sekretaris).get(item.get_absolute_url()).content.decode()
        assert "Tetap unggah walaupun bukan penayangan pertama" in page
        assert 'name="posts_again" value="x"' in page
        assert 'name="posts_again" value="mastodon"' not in page
        assert 'name="channels"' not in page
        item = self.publish(office, item, posts_again=["x"])
        assert AuditEntry.objects.filter(action="order").latest("sequence").data["posts_again"] == ["x"]
        work()
        assert len(networks["x"].posts) == 1
        assert "Ralat putaran" in networks["x"].texts[0]
        assert Delivery.objects.get(account__key="x").permit.is_correction

    def test_never_beside_a_post_that_stands(self, networks, publish, office):
        item = publish("x")["x"].disposition
        work()
        item = self.bring_ralat(office, item)
        with pytest.raises(StepRefused, match="Unggahan di X masih ada"):
            order(office, item, posts_again=["x"])

    def test_after_a_take_down_the_removed_post_is_followed_by_a_new_one(self, networks, publish, office, log_in):
        item = publish("x", "mastodon")["x"].disposition
        work()
        item.refresh_from_db()
        take(item, "take_down", office.sekretaris, {"comment": "Salah foto."})
        work()
        assert networks["x"].posts == []
        item.refresh_from_db()
        self.publish(office, self.bring_ralat(office, item), posts_again=["x"])
        work(passes=2)
        assert (len(networks["x"].posts), networks["mastodon"].posts) == (1, [])
        old, new = Delivery.objects.filter(account__key="x").order_by("pk")
        assert old.superseded_at is not None
        assert (new.superseded_at, new.state) == (None, "sent")
        assert old.events.filter(outcome="superseded").count() == 1
        item.refresh_from_db()
        assert item.state == "done"

    def test_what_came_back_meanwhile_is_not_doubled(self, networks, publish, office):
        delivery = publish("x")["x"]
        networks["x"].fail((403, {}, {"detail": "No."}))
        work()
        from news.social.ledger import decisions

        decisions.decide(delivery, decisions.get_decision("tutup"), office.staf1, note="Tidak jadi.")
        item = order(office, self.bring_ralat(office, delivery.disposition), posts_again=["x"])
        # After the permit is written, the closed post turns out to exist.
        Delivery.objects.filter(pk=delivery.pk).update(state="sent", remote_id="1")
        take(item, "publish", office.staf1)
        assert Delivery.objects.count() == 1
