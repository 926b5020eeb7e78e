"""From SQLite to PostgreSQL by one command, proven by the comparison of a restore."""

import os
import shutil
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings as given
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.utils import ConnectionHandler
from environ import Env
from taggit.models import Tag
from wagtail.models import Site
from wagtail.search.models import IndexEntry

from home.backup import archive, moving, proving, restoring
from home.backup.files import get_folders
from home.pagecache.groups import EVERYTHING
from home.pagecache.models import PageChange, PageGeneration
from home.search.models import Entry
from moderation.chain.transitions import take
from moderation.models import AuditEntry, AuditHead, Disposition
from news.models import NewsPage
from tests.support.audit_log import find_first_break
from tests.support.databases.template import get_sqlite_template
from tests.support.factories import make_document, make_photo
from tests.support.replay import replay

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

KEY = "bm90LXNlY3JldC1vbmx5LWZvci10ZXN0cy0xMjM0NTY3ODk="


@contextmanager
def on(url):
    """Let this process work on another database."""
    own, there = connections[DEFAULT_DB_ALIAS], ConnectionHandler({DEFAULT_DB_ALIAS: Env.db_url_config(url)})
    connections[DEFAULT_DB_ALIAS] = there[DEFAULT_DB_ALIAS]
    try:
        _forget()
        yield
    finally:
        there[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = own
        _forget()


def _forget():
    # What is repeated was noted on the other database.
    replay.end()
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()


@pytest.fixture
def new_database(db):
    """Make databases beside that of this test, by name; they go with the test."""
    own, made = proving.get_address(), []

    def make(name, template="template1"):
        made.append(f"{name}_{os.getpid()}")
        server.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {template}")
        return f"{own.rpartition('/')[0]}/{made[-1]}"

    with psycopg.connect(own, autocommit=True) as server:
        yield make
        for name in made:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def target(new_database):
    """A new database, migrated already where this run has a template."""
    return new_database("pindahan", given.DATABASES["default"]["TEST"].get("TEMPLATE", "template1"))


@pytest.fixture
def on_sqlite(new_database, settings, tmp_path):
    """Take the site as it is to SQLite, where the block works on."""

    @contextmanager
    def go():
        settings.BACKUP_KEYS = [KEY]
        archive.make(tmp_path / "own.backup", with_files=False)
        shutil.copyfile(get_sqlite_template(), tmp_path / "site.sqlite3")
        with on(f"sqlite:///{tmp_path / 'site.sqlite3'}"):
            restoring.restore_rows(archive.open_archive(tmp_path / "own.backup", tmp_path / "own"))
            yield

    return go


def publish_with_files(office):
    item = office.bring_to("composing", office.issue("Penyuluhan stunting bagi kader posyandu"))
    document = make_document("Daftar usulan", "usulan.pdf", b"%PDF-1.4")
    body = [
        ("paragraph", "<p>Warga bekerja bakti.</p>"),
        ("document", {"document": document, "title": "Unduhan usulan"}),
    ]
    picture = {"main_image": make_photo("Balai desa"), "main_image_alt": "Balai desa"}
    office.write(item, body=body, main_image_credit="Dokumentasi", **picture)
    return office.bring_to("live", item)


def test_a_site_arrives_whole_and_goes_on(office, on_sqlite, target, capsys):
    ralat = office.open_ralat(publish_with_files(office))
    taken_down = office.bring_to("live")
    take(taken_down, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})

    with on_sqlite():
        lines, head, before = AuditEntry.objects.count(), AuditHead.objects.get().hash, PageGeneration.objects.get()
        last_tag = Tag.objects.create(name="lama", slug="lama").pk
        files = sum(path.is_file() for folder in get_folders().values() for path in folder.rglob("*"))
        call_command("move_database", target)
        said = capsys.readouterr().out
        with pytest.raises(CommandError, match="accounts in that database already"):
            call_command("move_database", target)
    assert files > 1
    assert f" {files} files, {lines} lines of the log, 1 seals of live pages" in said
    assert "Set DATABASE_URL" in said

    with on(target):
        assert (AuditEntry.objects.count(), AuditHead.objects.get().hash) == (lines, head)
        assert NewsPage.objects.get(live=True).pk == ralat.page_id
        # Found by the search, and every page that was kept before is made anew.
        assert Entry.objects.filter(page_id=ralat.page_id).exists()
        assert IndexEntry.objects.filter(object_id=str(ralat.page_id)).exists()
        assert PageGeneration.objects.get().number > before.number
        assert PageChange.objects.filter(group=EVERYTHING, generation__gt=before.number).exists()
        # Numbering goes on, and the guards speak.
        assert Tag.objects.create(name="baru", slug="baru").pk == last_tag + 1
        with pytest.raises(DatabaseError, match="berita"), transaction.atomic():
            NewsPage.objects.filter(pk=ralat.page_id).update(live=False)
        with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
            AuditEntry.objects.update(actor_name="Orang lain")
        # The chain goes on.
        step = take(Disposition.objects.get(pk=ralat.pk), "hand_over", office.staf1, {"warnings_checked": True})
        assert step.state == "awaiting_correction"
        assert AuditEntry.objects.count() > lines
        assert find_first_break() is None


def test_what_postgresql_refuses_is_named_and_leaves_it_empty(office, on_sqlite, target, tmp_path):
    with on_sqlite():
        Tag.objects.create(name="x" * 101, slug="panjang")
        archive.make(tmp_path / "rows.backup", with_files=False)
    opened = archive.open_archive(tmp_path / "rows.backup", tmp_path / "opened")
    with on(target):
        with pytest.raises(restoring.NotFitting, match="A row of taggit_tag does not fit"):
            restoring.restore_rows(opened)
        assert not get_user_model().objects.exists()


def test_another_programs_database_and_another_kind_are_refused(new_database, tmp_path):
    foreign = new_database("lain")
    with psycopg.connect(foreign) as there:
        there.execute("CREATE TABLE buku_tamu (nama text)")
    for url, refusal in (
        (foreign, "tables of something else"),
        (f"{foreign}_tidak_ada", "does not exist"),
        (f"sqlite:///{tmp_path / 'new.sqlite3'}", "address of a PostgreSQL database"),
    ):
        with pytest.raises(CommandError, match=refusal):
            call_command("move_database", url)


def test_what_is_written_meanwhile_is_told(on_sqlite, target, monkeypatch):
    def write(*arguments, **options):
        Tag.objects.create(name="baru", slug="baru")
        return ""

    monkeypatch.setattr(moving, "run_beside", write)
    with on_sqlite(), pytest.raises(CommandError, match=r"(?s)Somebody wrote here meanwhile.*taggit_tag"):
        call_command("move_database", target)
