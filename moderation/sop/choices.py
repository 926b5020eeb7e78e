"""Choices of model fields, from the tables. Callables, so that a changed label needs no migration."""

from .checklist_defaults import DEFAULTS
from .law import CLASSIFICATIONS, EXEMPT, PROCESSING_BASES
from .rows import Role
from .steps import STATES, get_step, tasks

Choices = list[tuple[str, str]]


def list_states() -> Choices:
    """Return the states of an item."""
    return [(state.code, state.label) for state in STATES]


def list_tasks() -> Choices:
    """Return the steps that are tasks of the workflow."""
    return [(step.code.value, step.label) for step in tasks()]


def list_checklist_steps() -> Choices:
    """Return the steps that have a checklist."""
    return [(code.value, get_step(code).label) for code in DEFAULTS]


def list_roles() -> Choices:
    """Return the roles, which are their own labels."""
    return [(role.value, role.value) for role in Role]


def list_classifications() -> Choices:
    """Return the classes of information."""
    return list(CLASSIFICATIONS)


def list_public_classifications() -> Choices:
    """Return the classes of information without the exempt one, which is never listed (UU 14/2008)."""
    return [choice for choice in CLASSIFICATIONS if choice[0] != EXEMPT]


def list_processing_bases() -> Choices:
    """Return the grounds on which personal data may be processed (UU 27/2022)."""
    return list(PROCESSING_BASES)
