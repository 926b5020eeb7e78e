"""Networks on loopback: they check what the real ones check and fail when told to.

The unit tests, the worker's tests and the browser tests use them:

    with XServer() as x:
        x.fail("reset after")
        ...
        assert [post.text for post in x.posts] == ["..."]
"""

from .base import FAULTS, LoopbackNetwork, Picture, Post, read_form
from .mastodon import MastodonServer
from .x import XServer, weigh

__all__ = ["FAULTS", "LoopbackNetwork", "MastodonServer", "Picture", "Post", "XServer", "read_form", "weigh"]
