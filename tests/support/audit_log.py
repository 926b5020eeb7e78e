"""Check the audit log as the nightly run does: in parts, to its end or the first break."""

from moderation.evidence import audit
from moderation.models.audit import GENESIS_HASH


def find_first_break() -> str | None:
    """Return what is wrong with the first broken line of the log, None when it is intact."""
    sequence, previous_hash, problem, at_end = 0, GENESIS_HASH, None, False
    while not at_end:
        sequence, previous_hash, problem, at_end = audit.verify_lines(sequence, previous_hash, audit.VERIFIED_AT_ONCE)
    return problem
