"""The checks of the proof: each is taken in parts that hold no lock and end within moments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Where a check goes on, as JSON; None before its first part and after its last.
Cursor = Any


@dataclass(frozen=True)
class Part:
    """Result of one part: the differences, one sentence each; where to go on, None at the end; live pages looked at."""

    differences: list[str] = field(default_factory=list)
    cursor: Cursor = None
    pages: int = 0


@dataclass(frozen=True)
class Check:
    """A check of the proof: its key for the record, its name for people, and the function that takes its next part."""

    code: str
    label: str
    take: Callable[[Cursor], Part]


_checks: list[Check] = []


def register_check(code: str, label: str, take: Callable[[Cursor], Part]) -> None:
    """Add a check after the others; called from ``AppConfig.ready``."""
    _checks.append(Check(code, label, take))


def register_list(code: str, label: str, find: Callable[[], list[str]]) -> None:
    """Add a check of a single part, by the function that returns its differences."""
    register_check(code, label, lambda cursor: Part(find()))


def get_checks() -> list[Check]:
    """Return the checks in their order."""
    return list(_checks)
