"""Indonesian labels of audit log actions, in the passive."""

from moderation import sop

#: Actions outside the SOP's table.
_LABELS = {
    "comment_answer_changed": "Jawaban komentar diubah",
    "comment_answer_erased": "Jawaban komentar dihapus",
    "checklist_changed": "Daftar periksa diubah",
    "comment_added": "Komentar ditulis",
    "comment_changed": "Komentar diubah",
    "comment_answered": "Komentar dijawab",
    "comment_resolved": "Komentar diselesaikan",
    "comments_noted": "Komentar lama dicatat",
    "holidays_changed": "Hari libur diubah",
    "link_changed": "Halaman yang ditaut berubah",
    "keys_begun": "Jejak audit mulai berkode",
    "letter_added": "Surat masuk dicatat",
    "letter_changed": "Catatan surat masuk diubah",
    "schedule_failed": "Penayangan terjadwal gagal",
    "end_failed": "Penurunan pada batas tayang gagal",
    "roles_noted": "Pemegang peran dicatat",
    "role_granted": "Peran diberikan kepada",
    "role_withdrawn": "Peran dicabut dari",
    "work_time_changed": "Waktu kerja dan target diubah",
}


def register_labels(labels: dict[str, str]) -> None:
    """Add the labels of another app's actions; called from its ``AppConfig.ready``."""
    _LABELS.update(labels)


def describe(code: str) -> str:
    """Return the label of a line's action, the code itself where none is registered."""
    if code in _LABELS:
        return _LABELS[code]
    try:
        return sop.get_action(code).done
    except KeyError:
        return code


def describe_actor(entry) -> str:
    """Return who took a step and in which role: "Sri Lestari (Plh. Sekretaris, SK 800/12/2026)"."""
    role = entry.acting_note or entry.role
    return f"{entry.actor_name} ({role})" if role else entry.actor_name


def sign(entry) -> str:
    """Return who took a step, with the decree where somebody stood in: "Sri Lestari (Plh. Sekretaris, SK 1/2026)"."""
    return f"{entry.actor_name} ({entry.acting_note})" if entry.acting_note else entry.actor_name
