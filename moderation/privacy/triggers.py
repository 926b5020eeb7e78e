"""Triggers that keep the verifier's decisions append-only."""

from moderation.evidence.triggers import Trigger, written_once
from moderation.models import FindingDecision

MESSAGE = "penilaian temuan tidak dapat diubah"


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers of the decisions' table."""
    table = FindingDecision._meta.db_table
    return [Trigger("finding_change", table, "UPDATE", "", MESSAGE), *written_once(table, "finding", MESSAGE)]
