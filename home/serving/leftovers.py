"""Delete what nobody needs any more: ended sessions, unfinished uploads, scratch files, old drawn cards."""

import contextlib
import datetime
import logging
import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import UploadedFile

from home.pagecache import store
from moderation.uploads.whole_files import delete_scratch

logger = logging.getLogger(__name__)
#: Seconds after which a scratch file has no owner any more.
SCRATCH_AGE = 24 * 60 * 60
#: Seconds between two looks at the copies of a store of uploads.
COPIES_SECONDS = 300
#: Days: an upload whose form was never completed; a drawn card, which is drawn again when somebody asks.
_UPLOAD_DAYS = 7
_CARD_DAYS = 30


def clean_up() -> dict[str, int]:
    """Delete them; return how many of each kind, sessions apart, which Django does not count."""
    call_command("clearsessions")
    counts = {"unfinished uploads": _delete_uploads(), "drawn cards": _delete_cards()}
    folders = (Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT))
    counts["scratch files"] = sum(delete_scratch(folder, SCRATCH_AGE) for folder in folders)
    if store.is_on():
        store.sweep()
        counts["scratch files"] += store.delete_leftovers(SCRATCH_AGE)
    return counts


def drop_copies() -> int:
    """Keep this machine's copies of the store bounded; a job of the worker. It never asks to be run again at once."""
    most = settings.MEDIA_COPIES_MB * 2**20
    shared: list[Any] = [default_storage, storages["private"]]
    count = sum(storage.drop_copies(most) for storage in shared)
    if count:
        logger.info("%s copies of uploads were dropped", count)
    return 0


def _delete_uploads() -> int:
    """Delete Wagtail's files of uploads whose form was left, and their rows."""
    oldest = timezone.now() - datetime.timedelta(days=_UPLOAD_DAYS)
    count = 0
    for upload in UploadedFile.objects.all():
        with contextlib.suppress(FileNotFoundError):
            if upload.file.storage.get_modified_time(upload.file.name) >= oldest:
                continue
        upload.file.delete(save=False)
        upload.delete()
        count += 1
    return count


def _delete_cards() -> int:
    root, oldest, count = Path(settings.CARDS_ROOT), time.time() - _CARD_DAYS * 24 * 60 * 60, 0
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count
