"""The networks the office can post to. To add one: a file with a ``Channel``, and a line here."""

from collections.abc import Mapping
from typing import Any

from .base import Card, Channel, Composed, Draft, Image
from .bluesky.adapter import BlueskyChannel
from .console import ConsoleChannel
from .mastodon import MastodonChannel
from .meta.facebook import FacebookChannel
from .meta.instagram import InstagramChannel
from .meta.threads import ThreadsChannel
from .telegram.adapter import TelegramChannel
from .x.adapter import XChannel

__all__ = ["KINDS", "Card", "Channel", "Composed", "Draft", "Image", "build"]

KINDS: dict[str, type[Channel]] = {
    channel.kind: channel
    for channel in (
        FacebookChannel,
        InstagramChannel,
        XChannel,
        ThreadsChannel,
        MastodonChannel,
        TelegramChannel,
        BlueskyChannel,
        ConsoleChannel,
    )
}


def build(
    kind: str | Mapping[str, Any],
    settings: Mapping[str, Any] | None = None,
    credentials: Mapping[str, Any] | None = None,
) -> Channel:
    """Return the adapter of this kind for one account.

    Raises TypeError for a setting that the kind does not know, such as a mistyped key.
    """
    if isinstance(kind, Mapping):
        config = kind
        base = {"base_url": config.get("base_url", "")}
        return build(config["kind"], {**base, **config.get("options", {})}, config.get("credentials"))
    return KINDS[kind](**_given(settings or {}), **_given(credentials or {}))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}
