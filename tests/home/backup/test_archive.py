"""An archive is whole or refused; which of them stay."""

import datetime
import io
import os
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from home.backup import archive, retention
from home.backup.sealed_stream import Reader, Unreadable, Writer
from home.backup.targets import Folder
from tests.kecamatan_site.test_faults import full_disk

pytestmark = pytest.mark.db_agnostic

KEY, OTHER = "a" * 44, "b" * 44
#: More than two chunks.
CONTENT = bytes(range(256)) * 9000


def seal(content=CONTENT, key=KEY):
    target = io.BytesIO()
    writer = Writer(target, key)
    for start in range(0, len(content), 300_000):
        writer.write(content[start : start + 300_000])
    writer.finish()
    return target.getvalue()


def open_sealed(sealed, keys=(KEY,)):
    return Reader(io.BytesIO(sealed), keys).readall()


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, bytes(1024 * 1024)])
def test_what_was_written_is_read(content):
    assert open_sealed(seal(content), (OTHER, KEY)) == content


def test_nothing_of_the_content_can_be_seen():
    sealed = seal(b"Nomor rekening bendahara" * 100)
    assert b"rekening" not in sealed
    assert seal(b"x") != seal(b"x")


def test_another_key_opens_nothing():
    with pytest.raises(Unreadable, match="None of BACKUP_KEYS"):
        open_sealed(seal(), (OTHER,))


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.999])
def test_a_changed_byte_is_noticed(place):
    sealed = bytearray(seal())
    sealed[int(len(sealed) * place)] ^= 1
    with pytest.raises(Unreadable):
        open_sealed(bytes(sealed))


def test_a_cut_at_the_end_of_a_chunk_and_swapped_chunks_are_noticed():
    sealed = seal()
    head, chunk = len(b"situs-backup-1\n") + 16, 4 + 1024 * 1024 + 16
    first, second = sealed[head : head + chunk], sealed[head + chunk : head + 2 * chunk]
    for wrong in (sealed[: head + chunk], sealed[:head] + second + first + sealed[head + 2 * chunk :], sealed[:-1]):
        with pytest.raises(Unreadable):
            open_sealed(wrong)


def test_two_timers_at_the_same_second_make_two_whole_archives(settings, tmp_path, monkeypatch):
    settings.BACKUP_KEYS, settings.DATA_DIR = [KEY], tmp_path
    at_work = []

    def write(tar, files, at_moment, with_files):
        at_work.append(1)
        time.sleep(0.05)
        assert len(at_work) == 1
        at_work.clear()
        return archive.Manifest("", [], {})

    monkeypatch.setattr(archive, "_write", write)
    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(archive.make, tmp_path / "situs.backup") for _number in range(2)]
    assert [each.result().files for each in made] == [{}, {}]
    assert open_sealed((tmp_path / "situs.backup").read_bytes())
    assert not list(tmp_path.glob("*.partial"))


def test_a_disk_that_fills_meanwhile_leaves_the_archives_of_before_and_no_part(settings, tmp_path, monkeypatch):
    settings.BACKUP_KEYS, settings.DATA_DIR = [KEY], tmp_path
    (tmp_path / "earlier.backup").write_bytes(seal())

    def write(tar, files, at_moment, with_files):
        rows = tarfile.TarInfo("rows")
        rows.size = 3_000_000
        tar.addfile(rows, io.BytesIO(os.urandom(rows.size)))
        return archive.Manifest("", [], {})

    monkeypatch.setattr(archive, "_write", write)
    with full_disk(after=100_000), pytest.raises(OSError, match="too large"):
        archive.make(tmp_path / "situs.backup")
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size] == ["earlier.backup"]
    assert open_sealed((tmp_path / "earlier.backup").read_bytes()) == CONTENT


def test_another_file_is_refused():
    with pytest.raises(Unreadable, match="no backup of this program"):
        open_sealed(b"PK\x03\x04 something else")


def make_archives(*moments):
    utc = datetime.UTC
    names = [retention.make_name(datetime.datetime.fromisoformat(text).replace(tzinfo=utc)) for text in moments]
    return sorted(names, reverse=True)


def test_the_newest_of_each_day_week_and_month_stays():
    days = [datetime.date(2026, 11, 30) - datetime.timedelta(days=number) for number in range(120)]
    archives = make_archives(*(f"{day}T{hour}:00:00" for day in days for hour in ("05", "09")))
    old = retention.find_old(archives, retention.Keep(days=7, weeks=4, months=3))
    kept = [name[6:14] for name in archives if name not in old]
    # Seven days (two weeks among them), two weeks before, and the last of September and October.
    assert kept == [
        *("20261130", "20261129", "20261128", "20261127", "20261126", "20261125", "20261124"),
        *("20261122", "20261115", "20261031", "20260930"),
    ]
    assert all("T09" in name for name in archives if name not in old)


def test_what_another_command_may_still_prove_or_copy_stays():
    archives = make_archives("2026-11-30T01:00:00", "2026-11-30T04:30:00", "2026-11-30T05:00:00")
    assert retention.find_old(archives, retention.Keep(days=7, weeks=4, months=3)) == archives[2:]


def test_the_newest_is_never_deleted_and_nothing_else_is_touched(tmp_path):
    names = ["situs-20200101T010000Z.backup", "situs-20200101T050000Z.backup", "catatan.txt", "situs-lain.backup"]
    for name in names:
        (tmp_path / name).touch()
    target = Folder(str(tmp_path))
    assert retention.list_archives(target) == [names[1], names[0]]
    assert retention.delete_old(target, retention.Keep(0, 0, 0)) == [names[0]]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
