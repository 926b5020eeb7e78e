"""Build the printed disposition sheet (Lembar disposisi), with a digital paraf for each level."""

from collections import defaultdict

from django.contrib.auth import get_user_model

from moderation import sop
from moderation.evidence.audit_labels import describe
from moderation.models import Disposition, OfficeProcedure
from moderation.models.roles import display_name
from moderation.ports.seal import shorten
from moderation.records import item_history

from .document import Cell, Column, Form, Heading, Option, Paper, Paragraph, Run, Table, make_file_name, say
from .formatting import get_letterhead, make_code, write_date, write_footer, write_role, write_seal, write_time

TITLE = "Lembar disposisi"
PARAF = (
    "Paraf digital adalah catatan akun, peran, dan waktu dalam jejak audit sistem ini, dengan nomor baris dan sidik "
    "baris itu."
)
#: The last row of the SOP that the sheet travels through: the Staf receives it there.
_LAST_ROW = 5
_RECEIPTS = {"hand_over"}


def build(item: Disposition) -> Paper:
    """Return the current sheet of one item."""
    procedure = OfficeProcedure.load()
    entries = item_history.get_entries(item)
    seal = item_history.get_seal(item_history.get_shown_page(item))
    return Paper(
        title=TITLE,
        subtitle=f"Nomor register {item.register_number}",
        file_name=make_file_name("lembar-disposisi", item.register_number),
        letterhead=get_letterhead(procedure),
        blocks=[*make_blocks(item, entries), *_write_seal_line(seal)],
        footer=write_footer(f"{TITLE} {item.register_number}", seal and f"Sidik isi {write_seal(seal)}"),
        code=make_code(item),
    )


def make_blocks(item, entries) -> list:
    """Return the form and its receipts; the case file begins with the same."""
    receipts = [entry for entry in entries if is_receipt(entry)]
    return [
        _make_form(item, receipts),
        Heading("Tanda terima"),
        _make_receipts(receipts),
        *(Paragraph([Run(sentence)], style="quiet") for sentence in [*describe_double_roles(receipts), PARAF]),
    ]


def is_receipt(entry) -> bool:
    """Say whether a line of the log belongs on the sheet: rows 1 to 5, and what was taken back there."""
    if entry.action.startswith("recall") or entry.action == "reassign":
        return True
    return entry.row is not None and entry.row <= _LAST_ROW and entry.action not in _RECEIPTS


def describe_double_roles(entries) -> list[str]:
    """Return a note where one person acted in more than one role."""
    roles: defaultdict[int, dict[str, None]] = defaultdict(dict)
    names = {}
    for entry in entries:
        if entry.actor_id and entry.role:
            roles[entry.actor_id][write_role(entry)] = None
            names[entry.actor_id] = entry.actor_name
    return [
        f"{names[person]} bertindak dalam {len(held)} peran: {', '.join(held)}."
        for person, held in roles.items()
        if len(held) > 1
    ]


def _make_form(item, receipts) -> Form:
    notes = _collect_notes(item, receipts)
    return Form(
        [
            [Cell("Surat dari", say(item.letter_sender), span=6), _date("Diterima tanggal", item.received_date)],
            [
                Cell("Nomor surat", say(item.letter_number), span=6),
                Cell("Nomor agenda", say(item.agenda_number), span=6),
            ],
            [_date("Tanggal surat", item.letter_date), _choose("Sifat", Disposition.Priority, item.priority, 6)],
            [
                Cell("Perihal", say(item.subject, "strong"), span=9),
                Cell("Jenis materi", say(item.get_kind_display()), span=3),
            ],
            [Cell("Asal", say(_write_origin(item)))],
            [
                Cell("Diteruskan kepada Sdr.", options=_list_receivers(item, receipts), span=6),
                _choose("Dengan hormat harap", Disposition.Request, item.request, 6),
            ],
            *([Cell(f"Isi/catatan {role}", note)] for role, note in notes),
            [Cell("Bahan", say(_write_materials(item)))],
        ]
    )


def _date(label, value) -> Cell:
    return Cell(label, say(write_date(value)), span=6)


def _choose(label, choices, chosen, span) -> Cell:
    shown = [choice for choice in choices if choice != Disposition.Priority.SECRET or choice == chosen]
    return Cell(label, options=[Option(choice.label, choice == chosen) for choice in shown], span=span)


def _write_origin(item) -> str:
    details = [
        item.activity_name,
        write_date(item.activity_date),
        item.activity_place,
        item.source_person and f"narasumber {item.source_person}",
    ]
    return ": ".join(filter(None, [item.get_origin_display(), ", ".join(filter(None, details))]))


def _list_receivers(item, receipts) -> list[Option]:
    """Tick the current and earlier holders of the sheet, derived from the state, so that a recall removes ticks."""
    forwarded = item.state != "disposed" and any(entry.action == "forward" for entry in receipts)
    staf = f"{sop.Role.STAF}: {display_name(item.assigned_to)}" if item.assigned_to_id else str(sop.Role.STAF)
    return [
        Option(str(sop.Role.SEKRETARIS), True),
        Option(str(sop.Role.SEKRETARIAT), forwarded),
        Option(staf, bool(item.assigned_to_id)),
    ]


def _collect_notes(item, receipts) -> list[tuple[str, list[Run]]]:
    """Return what each superior level wrote, in the order of the levels, each with who and when."""
    notes: dict[str, list[Run]] = {
        role: [] for role in (sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS, sop.Role.SEKRETARIAT)
    }
    for entry in receipts:
        words = item.instructions if entry.action == "issue" else entry.reason
        if words and entry.role in notes:
            by = f" ({entry.actor_name}, {write_time(entry.at)})"
            notes[entry.role] += [Run("\n") if notes[entry.role] else Run(""), Run(words), Run(by, "quiet")]
    return [(str(role), runs or say("")) for role, runs in notes.items()]


def _write_materials(item) -> str:
    names = ", ".join(item.materials.order_by("pk").values_list("name", flat=True))
    parts = [names and f"Softcopy: {names}.", item.source_note and f"Hardcopy: {item.source_note}"]
    return "\n".join(part for part in parts if part)


def _make_receipts(receipts) -> Table:
    accounts = get_user_model().objects.in_bulk({entry.actor_id for entry in receipts if entry.actor_id})
    return Table(
        caption="Tanda terima",
        columns=[Column(["Jabatan"], 25), Column(["Tanggal"], 22), Column(["Nama"], 20), Column(["Paraf digital"], 33)],
        rows=[
            [
                [say(write_role(entry)), [Run(describe(entry.action), "quiet")]],
                [say(write_time(entry.at))],
                [say(entry.actor_name)],
                [
                    [Run(write_account(entry, accounts))],
                    [Run(f"baris {entry.sequence}, {shorten(entry.hash)}", "code")],
                ],
            ]
            for entry in receipts
        ],
    )


def write_account(entry, accounts) -> str:
    """Write the user account of a log line."""
    if entry.actor_id is None:
        return "sistem"
    account = accounts.get(entry.actor_id)
    return f"akun {account.get_username()}" if account else "akun sudah tidak ada"


def _write_seal_line(seal) -> list:
    if not seal:
        return []
    return [Paragraph([Run("Sidik isi naskah: "), Run(write_seal(seal), "strong")])]
