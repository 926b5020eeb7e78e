"""What was done is what there is: each item against its lines, orders, task and page, both ways (I5, I7).

The lines say which state the item has reached, which orders were issued, carried out and ended, and whether its page is
live; register, orders, workflow and page must say the same, and hold nothing that no line tells of.
"""

from collections import Counter
from dataclasses import dataclass, field

from wagtail.models import Page, WorkflowState

from moderation import sop
from moderation.models import AuditEntry, Disposition, PublicationPermit, Withdrawal

from .checks import Part

ITEMS_A_PART = 200
#: Where a step that chooses its target itself may lead.
_TARGETS = {"drop_correction": {"live", "done", "taken_down"}}
#: The states in which an order waits to be carried out.
_ORDERED = {"ordered", "scheduled"}
_TRIES = 5


@dataclass
class _Records:
    """What is stored about one item, each kind in the order in which it came about."""

    item: Disposition
    lines: list = field(default_factory=list)
    permits: list = field(default_factory=list)
    withdrawals: int = 0
    page: dict | None = None
    task: str = ""

    def count_lines(self, action: str) -> Counter:
        """Return how many lines of this action there are for each text."""
        return Counter((line["seal"], line["revision_id"]) for line in self.lines if line["action"] == action)


def take_part(cursor) -> Part:
    """Check the next items; ``cursor``: the key of the last one. The last part looks for items that are gone."""
    keys = list(
        Disposition.objects.filter(pk__gt=cursor or 0).order_by("pk").values_list("pk", flat=True)[:ITEMS_A_PART]
    )
    return Part(find_differences(keys), keys[-1]) if keys else Part(_find_gone())


def find_differences(keys) -> list[str]:
    """Return the first difference of each item that has one, as a sentence."""
    # A step may be taken between two reads: look at each of these once more, alone.
    again = [_look_again(key) for key in _describe(keys)]
    return [problem for problem in again if problem]


def _look_again(key) -> str | None:
    """Read the item until no step was taken meanwhile; no lock is held, so nobody waits."""
    version = Disposition.objects.filter(pk=key).values_list("version", "state")
    for _number in range(_TRIES):
        before = list(version)
        problem = _describe([key]).get(key)
        if problem is None or list(version.all()) == before:
            break
    return problem


def _describe(keys) -> dict[int, str]:
    found = {}
    for records in _read(keys):
        problem = next(filter(None, (compare(records) for compare in _COMPARISONS)), None)
        if problem:
            found[records.item.pk] = f"{records.item.register_number}: {problem}"
    return found


def _read(keys) -> list[_Records]:
    fields = ("register_number", "state", "page_id", "correcting")
    records = {item.pk: _Records(item) for item in Disposition.objects.filter(pk__in=keys).order_by("pk").only(*fields)}
    lines = AuditEntry.objects.filter(disposition_id__in=keys).order_by("sequence")
    for line in lines.values("disposition_id", "action", "actor_id", "seal", "revision_id", "register_number"):
        records[line["disposition_id"]].lines.append(line)
    permits = PublicationPermit.objects.filter(disposition__in=keys).order_by("pk")
    for permit in permits.only(
        *("disposition_id", "page_id", "number", "seal", "revision_id"),
        *("executed_at", "revoked_at", "revoked_by_id", "ends_at"),
    ):
        records[permit.disposition_id].permits.append(permit)
    for key in Withdrawal.objects.filter(permit__disposition__in=keys).values_list("permit__disposition", flat=True):
        records[key].withdrawals += 1
    by_page = {one.item.page_id: one for one in records.values() if one.item.page_id}
    for page in Page.objects.filter(pk__in=by_page).values("pk", "live", "live_revision_id"):
        by_page[page["pk"]].page = page
    running = WorkflowState.objects.filter(
        base_content_type__app_label="wagtailcore",
        base_content_type__model="page",
        object_id__in=[str(key) for key in by_page],
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    for key, step in running.values_list("object_id", "current_task_state__task__soptask__step"):
        by_page[int(key)].task = step or "?"
    return list(records.values())


def _compare_state(records) -> str | None:
    """Let the lines lead the item through the table of the SOP, and compare where it stands."""
    reached: set[str] = set()
    for line in records.lines:
        try:
            action = sop.get_action(line["action"])
        except KeyError:
            continue
        if not action.keeps_state and action.to:
            reached = _TARGETS.get(action.code) or {action.to}
    state = records.item.state
    if state in reached:
        return None
    told = " atau ".join(sorted(f"“{sop.get_state(code).label}”" for code in reached)) or "tidak ada"
    return f"status dalam register “{_label(state)}”, menurut jejak audit {told}."


def _label(state: str) -> str:
    try:
        return sop.get_state(state).label
    except KeyError:
        return state


def _compare_number(records) -> str | None:
    issued = {line["register_number"] for line in records.lines if line["action"] == "issue"}
    return None if issued == {records.item.register_number} else "nomor register berbeda dari jejak audit."


def _compare_orders(records) -> str | None:
    """Compare orders issued and carried out with their lines, in both directions."""
    executed = [permit for permit in records.permits if permit.executed_at is not None]
    for permits, action, what in ((records.permits, "order", "diterbitkan"), (executed, "publish", "dijalankan")):
        stored, told = Counter((one.seal, one.revision_id) for one in permits), records.count_lines(action)
        for permit in permits:
            if stored[permit.seal, permit.revision_id] > told[permit.seal, permit.revision_id]:
                return f"perintah tayang {permit.number} {what}, tetapi jejak audit tidak memuatnya."
        if told - stored:
            return f"jejak audit memuat perintah tayang yang {what}, tetapi perintah itu tidak ada."
    pending = [one for one in records.permits if one.executed_at is None and one.revoked_at is None]
    if (len(pending) == 1) != (records.item.state in _ORDERED) or len(pending) > 1:
        return f"{len(pending)} perintah tayang menunggu, sedangkan statusnya “{_label(records.item.state)}”."
    return None


def _compare_end(records) -> str | None:
    """Compare the take-downs with their lines, and the order in force with the last line of either kind."""
    ended = [line for line in records.lines if line["action"] == "take_down"]
    run_out = [one for one in records.permits if one.has_run_out]
    if sum(line["actor_id"] is None for line in ended) != len(run_out):
        return "penurunan tanpa pejabat tidak sama dengan perintah tayang yang berakhir sendiri."
    if any(one.ends_at is None or one.revoked_at < one.ends_at for one in run_out):
        return "perintah tayang berakhir tanpa pejabat, tidak pada batas tayangnya."
    if len(ended) != records.withdrawals:
        return "catatan penurunan tidak sama dengan jejak audit."
    last = _get_last_fact(records)
    in_force = [
        (one.seal, one.revision_id) for one in records.permits if one.executed_at is not None and one.revoked_at is None
    ]
    expected = [(last["seal"], last["revision_id"])] if last and last["action"] == "publish" else []
    if in_force == expected:
        return None
    if not in_force:
        return "perintah tayangnya dicabut, tetapi jejak audit tidak memuat penurunan."
    return "perintah tayang yang berlaku bukan yang terakhir menurut jejak audit."


def _compare_page(records) -> str | None:
    """Compare the page: live, in the version of the last publication, or not live at all."""
    last, page = _get_last_fact(records), records.page
    if records.item.page_id is not None and page is None:
        return "halamannya tidak ada lagi."
    is_live = bool(page and page["live"])
    if last is None or last["action"] == "take_down":
        return "halamannya tayang, tetapi jejak audit tidak memuat penayangan yang berlaku." if is_live else None
    if not is_live:
        return "menurut jejak audit tayang, tetapi halamannya tidak tayang."
    if page["live_revision_id"] != last["revision_id"]:
        return "tayang dengan versi lain daripada menurut jejak audit."
    return None


def _compare_task(records) -> str | None:
    """Compare the task that waits in Wagtail's workflow with the state."""
    step = sop.step_of(records.item.state)
    code = sop.StepCode.VERIFICATION if step and step.code == sop.StepCode.EXEMPTION else step and step.code
    expected = code if code in {found.code for found in sop.tasks()} else ""
    if records.task == expected:
        return None
    return f"tugas alur “{records.task or 'tidak ada'}” tidak sesuai dengan status “{_label(records.item.state)}”."


_COMPARISONS = (_compare_state, _compare_number, _compare_orders, _compare_end, _compare_page, _compare_task)


def _get_last_fact(records) -> dict | None:
    """Return the last line that made the page live or took it down."""
    facts = [line for line in records.lines if line["action"] in {"publish", "take_down"}]
    return facts[-1] if facts else None


def _find_gone() -> list[str]:
    """Return the items that the log tells of and the register does not have."""
    told = AuditEntry.objects.filter(action="issue").exclude(disposition_id__in=Disposition.objects.values("pk"))
    numbers = told.order_by("sequence").values_list("register_number", flat=True)[:ITEMS_A_PART]
    return [f"{number}: tidak ada lagi dalam register." for number in numbers]
