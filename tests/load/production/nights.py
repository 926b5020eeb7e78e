"""What the timers do at night, and copies of backups over SSH as the documents have them set up."""

import re
import time

from .bare_debian import BASE_DIR, BareDebian
from .readers import ask
from .versions import MANAGE

TIMERS = ("situs-cleanup", "situs-backup", "situs-proof")
_DIRT = """
set -e
psql -qX situs -c "INSERT INTO django_session VALUES ('berakhir', '-', now() - interval '1 day'), \
    ('terbuka', '-', now() + interval '1 day')"
cd /srv/situs-data && mkdir -p pages/live/groups cards/lama cards/baru
touch pages/live/groups/.lama pages/live/groups/.baru
touch -d '2 days ago' pages/live/groups/.lama
touch -d '31 days ago' cards/lama
"""


def clean_at_night(debian: BareDebian) -> None:
    """Each timer is enabled, names a time that comes, and its service does its work; logs are turned over"""
    for name in TIMERS:
        assert debian.run("systemctl", "is-enabled", f"{name}.timer").returncode == 0
        when = re.search(r"^OnCalendar=(.*)$", debian.get("cat", f"/etc/systemd/system/{name}.timer"), re.M)
        assert "Next elapse:" in debian.get("systemd-analyze", "calendar", when[1]), name
    debian.get("runuser", "-u", "situs", "--", "sh", "-c", _DIRT)
    for name in TIMERS:
        debian.get("systemctl", "start", f"{name}.service")
        print(f"{name}: {debian.get('tail', '-n', '1', f'/var/log/{name}.log').strip()}", flush=True)
    said = debian.get("cat", "/var/log/situs-cleanup.log")
    assert re.search(r"Deleted: 0 unfinished uploads, 1 drawn cards, [1-9]\d* scratch files", said), said
    sessions = debian.get("runuser", "-u", "situs", "--", "psql", "-AtXc", "SELECT session_key FROM django_session")
    assert "terbuka" in sessions, sessions
    assert "berakhir" not in sessions, sessions
    left = debian.get("sh", "-c", "cd /srv/situs-data; ls -A pages/live/groups cards").split()
    assert {".baru", "baru"} <= set(left), left
    assert not {".lama", "lama"} & set(left), left
    assert debian.get("sh", "-c", "ls /var/backups/situs").split()
    turn_logs_over(debian)


def turn_logs_over(debian: BareDebian) -> None:
    """nginx's logs by Debian's own rule and timer, the journal by its limit."""
    assert ask("/?sebelum=1")[0] == 200
    debian.get("logrotate", "--force", "/etc/logrotate.d/nginx")
    deadline = time.monotonic() + 60
    # nginx changes over a moment after it was told.
    while not (asked := ask("/?sesudah=1")[0] == 200) or "sesudah" not in _read_log(debian, "access.log"):
        assert asked
        assert time.monotonic() < deadline, "nginx still writes into the old log"
        time.sleep(0.5)
    assert "sebelum" not in _read_log(debian, "access.log")
    assert "sebelum" in _read_log(debian, "access.log.1")
    assert debian.run("test", "-e", "/etc/systemd/system/timers.target.wants/logrotate.timer").returncode == 0
    assert "SystemMaxUse=500M" in debian.get("systemd-analyze", "cat-config", "systemd/journald.conf")


def _read_log(debian: BareDebian, name: str) -> str:
    return (debian.root / "var" / "log" / "nginx" / name).read_text()


def copy_over_ssh(debian: BareDebian) -> None:
    """With a copy over SSH in .env the installer brings the client, and the steps of the documents make it work"""
    if debian.run("which", "sftp").returncode == 0:
        raise AssertionError("the root had an SSH client before it was asked for")
    debian.get("sh", "-c", "echo BACKUP_COPIES=sftp://salin@127.0.0.1:2222/home/salin/cadangan >> .env")
    debian.get("sh", "-c", "echo BACKUP_SSH_KEY=/srv/situs-data/ssh/key >> .env")
    debian.get("sh", "-c", "echo BACKUP_SSH_KNOWN_HOSTS=/srv/situs-data/ssh/known_hosts >> .env")
    debian.get(*MANAGE, "file_manifest", "--renew")
    said = debian.get("make", "production")
    assert "Packages: done now" in said, said
    debian.get("apt-get", "install", "-y", "-qq", "--no-install-recommends", "openssh-server")
    debian.get("useradd", "--create-home", "salin")
    debian.get("sh", "-c", "mkdir -p /run/sshd && /usr/sbin/sshd -p 2222 -o ListenAddress=127.0.0.1")
    by_hand = (BASE_DIR / "docs" / "operations.md").read_text().split("### Copies elsewhere", 1)[1]
    commands = re.search(r"```sh\n(.*?)```", by_hand, re.S)[1]
    assert "ssh-keyscan host" in commands, commands
    debian.get("sh", "-ec", commands.replace("ssh-keyscan host", "ssh-keyscan -p 2222 127.0.0.1"))
    take = "install -d -o salin -g salin -m 700 /home/salin/.ssh /home/salin/cadangan && "
    take += "install -o salin -m 600 /srv/situs-data/ssh/key.pub /home/salin/.ssh/authorized_keys"
    debian.get("sh", "-c", take)
    try:
        debian.get("systemctl", "start", "situs-backup.service")
    finally:
        debian.get("sh", "-c", "kill $(cat /run/sshd.pid)")
    [copy] = debian.get("ls", "/home/salin/cadangan").split()
    kept = debian.get("sha256sum", f"/var/backups/situs/{copy}").split()[0]
    assert debian.get("sha256sum", f"/home/salin/cadangan/{copy}").split()[0] == kept
    debian.get("sh", "-c", "sed -i '/^BACKUP_COPIES=/d; /^BACKUP_SSH/d' .env")
    debian.get(*MANAGE, "file_manifest", "--renew")
