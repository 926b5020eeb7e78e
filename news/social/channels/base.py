"""Interface between the outbox and a network: what an adapter can do, receives and returns.

No module of this package imports Django. An adapter is one file with one subclass of ``Channel``;
see docs/adding-a-network.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit

from .errors import (
    AuthDead,
    ChannelError,
    Duplicate,
    Lookalike,
    NoFunds,
    NoRight,
    NotSent,
    Rejected,
    Throttled,
    Undecided,
    Unknown,
)
from .fitting import fit
from .oauth import Grant, OAuthFlow
from .post import Card, Comparison, Composed, Draft, Field, Health, Image, Posted, Sent, State, Verdict

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
    "Lookalike",
    "NoFunds",
    "NoRight",
    "NotSent",
    "Posted",
    "Rejected",
    "Sent",
    "State",
    "Throttled",
    "Undecided",
    "Unknown",
    "Verdict",
    "get_flows",
]

#: Addresses of a network's servers, asked for where the site allows networks on loopback: tests, demonstrations, a
#: server of the office's own. Empty means the network itself.
API_ADDRESS = Field(
    "base_url", "Alamat API (uji coba)", type="url", required=False, help="Kosong: jaringan itu sendiri."
)
WEB_ADDRESS = Field(
    "web_url", "Alamat unggahan (uji coba)", type="url", required=False, help="Awal alamat unggahan yang dibaca warga."
)

#: A repeated key never makes a second post, however late.
FOREVER = timedelta.max


@dataclass(frozen=True)
class Capabilities:
    """What a network allows.

    Length of a post, pictures, the form of a link, how to recover from a lost answer, and changes
    to an existing post."""

    max_length: int | None
    readable: bool
    idempotent_for: timedelta = timedelta(0)
    can_edit: bool = False
    #: Whether a post's picture can be replaced, and its text with it.
    can_edit_media: bool = False
    can_reply: bool = False
    can_delete: bool = False
    #: Whether the account may be read every day: the network lists its posts, for nothing or at an accepted price.
    watchable: bool = False
    #: "upload": sent with the post; "url": fetched by the network; "required": fetched, and mandatory.
    image: Literal["none", "upload", "url", "required"] = "none"
    image_types: tuple[str, ...] = ("image/jpeg", "image/png")
    image_max_bytes: int = 5_000_000
    #: Narrowest and widest picture, as width divided by height.
    image_ratio: tuple[float, float] | None = None
    alt_length: int = 1000
    #: Whether the adapter sends the link's card; other networks read it from the page.
    sends_card: bool = False
    link: Literal["inline", "param", "facet", "none"] = "inline"
    #: Seconds after a lost answer at which to read the account back; several, because timelines lag.
    read_back_delays: tuple[int, ...] = (2, 10, 60, 600)


class Channel(ABC):
    """One network. Composing is pure; ``deliver`` makes a post and is called once.

    ``capabilities`` says what can be done with a post later. Editing and deleting may be repeated
    without effect; replying may not, because it makes a post.
    """

    kind: str
    label: str
    #: Length to reserve for the link and its line break while the page's URL is unknown.
    link_reserve: int
    capabilities: Capabilities
    #: Hosts of posts whose URLs do not contain the network's own id.
    web_hosts: tuple[str, ...] = ()
    #: Parts of a page's card that the network does not show; None when it draws no card.
    hidden_on_card: frozenset[str] | None = frozenset()
    #: Settings and secrets of an account; the names are the constructor's.
    settings_fields: tuple[Field, ...] = ()
    credentials_fields: tuple[Field, ...] = ()
    #: Addresses of its servers that may be replaced for tests and demonstrations, unless a setting names them.
    server_fields: tuple[Field, ...] = (API_ADDRESS, WEB_ADDRESS)
    #: OAuth flows that give the credentials; None where a token is pasted.
    oauth: OAuthFlow | tuple[OAuthFlow, ...] | None = None
    #: Time from pasting a token to its first renewal; None where nothing is renewed.
    first_refresh: timedelta | None = None
    #: Price of a post without a link, in ``currency``; None where posts are free.
    price: Decimal | None = None
    currency: str = ""
    #: Cost of a month's posts at which to tell the office.
    monthly_limit: Decimal | None = None

    @property
    def text_kind(self) -> str:
        """The kind whose texts, topics and pictures of an item it takes."""
        return self.kind

    @abstractmethod
    def count(self, text: str) -> int:
        """Return the length of ``text`` as the network counts it."""

    @abstractmethod
    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Make the post, with the one request that citizens see the effect of.

        ``key``: unique to the delivery; ``state``: the result of ``prepare``.
        """

    @abstractmethod
    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Search the account for the post made after ``since``; return None when it is absent.

        Raises Lookalike for a post with the same link and other words, Undecided where it cannot look.
        """

    def find_by_words(self, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Search like ``find``, for a post that may have been made under another key: by its words and link."""
        return self.find(composed, key, since, {})

    @abstractmethod
    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read one post back and compare it with what was sent."""

    @abstractmethod
    def check(self) -> Health:
        """Test token, scopes and limits without posting; raise what a post would raise."""

    def refresh(self) -> Grant | None:
        """Return new credentials before the old ones expire, None where nothing is refreshed.

        The caller ensures that one worker asks at a time; send one request only. Raises ``AuthDead``
        when a person has to connect again, ``NotSent`` when nothing changed, ``Unknown`` when the
        old credentials may be invalid.
        """
        return None

    def prepare(self, composed: Composed, state: State, save: Callable[[State], None]) -> dict[str, Any]:
        """Do the invisible part of a post: upload the picture, choose the record's name.

        Repeatable: ``state`` holds what an earlier run saved; skip what is in it. Call ``save``
        after each step. Store no secrets in it.
        """
        return state

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace the text of an existing post, and leave its picture."""
        raise Rejected(f"{self.label} tidak dapat mengubah unggahan.")

    def edit_media(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace text and picture of an existing post; remove the picture where ``composed`` has none."""
        raise Rejected(f"{self.label} tidak dapat mengganti foto unggahan.")

    def reply(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Reply to an existing post; called once, like ``deliver``."""
        raise Rejected(f"{self.label} tidak dapat membalas unggahan.")

    def find_reply(self, remote_id: str, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Search the account for the reply made after ``since``; return None when it is absent."""
        raise Rejected(f"{self.label} tidak dapat membalas unggahan.")

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete a post; one that no longer exists counts as deleted."""
        raise Rejected(f"{self.label} tidak dapat menghapus unggahan.")

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield what stands in the account and was posted since then, replies included; see ``watchable``."""
        raise Rejected(f"{self.label} tidak dapat dibaca kembali.")

    def read_id(self, url: str) -> str:
        """Return the network's id of the post at a URL that a person gave, "" if the URL has none."""
        return ""

    def owns_address(self, url: str) -> bool:
        """Say whether a URL that a person gave can be a post of this network."""
        parts = urlsplit(url)
        is_there = any(f".{parts.hostname}".endswith(f".{host}") for host in self.web_hosts)
        return bool(self.read_id(url)) or (is_there and bool(parts.path.strip("/")))

    def compose(self, draft: Draft) -> Composed:
        """Return the exact post for ``draft``, for previews and for sending."""
        return self.illustrate(self.write(draft, draft.tags, draft.link), draft.image, draft.card)

    def write(self, draft: Draft, tags: Iterable[str], link: str) -> Composed:
        """Return the post's text with tags and link, and the number of characters that did not fit."""
        limit = self.capabilities.max_length
        text, whole = (fit(draft.text, parts, link, self.count, most) for parts, most in ((tags, limit), ((), None)))
        excess = 0 if limit is None else max(0, self.count(whole) - limit)
        return Composed(text, draft.link, self.count(text), limit, excess=excess)

    def illustrate(self, composed: Composed, image: Image | None, card: Card | None) -> Composed:
        """Return the composed post with the picture or card that the network shows."""
        if self.capabilities.image == "none":
            image = None
        return replace(composed, image=image, card=self._draw_card(None if image else card))

    def _draw_card(self, card: Card | None) -> Card | None:
        if card is None or self.hidden_on_card is None:
            return None
        hidden: dict[str, Any] = dict.fromkeys(self.hidden_on_card, "")
        return replace(card, **hidden)

    def excess(self, text: str) -> int:
        """Return by how many characters ``text`` with a link exceeds the limit."""
        if self.capabilities.max_length is None:
            return 0
        room = self.capabilities.max_length - self.link_reserve
        return max(0, self.count(text.strip()) - room)

    def find_problems(self, composed: Composed) -> tuple[str, ...]:
        """Return, in Indonesian, why the network would refuse the post, apart from its length."""
        found = self.find_text_problems(composed.text)
        if self.capabilities.image == "required" and composed.image is None:
            return (f"{self.label} memerlukan foto dengan teks alternatif.", *found)
        return found

    def find_text_problems(self, text: str) -> tuple[str, ...]:
        """Return, in Indonesian, why the network would refuse the text, apart from its length."""
        return ()

    def get_cost(self, text: str) -> Decimal:
        """Return the price of a post with this text, in ``currency``."""
        return Decimal(0)

    def require_image(self, composed: Composed) -> Image:
        """Return the picture of a post that needs one; raise Rejected without."""
        if composed.image is None:
            raise Rejected(f"{self.label} memerlukan foto dengan teks alternatif.")
        return composed.image

    def read_image(self, image: Image) -> bytes:
        """Return the picture's content; raise Rejected for one that the network would not take."""
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
