"""Versions made for an upgrade, and the state of the machine before and after it."""

import re

from .bare_debian import BASE_DIR, BareDebian

MANAGE = (
    *("runuser", "-u", "situs", "--", "env", "DJANGO_SETTINGS_MODULE=kecamatan_site.settings.production"),
    *(".venv/bin/python", "manage.py"),
)
COMMIT = ("git", "-c", "user.name=Coba", "-c", "user.email=coba@situs.example", "commit", "-q", "-a", "-m")
RENAME = "migrations.RunSQL(\"UPDATE auth_user SET first_name = '{}'\")"
BREAK_OFF = "migrations.RunPython(break_off)"


def publish(debian: BareDebian, name: str, *files: tuple[str, str], branch: str = "main") -> str:
    """Make a version at the origin out of its main branch; return its commit."""
    debian.get("rm", "-rf", "/srv/next")
    debian.get("git", "clone", "-q", "/srv/origin.git", "/srv/next")
    for path, text in files:
        place = debian.root / "srv" / "next" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    debian.get("git", "-C", "/srv/next", "add", "-A")
    debian.get(COMMIT[0], "-C", "/srv/next", *COMMIT[1:], name)
    debian.get("git", "-C", "/srv/next", "push", "-q", "origin", f"HEAD:refs/heads/{branch}")
    return debian.get("git", "-C", "/srv/next", "rev-parse", "HEAD").strip()


def migration(number: int, before: str, operation: str) -> tuple[str, str]:
    return f"home/migrations/{number:04}_coba.py", (
        "from django.db import migrations\n\n\ndef break_off(apps, schema_editor):\n"
        "    raise RuntimeError('this migration breaks off')\n\n\n"
        f"class Migration(migrations.Migration):\n    dependencies = [('home', '{before}')]\n"
        f"    operations = [{operation}]\n"
    )


def read_data(debian: BareDebian) -> str:
    """Return all tables, rows and files, without what goes on by itself: sessions, heartbeat, watch."""
    names = ["django_session", "health_heartbeat", "moderation_watch", "moderation_discrepancy"]
    apart = [f"--exclude-table-data={name}" for name in names]
    dump = debian.get("runuser", "-u", "situs", "--", "pg_dump", "--no-owner", *apart, "situs")
    listed = "cd /srv/situs-data; find media private -type f | sort | xargs -r sha256sum"
    return normalise(dump) + debian.get("sh", "-c", listed)


def normalise(dump: str) -> str:
    """Return a dump without what a way through a dump and back changes: order of rows, way of writing a condition."""
    dump = re.sub(r"^(\\(un)?restrict|SELECT pg_catalog.setval|--) ?.*$", "", dump, flags=re.M)
    dump = re.sub(r"^.*= ANY \(.*$", lambda line: re.sub(r"::[a-z ]+(\[\])?|[()]", "", line[0]), dump, flags=re.M)
    return re.sub(r"(?<=FROM stdin;\n).*?(?=^\\\.$)", _sort_rows, dump, flags=re.M | re.S)


def _sort_rows(rows: re.Match) -> str:
    return "".join(sorted(rows[0].splitlines(keepends=True)))


def expect_same(before: str, now: str, what: str) -> None:
    """Compare what ``read_data`` returned, and name what differs."""
    differing = set(now.splitlines()) ^ set(before.splitlines())
    assert now == before, f"{what} differ: {[line[:200] for line in sorted(differing)][:20]}"


def find_last_migration() -> str:
    return sorted(path.stem for path in (BASE_DIR / "home" / "migrations").glob("0*.py"))[-1]
