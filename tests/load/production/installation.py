"""One command installs; what it made is looked at."""

import re
import time

from .bare_debian import BareDebian
from .readers import DOMAIN, ask, expect_no_lost_reader, reading
from .versions import MANAGE

FIRST_PERSON = (
    *("DJANGO_SUPERUSER_USERNAME=admin", "DJANGO_SUPERUSER_EMAIL=admin@situs.example"),
    "DJANGO_SUPERUSER_PASSWORD=sungai-bening-di-hulu-71",
)
INSTALL = ("make", "production", f"DOMAIN={DOMAIN}", "TLS=self-signed", *FIRST_PERSON)


def install(debian: BareDebian) -> None:
    """A dry run changes nothing; one command installs"""
    looked = debian.get(*INSTALL, "--dry-run")
    assert looked.count("would be done") >= 18, looked
    assert debian.run("getent", "passwd", "situs").returncode == 2
    done = debian.run(*INSTALL, show=True, timeout=5400)
    assert done.returncode == 0, "make production failed; its message stands above"


def repeat(debian: BareDebian) -> None:
    """The second run needs no answers, does nothing and changes no key"""
    before = debian.get("cat", "/srv/situs/.env")
    said = debian.get("make", "production")
    steps = re.findall(r"^\[.*$", said, re.M)
    assert steps, said
    assert all(line.endswith(": done already") for line in steps), said
    assert debian.get("cat", "/srv/situs/.env") == before


def look_around(debian: BareDebian) -> None:
    """What is served, what is closed, what runs"""
    status, headers, text = ask("/")
    assert (status, headers["strict-transport-security"]) == (200, "max-age=3600; includeSubDomains"), headers
    sheet = re.search(r'href="(/static/[^"]+\.css)"', text)
    assert sheet, "the page has no style sheet"
    assert ask(sheet[1])[0] == 200
    deadline = time.monotonic() + 60
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
    said = debian.get("cat", "/var/log/situs-worker.log")
    assert "Pekerja berjalan." in said, said
    assert "NOBODY IS TOLD BY MAIL" in said, said


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
    debian.get(*MANAGE, "file_manifest", "--renew")
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
