"""Upgrading a database with posts keeps their history, and its content type, permissions and triggers."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from moderation.evidence.trigger_check import find_altered
from news.social.models import DeliveryEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def migrate_social():
    """Migrate the app to a named state; the newest one follows in the end."""

    def migrate(name: str = "") -> None:
        call_command("migrate", "social", *filter(None, [name]), verbosity=0)
        ContentType.objects.clear_cache()

    yield migrate
    migrate()


def test_the_history_of_a_post_is_renamed_with_all_that_names_it(office, migrate_social):
    delivery = office.bring_to("live", channels=["console"]).deliveries.get()
    for outcome in ("started", "sent"):
        DeliveryEvent.objects.create(delivery=delivery, outcome=outcome)
    rows, kind = list(DeliveryEvent.objects.values()), ContentType.objects.get_for_model(DeliveryEvent)
    permissions = set(Permission.objects.filter(content_type=kind).values_list("pk", "codename"))

    migrate_social("0004_account_lease")
    tables = connection.introspection.table_names()
    assert "social_deliveryattempt" in tables
    assert "social_deliveryevent" not in tables
    assert ContentType.objects.get(pk=kind.pk).model == "deliveryattempt"

    migrate_social()
    assert list(DeliveryEvent.objects.values()) == rows
    assert ContentType.objects.get_for_model(DeliveryEvent) == kind
    assert set(Permission.objects.filter(content_type=kind).values_list("pk", "codename")) == permissions
    assert not ContentType.objects.filter(app_label="social", model="deliveryattempt").exists()
    assert find_altered(connection) == []
    assert DeliveryEvent.objects.create(delivery=delivery, outcome="found").pk > rows[-1]["id"]
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryEvent.objects.update(message="x")
