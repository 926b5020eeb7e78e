"""The queue (Antrean): the desk's first screen."""

from django import forms
from django.views.generic import TemplateView

from moderation import sop
from moderation.chain import deadlines
from moderation.models.roles import get_roles
from moderation.records import proposals, queue

from .base import DeskMixin, get_parameter, paginate

PAGE_SIZE = 25
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

    template_name = "moderation/queue.html"
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
