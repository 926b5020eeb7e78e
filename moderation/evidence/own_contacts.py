"""The office's own phone numbers and e-mail addresses, which the scanner allows in any text."""

from collections.abc import Callable, Iterable

from moderation.models import OfficeProcedure
from moderation.scanner.redaction import mask_all

_sources: list[Callable[[], Iterable[str]]] = []


def register_allowed(source: Callable[[], Iterable[str]]) -> None:
    """Add contacts that an upper app knows; called once from its ``AppConfig.ready``."""
    _sources.append(source)


def get_allowed(procedure: OfficeProcedure | None = None) -> tuple[str, ...]:
    """Return every contact of the office, each once, in a constant number of queries; ``procedure``, if at hand."""
    known = set((procedure or OfficeProcedure.load()).get_official_contacts())
    for source in _sources:
        known.update(entry for entry in source() if entry)
    return tuple(sorted(known))


def mask_typed(data):
    """Return typed form data with all personal numbers masked except the office's own."""
    return data if mask_all(data) == data else mask_all(data, get_allowed())
