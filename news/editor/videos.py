"""Which videos a news item may show: only from hosts named here, and without a request before the reader asks.

The player's address is made from the video's address alone, so nothing is asked of the host while
writing, verifying or reading; the host learns of a reader when the reader starts the video.
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
