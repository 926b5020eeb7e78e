"""The queue (Antrean): the desk's first screen."""

from collections import Counter

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from moderation import sop
from moderation.chain import deadlines, transitions
from moderation.desk.home_panel import list_tasks
from moderation.models import Disposition
from moderation.models.roles import get_roles, has_role
from moderation.ports.exceptions import StepRefused
from moderation.records import proposals, queue

from .base import DeskMixin, get_parameter, paginate

PAGE_SIZE = 25
#: State -> the step that several items take at once: nothing but a signature is asked there.
TOGETHER = {"disposed": sop.get_action("forward"), "forwarded": sop.get_action("receive")}
_SEVERAL = 2
#: Longer than any key or version number, short enough for ``int()``.
MAX_DIGITS = 9
#: Cards are larger than rows.
WAITING_PAGE_SIZE = 10
FINISHED_SHOWN = 10
_OPEN_STATES = [(state.code, state.label) for state in sop.STATES if state.step is not None]


class QueueFilterForm(forms.Form):
    """Filters of "Sedang berjalan"; ignores unknown values."""

    q = forms.CharField(label="Cari", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Semua"), *_OPEN_STATES])
    saya = forms.BooleanField(label="Menunggu saya", required=False)
    cepat = forms.BooleanField(label="Jalur cepat", required=False)
    terlambat = forms.BooleanField(label="Lewat tenggat", required=False)
    langkah = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[(step.code, step.label) for step in sop.STEPS]
    )

    def __init__(self, *args, has_role: bool, has_targets: bool, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        if not has_role:
            del self.fields["saya"]
        if not has_targets:
            del self.fields["terlambat"]

    def get_ticks(self):
        """Return the bound fields of the checkboxes."""
        return [self[name] for name in ("saya", "cepat", "terlambat") if name in self.fields]


class QueueView(DeskMixin, TemplateView):
    """The user's waiting items, all items in progress by step, and recently ended ones."""

    template_name = "moderation/queue/queue.html"
    page_title = "Antrean"
    header_icon = "tasks"

    def get_context_data(self, **kwargs):
        user, office = self.request.user, deadlines.load_office()
        counts, roles = queue.count_running(office), get_roles(user)
        form = QueueFilterForm(self._get_typed(), has_role=bool(roles), has_targets=office.is_on)
        form.is_valid()
        filters = form.cleaned_data
        is_filtered = any(value for name, value in filters.items() if name != "langkah")
        found = queue.narrow(queue.get_running(filters["langkah"]), filters, user, office)
        known = None if is_filtered else counts.count_at(filters["langkah"])
        running = paginate(self.request, found, PAGE_SIZE, "p", known)
        waiting = paginate(self.request, queue.get_waiting_for(user), WAITING_PAGE_SIZE, "m")
        shown = {item.pk: item for item in (*waiting["page"], *running["page"])}.values()
        return super().get_context_data(
            roles=roles,
            beginning=proposals.Beginning.find(user),
            folds=queue.is_executing(roles) and not (is_filtered or filters["langkah"] or "p" in self.request.GET),
            together=_find_together(waiting["page"]),
            waiting=waiting,
            running=running,
            steps=counts.steps,
            total=counts.total,
            chosen=filters["langkah"],
            filter_form=form,
            is_filtered=is_filtered,
            finished=queue.get_finished()[:FINISHED_SHOWN],
            trouble=queue.describe_trouble(list(shown)),
            due=office.describe_all(shown),
            due_label=deadlines.LABEL,
            **kwargs,
        )

    def _get_typed(self):
        """Return the requested filters without unknown choices."""
        typed = {name: get_parameter(self.request, name)[:200] for name in QueueFilterForm.base_fields}
        if typed["status"] not in sop.OPEN_STATES:
            typed["status"] = ""
        if typed["langkah"] not in {step.code for step in sop.STEPS}:
            typed["langkah"] = ""
        return typed


def _find_together(items) -> dict[str, str]:
    """Return the states of which several items are shown and can be taken at once, with the step's label."""
    counts = Counter(item.state for item in items)
    return {state: action.label for state, action in TOGETHER.items() if counts[state] >= _SEVERAL}


class SeveralStepsView(DeskMixin, View):
    """Forward or receive several dispositions: each by its own step, and each refusal named."""

    def post(self, request):
        if not has_role(request.user, *(role for action in TOGETHER.values() for role in action.by)):
            raise PermissionDenied
        state = request.POST.get("state", "")
        action = TOGETHER.get(state)
        chosen = _read_chosen(request.POST.getlist(state)) if action is not None else []
        if action is None or not chosen:
            messages.warning(request, "Belum ada disposisi yang dipilih.")
            return redirect("moderation:queue")
        done = 0
        for pk, version in chosen[:WAITING_PAGE_SIZE]:
            try:
                transitions.take(Disposition(pk=pk), action.code, request.user, {}, expected_version=version)
                done += 1
            except StepRefused as refusal:
                messages.error(request, f"{_name(pk)}: {refusal.message}")
            except Disposition.DoesNotExist:
                messages.error(request, "Salah satu disposisi yang dipilih tidak ada.")
        if done:
            messages.success(request, f"{action.done}: {done}.")
        return redirect("moderation:queue")


def _read_chosen(values: list[str]) -> list[tuple[int, int]]:
    """Return key and version of each chosen item; ignore what is none."""
    pairs = [value.partition(":") for value in values]
    return [(int(pk), int(version)) for pk, _colon, version in pairs if _is_number(pk) and _is_number(version)]


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= MAX_DIGITS


def _name(pk: int) -> str:
    item = Disposition.objects.only("register_number", "subject").get(pk=pk)
    return f"“{item.subject}” ({item.register_number})"


class MyWorkView(DeskMixin, TemplateView):
    """Pekerjaan saya: what is in the user's hands, what waits for others, what ended this month."""

    template_name = "moderation/queue/my_work.html"
    page_title = "Pekerjaan saya"
    header_icon = "user"
    trail = (("moderation:queue", "Antrean"),)

    def get_context_data(self, **kwargs):
        user = self.request.user
        tasks = list_tasks(user)
        month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return super().get_context_data(
            tasks=tasks,
            total=sum(task.count for task in tasks),
            others=paginate(self.request, queue.get_waiting_for_others(user), PAGE_SIZE, "p"),
            finished=paginate(self.request, queue.get_finished_by(user, month), PAGE_SIZE, "s"),
            **kwargs,
        )
