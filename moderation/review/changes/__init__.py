"""Compare two versions of an item as citizens see them."""

from .comparing import compare
from .results import Changes, Status
from .summary import describe_since_last_round, list_lines, summarise
from .versions import Baseline, Round, find_baselines, get_rounds, load_version

__all__ = [
    "Baseline",
    "Changes",
    "Round",
    "Status",
    "compare",
    "describe_since_last_round",
    "find_baselines",
    "get_rounds",
    "list_lines",
    "load_version",
    "summarise",
]
