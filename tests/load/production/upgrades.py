"""An upgrade from today's version, and one that breaks off."""

import re

from .bare_debian import BareDebian
from .readers import ask, expect_no_lost_reader, reading
from .versions import BREAK_OFF, MANAGE, RENAME, expect_same, find_last_migration, migration, publish, read_data


def upgrade(debian: BareDebian) -> None:
    """An upgrade migrates; readers have kept pages all the while"""
    # Not into media: the watch would tell of a picture that no record names.
    debian.get("runuser", "-u", "situs", "--", "sh", "-c", "echo materi > /srv/situs-data/private/uji.txt")
    last = find_last_migration()
    number = int(last[:4]) + 1
    debian.get("sh", "-c", "echo '# diubah' >> .env")
    refused = debian.run("make", "upgrade")
    assert refused.returncode, refused.stdout
    assert "file_manifest --renew" in refused.stdout, refused.stdout
    debian.get(*MANAGE, "file_manifest", "--renew")
    commit = publish(debian, "Good", migration(number, last, RENAME.format("ubah")))
    with reading() as answers:
        done = debian.run("make", "upgrade", show=True, timeout=3600)
    assert done.returncode == 0, "make upgrade failed; its message stands above"
    assert debian.get("git", "rev-parse", "HEAD").strip() == commit
    expect_no_lost_reader(answers, {200, 503})
    assert "ubah" in debian.get("runuser", "-u", "situs", "--", "psql", "-Atc", "SELECT first_name FROM auth_user")
    assert ask("/cari/?q=desa")[0] == 200


def survive_a_bad_upgrade(debian: BareDebian) -> None:
    """An upgrade whose second migration breaks off leaves everything as it was, and the site answering"""
    before, data = debian.get("git", "rev-parse", "HEAD").strip(), read_data(debian)
    last = find_last_migration()
    number = int(last[:4]) + 2
    publish(
        debian,
        "Bad",
        migration(number, f"{number - 1:04}_coba", RENAME.format("rusak")),
        migration(number + 1, f"{number:04}_coba", BREAK_OFF),
    )
    with reading() as answers:
        done = debian.run("make", "upgrade", timeout=3600)
    expect_no_lost_reader(answers, {200, 503})
    print("\n".join(done.stdout.splitlines()[-12:]))
    assert done.returncode != 0
    assert f"The site is back at {before[:12]}, as it was." in done.stdout, done.stdout
    assert debian.get("git", "rev-parse", "HEAD").strip() == before
    expect_same(data, read_data(debian), "rows or files")
    assert ask("/cari/?q=desa")[0] == 200
    assert debian.run("systemctl", "is-active", "situs-worker.service").returncode == 0
    said = debian.get("make", "production")
    assert not re.search(r"done now$", said, re.M), said
