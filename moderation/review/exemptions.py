"""Classification gate (UU 14/2008): read an item's exemption from the log; triggers that enforce it."""

from dataclasses import dataclass

from moderation import sop
from moderation.evidence.triggers import Trigger
from moderation.models import AuditEntry, Disposition, PublicationPermit

HELD, FINAL = "held_exempt", "exempted"
LANE_HINT = "Informasi serta merta: pengumumannya tidak boleh ditunda. Semua baris SOP tetap dijalankan."
EXEMPT_HINT = (
    "Penyusun mengusulkan informasi yang dikecualikan. Bila benar demikian, materi tidak akan ditayangkan: Bidang "
    "menandainya, lalu PPID Pembantu menetapkan."
)


@dataclass(frozen=True)
class Exemption:
    """One exemption: the log lines that propose and confirm it."""

    marked: AuditEntry
    decided: AuditEntry | None

    @property
    def ground(self) -> str:
        """The ground as the law numbers it."""
        return f"Pasal 17 huruf {self.marked.data['letter']} UU 14/2008: {self.marked.data['ground']}"

    @property
    def period(self) -> str:
        return self.marked.data["period"]

    @property
    def consequence_test(self) -> str:
        return self.marked.data["consequence_test"]

    @property
    def decree(self) -> str:
        """The number of the decree on the classification, where PPID Pembantu gave one."""
        return self.decided.data["decree"] if self.decided else ""


def read(item, entries) -> Exemption | None:
    """Return the item's exemption from its log lines (oldest first); None without one, or after
    PPID Pembantu released it."""
    if item.state not in {HELD, FINAL}:
        return None
    lines = {entry.action: entry for entry in entries}
    return Exemption(lines["mark_exempt"], lines.get("confirm_exempt"))


def describe_gate(item, page, entries) -> dict:
    """Return the worksheet's data on the item's class: the fast lane, a proposal not to publish,
    and the exemption."""
    proposal = page.get_proposed_classification() if page is not None else ""
    waits = item.step is not None
    return {
        "lane_hint": LANE_HINT if waits and item.is_urgent else "",
        "exempt_hint": EXEMPT_HINT if waits and item.state != HELD and proposal == sop.EXEMPT else "",
        "exemption": read(item, entries),
    }


def write_remark(item, entries) -> str:
    """Return the exemption as one sentence for the internal register, "" when there is none."""
    exemption = read(item, entries)
    if exemption is None:
        return ""
    return f"{exemption.ground}; jangka waktu: {exemption.period}; alasan: {exemption.marked.reason}"


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers: no order for an item under exemption, no change once exempt (I8)."""
    items, permits = Disposition._meta.db_table, PublicationPermit._meta.db_table
    held = f"d.state IN ('{HELD}', '{FINAL}')"
    return [
        Trigger(
            "exempt_permit",
            permits,
            "INSERT",
            f"EXISTS (SELECT 1 FROM {items} d WHERE d.id = NEW.disposition_id AND {held})",
            "informasi yang dikecualikan tidak dapat diperintahkan tayang",
        ),
        Trigger(
            "exempt_final",
            items,
            "UPDATE",
            f"OLD.state = '{FINAL}' AND (NEW.state <> OLD.state OR NEW.classification <> '{sop.EXEMPT}')",
            "penetapan pengecualian tidak dapat diubah",
        ),
    ]
