"""`make try-production`: install, repeat and upgrade the site on a bare Debian 12, and print what came of it.

Usage: python -m tests.load.production [--base DIR]

The root is made by debootstrap, with mounts and processes of its own and this machine's network. systemd is not its
init: ``systemd-analyze verify`` looks at the units, and tests/load/systemctl.py starts them. What is tried is the
last commit. Ends with 1, and says why, where this machine cannot do it.
"""

import argparse
import contextlib
import http.client
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

from .bare_debian import BASE_DIR, BareDebian, CannotTry, running_debian

DOMAIN = "situs.example"
INSTALL = (
    "make",
    "production",
    f"DOMAIN={DOMAIN}",
    "TLS=self-signed",
    "DJANGO_SUPERUSER_USERNAME=admin",
    "DJANGO_SUPERUSER_EMAIL=admin@situs.example",
    "DJANGO_SUPERUSER_PASSWORD=sungai-bening-di-hulu-71",
)
MANAGE = (
    *("runuser", "-u", "situs", "--", "env", "DJANGO_SETTINGS_MODULE=kecamatan_site.settings.production"),
    *(".venv/bin/python", "manage.py"),
)
RENAME = "migrations.RunSQL(\"UPDATE auth_user SET first_name = '{}'\")"
COMMIT = ("git", "-c", "user.name=Coba", "-c", "user.email=coba@situs.example", "commit", "-q", "-a", "-m")


def main(arguments: list[str]) -> int:
    """Return 0 where every claim held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="keep what debootstrap makes here, or take it from here")
    names = [walk.__name__ for walk in WALKS]
    parser.add_argument("--walk", nargs="*", default=names, choices=names, help="only these, after the installation")
    options = parser.parse_args(arguments)
    try:
        with running_debian(options.base) as debian:
            lay_out(debian)
            for walk in [walk for walk in WALKS if walk is install or walk.__name__ in options.walk]:
                began = time.monotonic()
                print(f"=== {walk.__doc__.splitlines()[0]}", flush=True)
                walk(debian)
                print(f"=== held, {time.monotonic() - began:.0f} s", flush=True)
    except CannotTry as error:
        print(f"NOT TRIED: {error}", file=sys.stderr)
        return 1
    except AssertionError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


def lay_out(debian: BareDebian) -> None:
    """Clone the last commit into the root, from an origin that upgrades can come from."""
    if subprocess.run(["git", "status", "--porcelain"], cwd=BASE_DIR, capture_output=True).stdout:
        print("What is not committed is not tried.", file=sys.stderr)
    origin = debian.root / "srv" / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", origin], check=True)
    subprocess.run(["git", "push", "-q", origin, "HEAD:refs/heads/main"], cwd=BASE_DIR, check=True)
    debian.get("chown", "-R", "root:root", "/srv/origin.git")
    debian.get("git", "clone", "-q", "/srv/origin.git", "/srv/situs")


def install(debian: BareDebian) -> None:
    """A dry run changes nothing; one command installs"""
    looked = debian.get(*INSTALL, "--dry-run")
    assert looked.count("would be done") >= 18, looked
    assert debian.run("getent", "passwd", "situs").returncode == 2
    done = debian.run(*INSTALL, show=True, timeout=1500)
    assert done.returncode == 0, "make production failed; its message stands above"


def repeat(debian: BareDebian) -> None:
    """The second run needs no answers, does nothing and changes no key"""
    before = debian.get("cat", "/srv/situs/.env")
    said = debian.get("make", "production")
    steps = re.findall(r"^\[.*$", said, re.M)
    assert steps, said
    assert all(line.endswith(": done already") for line in steps), said
    assert debian.get("cat", "/srv/situs/.env") == before


def ask(path: str, port: int = 443, **headers) -> tuple[int, dict[str, str], str]:
    """Ask the site as a reader would, whatever its name leads to."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        connection = http.client.HTTPConnection(DOMAIN)
        connection.sock = plain
        if port == 443:
            connection.sock = ssl._create_unverified_context().wrap_socket(plain, server_hostname=DOMAIN)
        connection.request("GET", path, headers={"Host": DOMAIN} | headers)
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return response.status, named, response.read().decode("utf-8", "replace")


def look_around(debian: BareDebian) -> None:
    """What is served, what is closed, what runs"""
    status, headers, text = ask("/")
    assert (status, headers["strict-transport-security"]) == (200, "max-age=3600; includeSubDomains"), headers
    sheet = re.search(r'href="(/static/[^"]+\.css)"', text)
    assert sheet, "the page has no style sheet"
    assert ask(sheet[1])[0] == 200
    deadline = time.monotonic() + 20
    while "etag" not in ask("/")[1]:
        assert time.monotonic() < deadline, "nginx keeps no page"
        time.sleep(0.5)
    assert ask("/", port=80)[:1] == (301,)
    assert ask("/admin/login/")[0] == 200
    assert ask("/layanan/")[0] == 200, "the starter pages are missing"
    for person in ("www-data", "nobody"):
        for command in ("cat /srv/situs/.env", "ls /srv/situs-data/private", "ls /var/backups/situs"):
            assert debian.run("runuser", "-u", person, "--", *command.split()).returncode, (person, command)
    changed = debian.run("runuser", "-u", "situs", "--", "touch", "/srv/situs/manage.py")
    assert changed.returncode, "the site can change its own code"
    assert debian.run("systemctl", "is-active", "situs-worker.service").returncode == 0
    assert "Pekerja berjalan." in debian.get("cat", "/var/log/situs-worker.log")
    assert "NOBODY IS TOLD BY MAIL" in debian.get("cat", "/var/log/situs-worker.log")
    debian.get("systemctl", "start", "situs-cleanup.service")
    assert "Deleted: " in debian.get("cat", "/var/log/situs-cleanup.log")
    debian.get("logrotate", "--debug", "/etc/logrotate.d/nginx")


def mend_drift(debian: BareDebian) -> None:
    """A changed nginx file is refused by the checks, and mended by the next run"""
    site = "/etc/nginx/sites-available/situs"
    debian.get("sed", "-i", "s/max-age=3600; /max-age=31536000; /", site)
    refused = debian.run(*MANAGE, "check", "--deploy")
    assert refused.returncode, refused.stdout
    assert "home.E001" in refused.stdout, refused.stdout
    said = debian.get("make", "production")
    assert len(re.findall(r"done now$", said, re.M)) == 1, said
    assert ask("/")[1]["strict-transport-security"].startswith("max-age=3600")


def reload(debian: BareDebian) -> None:
    """A reload of the web processes takes a changed .env over, and costs no reader an answer"""
    debian.get("sed", "-i", "s/^HSTS_SECONDS=.*/HSTS_SECONDS=3601/", "/srv/situs/.env")
    with reading() as answers:
        debian.get("systemctl", "reload", "situs-web.service")
        deadline = time.monotonic() + 60
        while not ask("/cari/?q=desa")[1].get("strict-transport-security", "").startswith("max-age=3601"):
            assert time.monotonic() < deadline, "the web processes did not read .env anew"
            time.sleep(1)
        count_then = len(answers[0])
        while len(answers[0]) < count_then + 20:
            time.sleep(0.1)
    expect_no_lost_reader(answers, {200})
    assert "done now" in debian.get("make", "production")


def publish(debian: BareDebian, name: str, *files: tuple[str, str]) -> str:
    """Make a version at the origin; return its commit."""
    debian.get("rm", "-rf", "/srv/next")
    debian.get("git", "clone", "-q", "/srv/origin.git", "/srv/next")
    for path, text in files:
        (debian.root / "srv" / "next" / path).write_text(text)
    debian.get("git", "-C", "/srv/next", "add", "-A")
    debian.get(COMMIT[0], "-C", "/srv/next", *COMMIT[1:], name)
    debian.get("git", "-C", "/srv/next", "push", "-q")
    return debian.get("git", "-C", "/srv/next", "rev-parse", "HEAD").strip()


def migration(number: int, before: str, operation: str) -> tuple[str, str]:
    return f"home/migrations/{number:04}_coba.py", (
        "from django.db import migrations\n\n\ndef break_off(apps, schema_editor):\n"
        "    raise RuntimeError('this migration breaks off')\n\n\n"
        f"class Migration(migrations.Migration):\n    dependencies = [('home', '{before}')]\n"
        f"    operations = [{operation}]\n"
    )


def read_data(debian: BareDebian) -> str:
    """Return all rows and files; sessions and the worker's heartbeat apart, which go on by themselves."""
    names = ["django_session", "health_heartbeat"]
    apart = [f"--exclude-table-data={name}" for name in names]
    dump = debian.get("runuser", "-u", "situs", "--", "pg_dump", "--no-owner", *apart, "situs")
    dump = re.sub(r"^(\\(un)?restrict|SELECT pg_catalog.setval|--) ?.*$", "", dump, flags=re.M)
    return dump + debian.get("sh", "-c", "cd /srv/situs-data; find media private -type f | sort | xargs -r sha256sum")


def find_last_migration() -> str:
    return sorted(path.stem for path in (BASE_DIR / "home" / "migrations").glob("0*.py"))[-1]


def upgrade(debian: BareDebian) -> None:
    """An upgrade migrates; readers have kept pages all the while"""
    debian.get("sh", "-c", "echo foto > /srv/situs-data/media/uji.txt; echo materi > /srv/situs-data/private/uji.txt")
    last = find_last_migration()
    number = int(last[:4]) + 1
    commit = publish(debian, "Good", migration(number, last, RENAME.format("ubah")))
    with reading() as answers:
        done = debian.run("make", "upgrade", show=True, timeout=900)
    assert done.returncode == 0, "make upgrade failed; its message stands above"
    assert debian.get("git", "rev-parse", "HEAD").strip() == commit
    expect_no_lost_reader(answers, {200, 503})
    assert "ubah" in debian.get("runuser", "-u", "situs", "--", "psql", "-Atc", "SELECT first_name FROM auth_user")
    assert ask("/cari/?q=desa")[0] == 200


def get_status(path: str) -> int:
    """Return the status of an answer, 0 where none comes."""
    try:
        return ask(path)[0]
    except (OSError, http.client.HTTPException):
        return 0


@contextlib.contextmanager
def reading():
    """Read a kept page and one that Django makes, over and over while the block runs; yields what came of both."""
    deadline = time.monotonic() + 60
    while "etag" not in ask("/")[1]:
        assert time.monotonic() < deadline, "nginx keeps no page"
        time.sleep(0.2)
    kept, made, stop = [], [], threading.Event()

    def read():
        while not stop.is_set():
            # The search is bounded by nginx, at more than one question a second.
            made.append(get_status("/cari/?q=desa"))
            for _number in range(10):
                kept.append(get_status("/"))
                time.sleep(0.1)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield kept, made
    finally:
        stop.set()
        reader.join()


def expect_no_lost_reader(answers: tuple[list[int], list[int]], allowed: set[int]) -> None:
    """The kept page was always there; the other one was, or a page said why not."""
    kept, made = answers
    print(f"Readers during it: kept page {count(kept)}, page of Django {count(made)}", flush=True)
    assert set(kept) == {200}
    assert set(made) == allowed


def count(statuses: list[int]) -> str:
    return ", ".join(f"{statuses.count(status)} × {status}" for status in sorted(set(statuses)))


def survive_a_bad_upgrade(debian: BareDebian) -> None:
    """An upgrade whose second migration breaks off leaves everything as it was, and the site answering"""
    before, data = debian.get("git", "rev-parse", "HEAD").strip(), read_data(debian)
    last = find_last_migration()
    number = int(last[:4]) + 2
    publish(
        debian,
        "Bad",
        migration(number, f"{number - 1:04}_coba", RENAME.format("rusak")),
        migration(number + 1, f"{number:04}_coba", "migrations.RunPython(break_off)"),
    )
    with reading() as answers:
        done = debian.run("make", "upgrade", timeout=900)
    expect_no_lost_reader(answers, {200, 503})
    print("\n".join(done.stdout.splitlines()[-12:]))
    assert done.returncode != 0
    assert f"The site is back at {before[:12]}, as it was." in done.stdout, done.stdout
    assert debian.get("git", "rev-parse", "HEAD").strip() == before
    assert read_data(debian) == data, "rows or files differ from before"
    assert ask("/cari/?q=desa")[0] == 200
    assert debian.run("systemctl", "is-active", "situs-worker.service").returncode == 0
    said = debian.get("make", "production")
    assert not re.search(r"done now$", said, re.M), said


WALKS = (install, repeat, look_around, mend_drift, reload, upgrade, survive_a_bad_upgrade)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
