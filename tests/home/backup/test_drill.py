"""The drill: back up while people write, destroy everything, restore, and compare; on both databases."""

import itertools
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from taggit.models import Tag

from home.backup import archive, proving, restoring
from home.backup.files import get_folders
from home.backup.rows import emptied, snapshot
from moderation.management.jobs import integrity
from moderation.models import AuditEntry, Disposition
from news.models import NewsPage
from tests.support.databases.template import get_sqlite_template
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "bm90LXNlY3JldC1vbmx5LWZvci10ZXN0cy0xMjM0NTY3ODk="


@pytest.fixture
def site(office, settings, tmp_path):
    """A live item with a picture, and one on its way."""
    settings.BACKUP_KEYS = [KEY]
    settings.BACKUP_DIR = tmp_path / "backups"
    live = office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu"))
    office.bring_to("verified", office.issue("Kerja bakti saluran irigasi Buntar"))
    make_photo("Balai desa")
    return live


@pytest.fixture
def writing():
    """Somebody writes all the while, until what this yields is called."""
    stop = threading.Event()

    def write():
        for number in itertools.count():
            if stop.is_set():
                break
            Tag.objects.create(name=f"tulis-{number}", slug=f"tulis-{number}")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()

    def end():
        stop.set()
        thread.join()

    yield end
    end()


@pytest.fixture
def migrated_beside(monkeypatch):
    """On SQLite, lay the database beside the site as the migrations left it; PostgreSQL's run migrates an empty one."""
    make = proving._scratch

    @contextmanager
    def scratch(folder):
        with make(folder) as url:
            if connection.vendor == "sqlite":
                shutil.copyfile(get_sqlite_template(), url.removeprefix("sqlite:///"))
            yield url

    monkeypatch.setattr(proving, "_scratch", scratch)


def destroy():
    """Lose every row and file."""
    with emptied():
        pass
    for folder in get_folders().values():
        shutil.rmtree(folder, ignore_errors=True)
    assert not NewsPage.objects.exists()


def test_a_backup_under_writing_is_of_one_moment_and_comes_back_whole(site, writing, settings, capsys):
    path = settings.BACKUP_DIR / "situs-20261130T010000Z.backup"
    settings.BACKUP_DIR.mkdir()
    media = get_folders()["media"]
    doomed = next(item for item in media.rglob("*") if item.is_file())
    kept = doomed.read_bytes()

    def write_late():
        Tag.objects.create(name="terlambat", slug="terlambat")
        doomed.unlink()
        connection.close()

    def meanwhile():
        # After the moment: neither what is added nor what is lost changes the archive.
        late = threading.Thread(target=write_late)
        late.start()
        late.join()

    manifest = archive.make(path, meanwhile)
    lines, numbers = AuditEntry.objects.count(), set(Disposition.objects.values_list("register_number", flat=True))
    assert manifest.files[f"media/{doomed.relative_to(media).as_posix()}"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item.name for item in settings.BACKUP_DIR.iterdir()] == [path.name]

    writing()
    destroy()
    with pytest.raises(CommandError, match="would be lost"):
        call_command("restore", str(path))
    call_command("restore", str(path), "--yes")
    assert "Restored as of" in capsys.readouterr().out
    assert not Tag.objects.filter(name="terlambat").exists()
    assert doomed.read_bytes() == kept
    assert AuditEntry.objects.count() == lines
    assert set(Disposition.objects.values_list("register_number", flat=True)) == numbers
    # Guards and numbering go on where they were.
    assert Tag.objects.create(name="baru", slug="baru").pk > manifest.counters["taggit_tag"]
    with pytest.raises(DatabaseError, match="berita"), transaction.atomic():
        NewsPage.objects.filter(pk=site.page_id).update(live=False)
    check = integrity.run_now()
    assert (check.is_whole, check.pages) == (True, 1), check.differences


@pytest.mark.usefixtures("migrated_beside")
def test_a_proof_restores_beside_the_site_and_compares_everything(site, settings, capsys, monkeypatch):
    run, static = proving.run_beside, []

    def look(*arguments, folder, **options):
        static.append((Path(folder) / "static").resolve())
        return run(*arguments, folder=folder, **options)

    monkeypatch.setattr(proving, "run_beside", look)
    call_command("backup", "--prove")
    said = capsys.readouterr().out
    assert "Proven: " in said
    # In production a page whose style sheet was not collected is a 500.
    assert static == [Path(settings.STATIC_ROOT).resolve()]
    assert "1 seals of live pages" in said
    [path] = settings.BACKUP_DIR.glob("*.backup")
    with snapshot() as rows:
        before = rows.list_migrations()
    damaged = path.with_name("damaged.backup")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(proving.NotProven, match="damaged"):
        proving.prove(damaged)
    with snapshot() as rows:
        assert rows.list_migrations() == before


def test_a_difference_of_a_row_or_a_file_is_named(site, settings):
    settings.BACKUP_DIR.mkdir()
    manifest = archive.make(settings.BACKUP_DIR / "a.backup")
    assert restoring.find_differences(manifest) == []
    Tag.objects.create(name="lain", slug="lain")
    picture = next(item for item in get_folders()["media"].rglob("*") if item.is_file())
    picture.write_bytes(b"other")
    found = restoring.find_differences(manifest)
    assert [line for line in found if "taggit_tag" in line]
    assert [line for line in found if picture.name in line]
    assert not [line for line in found if "auth_user" in line]


def test_an_archive_of_another_version_changes_nothing(site, tmp_path):
    manifest = archive.Manifest("2026-11-30T01:00:00+00:00", [["home", "9999_kelak"]], {})
    with pytest.raises(restoring.OtherVersion, match="only here: "):
        restoring.restore(archive.Opened(manifest, tmp_path))
    assert NewsPage.objects.filter(live=True).count() == 1


def test_without_keys_nothing_is_written(site, settings):
    settings.BACKUP_KEYS = []
    with pytest.raises(CommandError, match="BACKUP_KEYS is not set"):
        call_command("backup")
    assert not list(settings.BACKUP_DIR.iterdir())
