"""Files that the site did not put into its folders, and changed files of the program."""

import os
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from home.pagecache import store
from home.watch import folders, manifest
from home.watch.addresses import list_addresses
from home.watch.assets import list_assets
from home.watch.fetching import Received
from home.watch.looking import Look
from moderation.evidence import audit
from moderation.models import AuditEntry
from moderation.models.audit import GENESIS_HASH
from news.models import Attachment
from tests.support.factories import make_photo


@pytest.fixture
def pages(settings, tmp_path):
    settings.PAGES_ROOT = tmp_path / "pages"
    return settings.PAGES_ROOT / "live"


def put(path: Path, text="slot gacor") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.django_db
@pytest.mark.db_agnostic
def test_only_what_the_store_keeps_may_lie_in_the_folder_of_pages(pages, settings, monkeypatch):
    monkeypatch.setattr(folders, "SETTLING_SECONDS", -1)
    picture = make_photo().get_rendition("max-480x640|format-webp")
    with store.locked():
        for name in ("/index.html", "/berita/index.html", "/berita/atom.xml.atom", "/slot/robots.txt.txt"):
            store.keep_page(name, "umum", b"x", b"x", 1)
        store.keep_file(picture.url, "berkas", Path(picture.file.path))
    assert folders.find_foreign() == []
    assert {"/", "/berita/", "/berita/atom.xml", "/slot/robots.txt"} <= set(list_addresses())
    kept = pages / "groups" / "umum" / store.get_digest("/index.html")
    foreign = [
        put(pages / "pages" / "slot" / "index.html"),
        put(pages / "pages" / "berita" / "slotindex.html"),
        put(pages / "pages" / ".slotabindex.html"),
        put(pages / "nowhere" / "index.html"),
        put(pages / "pages" / "media" / "images" / "slot.php"),
        put(settings.MEDIA_ROOT / "slot.html"),
        put(settings.MEDIA_ROOT / "images" / "slot.webp"),
    ]
    other = put(pages.parent.parent / "elsewhere.html")
    for name, target in (("a", other), ("b", kept)):
        link = pages / "pages" / name / "index.html"
        link.parent.mkdir()
        link.symlink_to(os.path.relpath(target, link.parent))
        foreign.append(link)
    linked_folder = pages / "pages" / "c"
    linked_folder.symlink_to(other.parent)
    foreign.append(linked_folder)
    assert {found.place for found in folders.find_foreign()} == set(map(str, foreign))
    monkeypatch.setattr(folders, "SETTLING_SECONDS", 300)
    young = {found.place for found in folders.find_foreign()}
    assert str(foreign[2]) not in young, "is about to be renamed"
    assert str(foreign[0]) in young


@pytest.mark.django_db
@pytest.mark.db_agnostic
def test_a_file_in_a_group_that_leads_elsewhere_is_foreign(pages):
    with store.locked():
        store.keep_page("/index.html", "umum", b"x", b"x", 1)
    file = pages / "groups" / "umum" / store.get_digest("/index.html")
    file.unlink()
    file.symlink_to(put(pages.parent.parent / "elsewhere.html"))
    assert [found.place for found in folders.find_foreign()] == [str(pages / "pages" / "index.html")]


@pytest.fixture
def program(settings, tmp_path, monkeypatch):
    """A small program with its packages and static files."""
    settings.BASE_DIR, settings.STATIC_ROOT, settings.DATA_DIR = (
        tmp_path / name for name in ("kode", "statis", "data")
    )
    packages = tmp_path / "paket"
    monkeypatch.setattr(manifest.sysconfig, "get_paths", lambda: {"purelib": str(packages)})
    put(settings.BASE_DIR / "home" / "views.py")
    put(settings.BASE_DIR / "home" / "__pycache__" / "views.pyc")
    put(settings.STATIC_ROOT / "gaya.css")
    put(packages / "django" / "http.py")
    return tmp_path


def changes(**options) -> dict[str, tuple[bool, bool]]:
    """Return the changed files: whether each was there when it was noted, and is now."""
    found = manifest.find_changed(with_packages=True, **options)
    return {each.place: (each.expected != "(tidak ada)", each.received != "(tidak ada)") for each in found}


@pytest.mark.django_db
def test_changed_added_and_removed_files_are_named(program, settings):
    assert [found.expected for found in manifest.find_changed(with_packages=False)] == [manifest.NOT_NOTED]
    call_command("file_manifest", "--renew", stdout=StringIO())
    assert changes() == {}
    put(settings.BASE_DIR / "home" / "views.py", "other")
    put(settings.BASE_DIR / "home" / "__pycache__" / "views.pyc", "other")
    put(settings.STATIC_ROOT / "slot.html")
    (program / "paket" / "django" / "http.py").unlink()
    assert changes() == {
        "kode/home/views.py": (True, True),
        "static/slot.html": (False, True),
        "paket/django/http.py": (True, False),
    }
    assert "paket/django/http.py" not in {each.place for each in manifest.find_changed(with_packages=False)}
    with pytest.raises(CommandError):
        call_command("file_manifest", stdout=StringIO())


@pytest.mark.django_db
def test_a_manifest_that_no_line_of_the_log_names_is_forged(program):
    manifest.renew()
    manifest.renew()
    assert [line.action for line in AuditEntry.objects.all()] == ["files_noted", "files_noted"]
    assert audit.verify_lines(0, GENESIS_HASH, 10)[2] is None
    path = manifest.get_path()
    path.write_text(path.read_text().replace("home/views.py", "home/other.py"))
    assert [found.aspect for found in manifest.find_changed(with_packages=False)] == [manifest.ITSELF]


@pytest.mark.django_db
@pytest.mark.db_agnostic
def test_collecting_static_files_renews_the_manifest(program, settings):
    settings.WATCH_SITE = True
    settings.STATICFILES_FINDERS = []
    call_command("collectstatic", "--noinput", "--dry-run", verbosity=0, stdout=StringIO())
    assert not manifest.get_path().exists()
    call_command("collectstatic", "--noinput", verbosity=0, stdout=StringIO())
    assert changes() == {}


class Altered:
    """A front server that gives out other files than those on the disk."""

    def __init__(self, bodies):
        self.bodies, self.asked = bodies, []

    def get(self, path, agent):
        self.asked.append(path)
        return Received(200, {}, self.bodies.get(path, b"lain"))


@pytest.mark.django_db
@pytest.mark.db_agnostic
def test_files_that_pages_load_are_those_on_the_disk(program, settings):
    document = Attachment(title="Daftar hadir")
    document.file.save("hadir.pdf", ContentFile(b"%PDF-1.4"))
    picture = make_photo().get_rendition("max-480x640|format-webp")
    manifest.renew()
    html = f"""<link rel="stylesheet" href="/static/gaya.css"><img src="{picture.url}" srcset="{picture.url} 480w">
        <a href="{document.url}">Daftar</a> <a href="/berita/">Berita</a> <script src="/static/lain.js"></script>"""
    assets = list_assets(html)
    assert assets == {"/static/gaya.css", picture.url, document.url, "/static/lain.js"}
    whole = {
        "/static/gaya.css": (settings.STATIC_ROOT / "gaya.css").read_bytes(),
        picture.url: Path(picture.file.path).read_bytes(),
        document.url: b"%PDF-1.4",
    }
    for bodies, expected in ((whole, set()), ({}, set(whole))):
        view = Look(Altered(bodies), threading.Event(), assets=assets)
        view.compare_assets()
        assert {found.place.removeprefix(settings.SITE_URL) for found in view.found} == expected
        assert "/static/lain.js" not in view.fetcher.asked, "nobody knows what it should be"
