"""What goes to a network and what comes back: the values that the outbox and the adapters exchange."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: What an adapter remembers between attempts at one post, stored as JSON: uploads, names of records. No secrets.
State = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """What the page offers to whoever links to it: the networks draw a card of it."""

    title: str
    description: str = ""
    host: str = ""
    image: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0


@dataclass(frozen=True)
class Image:
    """A picture of the page, rendered as the adapter's capabilities ask; ``content`` reads it when it is needed."""

    content: Callable[[], bytes] = field(compare=False, repr=False)
    mime: str
    width: int
    height: int
    alt: str = ""
    #: Where a network that fetches pictures itself can get it.
    url: str = ""


@dataclass(frozen=True)
class Draft:
    """What the office wants to say: the sealed text, the tags, the page's address, its card and its picture."""

    text: str
    link: str
    tags: tuple[str, ...] = ()
    card: Card | None = None
    image: Image | None = None


@dataclass(frozen=True)
class Composed:
    """The exact post: its text with the length in the network's own count, the card below it or the picture."""

    text: str
    link: str
    length: int
    limit: int | None
    card: Card | None = None
    image: Image | None = None
    #: By how many characters the text was too long beside its link; so much of it was cut off.
    excess: int = 0
    #: What the office should know before it orders this post, in sentences.
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """The proof that a post exists."""

    remote_id: str
    url: str = ""
    status: int | None = None


class Comparison(StrEnum):
    """How a post that was read back compares with what was sent."""

    SAME = "same"
    DIFFERENT = "different"
    MISSING = "missing"
    #: The network lets nobody read it, or gives no text: a person has to look.
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Verdict:
    """What reading one post back showed; ``text`` is what the network has now, links as they were posted."""

    comparison: Comparison
    text: str = ""


@dataclass(frozen=True)
class Health:
    """What a test without a post showed of an account; ``problems`` keep it from sending, ``warnings`` do not."""

    account_name: str = ""
    scopes: tuple[str, ...] = ()
    missing_scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    data_expires_at: datetime | None = None
    #: What the network allows, by a name for the office: {"Panjang unggahan": "500 karakter"}.
    limits: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    #: Settings that the network itself told: whoever asked keeps them in the account's settings.
    learned: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One setting or secret that an account of this kind needs; the forms of the office are made of these."""

    name: str
    label: str
    secret: bool = False
    required: bool = True
    help: str = ""
    #: "text", "url", "number", "yesno" or "choice"; the values reach the adapter in that type.
    type: str = "text"
    default: Any = ""
    choices: tuple[tuple[str, str], ...] = ()
