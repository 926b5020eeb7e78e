"""0.1.0, set up by hand as its README had it, filled, and brought to today by one command; and back from each phase."""

import base64
import contextlib
import os
import re
import secrets
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .bare_debian import BASE_DIR, BareDebian, CannotTry
from .readers import DOMAIN, ask, get_status
from .versions import BREAK_OFF, MANAGE, expect_same, find_last_migration, migration, publish, read_data

#: The last commit of 0.1.0.
FIRST = "0be28a6f9e6c9e41ac487aa63c324a4dab49eecd"
MAIL_PORT = 2525
UPGRADE = ("make", "-C", "/root/situs", "upgrade", "TLS=self-signed")
#: Tables whose rows an upgrade may take away: sessions end, permissions and types follow the models, the search makes
#: its words anew and keeps none of the past.
LOSING = {"django_session", "auth_permission", "auth_group_permissions", "django_content_type"}
LOSING |= {"site_search_term", "site_search_pasttext"}
#: A starter page that the office has deleted.
DELETED = "unduhan"
_PLACES = ("/srv/situs/.env", "/etc/nginx/sites-available/situs", "/etc/systemd/system/situs-*")
_MIGRATIONS = "SELECT count(*) FROM django_migrations"
_SET_UP = """
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends ca-certificates nginx-light openssl postgresql python3-venv
service postgresql start
useradd --system --user-group --no-create-home --home-dir=/srv/situs-data --shell=/usr/sbin/nologin situs
runuser -u postgres -- createuser situs
runuser -u postgres -- createdb --owner=situs --encoding=UTF8 --locale=C.UTF-8 --template=template0 situs
install -d -o situs -g www-data -m 750 /srv/situs-data
install -d /etc/ssl/situs
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=situs \
    -addext subjectAltName=DNS:situs.example -keyout /etc/ssl/situs/privkey.pem -out /etc/ssl/situs/fullchain.pem
git clone -q /srv/situs /root/situs
cd /srv/situs && git reset -q --hard FIRST
chown situs: .env && chmod 600 .env
python3 -m kecamatan_site.install requirements.lock
cp docs/situs-*.service /etc/systemd/system/
cp docs/nginx.conf /etc/nginx/sites-available/situs
ln -s ../sites-available/situs /etc/nginx/sites-enabled/ && rm /etc/nginx/sites-enabled/default
service nginx start
"""


def set_up_the_first_version(debian: BareDebian) -> None:
    """0.1.0 is set up by hand and filled"""
    if subprocess.run(["git", "cat-file", "-e", FIRST], cwd=BASE_DIR, stderr=subprocess.DEVNULL).returncode:
        raise CannotTry("this clone has no history back to 0.1.0: git fetch --unshallow")
    settings = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": DOMAIN,
        "SITE_URL": f"https://{DOMAIN}",
        "DATABASE_URL": "postgres:///situs",
        "DATA_DIR": "/srv/situs-data",
        "EMAIL_URL": f"smtp://127.0.0.1:{MAIL_PORT}",
        "DEFAULT_FROM_EMAIL": f"situs@{DOMAIN}",
        "CHANNEL_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    (debian.root / "srv/situs/.env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    debian.get("sh", "-c", _SET_UP.replace("FIRST", FIRST))
    mail = f"python3 -W ignore -m smtpd -n -c DebuggingServer 127.0.0.1:{MAIL_PORT} > /var/log/mail 2>&1 &"
    debian.get("sh", "-c", mail)
    for command in (("migrate", "-v0"), ("demo", "--with-known-password"), ("collectstatic", "--noinput", "-v0")):
        debian.get(*MANAGE, *command)
    debian.get(*_ask_for("UPDATE wagtailcore_site SET hostname = 'situs.example', port = 443"))
    debian.get(*MANAGE, "shell", "-c", f"from wagtail.models import Page; Page.objects.get(slug='{DELETED}').delete()")
    debian.get("systemctl", "start", "situs-web.service", "situs-worker.service")
    wait_for("/berita/")
    wait_until_quiet(debian)
    print(f"{len(list_addresses())} addresses, {sum(count_rows(debian).values())} rows", flush=True)


def _ask_for(query: str) -> tuple[str, ...]:
    return ("runuser", "-u", "situs", "--", "psql", "-XAtq", "situs", "-c", query)


def wait_for(path: str, status: int = 200) -> None:
    """Wait until an address gives a status."""
    deadline = time.monotonic() + 180
    while (found := get_status(path)) != status:
        assert time.monotonic() < deadline, f"{path} gives {found}"
        time.sleep(0.5)


def wait_until_quiet(debian: BareDebian) -> None:
    """Wait until the worker has done what waited for it."""
    deadline = time.monotonic() + 900
    before = ""
    while (now := read_data(debian)) != before:
        assert time.monotonic() < deadline, "the worker does not come to rest"
        before = now
        time.sleep(20)


def read_machine(debian: BareDebian) -> dict[str, str]:
    """Return everything that must be as before: rows, files, packages, settings, units, version."""
    static = debian.get("sh", "-c", "cd /srv/situs-data; find static -type f | sort | xargs sha256sum")
    packages = debian.get("sh", "-c", "cd /srv/situs/.venv/lib; find . -name '*.dist-info' | sort")
    places = debian.get("sh", "-c", f"tail -n +1 {' '.join(_PLACES)}")
    version = debian.get("git", "rev-parse", "HEAD")
    return {"data": read_data(debian), "static": static, "packages": packages, "places": places, "version": version}


def list_faults() -> dict[str, tuple[str, tuple[str, str]]]:
    """Return for each phase of an upgrade what it says, of a file with a fault that shows there."""
    last = find_last_migration()
    unit = "kecamatan_site/production/units/situs-web.service"
    return {
        "packages": ("requirements.lock failed", _change("requirements.lock", r"sha256:\w{64}", f"sha256:{'0' * 64}")),
        "tables": ("this migration breaks off", migration(int(last[:4]) + 1, last, BREAK_OFF)),
        "static files": ("tidak-ada.png", ("home/static/home/coba.css", ".a { background: url(tidak-ada.png) }\n")),
        "nginx": ("tidak_ada", _change("templates/server/nginx.conf", r"\A", "tidak_ada;\n")),
        "units": ("/tidak/ada", _change(unit, "^ExecStart=.*", "ExecStart=/tidak/ada")),
        "answer": (
            "The front page gives 500",
            _change(
                "templates/home/pages/home_page.html", "{% block content %}", "{% block content %}{{ 0|divisibleby:0 }}"
            ),
        ),
    }


def _change(path: str, what: str, by: str) -> tuple[str, str]:
    text, count = re.subn(what, by, (BASE_DIR / path).read_text(), flags=re.MULTILINE)
    assert count, path
    return path, text


def fail_in_each_phase(debian: BareDebian) -> None:
    """An upgrade of 0.1.0 that fails, in whichever phase, or is broken off, leaves 0.1.0 with every row and file"""
    before = read_machine(debian)
    debian.get("touch", "/srv/situs-data/before-upgrade")
    _expect_before(debian, before, "snapshot", debian.run(*UPGRADE).stdout, "File exists", "The upgrade did not begin")
    debian.get("rm", "/srv/situs-data/before-upgrade")
    back = f"The site is back at {FIRST[:12]}"
    for name, (told, fault) in list_faults().items():
        commit = publish(debian, name, fault, branch=name.replace(" ", "-"))
        _expect_before(
            debian, before, name, debian.run(*UPGRADE, f"VERSION={commit}").stdout, told, f"{back}, as it was."
        )
    said = _cut_off(debian, signal.SIGHUP)
    _expect_before(debian, before, "a closed terminal", said, "Broken off by SIGHUP", f"{back}, as it was.")
    said = _cut_off(debian, signal.SIGKILL)
    assert back not in said, said
    assert debian.run("systemctl", "is-active", "situs-worker.service").returncode
    _expect_before(debian, before, "a lost machine", debian.run(*UPGRADE).stdout, "was cut off", f"{back}, as it was")


def _expect_before(debian: BareDebian, before: dict[str, str], phase: str, said: str, *told: str) -> None:
    """Expect the reason and the end in words, the machine as it was, and both services at work."""
    for words in told:
        assert words in said, f"{phase}: {words} is missing in {said[-6000:]}"
    for name, now in read_machine(debian).items():
        expect_same(before[name], now, f"{phase}: {name}")
    wait_for("/cari/?q=desa")
    assert debian.run("systemctl", "is-active", "situs-worker.service").returncode == 0, phase
    print(f"{phase}: said why, and all is as before", flush=True)


def _cut_off(debian: BareDebian, number: signal.Signals) -> str:
    """Upgrade, and send a signal to all that it started once a migration was applied; return what it said."""
    count = int(debian.get(*_ask_for(_MIGRATIONS)))
    with tempfile.NamedTemporaryFile("w+") as output:
        process, said = debian.start(*UPGRADE, output=output), Path(output.name)
        deadline = time.monotonic() + 1800
        while "] Tables ..." not in said.read_text() or int(debian.get(*_ask_for(_MIGRATIONS))) == count:
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, "the upgrade does not come that far"
            time.sleep(0.1)
        words = ("kecamatan_site.production upgrade",)
        if number is signal.SIGKILL:
            words = (*words, "kecamatan_site.production prepare", "manage.py")
        for pid in (pid for word in words for pid in debian.find_processes(word)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        process.wait(timeout=3600)
        return said.read_text()


def list_addresses() -> list[str]:
    """Return the paths of the sitemap and of the sitemaps it names."""
    paths, found = ["/sitemap.xml"], []
    for path in paths:
        for address in re.findall(r"<loc>https://[^/]+([^<]*)</loc>", get_page(path)):
            (paths if address.endswith(".xml") and address not in paths else found).append(address)
    return found


def get_page(path: str) -> str:
    """Return a page that must be there, within nginx's bounds."""
    deadline = time.monotonic() + 120
    while (answer := ask(path))[0] != 200:
        assert answer[0] == 429, (path, answer[0])
        assert time.monotonic() < deadline, (path, answer[0])
        time.sleep(1)
    return answer[2]


def count_rows(debian: BareDebian) -> dict[str, int]:
    """Return the number of rows of each table."""
    names = debian.get(*_ask_for("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).split()
    return {name: int(debian.get(*_ask_for(f'SELECT count(*) FROM "{name}"'))) for name in names}


def read_log(debian: BareDebian) -> list[str]:
    """Return the lines of the audit log."""
    return debian.get(*_ask_for("SELECT sequence, hash FROM moderation_auditentry ORDER BY sequence")).splitlines()


def upgrade_the_first_version(debian: BareDebian) -> None:
    """0.1.0 arrives with every address, row, file and line of the log, by one command"""
    rows, log, addresses = count_rows(debian), read_log(debian), list_addresses()
    files = _read_files(debian)
    done = debian.run(*UPGRADE, show=True, timeout=3600)
    assert done.returncode == 0, "make upgrade failed; its message stands above"
    now = count_rows(debian) | {"social_deliveryattempt": count_rows(debian)["social_deliveryevent"]}
    fewer = {name: (count, now.get(name)) for name, count in rows.items() if now.get(name, -1) < count}
    assert not set(fewer) - LOSING, fewer
    assert read_log(debian)[: len(log)] == log
    assert files <= _read_files(debian), files - _read_files(debian)
    for address in addresses:
        get_page(address)
    assert get_status(f"/{DELETED}/") == 404, "the upgrade brought a deleted page back"
    print(f"{len(log)} lines of the log, {sum(rows.values())} rows, {len(files)} files, {len(addresses)} addresses")
    print(debian.get(*MANAGE, "verify_audit_log")[-600:])
    print(debian.get(*MANAGE, "backup", "--prove")[-600:])
    said = debian.get("make", "production")
    assert "Worker: done already" in said, said


def _read_files(debian: BareDebian) -> set[str]:
    listed = "cd /srv/situs-data; find media private -type f | sort | xargs -r sha256sum"
    return set(debian.get("sh", "-c", listed).splitlines())
