"""Build the case file (Berkas materi) of one item: all decisions about it, in order."""

from itertools import groupby

from moderation.chain import publication_orders
from moderation.evidence.audit_labels import describe
from moderation.models import AuditEntry, Disposition, OfficeProcedure, Withdrawal
from moderation.models.roles import display_name
from moderation.people import duties
from moderation.ports import channels
from moderation.records import item_history
from moderation.review import changes, checklists, source_answers
from moderation.review.changes.versions import get_round

from . import sheet
from .document import Column, Facts, Heading, Paper, Paragraph, Run, Table, make_file_name, say
from .formatting import get_letterhead, make_code, write_footer, write_role, write_seal, write_time
from .markings import LEGEND, make_changes, make_text

TITLE = "Berkas materi"
#: Pairs of versions that are compared; each costs time, and an item with more is read on the item_history.
MAX_COMPARISONS = 15
#: Lines of the log printed; an item has a few dozen.
MAX_LINES = 500


def build(item: Disposition) -> Paper:
    """Return the current case file of one item."""
    procedure = OfficeProcedure.load()
    entries = item_history.get_entries(item)
    page = item_history.get_shown_page(item)
    seal = item_history.get_seal(page)
    permits = list(item.permits.select_related("revision", "ordered_by", "executed_by", "revoked_by").order_by("pk"))
    return Paper(
        title=TITLE,
        subtitle=f"{item.subject}\nNomor register {item.register_number}",
        file_name=make_file_name("berkas-materi", item.register_number),
        letterhead=get_letterhead(procedure),
        blocks=[
            _make_summary(item, permits, seal),
            *_number(
                [
                    ("Lembar disposisi", sheet.make_blocks(item, entries)),
                    ("Putaran dan keputusan", _make_rounds(item, page, entries)),
                    ("Penilaian temuan data pribadi", _make_findings(item)),
                    ("Konfirmasi narasumber", _make_confirmations(item, page)),
                    ("Naskah", _make_text(page)),
                    ("Perintah tayang", [block for permit in permits for block in _make_order(permit)]),
                    ("Unggahan dan tautan", _make_posts(item, page, permits)),
                    ("Penurunan dari tayangan", _make_withdrawals(item)),
                    ("Sidik isi", _make_seals(entries)),
                    ("Jejak audit", _make_log(entries, duties.find_namesakes(item, entries))),
                ]
            ),
        ],
        footer=write_footer(f"{TITLE} {item.register_number}", seal and f"Sidik isi {write_seal(seal)}"),
        code=make_code(item),
    )


def _number(sections) -> list:
    """Add numbered headings to the sections that are not empty."""
    filled = [(title, blocks) for title, blocks in sections if blocks]
    return [
        block
        for number, (title, blocks) in enumerate(filled, start=1)
        for block in (Heading(f"{number}. {title}"), *map(_lower, blocks))
    ]


def _lower(block):
    """Lower a heading by one level below its section's."""
    return Heading(block.text, 3) if isinstance(block, Heading) else block


def _make_summary(item, permits, seal) -> Facts:
    executed = next((permit for permit in permits if permit.executed_at), None)
    address = item.page.full_url if item.page_id and item.page.live else ""
    return Facts(
        [
            ("Status", say(f"{item.state_label}, sejak {write_time(item.state_since)}", "strong")),
            ("Penyusun", say(display_name(item.assigned_to) if item.assigned_to_id else "")),
            ("Putaran", say(item.round or "")),
            ("Klasifikasi informasi", say(item.get_classification_display())),
            ("Tayang pertama", say(write_time(executed.executed_at) if executed else "")),
            ("Tautan web", say(address, href=address)),
            ("Sidik isi", [Run(write_seal(seal), "strong"), Run("\n"), Run(seal, "code")] if seal else say("")),
        ]
    )


def _make_rounds(item, page, entries) -> list:
    """Return the text's history by round, each version marked against the one before."""
    decisions = [entry for entry in entries if not sheet.is_receipt(entry)]
    blocks, compared = [], _Comparisons(item, page, entries)
    for number, lines in groupby(decisions, get_round):
        blocks.append(Heading(f"Putaran {number}" if number else "Sebelum penyerahan"))
        for entry in lines:
            blocks += [_make_decision(entry), *_make_reason(entry), *_make_facts(entry), *_make_checklist(entry)]
            blocks += compared.mark(entry)
    return [Paragraph([Run(LEGEND)], style="quiet"), *blocks] if blocks else []


def _make_decision(entry) -> Paragraph:
    by = ", ".join(filter(None, [entry.actor_name, write_role(entry), write_time(entry.at)]))
    seal = f" Sidik isi {write_seal(entry.seal)}." if entry.seal else ""
    return Paragraph([Run(f"{describe(entry.action)}. ", "strong"), Run(f"{by}.{seal}")])


def _make_reason(entry) -> list:
    return [Paragraph([Run(entry.reason)], style="quote")] if entry.reason else []


#: Data of a decision in the log, with the labels of its form.
_FACTS = {
    "classification": "Klasifikasi ditetapkan",
    "letter": "Pasal 17 UU 14/2008, huruf",
    "ground": "Dasar pengecualian",
    "period": "Jangka waktu pengecualian",
    "consequence_test": "Uji konsekuensi",
    "decree": "Surat penetapan klasifikasi",
    "correction_note": "Keterangan ralat bagi warga",
    "notice": "Pemberitahuan bagi warga",
    "assigned_to": "Staf yang ditugaskan",
}


def _make_facts(entry) -> list:
    rows = [(label, say(entry.data[name])) for name, label in _FACTS.items() if entry.data.get(name)]
    return [Facts(rows)] if rows else []


def _make_checklist(entry) -> list:
    """Return the answers with the wording of that time."""
    record = entry.data.get("checklist")
    if not record:
        return []
    rows = []
    for group in record["groups"]:
        for place, item in enumerate(group["items"]):
            title = [[Run(group["title"], "strong")]] if group["title"] and place == 0 else []
            mark = "strong" if item["answer"] == checklists.FIX else ""
            answer = checklists.ANSWER_LABELS.get(item["answer"], "Tidak dijawab")
            rows.append(
                [[*title, [Run(f"{item['number']}. {item['text']}")]], [[Run(answer, mark)]], [say(item["note"])]]
            )
    return [
        Paragraph([Run("Daftar periksa", "strong")]),
        Table("Daftar periksa", [Column(["Butir"], 58), Column(["Jawaban"], 17), Column(["Catatan"], 25)], rows),
    ]


class _Comparisons:
    """Marks each version of an item against the one before it, up to a bound."""

    def __init__(self, item, page, entries):
        self.item = item
        self.page = page
        self.entries = entries
        self.last_id = None
        self.last_page = None
        self.count = 0

    def mark(self, entry) -> list:
        """Return the marked corrections of the version in this log line, if it is a new one."""
        if entry.revision_id is None or entry.revision_id == self.last_id:
            return []
        if self.count == MAX_COMPARISONS:
            self.last_id = entry.revision_id
            return [Paragraph([Run("Koreksi versi ini tidak dicetak; bandingkan pada lembar kerja.")], style="quiet")]
        page = changes.load_version(self.item, entry.revision_id, self.page, self.entries)
        before, self.last_page, self.last_id = self.last_page, page, entry.revision_id
        if before is None or page is None:
            return []
        self.count += 1
        table = make_changes("Koreksi terhadap versi sebelumnya", changes.compare(before, page))
        if table is None and entry.action == "open_correction":
            return []
        if table is None:
            return [Paragraph([Run("Tidak ada perubahan isi terhadap versi sebelumnya.")], style="quiet")]
        return [Paragraph([Run("Koreksi terhadap versi sebelumnya", "strong")]), table]


def _make_findings(item) -> list:
    """Return the verifier's decisions on findings, with masked values."""
    rows = [
        [
            [[Run(f"{found.label}: "), Run(found.masked, "code")]],
            [say(found.get_decision_display(), "strong"), *([say(found.get_basis_display())] if found.basis else [])],
            [say(found.sentence)],
            [say(display_name(found.by)), say(write_time(found.at))],
        ]
        for found in item.finding_decisions.select_related("by").order_by("pk")[:MAX_LINES]
    ]
    columns = [Column(["Temuan"], 25), Column(["Penilaian"], 27), Column(["Alasan"], 28), Column(["Oleh"], 20)]
    return [Table("Penilaian temuan data pribadi", columns, rows)] if rows else []


def _make_confirmations(item, page) -> list:
    """Return what quoted persons were asked, by whom, and what they answered."""
    rows = [
        [
            [say(found.row.passage)],
            [say(found.row.source)],
            [say(display_name(found.row.asked_by)), say(write_time(found.row.asked_at))],
            [say(found.state, "strong"), say(found.row.words), say(write_time(found.row.answered_at))],
        ]
        for found in source_answers.list_asked(item, page)[:MAX_LINES]
    ]
    columns = [Column(["Bagian"], 38), Column(["Narasumber"], 18), Column(["Diminta"], 18), Column(["Jawaban"], 26)]
    return [Table("Konfirmasi narasumber", columns, rows)] if rows else []


def _make_text(page) -> list:
    return [make_text("Naskah", changes.compare(page, page))] if page is not None else []


def _make_order(permit) -> list:
    rows = [
        ("Nomor", say(permit.number, "strong")),
        ("Diterbitkan", say(f"{write_time(permit.ordered_at)} oleh {display_name(permit.ordered_by)}")),
        ("Kanal", say(", ".join(["Website", *permit.channel_labels.values()]))),
        *(
            [("Kanal tidak dipakai", say(publication_orders.describe_left_out(permit)))]
            if permit.left_out_labels
            else []
        ),
        ("Waktu tayang", say(write_time(permit.go_live_at) or "segera")),
        *([("Tayang sampai", say(f"{write_time(permit.ends_at)}: {permit.end_reason}"))] if permit.ends_at else []),
        ("Catatan", say(permit.note)),
        ("Ditayangkan", _write_fact(permit.executed_at, permit.executed_by)),
        ("Sidik isi", [Run(permit.seal, "code")]),
    ]
    if permit.is_correction:
        rows.insert(1, ("Ralat", say(permit.correction_note or "Perubahan kecil tanpa keterangan bagi warga.")))
    if permit.has_run_out:
        rows.append(("Berakhir", say(f"{write_time(permit.revoked_at)} oleh sistem, menurut perintah ini")))
    elif permit.revoked_at:
        rows.append(("Dicabut", _write_fact(permit.revoked_at, permit.revoked_by)))
        rows.append(("Alasan pencabutan", say(permit.revoke_reason)))
    return [Facts(rows)]


def _write_end(withdrawal) -> list[Run]:
    return say(f"{write_time(withdrawal.at)} oleh sistem, menurut perintah tayang {withdrawal.permit.number}")


def _write_fact(at, by) -> list[Run]:
    return say(f"{write_time(at)} oleh {display_name(by)}" if at and by else write_time(at))


def _make_posts(item, page, permits) -> list:
    """Return each post as sent, or as it will be sent, with its result."""
    if not permits:
        return []
    outcomes = {found.key: found for found in channels.get_outcomes([item.pk]).get(item.pk, [])}
    labels = {key: label for permit in permits for key, label in permit.channel_labels.items()}
    labels |= {key: found.label for key, found in outcomes.items()}
    last = next((permit for permit in reversed(permits) if permit.executed_at), permits[-1])
    ordered = page.with_content_json(last.revision.content)
    texts = {post.key: post.text for post in channels.get_previews(ordered, list(labels))}
    rows = [
        [[say(label)], _write_post(outcomes.get(key), texts.get(key, "")), _write_outcome(outcomes.get(key))]
        for key, label in labels.items()
    ]
    columns = [Column(["Kanal"], 18), Column(["Teks unggahan"], 47), Column(["Keadaan dan tautan"], 35)]
    return [Table("Unggahan", columns, rows)] if rows else []


def _write_post(found, composed: str) -> list[list[Run]]:
    """Return the text sent to the channel; compose it only for an unsent post."""
    if found is None or not found.text:
        return [say(composed)]
    return [say(found.text), *([say(f"Setelah ralat: {found.later_text}")] if found.later_text else [])]


def _write_outcome(found) -> list[list[Run]]:
    if found is None:
        return [say("")]
    return [say(found.state_label), *([say(found.url, href=found.url)] if found.url else [])]


def _make_withdrawals(item) -> list:
    found = Withdrawal.objects.filter(permit__disposition=item).select_related("by").order_by("pk")
    return [
        Facts(
            [
                ("Diturunkan", _write_fact(withdrawal.at, withdrawal.by) if withdrawal.by else _write_end(withdrawal)),
                ("Pemberitahuan", say(withdrawal.notice or ("ya" if withdrawal.is_public else "tanpa pemberitahuan"))),
            ]
        )
        for withdrawal in found
    ]


def _make_seals(entries) -> list:
    """Return every sealed version once, with the step that first named it."""
    first: dict[str, AuditEntry] = {}
    for entry in entries:
        if entry.seal:
            first.setdefault(entry.seal, entry)
    rows = [
        [
            [say(write_seal(seal), "strong")],
            [[Run(seal, "code")]],
            [say(f"{describe(entry.action)}, baris {entry.sequence}")],
        ]
        for seal, entry in first.items()
    ]
    columns = [Column(["Sidik isi, singkat"], 20), Column(["Sidik isi, lengkap"], 48), Column(["Pertama tercatat"], 32)]
    return [Table("Sidik isi", columns, rows)] if rows else []


def _make_log(entries, namesakes) -> list:
    rows = [
        [
            [say(entry.sequence)],
            [say(write_time(entry.at))],
            [say(describe(entry.action), "strong"), [Run(_describe_output(entry), "quiet")]],
            [say(entry.actor_name), [Run(write_role(entry), "quiet")]],
            [[Run(entry.hash, "code")]],
        ]
        for entry in entries[:MAX_LINES]
    ]
    columns = [
        Column(["Baris"], 7),
        Column(["Waktu"], 17),
        Column(["Langkah"], 27),
        Column(["Pelaku dan peran"], 21),
        Column(["Sidik baris"], 28),
    ]
    blocks = [Table("Jejak audit", columns, rows)]
    notes = [*sheet.describe_double_roles(entries), *duties.describe_one_person(entries), *namesakes]
    blocks += [Paragraph([Run(sentence)], style="quiet") for sentence in notes]
    if len(entries) > MAX_LINES:
        blocks.append(Paragraph([Run(f"{len(entries) - MAX_LINES} baris berikutnya ada pada layar Jejak audit.")]))
    return blocks


def _describe_output(entry) -> str:
    row = f"baris {entry.row} SOP" if entry.row else ""
    round_ = f"putaran {entry.round}" if entry.round else ""
    return ", ".join(filter(None, [row, entry.output, round_]))
