"""Copies of archives on another machine: a real S3 server, a real SSH server, a folder."""

import asyncio
import socket
import threading
from pathlib import Path

import asyncssh
import pytest
from django.core.management import CommandError, call_command

from home.backup import archive, retention
from home.backup.targets import TargetFailed, fetch, find_target

pytestmark = pytest.mark.db_agnostic

KEY = "bm90LXNlY3JldC1vbmx5LWZvci10ZXN0cy0xMjM0NTY3ODk="
OLD = ["situs-20200101T010000Z.backup", "situs-20200101T050000Z.backup"]


@pytest.fixture
def s3(settings, s3_server, s3_client):
    """A store with one bucket."""
    settings.BACKUP_S3_ENDPOINT = s3_server
    settings.BACKUP_S3_KEY_ID, settings.BACKUP_S3_SECRET = "situs", "uji"
    return "s3://cadangan/situs"


@pytest.fixture
def ssh(settings, tmp_path):
    """A machine that lets the holder of one key in, and shows it one folder."""
    there, own, host = tmp_path / "there", tmp_path / "key", asyncssh.generate_private_key("ssh-ed25519")
    there.mkdir()
    person = asyncssh.generate_private_key("ssh-ed25519")
    person.write_private_key(own)
    own.chmod(0o600)
    (tmp_path / "authorized").write_bytes(person.export_public_key())
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []

    async def serve():
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host],
            authorized_client_keys=str(tmp_path / "authorized"),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(there)),
        )
        ports.append(server.get_port())
        ready.set()

    def run():
        loop.create_task(serve())
        loop.run_forever()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(60)
    known = tmp_path / "known_hosts"
    known.write_bytes(f"[127.0.0.1]:{ports[0]} ".encode() + host.export_public_key())
    settings.BACKUP_SSH_KEY, settings.BACKUP_SSH_KNOWN_HOSTS = str(own), str(known)
    yield f"sftp://situs@127.0.0.1:{ports[0]}/cadangan"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture(params=["s3", "ssh", "folder"])
def address(request, tmp_path):
    return str(tmp_path / "lain") if request.param == "folder" else request.getfixturevalue(request.param)


def test_what_was_put_comes_back_and_retention_works_there(address, tmp_path):
    target = find_target(address)
    assert target.list_names() == []
    content = bytes(range(256)) * 40_000
    for name in OLD:
        (tmp_path / name).write_bytes(content)
        target.put(tmp_path / name)
    assert retention.list_archives(target) == OLD[::-1]
    (tmp_path / "back").mkdir()
    assert fetch(f"{address}/{OLD[0]}", tmp_path / "back").read_bytes() == content
    assert retention.delete_old(target, retention.Keep(0, 0, 0)) == OLD[:1]
    assert target.list_names() == OLD[1:]
    with pytest.raises((TargetFailed, OSError)):
        target.get(OLD[0], tmp_path / "none")


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_copied_to_every_place_and_read_from_there(settings, s3, ssh, tmp_path, capsys):
    settings.BACKUP_KEYS, settings.BACKUP_DIR = [KEY], tmp_path / "backups"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.BACKUP_COPIES = [f"sftp://situs@127.0.0.1:{closed.getsockname()[1]}/x", s3, ssh]
        # One place is out of reach: told, and the others have their copies.
        with pytest.raises(CommandError, match=r"(?s)was written, and not copied to.sftp://situs@127"):
            call_command("backup")
    settings.BACKUP_COPIES = [s3, ssh]
    [name] = [path.name for path in settings.BACKUP_DIR.iterdir()]
    capsys.readouterr()
    call_command("backup", "--list")
    assert capsys.readouterr().out.split() == [str(settings.BACKUP_DIR / name), f"{s3}/{name}", f"{ssh}/{name}"]
    for number, address in enumerate((s3, ssh)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = fetch(f"{address}/{name}", folder)
        assert path.read_bytes() == (settings.BACKUP_DIR / name).read_bytes()
        assert archive.open_archive(path, folder / "opened").manifest.tables
    with pytest.raises(CommandError, match="would be lost"):
        call_command("restore", f"{ssh}/{name}")


@pytest.mark.parametrize("address", ["ftp://lain/x", "sftp:///x", 'sftp://lain/a"b'])
def test_a_wrong_address_is_named(address):
    with pytest.raises(TargetFailed, match="is n"):
        find_target(address)


def test_an_unknown_host_is_not_believed(ssh, settings, tmp_path):
    (tmp_path / "nobody").touch()
    settings.BACKUP_SSH_KNOWN_HOSTS = str(tmp_path / "nobody")
    with pytest.raises(TargetFailed, match="verification failed"):
        find_target(ssh).list_names()
    assert Path(tmp_path / "there").exists()
