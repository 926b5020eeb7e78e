"""The database refuses posts of other texts or on other channels than sealed and ordered (I9)."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from moderation.evidence import triggers
from moderation.models import PublicationPermit
from news.social.models import Account, Delivery, DeliveryEvent, FollowUp
from tests.support.databases.statements import put_in_its_own_place, refused_by_trigger
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(office):
    return office.bring_to("live", channels=["console"]).deliveries.get()


@pytest.mark.parametrize(
    "change", [{"request_text": "Camat korupsi."}, {"link": "https://lain.example/"}, {"alt": "x"}, {"seal": "x"}]
)
def test_the_text_of_a_delivery_is_not_rewritten(delivery, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(**change)


def test_no_delivery_is_made_by_hand(delivery):
    delivery.pk, delivery.idempotency_key = None, uuid.uuid4()
    delivery.account = Account.objects.create(key="lain", kind="console", label="Lain")
    delivery.request_text = "Camat korupsi."
    with pytest.raises(IntegrityError), transaction.atomic():
        delivery.save()


def test_nothing_of_the_ledger_is_deleted(delivery):
    DeliveryEvent.objects.create(delivery=delivery, outcome=DeliveryEvent.Outcome.STARTED)
    for model in (DeliveryEvent, Delivery):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_no_row_of_the_ledger_is_replaced(delivery):
    Delivery.objects.update(state="sent")
    FollowUp.objects.create(
        delivery=delivery, permit=delivery.permit, occasion="decision", kind="delete", seal=delivery.seal
    )
    DeliveryEvent.objects.create(delivery=delivery, outcome=DeliveryEvent.Outcome.STARTED)
    # While the page goes live a delivery may be written, but not in the place of another.
    slip_past_triggers(PublicationPermit.objects.all(), completed_at=None)
    for model, message in (
        (FollowUp, "tindak lanjut unggahan hanya lahir"),
        (DeliveryEvent, "catatan pengiriman tetap"),
        (Delivery, "unggahan hanya lahir dari penayangan"),
    ):
        with refused_by_trigger(message):
            put_in_its_own_place(model)


def test_a_person_removes_only_what_was_sent(delivery):
    act = {"delivery": delivery, "permit": delivery.permit, "occasion": "decision", "seal": delivery.seal}
    for kind, state in (("delete", "pending"), ("edit", "sent")):
        Delivery.objects.update(state=state)
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.create(kind=kind, **act)
    assert FollowUp.objects.create(kind="delete", **act).pk


def test_what_a_check_found_is_not_rewritten(delivery):
    DeliveryEvent.objects.create(delivery=delivery, outcome="checked_different", found_text="Lain.")
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryEvent.objects.update(found_text="Sama.")


def test_a_page_has_one_current_post_on_an_account(delivery):
    Delivery.objects.update(superseded_at=delivery.created_at)
    copy = {field.attname: getattr(delivery, field.attname) for field in Delivery._meta.concrete_fields}
    copies = [Delivery(**copy | {"id": None, "idempotency_key": uuid.uuid4()}) for _number in range(2)]
    triggers.drop_all()
    copies[0].save()
    with pytest.raises(IntegrityError), transaction.atomic():
        copies[1].save()
    triggers.install_all()


def test_a_null_byte_in_the_filter_is_no_fault_of_the_server(office, log_in):
    assert log_in(office.ppid).get("/admin/unggahan/?status=%00&kanal=a%00b").status_code == 200
