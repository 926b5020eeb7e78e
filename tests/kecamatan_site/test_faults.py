"""A full disk, a read-only or absent database: a sentence and the kept text, and nothing half written."""

import errno
import os
import resource
import sqlite3
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InternalError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.documents.views.documents import CreateView

from home.pagecache import store
from kecamatan_site.failures.server_error import AWAY, BUSY, FULL, READ_ONLY, REFUSED, find_fault
from moderation.models import Disposition, SourceMaterial
from moderation.uploads.whole_files import WholeFileStorage
from news.models import Attachment, Photo
from tests.moderation.desk.test_disposition import SHEET
from tests.moderation.desk.test_kept_form import HERE, LEAD, PARAGRAPH, editor, fill_in

pytestmark = pytest.mark.db_agnostic

TITLE = "Kerja bakti di Desa Sewurejo"


def cause(outer: type[Exception], inner: Exception) -> Exception:
    """Return an error as Django raises it from the driver's."""
    error = outer(str(inner))
    error.__cause__ = inner
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (OSError(errno.ENOSPC, "x"), FULL),
        (OSError(errno.EROFS, "x"), READ_ONLY),
        (FileNotFoundError(errno.ENOENT, "x"), None),
        (cause(OperationalError, psycopg.errors.DiskFull()), FULL),
        (cause(InternalError, psycopg.errors.ReadOnlySqlTransaction()), READ_ONLY),
        (cause(OperationalError, psycopg.errors.AdminShutdown()), AWAY),
        (cause(OperationalError, psycopg.OperationalError("connection refused")), AWAY),
        (cause(OperationalError, psycopg.errors.TooManyConnections()), BUSY),
        (cause(DatabaseError, psycopg.DataError("NUL")), None),
        (cause(ValueError, OSError(errno.ENOSPC, "x")), FULL),
        (transaction.TransactionManagementError("x"), REFUSED),
        (KeyError("x"), None),
    ],
)
def test_what_is_wrong_is_told_by_codes(error, fault):
    assert find_fault(error) is fault


@pytest.mark.parametrize(("pragma", "fault"), [("max_page_count = 2", FULL), ("query_only = 1", READ_ONLY)])
def test_what_sqlite_itself_says(tmp_path, pragma, fault):
    with closing(sqlite3.connect(tmp_path / "db")) as database:
        database.execute("CREATE TABLE texts (text)")
        database.execute(f"PRAGMA {pragma}")
        with pytest.raises(sqlite3.OperationalError) as caught:
            database.execute("INSERT INTO texts VALUES (?)", ["x" * 100_000])
    assert find_fault(cause(OperationalError, caught.value)) is fault


@contextmanager
def full_disk(after: int = 1000):
    """Let every write of this process beyond ``after`` bytes of a file fail as on a full disk (EFBIG)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def list_files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


class TestStorage:
    def test_a_file_is_whole_or_not_there(self, tmp_path):
        storage = WholeFileStorage(tmp_path)
        with full_disk(after=4096), pytest.raises(OSError, match="too large"):
            storage.save("bahan/surat.pdf", ContentFile(b"x" * 10_000))
        assert list_files(tmp_path) == []
        assert storage.save("bahan/surat.pdf", ContentFile(b"x" * 10_000)) == "bahan/surat.pdf"
        assert (tmp_path / "bahan/surat.pdf").stat().st_size == 10_000

    def test_a_name_that_was_taken_meanwhile_is_not_written_over(self, tmp_path, monkeypatch):
        (tmp_path / "a.txt").write_text("the first")
        storage = WholeFileStorage(tmp_path)
        given = iter(["a.txt"])
        choose = storage.get_available_name
        monkeypatch.setattr(storage, "get_available_name", lambda name, **more: next(given, None) or choose(name))
        name = storage.save("a.txt", ContentFile(b"the second"))
        assert name != "a.txt"
        assert [(tmp_path / each).read_text() for each in ("a.txt", name)] == ["the first", "the second"]
        assert len(list_files(tmp_path)) == 2

    def test_the_page_cache_keeps_no_part_of_a_page(self, settings, tmp_path):
        settings.PAGES_ROOT = tmp_path
        with full_disk(after=4096), pytest.raises(OSError, match="too large"):
            store.keep_page("/berita/index", "news", os.urandom(10_000), b"packed", 1)
        kept = [name for name in list_files(tmp_path) if not name.endswith(".gz")]
        assert [name for name in kept if (tmp_path / name).lstat().st_size] == []
        assert not any(Path(name).name.startswith(".") for name in list_files(tmp_path))

    def test_a_page_that_may_not_be_read_any_more_goes_without_room(self, settings, tmp_path, monkeypatch):
        settings.PAGES_ROOT = tmp_path
        store.keep_page("/berita/index", "news", b"<p>", b"packed", 1)

        def fail(*args):
            raise OSError(errno.ENOSPC, "no room")

        monkeypatch.setattr(Path, "rename", fail)
        store.drop(["news"])
        assert not (tmp_path / "live" / "groups" / "news").exists()


@pytest.fixture
def send(office):
    """Send a form as Staf 1, and return the answer as the browser gets it."""
    client = Client(raise_request_exception=False)
    client.force_login(office.staf1)

    def post(address, data, **headers):
        response = client.post(address, data, **HERE, **headers)
        # Without the outer transaction of the test the request's own would have ended by now.
        transaction.set_rollback(False)
        return response

    post.client = client
    return post


def refuse_writes(execute, sql, params, many, context):
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        raise cause(InternalError, psycopg.errors.ReadOnlySqlTransaction())
    return execute(sql, params, many, context)


@pytest.mark.django_db
class TestRequests:
    def test_a_draft_that_cannot_be_saved_is_given_back(self, office, send):
        item = office.bring_to("composing")
        with connection.execute_wrapper(refuse_writes):
            response = send(editor(item), fill_in(item))
            of_script = send(editor(item), fill_in(item), HTTP_ACCEPT="application/json")
        html = response.content.decode()
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert READ_ONLY.sentence in html
        assert PARAGRAPH in html
        assert "Warga membersihkan saluran irigasi &lt;b&gt;bersama&lt;/b&gt;." in html
        assert "rahasia" not in html
        assert of_script.status_code == 503
        # With any other code Wagtail's autosave would show a sentence of its own.
        assert of_script.json()["error_code"] == "validation_error"
        assert READ_ONLY.sentence in of_script.json()["error_message"]
        # The script saves again by itself; a person does so by one press.
        assert of_script.json()["passes"] is True
        assert "Kirim kembali" in html
        assert item.get_draft().lead != LEAD

    def test_a_form_that_nobody_has_read_yet_is_given_back_too(self, office, send, monkeypatch):
        item = office.bring_to("composing")

        def fail(*args):
            raise cause(OperationalError, psycopg.OperationalError("connection refused"))

        monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", fail)
        response = send(editor(item), fill_in(item))
        assert response.status_code == 503
        assert PARAGRAPH in response.content.decode()

    def test_reading_goes_on_while_nothing_can_be_written(self, office, send):
        item = office.bring_to("composing")
        places = [reverse("moderation:queue"), item.get_absolute_url()]
        with connection.execute_wrapper(refuse_writes):
            assert Client().get("/").status_code == 200
            assert [send.client.get(place).status_code for place in places] == [200, 200]
            # Wagtail writes down who has an editor open.
            refused = send.client.get(editor(item))
            transaction.set_rollback(False)
        assert refused.status_code == 503
        assert READ_ONLY.sentence in refused.content.decode()

    def test_an_error_of_the_program_gives_the_text_back_too(self, office, send, monkeypatch):
        item = office.bring_to("composing")
        monkeypatch.setattr("wagtail.admin.views.pages.edit.EditView.post", lambda *args, **kwargs: 1 / 0)
        response = send(editor(item), fill_in(item))
        assert response.status_code == 500
        assert PARAGRAPH in response.content.decode()
        assert "Kirim kembali" not in response.content.decode()
        assert "Retry-After" not in response

    @pytest.mark.parametrize("what", ["image", "document", "material"])
    def test_a_full_disk_leaves_nothing_of_an_upload(self, office, send, settings, monkeypatch, what):
        drawn = BytesIO()
        Image.new("RGB", (640, 400), "green").save(drawn, "JPEG")
        photo = SimpleUploadedFile("saluran.jpg", drawn.getvalue())
        letter = SimpleUploadedFile("undangan.pdf", b"%PDF-1.4 isi" + b" " * 9000)
        original = FileSystemStorage._save

        def save(self, name, content):
            with full_disk():
                return original(self, name, content)

        monkeypatch.setattr(FileSystemStorage, "_save", save)
        text = SimpleUploadedFile("catatan.txt", b"Catatan rapat desa. " * 500)
        folders = [Path(settings.MEDIA_ROOT), Path(settings.STORAGES["private"]["OPTIONS"]["location"])]
        before = [list_files(folder) for folder in folders]
        if what == "material":
            send.client.force_login(office.ppid)
        address, data = {
            "image": ("wagtailimages:add", {"title": TITLE, "credit": "Humas", "file": photo, "collection": 1}),
            "document": ("wagtaildocs:add", {"title": TITLE, "file": text, "collection": 1}),
            "material": ("moderation:disposition_add", SHEET | {"subject": TITLE, "files": [letter]}),
        }[what]
        response = send(reverse(address), data)
        assert response.status_code == 503
        assert FULL.sentence in response.content.decode()
        assert TITLE in response.content.decode()
        assert [list_files(folder) for folder in folders] == before
        assert [model.objects.count() for model in (Photo, Attachment, SourceMaterial, Disposition)] == [0, 0, 0, 0]

    def test_a_file_whose_row_was_rolled_back_goes_with_it(self, send, settings, monkeypatch):
        kept = Attachment.objects.create(title="Lama", file=ContentFile(b"lama", name="lama.txt"))
        text = SimpleUploadedFile("catatan.txt", b"Catatan rapat desa.")
        monkeypatch.setattr(CreateView, "save_instance", save_in_vain)
        response = send(reverse("wagtaildocs:add"), {"title": TITLE, "file": text, "collection": 1})
        assert response.status_code == 503
        assert TITLE in response.content.decode()
        assert not any("catatan" in name for name in list_files(Path(settings.MEDIA_ROOT)))
        assert Path(kept.file.path).read_bytes() == b"lama"


def save_in_vain(view):
    """Save the form, and fail before the transaction ends."""
    with transaction.atomic():
        assert Path(view.form.save().file.path).is_file()
        raise OSError(errno.ENOSPC, "x")
