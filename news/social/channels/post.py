"""Values that the outbox and the adapters exchange."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: State of an adapter between attempts at one post, as JSON without secrets: uploads, record keys.
State = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """The page's data from which networks draw the card of a link."""

    title: str
    description: str = ""
    host: str = ""
    image: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0


@dataclass(frozen=True)
class Image:
    """A picture of the page, rendered for the adapter's capabilities; ``content`` reads it lazily."""

    content: Callable[[], bytes] = field(compare=False, repr=False)
    mime: str
    width: int
    height: int
    alt: str = ""
    #: Public URL, for networks that fetch pictures.
    url: str = ""


@dataclass(frozen=True)
class Draft:
    """The office's content of a post: sealed text, tags, the page's URL, card and picture."""

    text: str
    link: str
    tags: tuple[str, ...] = ()
    card: Card | None = None
    image: Image | None = None
    #: The page's title, for places that show no card of the link.
    title: str = ""


@dataclass(frozen=True)
class Composed:
    """The exact post: text, its length in the network's count, and the card or picture."""

    text: str
    link: str
    length: int
    limit: int | None
    card: Card | None = None
    image: Image | None = None
    #: Number of characters cut off to fit the text beside its link.
    excess: int = 0
    #: Remarks for the office before it orders this post, as sentences.
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """Identification of a post that exists."""

    remote_id: str
    url: str = ""
    status: int | None = None


@dataclass(frozen=True)
class Posted:
    """A post as the account shows it; ``text`` has links as posted."""

    remote_id: str
    text: str
    url: str = ""


class Comparison(StrEnum):
    """Result of comparing a post that was read back with what was sent."""

    SAME = "same"
    DIFFERENT = "different"
    MISSING = "missing"
    #: The network cannot be read, or returns no text; a person has to look.
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Verdict:
    """Result of reading a post back; ``text`` is the network's current text, links as posted."""

    comparison: Comparison
    text: str = ""


@dataclass(frozen=True)
class Health:
    """Result of testing an account without a post; ``problems`` keep it from sending, ``warnings`` do not."""

    account_name: str = ""
    scopes: tuple[str, ...] = ()
    missing_scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    data_expires_at: datetime | None = None
    #: The network's limits by label: {"Panjang unggahan": "500 karakter"}.
    limits: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    #: Settings reported by the network, for the caller to keep in the account's.
    learned: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One setting or secret of an account, from which the admin's forms are made."""

    name: str
    label: str
    secret: bool = False
    required: bool = True
    help: str = ""
    #: "text", "url", "number", "length", "yesno" or "choice"; the adapter gets values of that type.
    type: str = "text"
    default: Any = ""
    choices: tuple[tuple[str, str], ...] = ()
