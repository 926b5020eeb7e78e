"""Allow videos from the hosts named here only, loaded when the reader starts them.

The player's URL is derived from the video's URL alone, so no request reaches the host before a
reader starts the video.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class VideoHost:
    """One allowed host: how its videos are addressed, and where its player lives."""

    name: str
    pattern: re.Pattern
    player: str


HOSTS = (
    VideoHost(
        "YouTube",
        re.compile(
            r"https://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|live/|embed/)|youtu\.be/)"
            r"(?P<id>[\w-]{11})(?:[?&#/].*)?$"
        ),
        "https://www.youtube-nocookie.com/embed/{id}",
    ),
    VideoHost(
        "Vimeo",
        re.compile(r"https://(?:www\.)?vimeo\.com/(?P<id>\d{6,12})(?:[?#/].*)?$"),
        "https://player.vimeo.com/video/{id}?dnt=1",
    ),
)


@dataclass(frozen=True)
class Video:
    """A video on an allowed host."""

    host: str
    address: str
    player: str


def get_video(address: str) -> Video | None:
    """Return the video behind ``address``, None when no allowed host serves it."""
    for host in HOSTS:
        if found := host.pattern.match(address):
            return Video(host.name, address, host.player.format(id=found["id"]))
    return None


def get_host_names() -> str:
    """Return the names of the allowed hosts for a sentence."""
    return " atau ".join(host.name for host in HOSTS)
