"""The doctor: every check in its order, for the command and for the screen."""

from .checks import database, files, front, machine, outside, proofs
from .rows import Check, Row, Verdict

CHECKS = (
    Check("Basis data", database.look_at_database),
    Check("Migrasi", database.look_at_migrations),
    Check("Kelompok dan alur SOP", database.look_at_sop),
    Check("Situs", database.look_at_sites),
    Check("Pengaman basis data", database.look_at_triggers),
    Check("Keutuhan", proofs.look_at_sights),
    Check("Pengaturan", proofs.look_at_settings),
    Check("Berkas media", files.look_at_media),
    Check("Halaman tersimpan", files.look_at_kept_pages),
    Check("Cadangan", files.look_at_backup),
    Check("Bukti cadangan", files.look_at_backup_proof),
    Check("Surel", outside.look_at_mails),
    Check("Akun kanal", outside.look_at_accounts),
    Check("Pekerja", outside.look_at_workers),
    Check("Sertifikat TLS", front.look_at_certificate),
    Check("Tajuk jawaban", front.look_at_headers),
    Check("Berkas rahasia", machine.look_at_secret_files),
    Check("Jam", machine.look_at_clock),
    Check("Ruang disk", machine.look_at_disks),
    Check("Tulisan di gambar", machine.look_at_picture_reader),
    Check("Memori situs", machine.look_at_memory),
    Check("Kelonggaran", machine.look_at_headroom),
)


def examine() -> list[Row]:
    """Return all rows; nothing is changed, and nothing leaves this machine but a question to the site itself."""
    return [row for check in CHECKS for row in check.examine()]


def is_well(rows: list[Row]) -> bool:
    """Return whether nothing is broken; advice does not count."""
    return not any(row.verdict is Verdict.FAULT for row in rows)
