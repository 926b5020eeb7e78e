"""Networks on loopback, which check what the real ones check and fail on demand.

Used by unit tests, worker tests and browser tests:

    with XServer() as x:
        x.fail("reset after")
        ...
        assert [post.text for post in x.posts] == ["..."]
"""

from .base import FAULTS, LoopbackNetwork, Picture, Post, get_timeouts, read_form
from .mastodon import MastodonServer
from .x import XServer, weigh

__all__ = [
    "FAULTS",
    "LoopbackNetwork",
    "MastodonServer",
    "Picture",
    "Post",
    "XServer",
    "get_timeouts",
    "read_form",
    "weigh",
]
