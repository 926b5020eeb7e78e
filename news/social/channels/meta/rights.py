"""Rights to change posts that exist: learned from a token's scopes, named where they are missing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rights:
    """What a token may do with posts that exist; ``learned``: the adapter's own arguments."""

    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    learned: dict[str, bool]


def describe_rights(label: str, scopes: tuple[str, ...], delete: str, reply: tuple[str, ...]) -> Rights:
    """Return the rights to delete and to reply that ``scopes`` give; nothing where the network names no scope."""
    if not scopes:
        return Rights((), (), {})
    missing = tuple(scope for scope in (delete, *reply) if scope not in scopes)
    may_delete, may_reply = delete in scopes, all(scope in scopes for scope in reply)
    acts = " dan ".join(act for act, may in (("hapus", may_delete), ("balas dengan RALAT", may_reply)) if not may)
    warning = f"Tanpa hak {', '.join(missing)} petugas mengerjakan sendiri di {label}: {acts}."
    return Rights(missing, (warning,) if missing else (), {"may_delete": may_delete, "may_reply": may_reply})
