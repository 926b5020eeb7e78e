"""Prepare the facts of a version's pictures and documents for the log, since files can be replaced later."""

from moderation.evidence.own_contacts import mask_typed


def write_for_log(facts: list[dict]) -> list[dict]:
    """Return the facts of ``seal.describe_all_media`` with personal numbers in titles masked."""
    return [mask_title(fact) for fact in facts]


def mask_title(fact: dict) -> dict:
    """Return the facts of one document with its title masked."""
    return fact | {"title": mask_typed(fact["title"])} if "title" in fact else fact
