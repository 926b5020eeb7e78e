"""Files: those that records name, kept pages, backups."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone

from home.backup import proving, retention
from home.backup.files import get_storages
from home.backup.targets import Folder
from home.pagecache import generation, store
from kecamatan_site.health.rows import Finding, advise, fault, good, name_unit
from moderation.models import SourceMaterial
from moderation.uploads.whole_files import StoreFailed
from news.models import Attachment, Photo

from .database import enumerate_some

#: Newest files of each kind that are looked for.
MOST_FILES = 5000
#: Backups are made once a night.
FRESH_BACKUP = timedelta(hours=36)
#: They are proven once a week.
FRESH_PROOF = timedelta(days=9)
#: Seconds that the folder of kept pages may need to follow a change; it takes one.
PATIENCE = 5


def look_at_media() -> Finding:
    """Look for the newest pictures, documents and source materials on the disk, or in the store."""
    if not _is_writable(settings.MEDIA_ROOT):
        return fault(f"{settings.MEDIA_ROOT} tidak dapat ditulis oleh situs. Periksa pemiliknya.")
    missing, count = [], 0
    try:
        stored = _list_stored()
    except StoreFailed as error:
        advice = "Periksa MEDIA_STORE, MEDIA_S3_ENDPOINT dan kuncinya di .env, serta server penyimpanannya."
        return fault(f"Penyimpanan berkas {settings.MEDIA_STORE} tidak dapat dipakai: {error}. {advice}")
    for model in (Photo, Attachment, SourceMaterial):
        storage, kind = model._meta.get_field("file").storage, model._meta.verbose_name
        for pk, name in model._default_manager.order_by("-pk").values_list("pk", "file")[:MOST_FILES]:
            count += 1
            if not (name in stored if settings.MEDIA_STORE else storage.exists(name)):
                missing.append(f"{kind} nomor {pk}")
    if missing:
        advice = "Kembalikan dari cadangan: manage.py restore"
        if settings.MEDIA_STORE:
            advice = f"Bila berkas itu masih ada di server ini: manage.py move_media. {advice}"
        return fault(f"{len(missing)} berkas hilang: {enumerate_some(missing)}. {advice}")
    return good(f"{count} berkas ada.")


def _list_stored() -> set[str]:
    """Return the names of all files in the store, which is tried out first; none where there is no store."""
    if not settings.MEDIA_STORE:
        return set()
    storages = get_storages().values()
    for storage in storages:
        storage.probe()
    return {file.name for storage in storages for file in storage.list_files()}


def look_at_kept_pages() -> Finding:
    """Say whether this machine's folder of kept pages can be written and is up to date."""
    if not store.is_on():
        return advise("Halaman tidak disimpan: setiap pembaca dilayani Django. Hanya untuk mencoba.")
    folder = Path(str(settings.PAGES_ROOT))
    if not _is_writable(folder):
        return fault(f"{folder} tidak dapat ditulis oleh situs. Periksa pemiliknya.")
    deadline = time.monotonic() + PATIENCE
    while not _is_up_to_date():
        if time.monotonic() > deadline:
            return fault("Halaman tersimpan tertinggal. Periksa pekerja, atau jalankan: manage.py drop_pages")
        time.sleep(0.5)
    return good()


def _is_up_to_date() -> bool:
    return store.read_state().number == generation.get_current_number()


def look_at_backup() -> Finding:
    """Say how old the newest backup is; a site of yesterday may have none yet."""
    if not settings.BACKUP_KEYS:
        return fault("BACKUP_KEYS kosong: tidak ada yang dicadangkan. Isi di .env, lalu jalankan: manage.py backup")
    now = timezone.now()
    archives = retention.list_archives(Folder(str(settings.BACKUP_DIR)))
    made = retention.read_moment(archives[0]) if archives else None
    if made is None:
        sentence = "Belum ada cadangan. Jalankan: manage.py backup"
        return advise(sentence) if _is_young(now, FRESH_BACKUP) else fault(sentence)
    hours = (now - made).total_seconds() / 3600
    if now - made > FRESH_BACKUP:
        timer = name_unit("situs-backup.timer")
        return fault(f"Cadangan terakhir berumur {hours:.0f} jam. Periksa: systemctl status {timer}")
    return good(f"Yang terakhir berumur {hours:.0f} jam. Salin foldernya ke mesin lain.")


def look_at_backup_proof() -> Finding:
    """Say when a backup was last restored beside the site and compared."""
    proof, now = proving.read_last(), timezone.now()
    repair = "Jalankan: manage.py backup --prove"
    if proof is None:
        sentence = f"Belum ada cadangan yang dibuktikan dapat dipulihkan. {repair}"
        return advise(sentence) if _is_young(now, FRESH_PROOF) else fault(sentence)
    if not proof.is_whole:
        unit = name_unit("situs-proof")
        return fault(f"{proof.archive} tidak sama dengan situs saat itu. {repair}, dan baca: journalctl -u {unit}")
    days = (now - proof.at) // timedelta(days=1)
    if now - proof.at > FRESH_PROOF:
        timer = name_unit("situs-proof.timer")
        return fault(f"Terakhir dibuktikan {days} hari lalu. Periksa: systemctl status {timer}")
    return good(f"Terakhir dibuktikan {days} hari lalu: {proof.archive}.")


def _is_young(now: datetime, age: timedelta) -> bool:
    """Return whether the site itself is younger: not everything was done yet."""
    began = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))["first"]
    return began is not None and now - began < age


def _is_writable(folder: str | Path) -> bool:
    """Return whether this process may write there, or make the folder."""
    place = Path(folder)
    return os.access(place if place.exists() else place.parent, os.W_OK)
