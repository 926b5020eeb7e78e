"""Which columns of a wide list somebody sees: chosen on the screen, kept while they are signed in.

Print and export hold all columns.
"""

from dataclasses import dataclass

PARAMETER = "kolom"
#: Which row it is and what it is about stay.
FIXED = frozenset({"number", "summary"})


@dataclass(frozen=True)
class Column:
    """One column that can be chosen."""

    name: str
    heading: str
    is_shown: bool
    is_fixed: bool


def choose_columns(request, columns: dict[str, str]) -> dict:
    """Return what templates/moderation/parts/columns.html shows of these columns (name: heading).

    ``columns``: those to show. All of them, until the person chooses.
    """
    key = f"{PARAMETER}:{request.resolver_match.view_name}"
    if PARAMETER in request.GET:
        request.session[key] = [name for name in request.GET.getlist(PARAMETER) if name in columns]
    chosen = FIXED.union(request.session.get(key, columns))
    return {
        "columns": {name: heading for name, heading in columns.items() if name in chosen},
        "all_columns": [Column(name, heading, name in chosen, name in FIXED) for name, heading in columns.items()],
        "other_parameters": [
            (name, value) for name, values in request.GET.lists() if name not in {PARAMETER, "p"} for value in values
        ],
    }
