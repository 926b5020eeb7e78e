"""Panel of the admin's home: counts of items waiting for the user and for everybody."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.ui.components import Component

from moderation import sop
from moderation.chain import deadlines
from moderation.models.roles import get_roles
from moderation.records import proposals, queue

#: What Bidang is asked to do with an item that somebody else holds.
ASSESSMENT = "temuannya harus dinilai"


@dataclass(frozen=True)
class Counter:
    """A number, what it counts, and the queue filtered to exactly that."""

    count: int
    label: str
    address: str
    is_warning: bool = False


def _count(number: int, label: str, *, is_warning: bool = False, **query) -> Counter:
    address = f"{reverse('moderation:queue')}?{urlencode(query)}#sedang-berjalan"
    return Counter(number, label, address, is_warning and number > 0)


def list_tasks(user) -> list[Counter]:
    """Return the user's waiting items by what is to be done; a single one leads to its worksheet."""
    tasks, roles = queue.count_tasks(queue.get_waiting_for(user)), get_roles(user)
    return [_describe_task(state, roles, *tasks[state.code]) for state in sop.STATES if state.code in tasks]


def _describe_task(state: sop.State, roles, count: int, first: int) -> Counter:
    step = sop.step_of(state.code)
    # Where somebody else holds the item, Bidang is asked about a finding.
    label = state.duty if step is not None and step.role in roles else ASSESSMENT
    if count == 1:
        return Counter(count, label, reverse("moderation:worksheet", args=[first]))
    return _count(count, label, status=state.code, saya="on")


def describe_step(step: sop.Step) -> str:
    """Return the office's phrase for an item at a step: "menunggu koreksi"."""
    return f"menunggu {step.label[:1].lower()}{step.label[1:]}"


class WaitingPanel(Component):
    """The user's waiting items by state and all items in progress by step, linked to the queue."""

    name = "menunggu_anda"
    template_name = "moderation/queue/home_panel.html"
    order = 100

    def __init__(self, request):
        self.request = request

    def get_context_data(self, parent_context):
        user, office = self.request.user, deadlines.load_office()
        tasks = list_tasks(user)
        running = queue.count_running(office)
        return {
            "has_pages": user_has_any_page_permission(user),
            "has_role": bool(get_roles(user)),
            "folds": queue.is_executing(get_roles(user)),
            "waiting": tasks,
            "total": sum(task.count for task in tasks),
            "beginning": proposals.Beginning.find(user),
            "steps": [_count(count, describe_step(step), langkah=step.code) for step, count in running.steps],
            "alerts": list(_get_alerts(running, office)),
            "due_label": deadlines.LABEL if office.is_on else "",
        }


def _get_alerts(running: queue.Counts, office: deadlines.Office):
    """Yield the counters that are not of one step."""
    yield _count(running.urgent, "jalur cepat", is_warning=True, cepat="on")
    if office.is_on:
        yield _count(running.overdue, "lewat tenggat", is_warning=True, terlambat="on")
    for code, label in (
        ("returned", "dikembalikan kepada Sekretaris"),
        ("returned_to_staf", "dikembalikan kepada staf"),
        ("scheduled", "terjadwal tayang"),
    ):
        yield _count(running.by_state[code], label, status=code)
