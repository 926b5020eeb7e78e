"""What the worksheet (Lembar kerja) shows of one item, and the forms it offers to one person."""

from dataclasses import dataclass

from django import forms

from . import channels, policy, sop
from .forms import get_action_form_class
from .models import AuditEntry, PublicationPermit
from .roles import has_role
from .seal import compute_seal

#: States in which the version under the newest order is the one that counts, not the draft.
_ORDERED = {"ordered", "scheduled", "live", "done", "taken_down"}
STOPPED = "stopped"


@dataclass(frozen=True)
class TrackerLine:
    """One row of the SOP on the tracker line; ``entry`` is the last line the log has of it."""

    row: sop.Row
    status: str
    entry: AuditEntry | None

    @property
    def label(self) -> str:
        """What happens in the row, in two words: the names of its steps."""
        steps = [step.label for step in sop.STEPS if step.row == self.row.number]
        return ", ".join(steps) or self.row.output

    @property
    def status_label(self) -> str:
        return {"done": "Selesai", "now": "Sekarang", "next": "Berikutnya", STOPPED: "Tidak dijalankan"}[self.status]


@dataclass(frozen=True)
class StepForm:
    """One button of the worksheet with its sentence and its fields."""

    code: str
    label: str
    consequence: str
    group: str
    form: forms.Form


def get_entries(item) -> list[AuditEntry]:
    """Return the log's lines of the item, the oldest first."""
    return list(AuditEntry.objects.filter(disposition_id=item.pk).order_by("sequence"))


def build_tracker(item, entries) -> list[TrackerLine]:
    """Return all rows of the SOP with what has been done, where the item is, and what is next."""
    last = {entry.row: entry for entry in entries if entry.row and entry.actor_id}
    return [TrackerLine(row, _get_status(item, row, last), last.get(row.number)) for row in sop.ROWS]


def _get_status(item, row, last) -> str:
    if item.step is not None:
        if row.number == item.step.row:
            return "now"
        return "done" if row.number < item.step.row else "next"
    if item.state == "cancelled":
        return "done" if row.number in last else STOPPED
    return "done"


def get_shown_page(item):
    """Return the version to decide upon: the ordered one from the order on, else the draft."""
    if item.page_id is None:
        return None
    if item.state in _ORDERED:
        permit = PublicationPermit.objects.filter(disposition=item).select_related("revision").order_by("-pk").first()
        if permit is not None:
            return permit.revision.as_object()
    return item.get_draft()


def get_seal(page) -> str:
    """Return the seal of the shown version, "" before there is a text."""
    return compute_seal(page) if page is not None else ""


def get_posts(page) -> list[channels.Preview]:
    """Return what each channel would post, for every account that can be ordered."""
    if page is None:
        return []
    return channels.get_previews(page, [choice.key for choice in channels.get_choices()])


def build_forms(item, user, *, refused: str = "", data=None, problems=None) -> list[StepForm]:
    """Return a form for each thing the user can do now.

    ``refused`` names the one that was just refused: it keeps what was typed (``data``) and shows
    the ``problems`` beside their fields.
    """
    offers = [*_get_combinations(item, user), *map(_describe, policy.get_available_actions(item, user))]
    step_forms = []
    for code, label, consequence, group, form_code in offers:
        form_class = get_action_form_class(form_code)
        keep = data if code == refused else None
        form = _make_form(form_class, code, keep, problems or {})
        step_forms.append(StepForm(code, label, consequence, group, form))
    return step_forms


def _describe(action):
    return action.code, action.label, action.consequence, get_group(action), action.code


def get_group(action: sop.Action) -> str:
    """Return where the button stands: forward, return, or exit (behind a fold)."""
    if action.code.startswith("recall") or action.to in {"cancelled", "taken_down"}:
        return "exit"
    return "return" if action.is_return else "forward"


def _get_combinations(item, user):
    """Offer two rows with one click where the user holds both roles; the second's form is asked."""
    for combination in sop.COMBINATIONS:
        first, second = map(sop.get_action, combination.actions)
        if first.at and policy.may_take(item, first.code, user) and has_role(user, *second.by):
            rows = " dan ".join(str(row) for row in (*first.rows, *second.rows))
            consequence = f"{second.consequence} Baris {rows} SOP dicatat masing-masing."
            yield combination.code, combination.label, consequence, "forward", second.code


def _make_form(form_class, code, data, problems):
    choices = [choice.key for choice in channels.get_choices()]
    # Everything verified is ticked: the SOP names the website "dan media sosial lainnya".
    form = form_class(data, auto_id=f"id_{code}_%s", initial={"channels": choices})
    if "channels" in form.fields and not choices:
        form.fields["channels"].widget = forms.MultipleHiddenInput()
    if data is not None:
        for name, message in problems.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, message)
    return form


def get_forward_action(item) -> sop.Action | None:
    """Return the step that the SOP foresees next, whoever may take it."""
    forward = (action for action in sop.ACTIONS if item.state in action.at and get_group(action) == "forward")
    return next((action for action in forward if action.by), None)
