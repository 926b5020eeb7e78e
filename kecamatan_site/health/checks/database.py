"""The database: it answers, and has what this version installs."""

from django.db import DatabaseError, connection

from home.serving.site_address import find_second_sites
from kecamatan_site.health import probes
from kecamatan_site.health.rows import Finding, fault, good
from moderation.chain.workflow.checks import find_drift
from moderation.evidence.trigger_check import find_altered, find_foreign

#: Names that a sentence lists; the rest are counted.
_NAMED = 3


def look_at_database() -> Finding:
    """Say which database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return fault("Basis data tidak menjawab. Jalankan: service postgresql start. Periksa DATABASE_URL di .env.")
    return good(f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}")


def look_at_migrations() -> Finding:
    """Name migrations of this version that were not run."""
    missing = probes.list_unapplied()
    if missing:
        return fault(f"Belum dijalankan: {enumerate_some(missing)}. Jalankan: manage.py migrate")
    return good()


def look_at_sop() -> Finding:
    """Compare groups, tasks and workflow with the SOP's table."""
    drift = find_drift()
    if drift:
        return fault(
            f"{len(drift)} perbedaan dari SOP. Jalankan: manage.py migrate; manage.py check --database default"
        )
    return good()


def look_at_sites() -> Finding:
    """Name a second site in this instance."""
    problems = find_second_sites()
    return fault(problems[0]) if problems else good()


def look_at_triggers() -> Finding:
    """Compare the guards in the database with those that were installed."""
    altered, foreign = find_altered(connection), find_foreign(connection)
    if altered:
        return fault(f"Hilang atau berubah: {enumerate_some(altered)}. Cari sebabnya, lalu jalankan: manage.py migrate")
    if foreign:
        return fault(f"{' '.join(foreign[:_NAMED])} Cari siapa yang memasangnya, lalu hapus.")
    return good()


def enumerate_some(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" dan {len(names) - _NAMED} lagi" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
