"""Everything that `make prove-tests` takes away. A new guard is one row, in the file of its kind."""

from .table_addresses import KEPT_ADDRESSES
from .table_files import KEPT_FILES
from .table_item import ITEM
from .table_layers import LAYERS
from .table_log import COMMENTS, LOG, PROOF
from .table_posts import POSTS
from .table_text import TEXT
from .table_triggers import CACHE_NOTES, TRIGGERS
from .table_watch import WATCH

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
