"""Build the worksheet's section "Pemeriksaan data pribadi": findings, decisions and available forms."""

from dataclasses import dataclass

from moderation.evidence.own_contacts import mask_typed

from ..scanner import Severity
from .examination import Examination, Judged, examine_item
from .forms import AssessForm
from .pictures import describe_reader

#: Findings shown at once; the rest appear as these are decided.
MOST_SHOWN = 40


@dataclass(frozen=True)
class Row:
    """One finding on screen, with the verdict form if this user is the verifier."""

    judged: Judged
    form: AssessForm | None
    was_refused: bool

    @property
    def finding(self):
        return self.judged.finding

    @property
    def decision(self):
        return self.judged.decision

    @property
    def tone(self) -> str:
        return "aside" if self.judged.is_set_aside else self.finding.severity.value


@dataclass(frozen=True)
class Sheet:
    """The section as shown to one user."""

    check: Examination
    rows: list[Row]
    hidden: int
    ask: object | None
    may_assess: bool
    #: What is said of the writing in pictures.
    pictures: str


def build_sheet(item, page, posts, media, step_forms, data=None) -> Sheet | None:
    """Return the section for this user; None before there is a text.

    ``posts`` and ``media`` of the page, as the screen has them; ``data``: a verdict just refused.
    """
    if page is None:
        return None
    check = examine_item(item, page, posts=posts, media=media)
    offered = {form.code: form for form in step_forms if form.group == "aside"}
    may_assess = "assess_finding" in offered
    typed = data if data and data.get("action") == "assess_finding" else None
    judged = sorted(check.shown, key=lambda one: (one.is_set_aside, list(Severity).index(one.finding.severity)))
    rows = [_build_row(place, one, may_assess, typed) for place, one in enumerate(judged[:MOST_SHOWN])]
    ask = offered.get("ask_assessment") if check.undecided else None
    return Sheet(check, rows, max(0, len(judged) - MOST_SHOWN), ask, may_assess, describe_reader())


def _build_row(place, judged, may_assess, typed) -> Row:
    if not may_assess or judged.finding.severity is not Severity.BLOCK:
        return Row(judged, None, False)
    was_refused = typed is not None and typed.get("fingerprint") == judged.finding.fingerprint
    initial = {"fingerprint": judged.finding.fingerprint}
    form = AssessForm(typed if was_refused else None, initial=initial, auto_id=f"id_temuan_{place}_%s")
    return Row(judged, form, was_refused)


def fit_tick(step_forms, check: Examination) -> None:
    """Remove the tick from the forms when there are no warnings, else state their number."""
    for step_form in step_forms:
        field = step_form.form.fields.get("warnings_checked")
        if field is None:
            continue
        if not check.warnings:
            del step_form.form.fields["warnings_checked"]
        else:
            field.help_text = f"{len(check.warnings)} peringatan pada bagian Pemeriksaan data pribadi."


def mask_posted(posted):
    """Return posted data for redisplay, with personal numbers masked."""
    masked = posted.copy()
    for name, values in posted.lists():
        masked.setlist(name, mask_typed(values))
    return masked
