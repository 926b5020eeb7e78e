"""Uploads in an S3-compatible store that two machines share: on a real S3 server."""

import socket
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from home.backup import archive, restoring
from home.serving.leftovers import drop_copies
from home.watch import folders
from kecamatan_site.failures.server_error import STORE_AWAY
from kecamatan_site.health.checks.files import look_at_media
from kecamatan_site.health.rows import Verdict
from kecamatan_site.settings import base
from kecamatan_site.settings.env import SettingsMissing, require_store
from moderation.chain.transitions import take
from moderation.management.jobs import integrity
from moderation.models import IncomingLetter, SourceMaterial
from moderation.uploads.whole_files import StoreFailed
from news.models import Photo
from tests.support.factories import make_document

BUCKET = "cadangan"
SHARED = "moderation.uploads.shared_files.SharedFileStorage"
#: A form that was sent from the site itself.
HERE = {"HTTP_ORIGIN": "http://testserver"}
KEY = "bm90LXNlY3JldC1vbmx5LWZvci10ZXN0cy0xMjM0NTY3ODk="


@pytest.fixture
def machine(settings, tmp_path, s3_server, s3_client, monkeypatch):
    """Become one of the machines: another folder of copies, the same store."""
    settings.MEDIA_STORE = f"s3://{BUCKET}/situs"
    settings.MEDIA_S3_ENDPOINT = s3_server
    settings.MEDIA_S3_KEY_ID, settings.MEDIA_S3_SECRET = "situs", "uji"

    def become(name: str) -> Path:
        settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / name / "media", tmp_path / name / "private"
        settings.STORAGES = settings.STORAGES | {
            "default": {
                "BACKEND": SHARED,
                "OPTIONS": {"folder": "media", "copies": str(settings.MEDIA_ROOT), "base_url": settings.MEDIA_URL},
            },
            "private": {
                "BACKEND": SHARED,
                "OPTIONS": {"folder": "private", "copies": str(settings.PRIVATE_ROOT), "base_url": None},
            },
        }
        for folder in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        # Both fields asked for their storage when the program started.
        for field in (SourceMaterial._meta.get_field("file"), IncomingLetter._meta.get_field("scan")):
            monkeypatch.setattr(field, "storage", storages["private"])
        return settings.MEDIA_ROOT

    become("a")
    return become


def draw(colour="green") -> bytes:
    stream = BytesIO()
    Image.new("RGB", (640, 400), colour).save(stream, "JPEG")
    return stream.getvalue()


def replace(s3_client, name: str, content: bytes, folder="media", **extra) -> None:
    """Put something in the place of a file, as whoever has the keys of the store can."""
    s3_client.put_object(Bucket=BUCKET, Key=f"situs/{folder}/{name}", Body=content, **extra)


def read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


@contextmanager
def store_away(settings):
    """Let nothing answer at the store's address."""
    address = settings.MEDIA_S3_ENDPOINT
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.MEDIA_S3_ENDPOINT = f"http://127.0.0.1:{closed.getsockname()[1]}"
        yield
    settings.MEDIA_S3_ENDPOINT = address


class TestStorage:
    pytestmark = pytest.mark.db_agnostic

    def test_each_machine_reads_what_another_stored(self, machine):
        name = default_storage.save("images/foto.jpg", ContentFile(b"foto"))
        assert default_storage.url(name) == "/media/images/foto.jpg"
        media = machine("b")
        assert (read(name), default_storage.size(name)) == (b"foto", 4)
        assert (media / name).read_bytes() == b"foto"
        assert default_storage.path(name) == str(media / name)
        assert [(file.name, file.size) for file in default_storage.list_files()] == [(name, 4)]

    def test_a_name_is_given_once(self, machine, monkeypatch):
        default_storage.save("a.txt", ContentFile(b"first"))
        # Both looked before either wrote.
        given = iter(["a.txt"])
        storage = storages["default"]
        choose = storage.get_available_name
        monkeypatch.setattr(storage, "get_available_name", lambda name, **more: next(given, None) or choose(name))
        second = storage.save("a.txt", ContentFile(b"second"))
        assert second != "a.txt"
        assert [read("a.txt"), read(second)] == [b"first", b"second"]

    def test_a_name_that_is_given_again_is_another_file_on_each_machine(self, machine):
        default_storage.save("a.txt", ContentFile(b"withdrawn"))
        machine("b")
        assert read("a.txt") == b"withdrawn"
        machine("a")
        default_storage.delete("a.txt")
        default_storage.save("a.txt", ContentFile(b"other"))
        media = machine("b")
        assert (media / "a.txt").read_bytes() == b"withdrawn"
        assert Path(default_storage.path("a.txt")).read_bytes() == b"other"

    @pytest.mark.parametrize("folder", ["media", "private"])
    def test_what_somebody_else_put_there_is_no_file(self, machine, s3_client, caplog, folder):
        storage = storages["default" if folder == "media" else "private"]
        for name in ("a.txt", "b.txt"):
            storage.save(name, ContentFile(name.encode()))
        kept = s3_client.get_object(Bucket=BUCKET, Key=f"situs/{folder}/b.txt")
        # Another content under the old signature, none at all, and another file of the site with its own signature.
        signed = s3_client.get_object(Bucket=BUCKET, Key=f"situs/{folder}/a.txt")["Metadata"]
        attacks = [(b"evil!", signed), (b"evil", {}), (kept["Body"].read(), kept["Metadata"])]
        for number, (content, metadata) in enumerate(attacks):
            replace(s3_client, "a.txt", content, folder, Metadata=metadata)
            machine(f"new{number}")
            storage = storages["default" if folder == "media" else "private"]
            for ask in (storage.open, storage.path, storage.size):
                with pytest.raises(FileNotFoundError, match="not what the site put there"):
                    ask("a.txt")
        assert "situs/media/a.txt" in caplog.text or "situs/private/a.txt" in caplog.text
        with storage.open("b.txt") as file:
            assert file.read() == b"b.txt"

    def test_a_store_that_does_not_answer_is_no_missing_file(self, machine, settings):
        name = default_storage.save("a.txt", ContentFile(b"a"))
        with store_away(settings):
            machine("b")
            for ask in (default_storage.open, default_storage.exists, default_storage.path):
                with pytest.raises(StoreFailed):
                    ask(name)
        machine("b")
        settings.MEDIA_STORE = "s3://tiada/situs"
        machine("b")
        with pytest.raises(StoreFailed, match="NoSuchBucket"):
            default_storage.save("b.txt", ContentFile(b"b"))

    def test_only_an_address_of_a_bucket_is_taken(self):
        assert require_store("MEDIA_STORE", "s3://ember/situs/") == "s3://ember/situs"
        assert require_store("MEDIA_STORE", "") == base.MEDIA_STORE == ""
        for wrong in ("/srv/media", "s3:///situs", "https://s3.example/x", "s3://kunci@ember/x"):
            with pytest.raises(SettingsMissing, match="MEDIA_STORE"):
                require_store("MEDIA_STORE", wrong)


@pytest.mark.django_db
class TestTwoMachines:
    def ask(self, *addresses):
        return [Client().get(address).status_code for address in addresses]

    def upload(self, user) -> Photo:
        client = Client()
        client.force_login(user)
        photo = SimpleUploadedFile("saluran.jpg", draw())
        data = {"title": "Saluran irigasi", "credit": "Humas", "file": photo, "collection": 1}
        assert client.post(reverse("wagtailimages:add"), data).status_code == 302
        return Photo.objects.get()

    def test_from_the_upload_to_the_withdrawal(
        self, machine, office, settings, s3_client, monkeypatch, django_capture_on_commit_callbacks
    ):
        photo, document = self.upload(office.staf1), make_document("Daftar hadir", "hadir.pdf", b"%PDF-1.4")
        item = office.bring_to("composing")
        office.write(
            item,
            main_image=photo,
            main_image_alt="Saluran",
            main_image_credit="Humas",
            body=[("document", {"document": document, "title": ""}), ("paragraph", "<p>Warga.</p>")],
        )
        item = office.bring_to("live", item)
        page = item.get_page()
        shown = Client().get(page.url).content.decode()
        rendition = photo.renditions.first()
        assert photo.renditions.exists()
        assert any(each.url in shown for each in photo.renditions.all())
        assert self.ask(rendition.url, document.url) == [200, 200]

        media = machine("b")
        assert not list(media.rglob("*.*"))
        assert Client().get(page.url).content.decode() == shown
        content = b"".join(Client().get(rendition.url).streaming_content)
        assert content == (media / rendition.file.name).read_bytes()
        assert self.ask(rendition.url, document.url) == [200, 200]
        assert integrity.run_now().is_whole

        # A third machine that never had them gives out nothing of what was put in their places, and the proof says so.
        evil = draw("red")
        replaced = (photo.file.name, evil), (rendition.file.name, evil), (document.file.name, b"%PDF-1.4 palsu")
        for name, content in replaced:
            replace(s3_client, name, content)
        assert not integrity.run_now().is_whole
        machine("c")
        assert self.ask(rendition.url, document.url) == [404, 404]
        assert not integrity.run_now().is_whole

        # No store holds a take-down up; what it did not delete is named.
        addresses = [rendition.url, document.url]
        with store_away(settings), django_capture_on_commit_callbacks(execute=True):
            machine("a")
            take(item, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
        for name in "ab":
            machine(name)
            assert self.ask(*addresses, page.url) == [404, 404, 410]
        # The copies of the other machine go as well, those in use stay, and the watch names what nobody put there.
        monkeypatch.setattr("moderation.uploads.shared_files._SETTLING", timedelta(0))
        monkeypatch.setattr(folders, "SETTLING_SECONDS", -60)
        media = machine("b")
        assert (media / rendition.file.name).exists()
        assert drop_copies() == 0
        assert sorted(path.name for path in media.rglob("*.*")) == ["hadir.pdf", "saluran.jpg"]
        replace(s3_client, "slot.html", b"slot")
        foreign = {found.place for found in folders.find_foreign()}
        assert foreign >= {f"s3://{BUCKET}/situs: {name}" for name in ("slot.html", rendition.file.name)}
        assert f"s3://{BUCKET}/situs: {photo.file.name}" not in foreign

    @pytest.mark.db_agnostic
    def test_an_upload_that_the_store_does_not_take_is_given_back(self, machine, office, settings):
        client = Client(raise_request_exception=False)
        client.force_login(office.staf1)
        data = {"title": "Saluran irigasi Desa Sedayu", "credit": "Humas", "collection": 1}
        with store_away(settings):
            machine("a")
            form = data | {"file": SimpleUploadedFile("saluran.jpg", draw())}
            response = client.post(reverse("wagtailimages:add"), form, **HERE)
        assert response.status_code == 503
        assert STORE_AWAY.sentence in response.content.decode()
        assert data["title"] in response.content.decode()
        machine("a")
        assert list(default_storage.list_files()) == []

    @pytest.mark.db_agnostic
    def test_copies_take_no_more_room_than_they_may(self, machine, settings, monkeypatch):
        monkeypatch.setattr("moderation.uploads.shared_files._SETTLING", timedelta(0))
        names = [make_document(name, f"{name}.txt", bytes(400_000)).file.name for name in ("lama", "baru", "asli")]
        media, storage = Path(settings.MEDIA_ROOT), storages["default"]
        for name in names:
            storage.path(name)
        # What was uploaded before there was a store, and was not moved yet, is no copy.
        storage._ask("delete_object", names[2])
        storage.path(names[0])
        settings.MEDIA_COPIES_MB = 1
        drop_copies()
        assert sorted(path.name for path in media.rglob("*.txt")) == ["asli.txt", "lama.txt"]
        settings.MEDIA_COPIES_MB = 0
        drop_copies()
        assert [path.name for path in media.rglob("*.txt")] == ["asli.txt"]
        assert Path(storage.path(names[1])).stat().st_size == 400_000


@pytest.mark.db_agnostic
@pytest.mark.django_db(transaction=True)
class TestOperation:
    def test_existing_files_move_into_the_store(self, machine, settings, s3_client, capsys):
        document = make_document("Daftar hadir", "hadir.pdf", b"%PDF-1.4")
        # As it was before there was a store; another program copied the file without the site's signature.
        media = Path(settings.MEDIA_ROOT)
        place = media / document.file.name
        place.parent.mkdir(parents=True)
        place.write_bytes(b"%PDF-1.4")
        replace(s3_client, document.file.name, b"%PDF-1.4")
        assert look_at_media().verdict is Verdict.GOOD
        call_command("move_media")
        assert "Proven: all 1 files" in capsys.readouterr().out
        assert place.read_bytes() == b"%PDF-1.4"
        machine("b")
        assert read(document.file.name) == b"%PDF-1.4"
        # A new key signs, the earlier one is still believed, until everything is signed anew.
        earlier, settings.SECRET_KEY = settings.SECRET_KEY, "another for tests only"
        settings.SECRET_KEY_FALLBACKS = [earlier]
        call_command("move_media")
        assert "signed anew: 1." in capsys.readouterr().out
        settings.SECRET_KEY_FALLBACKS = []
        machine("c")
        assert read(document.file.name) == b"%PDF-1.4"
        storages["default"]._ask("delete_object", document.file.name)
        machine("d")
        assert look_at_media().verdict is Verdict.FAULT
        with pytest.raises(CommandError, match=r"(?s)1 of 1 files are wrong.*hadir.pdf"):
            call_command("move_media")

    def test_the_doctor_says_what_the_store_does_not(self, machine, settings, monkeypatch):
        assert look_at_media().verdict is Verdict.GOOD
        assert list(default_storage.list_files()) == []
        storage = storages["default"]
        monkeypatch.setattr(
            storage, "put", lambda name, content, **conditions: type(storage).put(storage, name, content)
        )
        found = look_at_media()
        assert (found.verdict, "If-None-Match" in found.sentence) == (Verdict.FAULT, True)
        with store_away(settings):
            machine("a")
            found = look_at_media()
        assert (found.verdict, "tidak dapat dipakai" in found.sentence) == (Verdict.FAULT, True)

    def test_a_backup_brings_the_store_back(self, machine, settings, s3_client, tmp_path):
        settings.BACKUP_KEYS, settings.BACKUP_DIR = [KEY], tmp_path / "backups"
        settings.BACKUP_DIR.mkdir()
        kept, doomed = (make_document(name, f"{name}.txt", name.encode()) for name in ("tetap", "hilang"))
        manifest = archive.make(settings.BACKUP_DIR / "a.backup")
        assert set(manifest.files) == {f"media/{each.file.name}" for each in (kept, doomed)}
        storages["default"]._ask("delete_object", doomed.file.name)
        replace(s3_client, kept.file.name, b"palsu, lebih panjang")
        late = make_document("baru", "baru.txt", b"baru")
        assert len(restoring.find_differences(manifest)) > 2
        opened = archive.open_archive(settings.BACKUP_DIR / "a.backup", tmp_path / "opened")
        replaced = restoring.restore(opened)
        assert restoring.find_differences(manifest) == []
        machine("b")
        assert [read(each.file.name) for each in (kept, doomed)] == [b"tetap", b"hilang"]
        assert not default_storage.exists(late.file.name)
        assert (replaced.folder / "media" / late.file.name).read_bytes() == b"baru"
