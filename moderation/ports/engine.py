"""Port through which the models call the chain, which imports them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Engine:
    """The chain's functions: take a step, check who may take, write or open what, return a step's form."""

    take: Callable[..., Any]
    #: (item, user) to what the user may do with the item.
    authority: Callable[..., Any]
    may_write_text: Callable[..., bool]
    may_open_editor: Callable[..., bool]
    get_form_class: Callable[..., Any]


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
