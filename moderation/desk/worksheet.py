"""What the worksheet (Lembar kerja) shows of one item, and the forms it offers to one person."""

from dataclasses import dataclass, field
from functools import cache

from django import forms

from moderation import sop
from moderation.chain import comments, corrections, policy, publication_orders, withdrawals
from moderation.chain.forms import get_action_form_class
from moderation.models import AuditEntry
from moderation.models.roles import has_role, users_with_role
from moderation.ports import channels
from moderation.review import checklists
from moderation.review.checklist_forms import ChecklistMixin, write_reason
from moderation.review.comment_anchors import Places

STOPPED = "stopped"
_RETURNS = {action.code: action for action in sop.ACTIONS if action.is_return}


@dataclass(frozen=True)
class TrackerLine:
    """One row of the SOP on the tracker line; ``entry`` is the last line the log has of it."""

    row: sop.Row
    status: str
    entry: AuditEntry | None
    step: sop.Step | None = None

    @property
    def label(self) -> str:
        """What happens in the row, in two words: the names of its steps, or the one beside them
        at which the item is held."""
        if self.status == "now" and self.step is not None and self.step.extension:
            return self.step.label
        steps = [step.label for step in sop.STEPS if step.row == self.row.number and not step.extension]
        return ", ".join(steps) or self.row.output

    @property
    def was_sent_back(self) -> bool:
        """Say whether the last that happened here was a way back, which is drawn by itself."""
        return self.entry is not None and self.entry.action in _RETURNS

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
    #: Whether this very step was just refused.
    was_refused: bool = False
    #: Whether this is what the step just refused asks for instead.
    is_meant: bool = False
    #: What happens besides, one sentence each: what becomes of the posts.
    details: list[str] = field(default_factory=list)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields beside the checklist, which the worksheet draws in a way of its own."""
        own = getattr(self.form, "checklist_fields", set())
        return [field for field in self.form.visible_fields() if field.name not in own]


@dataclass(frozen=True)
class Decision:
    """One form with several buttons: the same checklist and note, whichever way it goes."""

    forward: StepForm
    returns: list[StepForm]
    comment: str
    comment_errors: list[str]

    @property
    def fields(self) -> list[forms.BoundField]:
        return [field for field in self.forward.plain_fields if field.name != "comment"]

    @property
    def checklist(self):
        return self.forward.form.show_checklist(self.forward.was_refused)


def build_tracker(item, entries) -> list[TrackerLine]:
    """Return all rows of the SOP with what has been done, where the item is, and what is next."""
    last = {entry.row: entry for entry in entries if entry.row and entry.actor_id}
    return [TrackerLine(row, _get_status(item, row, last), last.get(row.number), item.step) for row in sop.ROWS]


@dataclass(frozen=True)
class Return:
    """One way back on the tracker line, from the row where the item was to the row it went to."""

    from_row: int
    to_row: int
    label: str
    entry: AuditEntry


def find_returns(entries) -> list[Return]:
    """Return every way back that the item took, the latest first."""
    returns = []
    for entry in reversed(entries):
        action = _RETURNS.get(entry.action)
        if action is not None:
            from_step, to_step = sop.step_of(action.at[0]), sop.step_of(action.to)
            verb = "Ditarik kembali" if action.code.startswith("recall") else "Dikembalikan"
            returns.append(Return(from_step.row, to_step.row, f"{verb} ke {to_step.role.value}", entry))
    return returns


def _get_status(item, row, last) -> str:
    if item.step is not None:
        if row.number == item.step.row:
            return "now"
        return "done" if row.number < item.step.row else "next"
    if item.state in {"cancelled", "exempted"}:
        return "done" if row.number in last else STOPPED
    return "done"


def get_posts(page) -> list[channels.Preview]:
    """Return what each channel would post, for every account that can be ordered."""
    if page is None:
        return []
    return channels.get_previews(page)


def build_forms(authority: policy.Authority, *, refused: str = "", data=None, problems=None) -> list[StepForm]:
    """Return a form for each thing the user can do now.

    ``refused`` names the one that was just refused: it keeps what was typed (``data``) and shows
    the ``problems`` beside their fields.
    """
    item = authority.item
    offers = [*_get_combinations(authority), *map(_describe, authority.actions)]
    step_forms = []
    get_checklist = cache(checklists.get_checklist)
    refused_class = get_action_form_class(refused)
    for code, label, consequence, group, form_code in offers:
        form_class = get_action_form_class(form_code)
        was_refused = code == refused
        keep = data if was_refused or _share_a_form(form_class, refused_class) else None
        form = _make_form(form_class, code, keep, problems if was_refused and problems else {}, get_checklist)
        if keep is not None and not was_refused:
            # It shares what was typed, not what is wrong with another step.
            form.errors.clear()
        publication_orders.fit_form(form, item)
        details = channels.get_follow_ups(item, "take_down") if code == "take_down" else []
        is_meant = code == "mark_exempt" and refused == "verify" and data.get("classification") == sop.EXEMPT
        step_forms.append(StepForm(code, label, consequence, group, form, was_refused, is_meant, details))
    return step_forms


def get_notes(entries) -> list[AuditEntry]:
    """Return the reasons and notes of the steps taken so far, the latest first; what was said about
    a place in the text stands with that place."""
    return [
        entry
        for entry in reversed(entries)
        if entry.reason and entry.action != "settle" and not entry.action.startswith("comment_")
    ]


def get_comments(authority: policy.Authority, page) -> dict:
    """Return what the worksheet shows of comments, and what the person may do with them."""
    if page is None:
        return {}
    item, may_settle = authority.item, comments.may_decide(authority)
    places = Places(page)
    return {
        "threads": comments.list_open(item, places),
        "may_settle_comments": may_settle,
        "may_answer_comments": comments.may_answer(item, authority.user),
        "comment_places": places.list() if may_settle else [],
    }


def get_aftermath(item, page) -> dict:
    """Return what the worksheet shows of ralat and take-down: the running one, and what citizens are told."""
    if page is None:
        return {}
    return {
        "correction": corrections.describe_running(item, page),
        "corrections": corrections.list_published(item),
        "withdrawal": withdrawals.find(page) if item.state == "taken_down" else None,
    }


def _share_a_form(one, other) -> bool:
    steps = [getattr(form_class, "checklist_step", "") for form_class in (one, other)]
    return bool(steps[0]) and steps[0] == steps[1]


def build_decision(step_forms) -> Decision | None:
    """Return the step forms that are one decision; None where there is only one way, or none."""
    forward = next((form for form in step_forms if _leads_on(form)), None)
    if forward is None:
        return None
    returns = [
        form for form in step_forms if form.group == "return" and _share_a_form(type(form.form), type(forward.form))
    ]
    refused = next((form for form in (forward, *returns) if form.was_refused), None)
    if refused is None:
        return Decision(forward, returns, "", [])
    field = refused.form["comment"]
    return Decision(forward, returns, _add_reason(forward, field.value() or ""), list(field.errors))


def _leads_on(step_form) -> bool:
    form = step_form.form
    return step_form.group == "forward" and isinstance(form, ChecklistMixin) and form.leads_on


def _add_reason(forward, typed: str) -> str:
    """Put what needs correction below what was typed: the reason of the return that comes now."""
    if not forward.was_refused:
        return typed
    forward.form.is_valid()
    reason = write_reason(forward.form.cleaned_data.get("checklist"), forward.form.fields["comment"].max_length)
    return typed if reason in typed else f"{typed}\n\n{reason}".strip()


def _describe(action):
    return action.code, action.label, action.consequence, get_group(action), action.code


def get_group(action: sop.Action) -> str:
    """Return where the button stands: forward, return, exit (behind a fold), or aside (a part of its own)."""
    if action.keeps_state:
        return "aside"
    if action.code.startswith("recall") or action.to in {"cancelled", "taken_down"} or action.code in _EXITS:
        return "exit"
    return "return" if action.is_return else "forward"


#: Ways out of what the SOP foresees that lead back into it.
_EXITS = {"open_correction", "drop_correction", "reassign", "mark_exempt"}


def _get_combinations(authority):
    """Offer two rows with one click where the user holds both roles; the second's form is asked."""
    for combination in sop.COMBINATIONS:
        first, second = map(sop.get_action, combination.actions)
        if first.at and authority.may_take(first.code) and has_role(authority.user, *second.by):
            rows = " dan ".join(str(row) for row in (*first.rows, *second.rows))
            consequence = f"{second.consequence} Baris {rows} SOP dicatat masing-masing."
            yield combination.code, combination.label, consequence, "forward", second.code


def _make_form(form_class, code, data, problems, get_checklist):
    options = {"get_checklist": get_checklist} if issubclass(form_class, ChecklistMixin) else {}
    form = form_class(data, auto_id=f"id_{code}_%s", **options)
    if "channels" in form.fields:
        # Everything verified is ticked: the SOP names the website "dan media sosial lainnya".
        form.initial["channels"] = [key for key, _label in form.fields["channels"].choices]
    if data is not None:
        for name, message in problems.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, message)
    return form


def find_vacancies(authority) -> list[str]:
    """Return a warning for each role that the item needs now or next and nobody can act in."""
    item = authority.item
    if item.step is None:
        return []
    forward = get_forward_action(item)
    after = sop.step_of(forward.to) if forward is not None else None
    warnings = []
    for role in dict.fromkeys(step.role for step in (item.step, after) if step is not None):
        holders = set(users_with_role(role).values_list("pk", flat=True))
        if not holders:
            warnings.append(
                f"Belum ada pemegang peran {role.value}. Materi akan tertahan sampai PPID Pembantu "
                "atau pengelola situs menetapkannya."
            )
        elif role == sop.Role.BIDANG and item.page_id and holders <= authority.author_ids:
            warnings.append(
                f"Semua pemegang peran {role.value} ikut menyusun atau mengoreksi materi ini. "
                "Verifikasi memerlukan orang lain."
            )
    return warnings


def get_forward_action(item) -> sop.Action | None:
    """Return the step that the SOP foresees next, whoever may take it."""
    forward = (action for action in sop.ACTIONS if item.state in action.at and get_group(action) == "forward")
    return next((action for action in forward if action.by), None)
