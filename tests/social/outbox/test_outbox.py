"""Publishing writes deliveries of the sealed text for the ordered channels, in one transaction."""

import pytest
from django.db import transaction

from moderation.chain.transitions import take
from moderation.ports import channels as registry
from news.models import NewsPage
from news.social.accounts import service
from news.social.accounts.token_refresh import get_channel
from news.social.channels import KINDS
from news.social.models import Account, Delivery
from news.social.outbox.composing import compose
from tests.social.conftest import work

pytestmark = [pytest.mark.django_db, pytest.mark.fast]


def test_only_ordered_channels_get_a_delivery_and_only_at_go_live(networks, office):
    item = office.bring_to("ordered", channels=["x", "console"])
    assert not Delivery.objects.exists()

    take(item, "publish", office.staf1)

    deliveries = Delivery.objects.filter(disposition=item)
    assert {delivery.account.key for delivery in deliveries} == {"x", "console"}
    assert {delivery.state for delivery in deliveries} == {"pending"}
    assert networks["x"].posts == []


def test_the_stored_text_is_the_preview_of_the_verified_version(networks, office):
    item = office.issue()
    item = office.bring_to("composing", item)
    page = office.write(
        item, channel_texts=[("text", {"channel": "x", "text": "Irigasi Buntar bersih – 40 warga hadir."})]
    )
    page.tags.add("Kerja bakti", "irigasi")
    page.save_revision(user=office.staf1)
    item = office.bring_to("verified", item)
    shown = {preview.key: preview for preview in registry.get_previews(item.get_draft(), ["x", "mastodon"])}

    item = office.bring_to("live", item, channels=["x", "mastodon"])

    for delivery in item.deliveries.select_related("account", "permit"):
        preview = shown[delivery.account.key]
        assert delivery.request_text == preview.text
        assert delivery.link == preview.link == item.get_page().full_url
        assert delivery.seal == delivery.permit.seal
        assert compose(NewsPage.objects.get(pk=item.page_id), get_channel(delivery.account)).text == preview.text
    assert shown["x"].text.startswith("Irigasi Buntar bersih – 40 warga hadir.\n\n#KerjaBakti #Irigasi\nhttp")
    assert shown["mastodon"].text.startswith("Warga Desa Buntar membersihkan saluran irigasi")


def test_a_publication_that_fails_leaves_no_delivery(networks, office):
    item = office.bring_to("ordered", channels=["x"])
    with transaction.atomic():
        take(item, "publish", office.staf1)
        assert Delivery.objects.count() == 1
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_website_only_writes_nothing_and_is_finished(networks, office):
    item = office.bring_to("live", channels=[])
    assert item.state == "done"
    assert not Delivery.objects.exists()


def test_taking_down_cancels_what_was_not_sent(networks, office, publish):
    delivery = publish("x")["x"]
    take(delivery.disposition, "take_down", office.sekretaris, {"comment": "Salah foto."})
    delivery.refresh_from_db()
    assert delivery.is_cancelled, "in the step itself, not when a worker comes by"
    work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.is_cancelled, delivery.state_label) == ("failed", True, "Dibatalkan")
    assert "diturunkan" in delivery.last_error
    assert networks["x"].posts == []


def test_a_page_that_is_no_longer_live_is_not_posted_even_without_the_signal(networks, office, publish):
    delivery = publish("x")["x"]
    Account.objects.update(enabled=False)
    take(delivery.disposition, "take_down", office.sekretaris, {"comment": "Salah foto."})
    Account.objects.update(enabled=True)
    Delivery.objects.update(state="pending", closed_at=None, closed_note="")
    work()
    delivery.refresh_from_db()
    assert delivery.is_cancelled
    assert networks["x"].posts == []


def test_an_account_that_left_the_settings_does_not_stop_the_publication(networks, configure, office):
    item = office.bring_to("ordered", channels=["x"])
    configure(mastodon=networks["mastodon"].config)
    take(item, "publish", office.staf1)
    delivery = Delivery.objects.get()
    work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.state_label) == ("pending", "Dijeda")

    configure(x=networks["x"].config)
    work()
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_accounts_follow_the_settings_and_are_never_deleted(configure):
    config = {"kind": "console", "label": "Satu"}
    configure(satu=config, dua=config | {"label": "Dua"})
    configure(dua=config | {"label": "Dua baru"})
    service.sync_accounts()
    assert list(
        Account.objects.filter(key__in=["satu", "dua"]).order_by("key").values_list("key", "label", "enabled")
    ) == [
        ("dua", "Dua baru", True),
        ("satu", "Satu", False),
    ]
    assert [choice.key for choice in registry.get_choices()] == ["dua"]


def test_the_provider_describes_its_kinds_and_refuses_what_would_be_cut(configure):
    configure()
    kinds = {kind: limit for kind, _, limit in registry.get_kinds()}
    assert set(kinds) == {*KINDS, "whatsapp"}
    assert "255" in kinds["x"]
    assert registry.get_text_problem("x", "a" * 255) is None
    assert "5 karakter" in registry.get_text_problem("x", "a" * 260)
    assert registry.get_text_problem("console", "a" * 9999) is None
    assert registry.get_text_problem("telegraf", "a") == "Jenis kanal ini tidak dikenal."


def test_the_register_asks_once_for_posts_and_once_for_shares(networks, publish, django_assert_num_queries):
    ids = [publish("x", "mastodon")["x"].disposition_id for _ in range(2)]
    work()
    with django_assert_num_queries(2):
        outcomes = registry.get_outcomes(ids)
    assert set(outcomes) == set(ids)
    assert [(outcome.key, outcome.state_label) for outcome in outcomes[ids[0]]] == [
        ("x", "Terkirim"),
        ("mastodon", "Terkirim"),
    ]
    assert all(outcome.url for outcome in outcomes[ids[0]])
