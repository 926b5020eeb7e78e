"""Prepare the worksheet (Lembar kerja): the data of one item and the forms for one person."""

from dataclasses import dataclass, field
from functools import cache

from django import forms
from wagtail.documents.models import AbstractDocument

from moderation import sop
from moderation.chain import comments, corrections, policy, publication_orders, withdrawals
from moderation.chain.forms import get_action_form_class
from moderation.models import AuditEntry
from moderation.models.roles import has_role, users_with_role
from moderation.people import duties
from moderation.ports import channels, readings
from moderation.review import checklists
from moderation.review.checklist_forms import ChecklistMixin, write_reason
from moderation.review.comment_anchors import Places

STOPPED = "stopped"
_SEVERAL = 2
_RETURNS = {action.code: action for action in sop.ACTIONS if action.is_return}


@dataclass(frozen=True)
class TrackerLine:
    """One row of the SOP on the tracker line; ``entry`` is its last audit line."""

    row: sop.Row
    status: str
    entry: AuditEntry | None
    step: sop.Step | None = None

    @property
    def label(self) -> str:
        """The names of the row's steps, or of the step beside them at which the item is held."""
        if self.status == "now" and self.step is not None and self.step.extension:
            return self.step.label
        steps = [step.label for step in sop.STEPS if step.row == self.row.number and not step.extension]
        return ", ".join(steps) or self.row.output

    @property
    def was_sent_back(self) -> bool:
        """Say whether the row's last action was a return, which is drawn separately."""
        return self.entry is not None and self.entry.action in _RETURNS

    @property
    def status_label(self) -> str:
        return {"done": "Selesai", "now": "Sekarang", "next": "Berikutnya", STOPPED: "Tidak dijalankan"}[self.status]


@dataclass(frozen=True)
class StepForm:
    """One button of the worksheet with its explanation and fields."""

    code: str
    label: str
    consequence: str
    group: str
    form: forms.Form
    #: Whether this step was just refused.
    was_refused: bool = False
    #: Whether the step just refused asks for this one instead.
    is_meant: bool = False
    #: Further consequences, one sentence each: the follow-ups of posts.
    details: list[str] = field(default_factory=list)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields except the checklist, which the template draws separately."""
        own = getattr(self.form, "checklist_fields", set())
        return [field for field in self.form.visible_fields() if field.name not in own]


@dataclass(frozen=True)
class Decision:
    """One form with several buttons that share its checklist, fields and note."""

    forward: StepForm
    #: The further buttons: the returns that share its checklist, or another way forward.
    others: list[StepForm]
    comment: str
    comment_errors: list[str]

    @property
    def fields(self) -> list[forms.BoundField]:
        return [field for field in self.forward.plain_fields if field.name != "comment"]

    @property
    def has_returns(self) -> bool:
        return any(step_form.group == "return" for step_form in self.others)

    @property
    def checklist(self):
        form = self.forward.form
        return form.show_checklist(self.forward.was_refused) if isinstance(form, ChecklistMixin) else []


def build_tracker(item, entries) -> list[TrackerLine]:
    """Return all rows of the SOP as done, current or next."""
    last = {entry.row: entry for entry in entries if entry.row and entry.actor_id}
    return [TrackerLine(row, _get_status(item, row, last), last.get(row.number), item.step) for row in sop.ROWS]


@dataclass(frozen=True)
class Return:
    """One return on the tracker line, from one row to another."""

    from_row: int
    to_row: int
    label: str
    entry: AuditEntry


def find_returns(entries) -> list[Return]:
    """Return every return of the item, latest first."""
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


def list_attachments(media: list) -> list[AbstractDocument]:
    """Return the documents among the ``get_media`` of a page."""
    return [one for one in media if isinstance(one, AbstractDocument)]


def get_posts(page) -> list[channels.Preview]:
    """Return the post of each account that an order can name."""
    if page is None:
        return []
    return channels.get_previews(page)


def build_forms(authority: policy.Authority, *, refused: str = "", data=None, problems=None) -> list[StepForm]:
    """Return a form for each action the user may take now.

    ``refused``: code of the action just refused; its form keeps ``data`` and shows ``problems``
    beside their fields.
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
            # Share the typed data with the other buttons, but not the refused one's problems.
            form.errors.clear()
        publication_orders.fit_form(form, item)
        details = channels.get_follow_ups(item, "take_down") if code == "take_down" else []
        is_meant = code == "mark_exempt" and refused == "verify" and data.get("classification") == sop.EXEMPT
        step_forms.append(StepForm(code, label, consequence, group, form, was_refused, is_meant, details))
    return step_forms


def get_notes(entries) -> list[AuditEntry]:
    """Return the reasons and notes of the steps so far, latest first.

    Comments on a place in the text are shown there instead."""
    return [
        entry
        for entry in reversed(entries)
        if entry.reason and entry.action != "settle" and not entry.action.startswith("comment_")
    ]


def get_comments(authority: policy.Authority, page) -> dict:
    """Return the open comments and what the user may do with them."""
    if page is None:
        return {}
    item, may_resolve = authority.item, comments.may_decide(authority)
    places = Places(page)
    return {
        "threads": comments.list_open(item, places),
        "may_resolve_comments": may_resolve,
        "may_answer_comments": comments.may_answer(item, authority.user),
        "comment_places": places.list() if may_resolve else [],
    }


def get_aftermath(item, page) -> dict:
    """Return the running ralat, the public corrections, the take-down and the readings of the item."""
    if page is None:
        return {}
    return {
        "correction": corrections.describe_running(item, page),
        "corrections": corrections.list_published(item),
        "withdrawal": withdrawals.find(page) if item.state == "taken_down" else None,
        "readings": readings.describe(page.pk) if page.live else "",
    }


def _share_a_form(one, other) -> bool:
    steps = [getattr(form_class, "checklist_step", "") for form_class in (one, other)]
    return bool(steps[0]) and steps[0] == steps[1]


def build_decision(step_forms) -> Decision | None:
    """Return the step with a checklist and the returns that share it, or several ways forward with one note.

    None without either.
    """
    forward = next((form for form in step_forms if _leads_on(form)), None)
    if forward is not None:
        others = [
            form for form in step_forms if form.group == "return" and _share_a_form(type(form.form), type(forward.form))
        ]
    else:
        ways = [form for form in step_forms if form.group == "forward"]
        if len(ways) < _SEVERAL:
            return None
        forward, *others = ways
    refused = next((form for form in (forward, *others) if form.was_refused), None)
    if refused is None:
        return Decision(forward, others, "", [])
    field = refused.form["comment"]
    return Decision(forward, others, _add_reason(forward, field.value() or ""), list(field.errors))


def _leads_on(step_form) -> bool:
    form = step_form.form
    return step_form.group == "forward" and isinstance(form, ChecklistMixin) and form.leads_on


def _add_reason(forward, typed: str) -> str:
    """Append the points that need correction to the typed reason of a return."""
    if not forward.was_refused or not isinstance(forward.form, ChecklistMixin):
        return typed
    forward.form.is_valid()
    reason = write_reason(forward.form.cleaned_data.get("checklist"), forward.form.fields["comment"].max_length)
    return typed if reason in typed else f"{typed}\n\n{reason}".strip()


def _describe(action):
    return action.code, action.label, action.consequence, get_group(action), action.code


def get_group(action: sop.Action) -> str:
    """Return the button's group: forward, return, exit (folded) or aside (separate)."""
    if action.keeps_state:
        return "aside"
    if action.code.startswith("recall") or action.to in {"cancelled", "taken_down"} or action.code in _EXITS:
        return "exit"
    return "return" if action.is_return else "forward"


#: Extensions that lead an item back into the SOP's course.
_EXITS = {"open_correction", "drop_correction", "reassign", "mark_exempt"}


def _get_combinations(authority):
    """Offer two rows with one click to a user who holds both roles; show the second's form."""
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
        # Preselect every channel: the SOP names the website "dan media sosial lainnya".
        form.initial["channels"] = [key for key, _label in form.fields["channels"].choices]
    if data is not None:
        for name, message in problems.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, message)
    return form


def find_namesakes(authority, entries) -> list[str]:
    """Return what PPID Pembantu and Sekretaris must know of accounts that look like one person; [] for others."""
    if not has_role(authority.user, sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS):
        return []
    item = authority.item
    waits = item.step is not None and item.step.code == sop.StepCode.VERIFICATION
    return duties.find_namesakes(item, entries, [user.pk for user in item.holders.users] if waits else [])


def find_vacancies(authority) -> list[str]:
    """Return a warning for each role needed now or next that nobody holds."""
    item = authority.item
    if item.step is None:
        return []
    forward = get_forward_action(item)
    after = sop.step_of(forward.to) if forward is not None else None
    warnings = []
    for role in dict.fromkeys(step.role for step in (item.step, after) if step is not None):
        users = item.holders.users if role == item.step.role else users_with_role(role)
        holders = {user.pk for user in users}
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
    """Return the SOP's next action, whoever may take it."""
    forward = (action for action in sop.ACTIONS if item.state in action.at and get_group(action) == "forward")
    return next((action for action in forward if action.by), None)
