"""What the log keeps of a version's pictures and documents: their files can be exchanged later."""

from moderation.evidence.own_contacts import mask_typed


def write_for_log(facts: list[dict]) -> list[dict]:
    """Return what ``seal.describe_all_media`` said, fit for the log: no title shows somebody's number."""
    return [mask_title(fact) for fact in facts]


def mask_title(fact: dict) -> dict:
    """Return the facts of one document with its title as the log would have it."""
    return fact | {"title": mask_typed(fact["title"])} if "title" in fact else fact
