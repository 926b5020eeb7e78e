"""The networks the office can post to. To add one: a file with a ``Channel``, and a line here."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from threading import RLock
from typing import Any

from .base import Card, Channel, Composed, Draft, Image

__all__ = ["BY_HAND", "KINDS", "Card", "Channel", "Composed", "Draft", "Image", "build"]


class _Kinds(Mapping[str, type[Channel]]):
    """Adapters by kind; each is imported, with the libraries that it needs, when it is first asked for.

    One thread imports at a time: the deliveries' threads ask at once, and where libraries import each other in circles,
    Python gives one of two threads a module that is not whole yet.
    """

    def __init__(self, **paths: str):
        self._paths = paths
        self._importing = RLock()

    def __getitem__(self, kind: str) -> type[Channel]:
        module, name = self._paths[kind].split(":")
        with self._importing:
            channel: type[Channel] = getattr(import_module(f"{__name__}.{module}"), name)
        return channel

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, kind: object) -> bool:
        return kind in self._paths


#: The kind of the places where a person posts: a delivery is then a task, and no adapter is asked to send it.
BY_HAND = "by_hand"

KINDS = _Kinds(
    facebook="meta.facebook:FacebookChannel",
    instagram="meta.instagram:InstagramChannel",
    x="x.adapter:XChannel",
    threads="meta.threads:ThreadsChannel",
    mastodon="mastodon:MastodonChannel",
    telegram="telegram.adapter:TelegramChannel",
    bluesky="bluesky.adapter:BlueskyChannel",
    by_hand="by_hand:ByHandChannel",
    console="console:ConsoleChannel",
)


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
