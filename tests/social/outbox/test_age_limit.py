"""The office's age limit: an old post needs a person and is neither sent nor lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.models import Disposition, OfficeProcedure
from news.social.models import Account, Delivery
from news.social.outbox import age_limit
from tests.social.conftest import work

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def grow_old(delivery, **age):
    Delivery.objects.filter(pk=delivery.pk).update(created_at=timezone.now() - timedelta(**age))


def press(client, delivery, code, **data):
    return client.post(f"/admin/unggahan/{delivery.pk}/{code}/", data, follow=True).content.decode()


def test_after_an_outage_an_old_post_waits_for_a_person(networks, publish, office, log_in):
    delivery = publish("x")["x"]
    grow_old(delivery, hours=25)
    work(passes=3)
    delivery.refresh_from_db()
    assert networks["x"].requests == []
    assert (delivery.state, delivery.needs_person) == ("pending", True)
    assert delivery.state_label == "Dijeda, perlu keputusan"
    assert delivery.events.filter(outcome="too_old").count() == 1
    assert Disposition.objects.get(pk=delivery.disposition_id).state == "live"
    client = log_in(office.staf1)
    for group in ("perlu-keputusan", "dijeda"):
        assert delivery.title in client.get(f"/admin/unggahan/?status={group}").content.decode()
    assert "unggahan perlu keputusan" in client.get("/admin/").content.decode()

    assert "lewat 24 jam" in client.get(f"/admin/unggahan/{delivery.pk}/").content.decode()
    press(client, delivery, "kirim-sekarang")
    work()
    delivery.refresh_from_db()
    assert (delivery.state, len(networks["x"].posts)) == ("sent", 1)
    assert Disposition.objects.get(pk=delivery.disposition_id).state == "done"


def test_or_it_is_closed(networks, publish, office, log_in):
    delivery = publish("x")["x"]
    grow_old(delivery, days=3)
    work()
    press(log_in(office.sekretaris), delivery, "tutup", note="Sudah basi.")
    work()
    assert networks["x"].posts == []
    assert Disposition.objects.get(pk=delivery.disposition_id).state == "done"


def test_nobody_sends_it_while_it_is_young_or_without_the_role(networks, publish, office, log_in):
    delivery = publish("x")["x"]
    assert "tidak dijalankan" in press(log_in(office.staf1), delivery, "kirim-sekarang")
    grow_old(delivery, days=3)
    work()
    assert "Hanya Sekretaris dan Staf" in press(log_in(office.bidang), delivery, "kirim-sekarang")
    work()
    assert networks["x"].posts == []


def test_the_order_can_say_that_it_goes_out_however_late(networks, office):
    item = office.bring_to("live", channels=["x"], posts_late=True)
    delivery = item.deliveries.get()
    grow_old(delivery, days=10)
    work()
    delivery.refresh_from_db()
    assert delivery.state == "sent"


@pytest.mark.parametrize(("limit", "age", "is_held"), [(24, 23, False), (48, 47, False), (48, 49, True), (1, 2, True)])
def test_the_office_sets_the_limit(networks, publish, limit, age, is_held):
    OfficeProcedure.objects.update_or_create(defaults={"post_age_limit": limit})
    delivery = publish("x")["x"]
    grow_old(delivery, hours=age)
    work()
    delivery.refresh_from_db()
    assert delivery.needs_person == is_held


def test_a_publication_that_was_itself_late_counts_from_the_ordered_time(networks, publish):
    delivery = publish("x")["x"]
    delivery.permit.go_live_at = timezone.now() - timedelta(days=2)
    assert age_limit.is_too_old(delivery, timezone.now())
    delivery.permit.go_live_at = timezone.now() + timedelta(days=2)
    assert not age_limit.is_too_old(delivery, timezone.now())


def test_resuming_an_account_does_not_flood_its_readers(networks, publish, office, log_in):
    old, young = publish("x")["x"], publish("x")["x"]
    grow_old(old, days=2)
    Account.objects.filter(key="x").update(paused_at=timezone.now())
    client = log_in(office.sekretaris)
    page = client.get("/admin/unggahan/akun/x/lanjutkan/").content.decode()
    assert "(2)" in page
    assert "lewat batas umur (1)" in page
    client.post("/admin/unggahan/akun/x/lanjutkan/")
    work(passes=2)
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.needs_person, young.state) == ("pending", True, "sent")
    assert len(networks["x"].posts) == 1


def test_sending_again_is_a_persons_word_on_its_age(networks, publish, office, log_in):
    networks["x"].fail((403, {}, {"detail": "You are not permitted to perform this action."}))
    delivery = publish("x")["x"]
    work()
    grow_old(delivery, days=4)
    press(log_in(office.staf1), delivery, "kirim-ulang")
    work()
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_one_that_nobody_found_is_not_repeated_when_it_is_old(networks, publish, office):
    networks["mastodon"].fail("500 before")
    delivery = publish("mastodon")["mastodon"]
    work()
    grow_old(delivery, days=2)
    work(passes=6)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.needs_person, delivery.repeats) == ("uncertain", True, 0)
    assert networks["mastodon"].posts == []
