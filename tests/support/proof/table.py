"""Everything that `make prove-tests` takes away. A new guard is one row, in the file of its kind in ``rows``."""

from .rows.addresses import KEPT_ADDRESSES
from .rows.files import KEPT_FILES
from .rows.item import ITEM
from .rows.layers import LAYERS
from .rows.log import COMMENTS, LOG, PROOF
from .rows.posts import POSTS
from .rows.text import TEXT
from .rows.triggers import CACHE_NOTES, TRIGGERS
from .rows.watch import WATCH

REMOVALS = [
    *LAYERS,
    *KEPT_FILES,
    *KEPT_ADDRESSES,
    *TEXT,
    *ITEM,
    *COMMENTS,
    *LOG,
    *PROOF,
    *POSTS,
    *TRIGGERS,
    *CACHE_NOTES,
    *WATCH,
]
