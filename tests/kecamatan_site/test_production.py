"""make production: a table of steps that may be repeated, each of them told by hand in the documents."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from kecamatan_site.production import __main__ as production
from kecamatan_site.production import application, database, front, machine, services, system
from kecamatan_site.production import plan as plans
from kecamatan_site.production.machine import StepFailed
from kecamatan_site.production.plan import read_plan
from kecamatan_site.production.steps import Step, go_through
from tests.load.production.by_hand import read_commands

pytestmark = pytest.mark.db_agnostic

OFFICES = settings.BASE_DIR / "tests" / "kecamatan_site" / "office"


class Thing:
    """Something a step makes so."""

    def __init__(self, is_so=False, works=True):
        self.is_so, self.works, self.times = is_so, works, 0

    def do(self, plan):
        self.times += 1
        self.is_so = self.works

    def as_step(self, name):
        return Step(name, lambda plan: self.is_so, self.do, f"undo {name}")


PLAN = read_plan({"DOMAIN": "situs.example"})


def test_only_what_is_not_so_is_done_and_a_repetition_does_nothing(capsys):
    things = [Thing(), Thing(is_so=True)]
    steps = [thing.as_step(name) for thing, name in zip(things, ("A", "B"), strict=True)]
    go_through(steps, PLAN, dry_run=True)
    assert [thing.times for thing in things] == [0, 0]
    assert capsys.readouterr().out == "[ 1/2] A: would be done\n[ 2/2] B: done\n"
    go_through(steps, PLAN)
    go_through(steps, PLAN)
    assert [thing.times for thing in things] == [1, 0]
    assert "[ 1/2] A: done now\n[ 2/2] B: done already\n[ 1/2] A: done already" in capsys.readouterr().out


def test_a_step_that_is_not_so_afterwards_stops_the_rest_and_says_how_to_undo_it():
    broken, after = Thing(works=False), Thing()
    with pytest.raises(StepFailed, match=r"\[ 1/2\] A: .*\nTo take this step back: undo A"):
        go_through([broken.as_step("A"), after.as_step("B")], PLAN)
    assert after.times == 0


def test_the_documents_tell_every_step_by_hand():
    """`make try-production` runs them."""
    by_hand = "".join(read_commands("By hand"))
    assert re.findall(r"^# ([^:\n]+)", by_hand, re.M) == [step.name for step in production.STEPS]
    packages = re.search(r"apt-get install --yes --no-install-recommends (ca-certificates .+)$", by_hand, re.M)
    assert packages[1].split() == system.list_packages(read_plan({"DOMAIN": "a.example", "TLS": "given"}))


def test_copies_over_ssh_bring_their_client(env_file):
    plan = read_plan({"DOMAIN": "situs.example", "TLS": "given"})
    usual = system.list_packages(plan)
    assert "openssh-client" not in usual
    env_file.write_text("BACKUP_COPIES=/mnt/cadangan, sftp://salin@host/cadangan\n")
    assert system.list_packages(plan) == [*usual, "openssh-client"]


def test_an_nginx_that_runs_reads_a_new_certificate(env_file, tmp_path, monkeypatch):
    """Renewed once more by hand: nginx's own file stays as it was, and nobody else reloads it."""
    made, acts = [], []
    places = {"CERTIFICATES": tmp_path, "CERTIFICATE": tmp_path / "a.pem", "CERTIFICATE_KEY": tmp_path / "a.key"}
    for name, place in places.items():
        monkeypatch.setattr(front, name, place)
    monkeypatch.setattr(front, "TLS_FILE", tmp_path / "tls")
    monkeypatch.setattr(front, "_make_certificate", made.append)
    monkeypatch.setattr(front, "run", lambda *words, **options: acts.append(words) or "")
    plan = read_plan({"DOMAIN": "situs.example", "TLS": "self-signed"}, tls_file=tmp_path / "tls")
    for is_running, reloads in ((False, []), (True, [("service", "nginx", "reload")])):
        monkeypatch.setattr(front, "is_nginx_running", lambda is_running=is_running: is_running)
        front.put_certificate(plan)
        assert acts == reloads
    assert made == ["situs.example"] * 2


def test_the_commands_by_hand_are_those_of_the_installer(monkeypatch):
    said = []
    for module in (system, database, services):
        monkeypatch.setattr(module, "run", lambda *words, **options: said.append(" ".join(map(str, words))))
    monkeypatch.setattr(services, "has_systemd", lambda: True)
    for act in (system.add_account, database.start, services.start):
        act(PLAN)
    told = "".join(read_commands("By hand"))
    assert [command for command in said if f"{command.replace('.service', '')}\n" not in told] == []

    folders = {}
    for options, places in re.findall(r"^install -d((?: -[ogm] [\w-]+)*)((?: /[\w/-]+)+)$", told, re.M):
        owner, group, mode = [words.split()[-1] for words in re.findall(r"-\w \S+", options)] or ("root", "root", "755")
        folders |= {Path(place): (owner, group, int(mode, 8)) for place in places.split()}
    assert folders.items() >= system.FOLDERS.items()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Name the site"),
        ({"DOMAIN": "https://situs.example/"}, "is no host name"),
        ({"DOMAIN": "situs.example; rm"}, "is no host name"),
        ({"DOMAIN": "situs.example", "TLS": "none"}, "is none of certbot, given, self-signed"),
        ({"DOMAIN": "situs.example", "CERTIFICATE": __file__}, "needs both"),
        ({"DOMAIN": "situs.example", "CERTIFICATE": "/no/a", "CERTIFICATE_KEY": "/no/b"}, "Not found: /no/a, /no/b"),
        (
            {"DOMAIN": "situs.example", "TLS": "certbot", "CERTIFICATE": __file__, "CERTIFICATE_KEY": __file__},
            "makes its own certificate",
        ),
    ],
)
def test_a_wrong_answer_is_named(given, told, tmp_path):
    with pytest.raises(StepFailed, match=told):
        read_plan(given, tmp_path / ".env", tmp_path / "tls")


def test_nothing_is_asked_twice_and_a_site_is_not_moved_by_accident(tmp_path):
    env, tls = tmp_path / ".env", tmp_path / "tls"
    env.write_text("SITE_URL=https://situs.example\n")
    tls.write_text("self-signed")
    assert (read_plan({}, env, tls).domain, read_plan({}, env, tls).tls) == ("situs.example", "self-signed")
    assert read_plan({"TLS": "certbot"}, env, tls).tls == "certbot"
    with pytest.raises(StepFailed, match=r"This machine serves situs\.example"):
        read_plan({"DOMAIN": "lain.example"}, env, tls)


def test_the_offices_file_names_the_site_and_env_does_not_repeat_it(tmp_path):
    env, contoh = tmp_path / ".env", OFFICES / "contoh.toml"
    plan = read_plan({"OFFICE_FILE": str(contoh)}, env, tmp_path / "tls")
    assert (plan.domain, plan.sender) == ("contoh.teladankab.example", "situs@contoh.teladankab.example")
    made = application.list_variables(plan)
    assert made["OFFICE_FILE"] == str(contoh)
    assert not {"SITE_URL", "ALLOWED_HOSTS"} & set(made)
    env.write_text(f"OFFICE_FILE={contoh}\n")
    assert read_plan({}, env, tmp_path / "tls") == plan
    with pytest.raises(StepFailed, match=rf"This machine serves contoh.*change domain in {contoh}"):
        read_plan({"DOMAIN": "lain.example"}, env, tmp_path / "tls")
    with pytest.raises(StepFailed, match="change OFFICE_FILE in "):
        read_plan({"OFFICE_FILE": "kecamatan.toml"}, env, tmp_path / "tls")
    with pytest.raises(StepFailed, match="tidak dapat dibaca"):
        read_plan({"OFFICE_FILE": str(tmp_path / "none.toml")}, tmp_path / "no", tmp_path / "tls")


@pytest.fixture
def env_file(tmp_path, monkeypatch):
    path = tmp_path / ".env"
    monkeypatch.setattr(application, "ENV_FILE", path)
    monkeypatch.setattr(machine.shutil, "chown", lambda *arguments: None)
    return path


def test_settings_are_made_once_and_readable_by_the_site_alone(env_file):
    application.write_env(PLAN)
    made = application.read_env()
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert made["SITE_URL"] == "https://situs.example"
    assert len(made["SECRET_KEY"]) > 60
    assert "EMAIL_URL" not in made

    env_file.write_text(env_file.read_text().replace(f"SECRET_KEY={made['SECRET_KEY']}\n", "") + "LOG_LEVEL=DEBUG\n")
    application.write_env(PLAN)
    again = application.read_env()
    assert again.pop("SECRET_KEY") not in {"", made.pop("SECRET_KEY")}
    assert again == made | {"LOG_LEVEL": "DEBUG"}


@pytest.mark.parametrize(("accounts", "made"), [("f", True), ("t", False)])
def test_starter_pages_are_made_on_a_new_site_alone(accounts, made, tmp_path, monkeypatch):
    """An office that is upgraded from 0.1.0, which noted nothing, may have deleted some of them."""
    done, asked = [], []
    monkeypatch.setattr(application, "_STARTED", tmp_path / "starter-pages")
    monkeypatch.setattr(application, "ask", lambda query, database: asked.append(query) or accounts)
    monkeypatch.setattr(application, "manage", done.append)
    monkeypatch.setattr(machine.shutil, "chown", lambda *arguments: None)
    steps = [step for step in application.STEPS if step.name == "Starter pages"]
    for _time in range(2):
        go_through(steps, PLAN)
    assert done == (["starter_pages"] if made else [])
    assert asked[0] == "SELECT count(*) > 0 FROM auth_user"


def test_uploads_of_another_owner_are_no_folders_in_order(tmp_path, monkeypatch):
    owner, group = tmp_path.owner(), tmp_path.group()
    for name in ("media", "private"):
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "private" / "surat.pdf").write_text("surat")
    said, run = [], system.run
    monkeypatch.setattr(machine, "CODE", tmp_path)
    monkeypatch.setattr(system, "DATA", tmp_path)
    monkeypatch.setattr(system, "FOLDERS", {tmp_path / "private": (owner, group, 0o700)})
    monkeypatch.setattr(system, "USER", owner)
    assert system.are_folders_made(PLAN)
    monkeypatch.setattr(system, "USER", "nobody")
    assert not system.are_folders_made(PLAN)
    monkeypatch.setattr(system, "run", lambda *words: said.append(words) or "")
    system.make_folders(PLAN)
    [command] = said
    # In place of the change of owner, which root alone may make, the same command says what it would change.
    found = run(*command[: command.index("-execdir")], "-print").split()
    assert found == [str(tmp_path / each) for each in ("media", "private", "private/surat.pdf")]


def test_the_made_settings_name_all_that_production_needs():
    needed = _read(".env.example").split("# --- Optional ---")[0]
    plan = read_plan({"DOMAIN": "situs.example", "EMAIL_URL": "smtp://127.0.0.1"})
    assert set(re.findall(r"^([A-Z_]+)=", needed, re.M)) <= set(application.list_variables(plan))


def test_the_units_name_the_folders_of_the_installer():
    assert services.list_units().keys() >= set(services.STARTED)
    for name, text in services.list_units().items():
        assert f"/etc/systemd/system/{name}" in text.splitlines()[0]
        if name.endswith(".service"):
            assert f"WorkingDirectory={machine.CODE}\n" in text
            assert f"ReadWritePaths={machine.DATA}" in text
            assert f"User={machine.USER}\n" in text


def test_the_templates_of_several_offices_name_nothing_of_a_single_one():
    for name, text in services.list_units().items():
        template, text = services.make_template(name, text)
        assert f"/etc/systemd/system/{template}" in text.splitlines()[0]
        assert not re.search(r"situs-[a-z]+\.(service|timer)|/srv/situs-data|/var/backups/situs(?!-%i)", text)
        if template.endswith(".service"):
            assert re.findall(r"^(?:User|Environment=ENV_FILE|ReadWritePaths)=(.*)$", text, re.M)[:2] == [
                *("situs-%i", "/etc/situs/%i.env"),
            ]
            assert "ReadWritePaths=/srv/situs-kantor/%i" in text


READ = """
import json, os
from pathlib import Path
from kecamatan_site.production import application, front, machine, plan, services, system
application.OFFICES = plan.OFFICES = Path(os.environ["OFFICES"])
made = application.list_variables(plan.read_plan(os.environ, application.OFFICES / f"{machine.OFFICE}.env"))
print(json.dumps([machine.USER, services.STARTED[0], *map(str, (machine.ENV_FILE, front.SITE, *system.FOLDERS)), made]))
"""


def test_an_office_beside_others_has_everything_for_itself(tmp_path):
    def read(office, domain):
        given = os.environ | {"OFFICE": office, "DOMAIN": domain, "OFFICES": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", READ], cwd=settings.BASE_DIR, env=given, text=True, capture_output=True
        )

    (tmp_path / "jaten.env").write_text("SITE_URL=https://jaten.example\nWEB_BIND=127.0.0.1:8101\n")
    assert f"copy {plans.OFFICE_FILE} to {tmp_path}/kerjo.toml and edit it" in read("kerjo", "kerjo.example").stderr
    (tmp_path / "kerjo.toml").write_text(plans.OFFICE_FILE.read_text())
    *names, made = json.loads(read("kerjo", "kerjo.example").stdout)
    assert made["OFFICE_FILE"] == f"{tmp_path}/kerjo.toml"
    assert {"situs-kerjo", "situs-web@kerjo.service", "/etc/situs/kerjo.env", "/srv/situs-kantor/kerjo"} < set(names)
    assert {"/etc/nginx/sites-available/situs-kerjo", "/var/backups/situs-kerjo", "/var/lib/situs/kerjo"} < set(names)
    assert (made["OFFICE"], made["WEB_BIND"], made["DATABASE_URL"]) == (
        "kerjo",
        "127.0.0.1:8102",
        "postgres:///situs-kerjo",
    )
    assert made["TLS_CERTIFICATE_KEY"] == "/etc/ssl/situs-kerjo/privkey.pem"
    assert "is the site of another office here" in read("kerjo", "jaten.example").stderr
    assert "is no name of an office" in read("Kerjo;", "kerjo.example").stderr


def test_only_root_is_let_in(monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("DOMAIN", "situs.example")
    assert production.main(["install"]) == 1
    assert "Only root can do this" in capsys.readouterr().err


def _read(path):
    return (settings.BASE_DIR / path).read_text()
