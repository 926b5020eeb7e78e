"""The steps by hand: the commands are read from docs/operations.md and run as they stand there."""

import re
import time

from .bare_debian import BASE_DIR, BareDebian
from .first_version import DELETED
from .installation import FIRST_PERSON
from .readers import DOMAIN, ask, expect_no_lost_reader, get_status, reading
from .versions import MANAGE, RENAME, find_last_migration, migration, publish


def read_commands(heading: str) -> list[str]:
    """Return the blocks of commands that stand below a heading of the page."""
    page = (BASE_DIR / "docs" / "operations.md").read_text()
    below = re.split(r"^##", page.split(f"# {heading}\n", 1)[1], flags=re.MULTILINE)[0]
    return re.findall(r"^```sh\n(.*?)^```", below, re.DOTALL | re.MULTILINE)


def read_names() -> str:
    """Return what the blocks of the page call by a name: the site, and a command as the site's account."""
    return read_commands("By hand")[0].split("\n\n", 1)[0] + "\n"


def type_in(debian: BareDebian, commands: str) -> str:
    """Run commands in root's shell, under this walk's domain; return what they said."""
    domain = re.search(r"^DOMAIN=(.*)$", read_names(), re.MULTILINE)[1]
    # Nobody is there to answer.
    commands = commands.replace(domain, DOMAIN).replace("createsuperuser", "createsuperuser --no-input")
    environment = ("DEBIAN_FRONTEND=noninteractive", *FIRST_PERSON)
    return debian.get("env", *environment, "bash", "-euxo", "pipefail", "-c", commands)


def install_by_hand(debian: BareDebian) -> None:
    """The commands of the page, one after the other, make a site that make production has nothing against"""
    blocks = [block for block in read_commands("By hand") if "certbot certonly" not in block]
    assert len(blocks) == 2, blocks
    print(type_in(debian, "".join(blocks))[-1500:], flush=True)
    assert ask("/layanan/")[0] == 200, "the starter pages are missing"
    assert ask("/")[1]["strict-transport-security"] == "max-age=3600; includeSubDomains"
    deadline = time.monotonic() + 180
    while not _has_beaten(debian):
        assert time.monotonic() < deadline, "the worker does nothing"
        time.sleep(1)
    before = debian.get("cat", "/srv/situs/.env")
    _delete_page(debian)
    said = debian.get("make", "production", f"DOMAIN={DOMAIN}", "TLS=self-signed")
    assert debian.get("cat", "/srv/situs/.env") == before
    print(", ".join(re.findall(r"\] (.*): done now$", said, re.MULTILINE)), "were done now", flush=True)
    assert "Starter pages: done already" in said, said
    assert get_status(f"/{DELETED}/") == 404


def _has_beaten(debian: BareDebian) -> bool:
    asked = "SELECT count(*) > 0 FROM health_heartbeat"
    return debian.get("runuser", "-u", "situs", "--", "psql", "-XAtc", asked).strip() == "t"


def _delete_page(debian: BareDebian) -> None:
    words = f"from wagtail.models import Page; Page.objects.get(slug='{DELETED}').delete()"
    debian.get(*MANAGE, "shell", "-c", words)


def own_what_root_writes(debian: BareDebian) -> None:
    """What root's own commands write is the site's; what lies there already is given to it"""
    command = "DJANGO_SETTINGS_MODULE=kecamatan_site.settings.production .venv/bin/python manage.py"
    for words in ("clean_up", "file_manifest --renew", "drop_pages", "backup"):
        debian.get("sh", "-c", f"{command} {words}")
    stray = "/srv/situs-data/private/ditinggalkan"
    debian.get("mkdir", stray)
    debian.get("touch", f"{stray}/surat.pdf")
    assert "Folders: done now" in debian.get("make", "production")
    left = debian.get("find", "/srv/situs-data", "/var/backups/situs", "-user", "root")
    assert not left, left


def upgrade_by_hand(debian: BareDebian) -> None:
    """The commands of the page bring a newer version; readers have kept pages all the while"""
    last = find_last_migration()
    commit = publish(debian, "Good", migration(int(last[:4]) + 1, last, RENAME.format("ubah")))
    [_by_command, commands] = read_commands("Upgrade")
    with reading() as answers:
        type_in(debian, read_names() + commands)
    assert debian.get("git", "rev-parse", "HEAD").strip() == commit
    expect_no_lost_reader(answers, {200, 503})
    name = debian.get("runuser", "-u", "situs", "--", "psql", "-Atc", "SELECT first_name FROM auth_user").strip()
    assert "ubah" in name, name
    assert ask("/cari/?q=desa")[0] == 200
    debian.get(*MANAGE, "check", "--deploy", "--database", "default")
    debian.get("make", "production")
