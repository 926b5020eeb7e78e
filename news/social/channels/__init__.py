"""The networks the office can post to. To add one: a file with a ``Channel``, and a line here."""

from collections.abc import Mapping
from typing import Any

from .base import Card, Channel, Composed, Draft
from .console import ConsoleChannel
from .mastodon import MastodonChannel
from .x import XChannel

__all__ = ["KINDS", "Card", "Channel", "Composed", "Draft", "build"]

KINDS: dict[str, type[Channel]] = {channel.kind: channel for channel in (XChannel, MastodonChannel, ConsoleChannel)}


def build(config: Mapping[str, Any]) -> Channel:
    """Return the adapter for one entry of the setting SOCIAL_CHANNELS.

    A name that the kind does not know is an error: a mistyped key must not pass unnoticed.
    """
    return KINDS[config["kind"]](
        **_given({"base_url": config.get("base_url", "")}),
        **_given(config.get("credentials", {})),
        **_given(config.get("options", {})),
    )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != ""}
