"""Personal-data gate (UU 27/2022): examines what citizens would see before an item moves on."""

from .examination import Examination, collect_texts, examine, examine_item, find_blocking
from .findings import PageFinding, Spot, fingerprint

__all__ = [
    "Examination",
    "PageFinding",
    "Spot",
    "collect_texts",
    "examine",
    "examine_item",
    "find_blocking",
    "fingerprint",
]
