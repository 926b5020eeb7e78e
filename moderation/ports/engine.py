"""What the records ask of the chain of the SOP, which is built upon them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Engine:
    """What takes a step, says who may take, write or open what, and gives a step its form."""

    take: Callable
    #: (item, user) to what the user may do with the item.
    authority: Callable
    may_write_text: Callable
    may_open_editor: Callable
    get_form_class: Callable


_engine: Engine | None = None


def connect(engine: Engine) -> None:
    """Let the records use this engine; called once, from ``ModerationConfig.ready()``."""
    global _engine
    _engine = engine


def get() -> Engine:
    """Return the engine; LookupError before the apps are ready."""
    if _engine is None:
        raise LookupError("The chain of the SOP is not connected yet.")
    return _engine
