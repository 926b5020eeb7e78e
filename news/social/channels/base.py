"""The port between the outbox and a network: what an adapter can do, is given, and answers.

Nothing below this package knows Django. An adapter is one file with one subclass of ``Channel``;
docs/adding-a-network.md tells how to write one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit

from .errors import (
    AuthDead,
    ChannelError,
    Duplicate,
    NoFunds,
    NotSent,
    Rejected,
    Throttled,
    Unknown,
)
from .fitting import fit
from .oauth import Grant, OAuthFlow
from .post import Card, Comparison, Composed, Draft, Field, Health, Image, Sent, State, Verdict

__all__ = [
    "FOREVER",
    "AuthDead",
    "Capabilities",
    "Card",
    "Channel",
    "ChannelError",
    "Comparison",
    "Composed",
    "Draft",
    "Duplicate",
    "Field",
    "Health",
    "Image",
    "NoFunds",
    "NotSent",
    "Rejected",
    "Sent",
    "State",
    "Throttled",
    "Unknown",
    "Verdict",
    "get_flows",
]

#: Repeating with the same key never makes a second post, however late.
FOREVER = timedelta.max


@dataclass(frozen=True)
class Capabilities:
    """What a network allows: how long a post may be, which picture, how a link is made, what can
    be done after a lost answer, and what can be done with a post that exists."""

    max_length: int | None
    readable: bool
    idempotent_for: timedelta = timedelta(0)
    can_edit: bool = False
    can_reply: bool = False
    can_delete: bool = False
    #: "upload": sent with the post; "url": fetched by the network; "required": fetched, and no post without one.
    image: Literal["none", "upload", "url", "required"] = "none"
    image_types: tuple[str, ...] = ("image/jpeg", "image/png")
    image_max_bytes: int = 5_000_000
    #: The narrowest and the widest picture, as width divided by height.
    image_ratio: tuple[float, float] | None = None
    alt_length: int = 1000
    #: The adapter sends the link's card itself; elsewhere the network reads it from the page.
    sends_card: bool = False
    link: Literal["inline", "param", "facet", "none"] = "inline"
    #: Seconds after an unknown answer at which the account is read back: timelines lag.
    read_back_delays: tuple[int, ...] = (2, 10, 60, 600)


class Channel(ABC):
    """One network. Composing is pure; ``deliver`` makes a post and is called once.

    What can be done with a post later is said in ``capabilities``. Editing and deleting may be
    repeated: the second time changes nothing. Replying may not: it makes a post.
    """

    kind: str
    label: str
    #: What the link and the line break before it may take when the page's address is not known.
    link_reserve: int
    capabilities: Capabilities
    #: Where citizens read posts whose addresses do not tell the number that the network itself uses.
    web_hosts: tuple[str, ...] = ()
    #: What of a page's card the network does not show; None when it draws no card at all.
    hidden_on_card: frozenset[str] | None = frozenset()
    #: What an account of this kind needs; the names are those of the constructor.
    settings_fields: tuple[Field, ...] = ()
    credentials_fields: tuple[Field, ...] = ()
    #: How the network's own consent screen gives the credentials; None where a token is pasted.
    oauth: OAuthFlow | tuple[OAuthFlow, ...] | None = None
    #: How long after a token was pasted it is renewed for the first time; None where nothing is renewed.
    first_refresh: timedelta | None = None
    #: What a post without a link costs, in ``currency``; None where posts are free.
    price: Decimal | None = None
    currency: str = ""
    #: The office wants to know when the posts of a month cost so much.
    monthly_limit: Decimal | None = None

    @abstractmethod
    def count(self, text: str) -> int:
        """Return the length of ``text`` as the network counts it."""

    @abstractmethod
    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Make the post: the one request that changes something for citizens.

        ``key`` is the delivery's own, ``state`` what ``prepare`` returned.
        """

    @abstractmethod
    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Look in the account for the post made after ``since``; None when it is not there."""

    @abstractmethod
    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read one post back and compare it with what was sent."""

    @abstractmethod
    def check(self) -> Health:
        """Test token, scopes and limits without posting anything; raises what a post would raise."""

    def refresh(self) -> Grant | None:
        """Return new credentials for those about to end, None where nothing is refreshed.

        One worker asks at a time, with one request. ``AuthDead``: a person has to connect again.
        ``NotSent``: nothing changed. ``Unknown``: nobody knows which credentials still live.
        """
        return None

    def prepare(self, composed: Composed, state: State, save: Callable[[State], None]) -> dict[str, Any]:
        """Do what a post needs and no citizen sees: upload the picture, choose the record's name.

        It may be repeated: ``state`` is what an earlier run saved, and what is in it is not done
        again. Call ``save`` after each step. Nothing secret belongs into it.
        """
        return state

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace the text of a post that exists."""
        raise Rejected(f"{self.label} tidak dapat mengubah unggahan.")

    def reply(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Post below a post that exists: like ``deliver``, called once."""
        raise Rejected(f"{self.label} tidak dapat membalas unggahan.")

    def find_reply(self, remote_id: str, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Look in the account for the reply made after ``since``; None when it is not there."""
        raise Rejected(f"{self.label} tidak dapat membalas unggahan.")

    def delete(self, remote_id: str, key: str) -> Sent:
        """Remove a post; one that is gone already counts as removed."""
        raise Rejected(f"{self.label} tidak dapat menghapus unggahan.")

    def read_id(self, url: str) -> str:
        """Return the network's own name of the post at an address that a person gave, "" if it has none."""
        return ""

    def owns_address(self, url: str) -> bool:
        """Say whether an address that a person gave can be a post of this network."""
        parts = urlsplit(url)
        is_there = any(f".{parts.hostname}".endswith(f".{host}") for host in self.web_hosts)
        return bool(self.read_id(url)) or (is_there and bool(parts.path.strip("/")))

    def compose(self, draft: Draft) -> Composed:
        """Return the exact post for ``draft``: previews and posts both come from here."""
        return self.illustrate(self.write(draft, draft.tags, draft.link), draft.image, draft.card)

    def write(self, draft: Draft, tags: Iterable[str], link: str) -> Composed:
        """Return the words of the post with these tags and this link in them, and by how much they did not fit."""
        limit = self.capabilities.max_length
        text, whole = (fit(draft.text, parts, link, self.count, most) for parts, most in ((tags, limit), ((), None)))
        excess = 0 if limit is None else max(0, self.count(whole) - limit)
        return Composed(text, draft.link, self.count(text), limit, excess=excess)

    def illustrate(self, composed: Composed, image: Image | None, card: Card | None) -> Composed:
        """Return the post, as stored, with what the network shows of the page's picture and card."""
        if self.capabilities.image == "none":
            image = None
        return replace(composed, image=image, card=self._draw_card(None if image else card))

    def _draw_card(self, card: Card | None) -> Card | None:
        if card is None or self.hidden_on_card is None:
            return None
        hidden: dict[str, Any] = dict.fromkeys(self.hidden_on_card, "")
        return replace(card, **hidden)

    def excess(self, text: str) -> int:
        """Return by how many characters ``text`` is too long to go out uncut with a link."""
        if self.capabilities.max_length is None:
            return 0
        room = self.capabilities.max_length - self.link_reserve
        return max(0, self.count(text.strip()) - room)

    def find_problems(self, composed: Composed) -> tuple[str, ...]:
        """Return why the network would refuse the post for more than its length, in sentences for the editor."""
        found = self.find_text_problems(composed.text)
        if self.capabilities.image == "required" and composed.image is None:
            return (f"{self.label} memerlukan foto dengan teks alternatif.", *found)
        return found

    def find_text_problems(self, text: str) -> tuple[str, ...]:
        """Return what of a text, written for this network, it would refuse for more than its length."""
        return ()

    def get_cost(self, text: str) -> Decimal:
        """Return what a post with this text costs, in ``currency``."""
        return Decimal(0)

    def require_image(self, composed: Composed) -> Image:
        """Return the picture of a post that cannot go out without one; Rejected where it has none."""
        if composed.image is None:
            raise Rejected(f"{self.label} memerlukan foto dengan teks alternatif.")
        return composed.image

    def read_image(self, image: Image) -> bytes:
        """Return the picture, refusing one that the network would not take."""
        if image.mime not in self.capabilities.image_types:
            raise Rejected(f"{self.label} tidak menerima gambar jenis {image.mime}.")
        content = image.content()
        if len(content) > self.capabilities.image_max_bytes:
            raise Rejected(f"Gambar lebih besar daripada batas {self.label}.")
        return content


def get_flows(channel: type[Channel] | Channel) -> tuple[OAuthFlow, ...]:
    """Return the flows that an adapter declares, the recommended one first."""
    declared = channel.oauth
    if declared is None:
        return ()
    return declared if isinstance(declared, tuple) else (declared,)
