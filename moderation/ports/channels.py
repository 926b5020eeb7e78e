"""Registry of the providers that tell moderation which channels can be ordered.

Moderation knows no network: row 8 of the SOP names channels, and whoever sends to them
registers one provider in ``AppConfig.ready()``. Without a provider the website is the only
channel and everything else works.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class ChannelChoice:
    """One account that the publication order can name."""

    key: str
    label: str
    kind: str


@dataclass(frozen=True)
class LinkCard:
    """The link card as a network shows it; a part it does not show is empty."""

    title: str
    description: str
    host: str
    image: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0


@dataclass(frozen=True)
class Preview:
    """One post as the channel's own adapter composes it; lengths in the network's own count."""

    key: str
    label: str
    text: str
    link: str
    length: int
    limit: int | None
    card: LinkCard | None = None
    #: The picture that is posted, with its alternative text; "" where the channel takes none.
    image: str = ""
    image_alt: str = ""
    #: Whether the office wrote a text for this kind of channel, or it derives from the lead.
    is_own_text: bool = False
    #: Why the channel would not take this post, one sentence each; an order that names it is refused.
    problems: tuple[str, ...] = ()
    #: What the office should know before it orders the post.
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The result of one ordered channel, worded for the register."""

    key: str
    label: str
    state_label: str
    url: str
    #: What was posted, and what replaced or followed it after a ralat; "" where nothing was.
    text: str = ""
    later_text: str = ""
    #: The order under which the first text was posted; None where it is not known.
    permit_id: int | None = None
    #: Its own screen in the admin, and whether it waits for a person there.
    address: str = ""
    waits_for_person: bool = False


@dataclass(frozen=True)
class PostText:
    """The words of one post, for comparison."""

    label: str
    text: str
    later_text: str = ""
    #: The order of the first text; None where it is not known.
    permit_id: int | None = None


class Provider(Protocol):
    """Interface of an app that sends to channels."""

    def choices(self) -> list[ChannelChoice]: ...

    def kinds(self) -> list[tuple[str, str, str]]: ...

    def previews(self, page: Any, keys: Collection[str] | None = None) -> list[Preview]: ...

    def text_problem(self, kind: str, text: str) -> str | None: ...

    def outcomes(self, disposition_ids: Iterable[int]) -> dict[int, list[Outcome]]: ...

    def post_texts(self, disposition_ids: Iterable[int]) -> dict[int, list[PostText]]: ...

    def is_waited_for(self, disposition_id: int) -> bool: ...

    def follow_ups(self, item: Any, occasion: str, page: Any) -> list[str]: ...

    def choices_again(self, item: Any) -> list[ChannelChoice]: ...

    def find_posts(self, addresses: Iterable[str]) -> dict[str, int]: ...

    def screens(self, item: Any) -> list[tuple[str, str]]: ...


_providers: list[Provider] = []


def register_provider(provider: Provider) -> None:
    """Add a provider; called once from the ``ready()`` of the app that sends."""
    _providers.append(provider)


def get_choices() -> list[ChannelChoice]:
    """Return the accounts that an order can name now."""
    return [choice for provider in _providers for choice in provider.choices()]


def get_kinds() -> list[tuple[str, str, str]]:
    """Return (kind, label, text about the limit) of every known kind of channel."""
    return [kind for provider in _providers for kind in provider.kinds()]


def get_previews(page: Any, keys: Collection[str] | None = None) -> list[Preview]:
    """Return the posts of ``page`` as they would be sent, for the accounts ``keys`` or all that can be ordered."""
    return [preview for provider in _providers for preview in provider.previews(page, keys)]


def get_text_problem(kind: str, text: str) -> str | None:
    """Return why ``text`` does not fit a channel of this kind, or None."""
    problems = (provider.text_problem(kind, text) for provider in _providers)
    return next((problem for problem in problems if problem), None)


def get_outcomes(disposition_ids: Iterable[int]) -> dict[int, list[Outcome]]:
    """Return what became of the ordered channels of many items, in a constant number of queries."""
    outcomes: dict[int, list[Outcome]] = {}
    for provider in _providers:
        for disposition_id, found in provider.outcomes(disposition_ids).items():
            outcomes.setdefault(disposition_id, []).extend(found)
    return outcomes


def get_post_texts(disposition_ids: Iterable[int]) -> dict[int, list[PostText]]:
    """Return the words posted for many items, without what became of them, in a constant number of queries."""
    texts: dict[int, list[PostText]] = {}
    for provider in _providers:
        for disposition_id, found in provider.post_texts(disposition_ids).items():
            texts.setdefault(disposition_id, []).extend(found)
    return texts


def is_waited_for(item: Any) -> bool:
    """Say whether a channel still has something to do for the item before it is SELESAI."""
    return any(provider.is_waited_for(item.pk) for provider in _providers)


def get_follow_ups(item: Any, occasion: str, page: Any = None) -> list[str]:
    """Return what will happen on each channel after a ralat or a take-down, one sentence a post.

    ``occasion`` is "correction" (``page`` is then the new text) or "take_down".
    """
    return [line for provider in _providers for line in provider.follow_ups(item, occasion, page)]


def get_choices_again(item: Any) -> list[ChannelChoice]:
    """Return the accounts on which the item has no post that citizens may see: only those can get
    a new one with a ralat."""
    return [choice for provider in _providers for choice in provider.choices_again(item)]


def find_posts(addresses: Iterable[str]) -> dict[str, int]:
    """Return the disposition of each of these addresses at which one of its posts stands on a network."""
    return {address: item for provider in _providers for address, item in provider.find_posts(addresses).items()}


def get_screens(item: Any) -> list[tuple[str, str]]:
    """Return (words, address) of what else can be done with the item on channels."""
    return [screen for provider in _providers for screen in provider.screens(item)]
