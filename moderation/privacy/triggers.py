"""Triggers that keep the verifier's decisions append-only."""

from moderation.evidence.triggers import Rule, written_once
from moderation.models import FindingDecision

MESSAGE = "penilaian temuan tidak dapat diubah"


def get_rules(vendor: str) -> list[Rule]:
    """Return the rules of the decisions' table."""
    table = FindingDecision._meta.db_table
    return [Rule("finding_change", table, "UPDATE", "", MESSAGE), *written_once(table, "finding", MESSAGE)]
