"""Rights to change posts that exist: learned when an account is tested, named where they are missing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rights:
    """What a token lacks for posts that exist; ``learned``: the adapter's own arguments."""

    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    learned: dict[str, bool]


def describe_rights(label: str, missing: tuple[str, ...], delete: str, reply: tuple[str, ...]) -> Rights:
    """Return the rights to delete and to reply of a token that lacks the scopes ``missing``."""
    may_delete, may_reply = delete not in missing, not set(reply) & set(missing)
    acts = " dan ".join(act for act, may in (("hapus", may_delete), ("balas dengan RALAT", may_reply)) if not may)
    warning = f"Tanpa hak {', '.join(missing)} petugas mengerjakan sendiri di {label}: {acts}."
    return Rights(missing, (warning,) if missing else (), {"may_delete": may_delete, "may_reply": may_reply})
