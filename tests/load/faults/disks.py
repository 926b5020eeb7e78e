"""A disk that is full, and one (or a database) that takes no writes."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from moderation.management.jobs import integrity
from moderation.models import Disposition, SourceMaterial
from news.models import Attachment, Photo
from tests.load.faults.answers import BARE, DONE, TOLD, Tally, judge
from tests.moderation.desk.test_disposition import SHEET
from tests.moderation.evidence.test_publish_paths import editor_data
from tests.support.factories import PASSWORD

TITLE = "Kerja bakti di Desa Sewurejo"
#: Longer than what fits into pages that the database has left.
LEAD = "Warga membersihkan saluran irigasi bersama. " * 10
HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/admin/"}
#: What a rounding of the size leaves, in bytes.
_PAGE = 4096


def fill(office, disk: Path) -> dict[str, int]:
    """Take all room from the disk, try everything that writes, give the room back and look at what is left."""
    tally, item = Tally(), office.bring_to("composing")
    before = _list_files()

    def take_room():
        usage = _read_used(disk)
        _remount(disk, f"size={-(-usage // _PAGE) * _PAGE}")

    _try_all(office, item, tally, take_room, again=True)
    _remount(disk, "size=1500m")
    _look_after(item, tally, before)
    return tally.finish()


def lock(office, disk: Path) -> dict[str, int]:
    """Let the database refuse writes, and on SQLite the whole disk; then let it take them again."""
    tally, item = Tally(), office.bring_to("composing")
    before = _list_files()
    name = connection.settings_dict["NAME"]

    def refuse(word: str):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {word}")
        connection.close()

    if connection.vendor == "postgresql":
        _try_all(office, item, tally, lambda: refuse("on"))
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
        refuse("off")
    else:
        connection.close()
        _try_all(office, item, tally, lambda: (connection.close(), _remount(disk, "ro")))
        connection.close()
        _remount(disk, "rw")
    _look_after(item, tally, before)
    return tally.finish()


def _try_all(office, item, tally: Tally, begin: Callable, *, again: bool = False) -> None:
    """Try everything that writes; ``again``: what failed may have freed something, so begin anew before each."""
    clients = {name: _sign_in(office.people[name]) for name in ("staf1", "ppid")}
    editor = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    data, drawn = editor_data(item, lead=LEAD.strip()), io.BytesIO()
    Image.effect_noise((900, 600), 90).convert("RGB").save(drawn, "JPEG")
    photo, text = drawn.getvalue(), b"Catatan rapat desa. " * 20_000
    letter = b"%PDF-1.4 isi" + b" " * 300_000
    forms = {
        "editor": ("staf1", editor, data, {}),
        "autosave": ("staf1", editor, data, {"HTTP_ACCEPT": "application/json"}),
        "image": ("staf1", reverse("wagtailimages:add"), {"file": _upload("foto.jpg", photo), "credit": "Humas"}, {}),
        "document": ("staf1", reverse("wagtaildocs:add"), {"file": _upload("catatan.txt", text)}, {}),
        "Bahan": ("ppid", reverse("moderation:disposition_add"), SHEET | {"files": [_upload("surat.pdf", letter)]}, {}),
    }
    begin()
    for what, (person, address, form, headers) in forms.items():
        if again:
            begin()
        extra = {"title": TITLE, "collection": 1, "subject": TITLE}
        typed = form.get("lead", TITLE)
        outcome = judge(clients[person].post(address, extra | form, **HERE, **headers), typed)
        tally.note(what, outcome)
        if what == "editor":
            item.acknowledged = outcome == DONE
    answer = Client(raise_request_exception=False).post(
        reverse("wagtailadmin_login"), {"login": "staf1", "password": PASSWORD}, **HERE
    )
    tally.note("sign-in", TOLD if answer.status_code == 503 else judge(answer, ""))
    answer = Client(raise_request_exception=False).get("/", HTTP_HOST="127.0.0.1:8000")
    tally.note("public page", _judge_page(answer))
    answer = clients["staf1"].get(reverse("moderation:queue"))
    tally.note("queue", _judge_page(answer))
    if again:
        begin()
    try:
        call_command("backup", stdout=io.StringIO())
        tally.note("backup", DONE)
    except CommandError as error:
        tally.note("backup", TOLD)
        print(f"  backup said: {error}")


def _judge_page(answer) -> str:
    if answer.status_code == 200:
        return DONE
    is_told = answer.status_code == 503 and "belum dapat ditampilkan" in answer.content.decode()
    return TOLD if is_told else BARE


def _look_after(item, tally: Tally, before: set[str]) -> None:
    """Compare files with rows; nothing else may have stayed, and the log and its pages must be whole."""
    known = {
        *Photo.objects.values_list("file", flat=True),
        *Attachment.objects.values_list("file", flat=True),
        *SourceMaterial.objects.values_list("file", flat=True),
    }
    left = {name for name in _list_files() - before if name.partition("/")[2] not in known}
    tally.left += len(left)
    for name in sorted(left):
        print(f"  left behind: {name}")
    acknowledged = item.acknowledged
    item = Disposition.objects.get(pk=item.pk)
    if acknowledged and item.get_draft().lead != LEAD.strip():
        tally.lost += 1
    if not integrity.run_now().is_whole:
        tally.lost += 1
        print("  the proof of the log fails")
    outcome = judge(
        _sign_in(item.assigned_to).post(
            reverse("wagtailadmin_pages:edit", args=[item.page_id]), editor_data(item, lead=LEAD.strip()), **HERE
        ),
        LEAD,
    )
    tally.note("editor, once there is room", outcome if outcome == DONE else BARE)


def _list_files() -> set[str]:
    """Return what lies in the folders of uploads, kept pages and archives; the page cache's own marks apart."""
    found = set()
    for folder in ("media", "private", "pages", "backups"):
        root = Path(settings.DATA_DIR) / folder
        names = (path.relative_to(settings.DATA_DIR).as_posix() for path in root.rglob("*") if not path.is_dir())
        found |= {name for name in names if not name.startswith(("pages/live/", "pages/lock", "pages/state.json"))}
        found |= {name for name in names if "/." in name}
    return {name for name in found if not name.endswith(".backup")}


def _read_used(disk: Path) -> int:
    done = subprocess.run(["df", "--block-size=1", "--output=used", disk], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def _remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def _sign_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def _upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
