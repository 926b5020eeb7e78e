"""Apply the personal-data check in a step: refuse it, require the tick, record the verifier's verdict."""

from moderation import sop
from moderation.evidence.own_contacts import get_allowed
from moderation.models.roles import display_name, users_with_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.seal import compute_seal

from ..models import FindingDecision
from . import labels
from .examination import examine_item
from .forms import TICK_LABEL, VERDICTS

ASK_BIDANG = "Bila temuan itu keliru atau ada dasar hukumnya, minta penilaian Bidang pada lembar kerja."
#: Message of each step when it is refused, with what the user can do.
_REFUSALS = {
    "hand_over": ("Materi belum dapat diserahkan.", "{remove}, lalu serahkan kembali. " + ASK_BIDANG),
    "declare_corrected": ("Materi belum dapat diserahkan.", "{remove}, lalu serahkan kembali. " + ASK_BIDANG),
    "verify": (
        "Materi belum dapat disetujui.",
        "Kembalikan materi ke Sekretaris untuk diperbaiki, atau nilai temuan itu pada bagian Pemeriksaan data pribadi.",
    ),
    "order": (
        "Perintah tayang belum dapat diterbitkan.",
        "Kembalikan materi ke koreksi, atau minta penilaian Bidang pada lembar kerja.",
    ),
    "publish": (
        "Materi tidak ditayangkan.",
        "Sekretaris dapat mengembalikannya ke koreksi atau meminta penilaian Bidang pada lembar kerja.",
    ),
}
#: Steps that hand the text on; warnings need a tick here.
TICKED = frozenset({"hand_over", "declare_corrected", "verify"})
#: Steps at which the page is examined.
GATED = frozenset(_REFUSALS)
_CHANGED = "Naskah telah diubah sejak Anda membuka lembar kerja ini. Baca kembali temuannya sebelum menilai."


def require_clean(context, page) -> None:
    """Raise StepRefused while a finding blocks the step or warnings lack the tick; keep both in ``context.facts``."""
    check = examine_item(
        context.item,
        page,
        media=context.media,
        ask_allowed=lambda: get_allowed(context.authority.procedure),
    )
    if check.blocking:
        raise StepRefused(write_refusal(context.action.code, check.blocking))
    if context.action.code in TICKED and check.warnings:
        if not context.data.get("warnings_checked"):
            refusal = f"{_REFUSALS[context.action.code][0]} {labels.tell_what(check.warnings)} {labels.TICK}"
            raise StepRefused(refusal, fields={"warnings_checked": f"Centang “{TICK_LABEL}”."})
        context.facts["warnings_checked"] = [_tell(finding) for finding in check.warnings]
    if check.set_aside:
        context.facts["findings_set_aside"] = [_tell(one.finding) for one in check.set_aside]


def write_refusal(action_code: str, findings) -> str:
    """Return the message of a refusal: what was found where, and what to do; never a value."""
    refused, advice = _REFUSALS[action_code]
    return f"{refused} {labels.tell_what(findings)} {advice.format(remove=labels.tell_what_to_do(findings))}"


def ask_assessment(context) -> None:
    """Extension: ask Bidang to judge the findings before the text is handed over.

    The item does not move. Only the verifier sets a finding aside.
    """
    page = context.draft
    check = examine_item(context.item, page)
    if not check.undecided:
        raise StepRefused(
            "Tidak ada temuan yang menunggu penilaian Bidang."
            if not check.blocking
            else "Bidang sudah menilai temuan pada naskah ini. Hapus data yang dinilai harus dihapus."
        )
    context.seal = compute_seal(page)
    context.item.assessment_asked_at = context.now
    context.facts["findings"] = [_tell(finding) for finding in check.undecided]
    _mail(
        context,
        users_with_role(sop.Role.BIDANG),
        "Nilai temuan",
        [
            f"{display_name(context.user)} meminta penilaian atas temuan pemeriksaan data pribadi.",
            labels.tell_what(check.undecided),
            *([f"Catatan: {context.data['comment']}"] if context.data["comment"] else []),
        ],
    )


def assess_finding(context) -> None:
    """Extension: the verifier's verdict on one finding, for this item and this value alone."""
    page = context.draft
    context.seal = compute_seal(page)
    if context.expected_seal and context.expected_seal != context.seal:
        raise StepStale(_CHANGED)
    check = examine_item(context.item, page)
    finding = check.find(context.data["fingerprint"])
    if finding is None:
        raise StepRefused("Temuan itu tidak ada lagi pada naskah. Muat ulang lembar kerja.")
    decision, basis, verdict = VERDICTS[context.data["verdict"]]
    FindingDecision.objects.create(
        disposition=context.item,
        round=context.item.round,
        seal=context.seal,
        fingerprint=finding.fingerprint,
        code=finding.code,
        label=finding.label,
        masked=finding.masked,
        decision=decision,
        basis=basis,
        sentence=context.data["sentence"],
        by=context.user,
        at=context.now,
    )
    context.output = f"{finding.label} {finding.masked}: {verdict[:1].lower()}{verdict[1:]}".replace(" :", ":")
    context.reason = context.data["sentence"]
    context.facts |= _tell(finding) | {"fingerprint": finding.fingerprint, "decision": decision, "basis": basis}
    if context.item.assessment_asked_at and not [one for one in check.undecided if one != finding]:
        context.item.assessment_asked_at = None
        _mail(context, notifications.get_next_people(context.item), "Penilaian selesai", _tell_verdicts(context))


def _tell_verdicts(context) -> list[str]:
    """Return the last verdict on each value of this item, including the one given now."""
    decided = FindingDecision.objects.filter(disposition=context.item).order_by("pk")
    last = {decision.fingerprint: decision for decision in decided}
    return ["Bidang telah menilai temuan pemeriksaan data pribadi:"] + [
        f"- {one.label} {one.masked}: {one.verdict} {one.sentence}" for one in last.values()
    ]


def _tell(finding) -> dict:
    """Return the log's data of a finding."""
    return {"code": finding.code, "masked": finding.masked, "places": [spot.label for spot in finding.spots][:10]}


def _mail(context, people, verb: str, lines: list[str]) -> None:
    item = context.item
    body = "\n".join([*lines, "", *notifications.describe_item(item)])
    for user in people:
        if user.pk != context.user.pk:
            notifications.tell(user, notifications.write_subject(item, verb), body, item)
