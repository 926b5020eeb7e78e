"""The verifier's decisions are append-only on both databases."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from moderation.models import FindingDecision
from moderation.ports.exceptions import GuardViolation
from moderation.ports.official_step import official_step
from tests.support.databases.statements import execute, refused_by_trigger

pytestmark = pytest.mark.django_db

TABLE = FindingDecision._meta.db_table


@pytest.fixture
def decision(office):
    item = office.issue()
    with official_step():
        return FindingDecision.objects.create(
            disposition=item,
            seal="a" * 64,
            fingerprint="b" * 64,
            code="nik",
            label="NIK",
            masked="3313********0001",
            decision="hapus",
            sentence="Tidak ada dasarnya.",
            by=office.bidang,
            at=timezone.now(),
        )


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET decision = 'keliru'",
        f"UPDATE {TABLE} SET fingerprint = 'c'",
        f"DELETE FROM {TABLE}",
        f"INSERT INTO {TABLE} SELECT * FROM {TABLE}",
    ],
)
def test_the_database_refuses_to_rewrite_a_decision(decision, statement):
    with refused_by_trigger("penilaian temuan tidak dapat diubah"):
        execute(statement)
    assert FindingDecision.objects.get().decision == "hapus"


def test_the_orm_refuses_it_too(decision):
    decision.decision = "keliru"
    with official_step(), pytest.raises(GuardViolation):
        decision.save()
    with pytest.raises(GuardViolation):
        decision.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        FindingDecision.objects.update(decision="keliru")
