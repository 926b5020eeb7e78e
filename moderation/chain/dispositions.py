"""Row 1 of the SOP: issue a disposition with its register number and source material."""

from contextlib import contextmanager
from pathlib import PurePath

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from moderation import sop
from moderation.evidence import audit
from moderation.models import Disposition, OfficeProcedure, PendingUpload, Proposal, RegisterYear, SourceMaterial
from moderation.models.roles import has_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.official_step import official_step
from moderation.sop.numbering import format_number
from moderation.uploads import materials
from moderation.uploads.control_characters import replace_control_characters

from . import policy
from .transitions import perform, record

#: The fields of the sheet that a person fills in.
SHEET_FIELDS = (
    "origin",
    "kind",
    "subject",
    "is_urgent",
    "priority",
    "request",
    "instructions",
    "letter_sender",
    "letter_number",
    "letter_date",
    "received_date",
    "agenda_number",
    "activity_name",
    "activity_date",
    "activity_place",
    "source_person",
    "source_note",
)

#: The fields of the sheet that a proposal already has.
PROPOSED_FIELDS = (
    "origin",
    "kind",
    "subject",
    "activity_name",
    "activity_date",
    "activity_place",
    "source_person",
    "instructions",
    "source_note",
)

#: What each origin must name (docs/sop.md#where-an-item-comes-from).
REQUIRED_BY_ORIGIN = {
    Disposition.Origin.LETTER: ("letter_sender", "letter_number", "letter_date"),
    Disposition.Origin.ACTIVITY: ("activity_name", "activity_date", "activity_place"),
    Disposition.Origin.WEBSITE: (),
    Disposition.Origin.SOURCE: ("source_person",),
}

ISSUE = sop.get_action("issue")
NOT_PUBLIC = (
    "Materi bersifat rahasia tidak dapat dipublikasikan. Disposisi untuk publikasi hanya dapat "
    "diterbitkan bagi informasi yang terbuka."
)
NOT_YET = "Tanggal ini belum tiba. Periksa kembali tanggalnya."
#: Facts that lie in the past when the sheet is written.
PAST_DATES = ("letter_date", "received_date")
NO_MATERIAL = "Unggah sedikitnya satu berkas bahan, atau tulis letak bahan hardcopy."
NOT_LIVE = "Materi lama itu tidak tayang lagi, sehingga isinya tidak dapat disalin. Buat tanpa materi lama."
GONE = "Sebagian berkas yang Anda pilih tidak tersimpan lagi. Pilih kembali berkasnya, lalu kirim lagi."


def describe_missing(origin: str, name: str) -> str:
    """Return the sentence for a field that the origin wants and the sheet lacks."""
    label = Disposition._meta.get_field(name).verbose_name
    return f"Isi {label}. Wajib untuk disposisi yang berasal dari {Disposition.Origin(origin).label.lower()}."


def find_problems(data: dict, files, kept: int = 0) -> dict[str, str]:
    """Validate the sheet; return one Indonesian sentence by field for each problem.

    ``files``: uploaded files, or PendingUpload. ``kept``: the number of source materials stored before, with the
    proposal.
    """
    problems = {}
    for name in REQUIRED_BY_ORIGIN.get(data.get("origin"), ()):
        if not data.get(name):
            problems[name] = describe_missing(data["origin"], name)
    if data.get("priority") == Disposition.Priority.SECRET:
        problems["priority"] = NOT_PUBLIC
    for name in PAST_DATES:
        if data.get(name) and data[name] > timezone.localdate():
            problems[name] = NOT_YET
    if not files and not kept and not data.get("source_note"):
        problems["source_note"] = NO_MATERIAL
    based_on = data.get("based_on")
    if based_on is not None and not (based_on.page_id and based_on.page.live):
        problems["based_on"] = NOT_LIVE
    return problems | _find_file_problems(files, kept)


def _find_file_problems(files, kept) -> dict[str, str]:
    if len(files) + kept > materials.MAX_FILES:
        return {"files": materials.TOO_MANY}
    new = [file for file in files if not isinstance(file, PendingUpload)]
    refused = [problem for problem in map(materials.find_problem, new) if problem]
    return {"files": " ".join(refused)} if refused else {}


def issue(user, cleaned_data: dict, files=()) -> Disposition:
    """Row 1: issue a disposition, with its register number and its source material.

    Runs in one transaction; raises StepRefused with the problems by field and changes nothing. ``cleaned_data`` may
    name the ``letter`` or the ``proposal`` it is issued from, the latter with the ``proposal_version`` that was read.
    """
    files = list(files)
    with whole() as keep:
        item = _create(user, cleaned_data, files, keep)
        notifications.tell_next(item, ISSUE, item.issued_by, policy.get_role_used(ISSUE, item.issued_by))
        audit.write([_make_line(item, files)])
    return item


def issue_and_forward(user, cleaned_data: dict, files=()) -> Disposition:
    """Rows 1 and 2 with one click, for a person who holds both roles; each row gets its audit line."""
    files = list(files)
    with whole() as keep:
        item = _create(user, cleaned_data, files, keep)
        forwarding = perform(item, "forward", user, expected_version=item.version)
        record(forwarding, before=(_make_line(item, files),))
    return forwarding.item


@contextmanager
def whole():
    """Run the block as one step: on failure roll back the rows and delete the files."""
    kept: list = []
    try:
        with transaction.atomic(), official_step():
            yield kept
    except BaseException:
        # Storage has no rollback.
        for stored in kept:
            stored.storage.delete(stored.name)
        raise


def _create(user, data, files, keep) -> Disposition:
    user = get_user_model().objects.get(pk=user.pk)
    if not has_role(user, *ISSUE.by):
        raise StepRefused(f"Langkah ini hanya dapat dilakukan oleh {sop.Role.PPID_PEMBANTU}.")
    letter, proposal, based_on = data.get("letter"), _lock_proposal(data), data.get("based_on")
    data, problems = _read_sheet(data | describe_letter(letter))
    # What a proposal is based on was looked at when it was made; what is live then, when the draft begins.
    copied = {} if proposal else {"based_on": based_on}
    problems |= find_problems(data | copied, files, proposal.materials.count() if proposal else 0)
    if problems:
        raise StepRefused("Disposisi belum dapat diterbitkan. " + " ".join(problems.values()), fields=problems)
    now = timezone.now()
    item = Disposition.objects.create(
        **data,
        **_draw_number(timezone.localtime(now)),
        letter=letter,
        proposal=proposal,
        based_on=proposal.based_on if proposal else based_on,
        issued_at=now,
        issued_by=user,
        state=ISSUE.to,
        state_since=now,
        step_since=now,
        version=1,
    )
    store_materials(files, keep, disposition=item)
    if proposal is not None:
        proposal.materials.update(disposition=item)
        close_proposal(proposal, Proposal.State.TAKEN, user)
    return item


def store_materials(files, keep: list, **owner) -> None:
    """Make files the source material of a disposition or a proposal; ``keep`` as ``whole`` yields it.

    A PendingUpload gives its stored file and its row is deleted; StepRefused where it is gone meanwhile.
    """
    pending = [file for file in files if isinstance(file, PendingUpload)]
    rows = PendingUpload.objects.filter(pk__in=[upload.pk for upload in pending])
    if pending and len(rows.select_for_update()) < len(pending):
        raise StepRefused(GONE, fields={"files": GONE})
    for upload in pending:
        SourceMaterial.objects.create(name=upload.name, file=upload.file.name, **owner)
    if pending:
        rows.delete()
    for file in (file for file in files if not isinstance(file, PendingUpload)):
        material = SourceMaterial(name=PurePath(file.name).name, **owner)
        material.file.save(file.name, file, save=False)
        keep.append(material.file)
        material.save()


def lock_proposal(proposal: Proposal, expected_version) -> Proposal:
    """Return the row of a proposal that waits, locked; StepStale where somebody decided or changed it meanwhile."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.version != expected_version or proposal.state != Proposal.State.WAITING:
        raise StepStale(
            "Usulan ini telah berubah sejak layar Anda dibuka. Status sekarang: "
            f"{proposal.get_state_display().lower()}. Muat ulang layar untuk melihat isinya."
        )
    return proposal


def close_proposal(proposal: Proposal, state: str, user, reason: str = "") -> None:
    """Write down what became of a locked proposal."""
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.reason = state, user, timezone.now(), reason
    proposal.version += 1
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason", "version"])


def _lock_proposal(data) -> Proposal | None:
    proposal = data.get("proposal")
    return lock_proposal(proposal, data.get("proposal_version")) if proposal else None


def describe_proposal(proposal: Proposal) -> dict:
    """Return the sheet's fields as proposed, with the proposal and its version."""
    sheet = {name: getattr(proposal, name) for name in PROPOSED_FIELDS}
    return sheet | {"proposal": proposal, "proposal_version": proposal.version}


def _make_line(item: Disposition, files):
    """Return the unsaved audit line of row 1."""
    row, proposal = sop.get_row(ISSUE.rows[0]), item.proposal
    data: dict = {"materials": [file.name for file in files]}
    if item.is_urgent:
        data["is_urgent"] = True
    if item.based_on_id is not None:
        data["based_on"] = item.based_on_id
    if proposal is not None:
        data |= {"proposal": proposal.pk, "proposed_by": proposal.proposed_by_id}
        data["materials"] += proposal.materials.order_by("pk").values_list("name", flat=True)
    return audit.make_line(
        action=ISSUE.code,
        disposition=item,
        user=item.issued_by,
        role=policy.get_role_used(ISSUE, item.issued_by),
        row=row.number,
        output=row.output,
        data=data,
    )


def describe_old_item(item: Disposition) -> dict:
    """Return the fields of a sheet or proposal that begins with the text of an older item; days and letters stay."""
    kept = ("kind", "subject", "activity_name", "activity_place")
    origin = item.Origin.ACTIVITY if item.origin == item.Origin.ACTIVITY else item.Origin.WEBSITE
    sheet = {name: getattr(item, name) for name in kept}
    return sheet | {"based_on": item, "origin": origin, "source_note": f"Naskah materi {item.register_number}."}


def describe_letter(letter) -> dict:
    """Return the sheet's fields that are taken from a letter of the agenda; empty without a letter."""
    if letter is None:
        return {}
    return {
        "origin": Disposition.Origin.LETTER,
        "letter_sender": letter.sender,
        "letter_number": letter.letter_number,
        "letter_date": letter.letter_date,
        "received_date": letter.received_date,
        "agenda_number": letter.agenda_number,
    }


def _read_sheet(data) -> tuple[dict, dict[str, str]]:
    """Convert the sheet's fields to their types; return them with the problems by field."""
    sheet = {}
    for name in SHEET_FIELDS:
        if name in data:
            typed = replace_control_characters(data[name])
            sheet[name] = Disposition._meta.get_field(name).to_python(typed)
    others = [field.name for field in Disposition._meta.concrete_fields if field.name not in SHEET_FIELDS]
    try:
        Disposition(**sheet).clean_fields(exclude=others)
    except ValidationError as error:
        return sheet, {name: " ".join(messages) for name, messages in error.message_dict.items()}
    return sheet, {}


def _draw_number(now) -> dict:
    """Draw the next number of the year; its row stays locked until the caller commits."""
    year, _created = RegisterYear.objects.select_for_update().get_or_create(year=now.year)
    year.last_sequence += 1
    year.save(update_fields=["last_sequence"])
    procedure = OfficeProcedure.load()
    number = format_number(procedure.number_template, year.last_sequence, procedure.archive_code, now.month, now.year)
    if Disposition.objects.filter(register_number=number).exists():
        raise StepRefused(
            f"Nomor register {number} sudah dipakai. Perbaiki format nomor pada Pengaturan, Prosedur kantor: "
            "nomor urut dan tahun harus termuat."
        )
    return {"register_year": now.year, "register_sequence": year.last_sequence, "register_number": number}
