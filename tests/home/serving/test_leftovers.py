"""What nobody needs any more goes every night; what somebody may need stays."""

import os
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import UploadedFile

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

DAY = 24 * 60 * 60


def make_older(path, days):
    moment = time.time() - days * DAY
    os.utime(path, (moment, moment))


def make_upload(name, days):
    upload = UploadedFile.objects.create(file=ContentFile(b"x", name=name))
    make_older(upload.file.path, days)
    return upload


def test_only_what_is_old_goes(settings, tmp_path, capsys):
    settings.PAGES_ROOT, settings.CARDS_ROOT = tmp_path / "pages", tmp_path / "cards"
    now = timezone.now()
    for key, ends in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, expire_date=now + timezone.timedelta(hours=ends))
    left, recent = make_upload("lama.png", 8), make_upload("baru.png", 6)
    scratch = {days: tmp_path / "pages" / "live" / "groups" / f".{days}" for days in (0.5, 2)}
    page = tmp_path / "pages" / "live" / "groups" / "halaman"
    cards = {days: tmp_path / "cards" / f"seal{days}" for days in (29, 31)}
    begun = {days: Path(settings.MEDIA_ROOT) / f".baru-{days}" for days in (0.4, 2.1)}
    for days, path in (scratch | begun | {3: page}).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        make_older(path, days)
    for days, path in cards.items():
        path.mkdir(parents=True)
        make_older(path, days)

    call_command("clean_up")

    assert (
        capsys.readouterr().out
        == "Deleted: 1 unfinished uploads, 1 drawn cards, 2 scratch files, 0 leftovers of backups.\n"
    )
    assert [session.session_key for session in Session.objects.all()] == ["open"]
    assert list(UploadedFile.objects.all()) == [recent]
    assert not Path(left.file.path).exists()
    assert Path(recent.file.path).exists()
    assert page.exists()
    assert [path.exists() for path in begun.values()] == [True, False]
    assert [path.exists() for path in (*scratch.values(), *cards.values())] == [True, False, True, False]
