"""The port between the outbox and a network: what an adapter can do, is given, and answers.

Nothing below this package knows Django. An adapter is one file with one subclass of ``Channel``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .fitting import fit

#: Repeating with the same key never makes a second post, however late.
FOREVER = timedelta.max


@dataclass(frozen=True)
class Capabilities:
    """What a network allows: how long a post may be, what can be done after a lost answer, and
    what can be done with a post that exists."""

    max_length: int | None
    readable: bool
    idempotent_for: timedelta = timedelta(0)
    can_edit: bool = False
    can_reply: bool = False
    can_delete: bool = False


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
class Draft:
    """What the office wants to say: the sealed text, the tags, the address of the page and its card."""

    text: str
    link: str
    tags: tuple[str, ...] = ()
    card: Card | None = None


@dataclass(frozen=True)
class Composed:
    """The exact text of one post, with its length in the network's own count, and the card below it."""

    text: str
    link: str
    length: int
    limit: int | None
    card: Card | None = None


@dataclass(frozen=True)
class Sent:
    """The proof that a post exists."""

    remote_id: str
    url: str = ""
    status: int | None = None


class ChannelError(Exception):
    """A post was not made, or nobody knows; ``message`` is a sentence for the office."""

    default = ""

    def __init__(self, message: str = "", *, status: int | None = None):
        self.message = message or self.default
        self.status = status
        super().__init__(self.message)


class Rejected(ChannelError):
    """The network will never take this text."""

    default = "Kanal menolak unggahan ini."


class Duplicate(ChannelError):
    """The network says that it has this post already."""

    default = "Kanal menyatakan unggahan yang sama sudah ada."


class AuthDead(ChannelError):
    """The account's permission to post is gone: nothing of this account can be sent."""

    default = "Izin akun ditolak oleh kanal. Hubungkan kembali akun ini."


class NoFunds(ChannelError):
    """The account has no credit left: nothing of this account can be sent."""

    default = "Saldo kredit akun pada kanal sudah habis."


class Throttled(ChannelError):
    """The account has to wait until ``until``; nothing was stored."""

    default = "Batas kiriman kanal tercapai."

    def __init__(self, until: datetime, message: str = "", *, status: int | None = None):
        super().__init__(message, status=status)
        self.until = until


class NotSent(ChannelError):
    """The request certainly never reached the network: it is safe to try again."""

    default = "Kanal tidak dapat dihubungi."


class Unknown(ChannelError):
    """The request left and the answer was lost: the post may or may not exist."""

    default = "Jawaban kanal tidak diterima. Belum diketahui apakah unggahan terkirim."


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
    #: What of a page's card the network does not show; None when it draws no card at all.
    hidden_on_card: frozenset[str] | None = frozenset()

    @abstractmethod
    def count(self, text: str) -> int:
        """Return the length of ``text`` as the network counts it."""

    @abstractmethod
    def deliver(self, composed: Composed, key: str) -> Sent:
        """Make the post: the one request that changes something. ``key`` is the delivery's own."""

    @abstractmethod
    def find(self, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Look in the account for the post made after ``since``; None when it is not there."""

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

    def compose(self, draft: Draft) -> Composed:
        """Return the exact post for ``draft``: previews and posts both come from here."""
        limit = self.capabilities.max_length
        text = fit(draft.text, draft.tags, draft.link, self.count, limit)
        return Composed(text, draft.link, self.count(text), limit, self._draw_card(draft.card))

    def _draw_card(self, card: Card | None) -> Card | None:
        if card is None or self.hidden_on_card is None:
            return None
        return replace(card, **dict.fromkeys(self.hidden_on_card, ""))

    def excess(self, text: str) -> int:
        """Return by how many characters ``text`` is too long to go out uncut with a link."""
        if self.capabilities.max_length is None:
            return 0
        room = self.capabilities.max_length - self.link_reserve
        return max(0, self.count(text.strip()) - room)
