"""make upgrade: who may write when, and the way back; `make try-production` walks it on a whole machine."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from kecamatan_site.production import offices
from kecamatan_site.production import upgrade as module
from kecamatan_site.production.machine import StepFailed
from kecamatan_site.production.plan import read_plan
from tests.load.production.versions import normalise

pytestmark = pytest.mark.db_agnostic

PLAN = read_plan({"DOMAIN": "situs.example"})


class Machine:
    """A machine of folders: files and commits are real, services and database only noted."""

    def __init__(self, root: Path, monkeypatch):
        self.root, self.done, self.new_version = root, [], lambda: None
        self.offices, self.fails_at = [""], ("", "")
        #: What stands in the one act that fails, once.
        self.refuses = ""
        self.code, self.data = root / "code", root / "data"
        for folder in ("code", "data/media", "data/static", "data/pages", "state/venv", "systemd"):
            (root / folder).mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.commits = [self.commit("old"), self.commit("new")]
        self.git("reset", "-q", "--hard", self.commits[0])
        (self.data / "media" / "foto.txt").write_text("foto")
        (self.data / "static" / "situs.css.gz").write_text("old")
        (self.data / "berkas-program.json").write_text("{}")
        (root / "systemd" / "situs-web.service").write_text("old")
        (root / ".env").write_text("A=1\n")
        places = {"CODE": self.code, "DATA": self.data, "FLAG": self.data / "pemeliharaan", "STATE": root / "state"}
        places |= {"FROZEN": self.data / "pages" / "frozen", "SNAPSHOT": self.data / "before-upgrade"}
        places["COLLECTED"] = root / "state" / "collected"
        places |= {"ENV_FILE": root / ".env", "SITE": root / "nginx", "SYSTEMD": root / "systemd"}
        places |= {"UNDER_WAY": root / "state" / "upgrading", "_VENV": root / "state" / "venv"}
        for name, place in places.items():
            monkeypatch.setattr(module, name, place)
        monkeypatch.setattr(module, "run", self.run)
        monkeypatch.setattr(module, "manage", self.manage)
        monkeypatch.setattr(module, "has_systemd", lambda: True)
        monkeypatch.setattr(module, "write", lambda path, text: path.write_text(text))
        monkeypatch.setattr(module, "read_stamp", lambda: self.git("rev-parse", "HEAD"))
        monkeypatch.setattr(module, "wait_for_web", lambda plan: self.note("answers"))
        monkeypatch.setattr(module, "find_versions", lambda version: module.Versions(*self.commits))
        monkeypatch.setattr(module.database, "make_database", lambda plan: self.done.append("makes the database"))
        monkeypatch.setattr(module.shutil, "chown", lambda *arguments: None)
        monkeypatch.setattr(module, "list_offices", lambda: self.offices)
        monkeypatch.setattr(module, "start_for", self.start_for)

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words]
        return subprocess.check_output(command, cwd=self.code, text=True).strip()

    def commit(self, text: str) -> str:
        (self.code / "version").write_text(text)
        (self.code / "kecamatan_site" / "production").mkdir(parents=True, exist_ok=True)
        (self.code / "kecamatan_site" / "production" / "a.py").write_text("")
        commands = self.code / "home" / "pagecache" / "management" / "commands"
        commands.mkdir(parents=True, exist_ok=True)
        (commands / "freeze_pages.py").write_text("")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", text)
        return self.git("rev-parse", "HEAD")

    def note(self, act: str) -> None:
        self.done.append(act)
        if self.is_refused(act):
            raise StepFailed("it broke off")

    def is_refused(self, act: str) -> bool:
        if not self.refuses or self.refuses not in act:
            return False
        self.refuses = ""
        return True

    def run(self, *command, user="", **options) -> str:
        words = [str(word) for word in command]
        self.note(" ".join(words))
        if words[0] == "git":
            return self.git(*words[1:])
        if words[0] == "cp":
            shell = subprocess.Popen(words, cwd=self.code)
            assert shell.wait() == 0, words
        return ""

    def manage(self, *words, **options) -> str:
        self.note(" ".join(words))
        if words == ("freeze_pages",):
            module.FROZEN.write_text("")
        return ""

    def start_for(self, office: str, verb: str):
        if office:
            self.done.append(f"{office}: {verb} {'new' if self.is_new() else 'old'}")
            return SimpleNamespace(returncode=int((office, verb) == self.fails_at))
        self.done.append("prepares")
        if self.is_new():
            assert module.FLAG.exists()
            assert module.FROZEN.exists() == ("freeze_pages" in self.done)
            self.new_version()
        return SimpleNamespace(returncode=int(self.is_refused("prepares")))

    def is_new(self) -> bool:
        return (self.code / "version").read_text() == "new"

    def is_open(self) -> bool:
        return not module.FLAG.exists() and not module.FROZEN.exists()


@pytest.fixture
def machine(tmp_path, monkeypatch):
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield Machine(tmp_path, monkeypatch)
    for number, handler in kept.items():
        signal.signal(number, handler)


def spoil(machine):
    """What a new version may do before it fails."""
    (machine.data / "media" / "foto.txt").unlink()
    (machine.data / "media" / "foto.txt").write_text("lain")
    # Written in its place, as collectstatic does.
    (machine.data / "static" / "situs.css.gz").write_text("new")
    (machine.root / "systemd" / "situs-baru.timer").write_text("new")
    (machine.root / "systemd" / "situs-web.service").write_text("new")
    (machine.root / ".env").write_text("A=2\n")


def expect_old(machine):
    assert not machine.is_new()
    assert (machine.data / "media" / "foto.txt").read_text() == "foto"
    assert (machine.data / "static" / "situs.css.gz").read_text() == "old"
    assert [path.read_text() for path in (machine.root / "systemd").iterdir()] == ["old"]
    assert (machine.root / ".env").read_text() == "A=1\n"


def test_the_worker_starts_only_after_the_answer_and_readers_have_kept_pages_until_then(machine):
    module.upgrade(PLAN, "")
    assert machine.is_new()
    assert machine.is_open()
    acts = [act for act in machine.done if act in {"freeze_pages", "prepares", "answers"} or "systemctl" in act]
    both, web, worker = "situs-worker.service situs-web.service", "situs-web.service", "situs-worker.service"
    assert acts == [
        *(f"systemctl stop {both}", "freeze_pages", "prepares", f"systemctl start {web}", "answers"),
        *(f"systemctl start {web}", f"systemctl start {worker}"),
    ]


def fail(machine):
    spoil(machine)
    raise StepFailed("a migration broke off")


def break_off(machine):
    spoil(machine)
    os.kill(os.getpid(), signal.SIGHUP)


@pytest.mark.parametrize(("act", "told"), [(fail, "a migration broke off"), (break_off, "Broken off by SIGHUP")])
def test_what_fails_or_is_broken_off_comes_back_by_itself(machine, act, told):
    machine.new_version = lambda: act(machine)
    with pytest.raises(StepFailed, match=rf"{told}[\s\S]*The site is back at {machine.commits[0][:12]}, as it was"):
        module.upgrade(PLAN, "")
    expect_old(machine)
    assert machine.is_open()
    assert "makes the database" in machine.done
    assert any(act.startswith("pg_restore") for act in machine.done)
    assert machine.done[-1] == "systemctl start situs-worker.service"


def test_where_the_way_back_fails_nobody_writes(machine, monkeypatch):
    def go_wrong(plan):
        raise StepFailed("no disk")

    machine.new_version = lambda: fail(machine)
    monkeypatch.setattr(module.database, "make_database", go_wrong)
    with pytest.raises(StepFailed, match="no disk"):
        module.upgrade(PLAN, "")
    assert not machine.is_open()
    assert not [act for act in machine.done if act == "systemctl start situs-worker.service"]
    assert (module.SNAPSHOT / "media" / "foto.txt").read_text() == "foto"

    # Once the reason is mended, the next call goes back, and no further.
    monkeypatch.setattr(module.database, "make_database", lambda plan: None)
    with pytest.raises(StepFailed, match=rf"The site is back at {machine.commits[0][:12]}"):
        module.upgrade(PLAN, "")
    expect_old(machine)
    assert machine.is_open()


#: What an upgrade asks of the machine before its snapshot is whole, and what of a new version.
BEFORE = ["systemctl stop", "freeze_pages", "pg_dump", "data/media", "data/static", "state/venv"]
AFTERWARDS = ["git reset", "prepares", "rebuild_search", "systemctl start situs-web", "answers"]


@pytest.mark.parametrize("phase", BEFORE)
def test_what_fails_before_the_snapshot_is_whole_leaves_the_old_version_serving(machine, phase):
    machine.refuses = phase
    with pytest.raises(
        StepFailed, match=f"it broke off\n\nThe upgrade did not begin: {machine.commits[0][:12]} serves"
    ):
        module.upgrade(PLAN, "")
    expect_old(machine)
    assert machine.is_open()
    assert not module.UNDER_WAY.exists()
    assert "prepares" not in machine.done
    assert machine.done[-1] == "systemctl start situs-worker.service"


@pytest.mark.parametrize("phase", AFTERWARDS)
def test_what_fails_of_a_new_version_goes_back_in_each_phase(machine, phase):
    machine.refuses, machine.new_version = phase, lambda: spoil(machine)
    with pytest.raises(StepFailed, match=rf"\n\nThe site is back at {machine.commits[0][:12]}, as it was"):
        module.upgrade(PLAN, "")
    expect_old(machine)
    assert machine.is_open()
    assert not module.UNDER_WAY.exists()
    # The worker, which could post, never ran beside the new version.
    assert machine.done.count("systemctl start situs-worker.service") == 1
    assert machine.done[-1] == "systemctl start situs-worker.service"


def test_a_new_version_that_answered_stays_where_its_worker_does_not_start(machine):
    machine.refuses = "systemctl start situs-worker"
    with pytest.raises(
        StepFailed, match=f"{machine.commits[1][:12]} is in place.*Once the reason is mended: make upgrade"
    ):
        module.upgrade(PLAN, "")
    assert machine.is_new()
    assert machine.is_open()
    module.upgrade(PLAN, "")
    assert machine.done[-1] == "systemctl start situs-worker.service"


class LostPower(BaseException):
    """The process is gone: nothing of its own runs after this."""


def test_a_machine_that_was_lost_half_way_goes_back_before_anything_else(machine, monkeypatch):
    def lose_power(*arguments):
        raise LostPower

    def spoil_and_lose():
        spoil(machine)
        (machine.code / ".git" / "index.lock").touch()
        monkeypatch.setattr(module, "_return_to", lose_power)
        lose_power()

    machine.new_version = spoil_and_lose
    return_to = module._return_to
    with pytest.raises(LostPower):
        module.upgrade(PLAN, "")
    assert machine.is_new()
    assert module.FLAG.exists()
    monkeypatch.setattr(module, "_return_to", return_to)
    module.upgrade(PLAN, "", dry_run=True)
    assert machine.is_new()
    with pytest.raises(StepFailed, match=rf"The site is back at {machine.commits[0][:12]}.*cut off"):
        module.upgrade(PLAN, "")
    expect_old(machine)
    assert machine.is_open()
    machine.new_version = lambda: None
    module.upgrade(PLAN, "")
    assert machine.is_new()
    assert not module.UNDER_WAY.exists()


def test_what_prepares_the_machine_ends_with_all_it_started(tmp_path, monkeypatch):
    """A child of the installer, such as pip, must not go on under the way back."""
    program = tmp_path / "kecamatan_site" / "production"
    program.mkdir(parents=True)
    (tmp_path / "kecamatan_site" / "__init__.py").touch()
    (program / "__init__.py").touch()
    (program / "__main__.py").write_text(
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open('{tmp_path}/new', 'w').write(str(child.pid)); os.rename('{tmp_path}/new', '{tmp_path}/child')\n"
        f"os.kill({os.getpid()}, {int(signal.SIGUSR1)})\n"
        "child.wait()\n"
    )

    def break_off(number, frame):
        raise StepFailed("broken off")

    monkeypatch.setattr(offices, "CODE", tmp_path)
    before = signal.signal(signal.SIGUSR1, break_off)
    try:
        with pytest.raises(StepFailed, match="broken off"):
            offices.start_for("", "prepare")
    finally:
        signal.signal(signal.SIGUSR1, before)
    child = Path("/proc", (tmp_path / "child").read_text(), "cmdline")
    deadline = time.monotonic() + 60
    # Empty, too, while whoever took the orphan over has not asked for its end.
    while child.exists() and child.read_bytes():
        assert time.monotonic() < deadline, "the child goes on"
        time.sleep(0.05)


def test_the_walks_find_what_differs_after_a_way_back():
    """A dump put back has its rows and conditions in another writing; a changed row or condition still shows."""
    index = "CREATE INDEX i ON public.a USING btree (b) WHERE ((c)::text = ANY ({}));\n"
    written = [
        index.format("(ARRAY['x'::character varying, 'y'::character varying])::text[]"),
        index.format("ARRAY[('x'::character varying)::text, ('y'::character varying)::text]"),
    ]
    rows = "COPY public.a (id) FROM stdin;\n{}\\.\n"
    dump = rows.format("1\tsatu\n2\tdua\n") + written[0]
    assert normalise(rows.format("2\tdua\n1\tsatu\n") + written[1]) == normalise(dump)
    assert normalise(dump.replace("dua", "tiga")) != normalise(dump)
    assert normalise(dump.replace("'y'", "'z'")) != normalise(dump)


def test_answers_for_the_machine_reach_its_own_office_and_no_other(tmp_path, monkeypatch):
    """An upgrade of a machine that was set up by hand is told its kind of certificate."""
    program = tmp_path / "kecamatan_site" / "production"
    program.mkdir(parents=True)
    (program / "__main__.py").write_text("import os; print(os.environ['OFFICE'], os.environ.get('TLS'))")
    monkeypatch.setattr(offices, "CODE", tmp_path)
    monkeypatch.setenv("TLS", "self-signed")
    said = [offices.start_for(office, "prepare", stdout=subprocess.PIPE).stdout for office in ("", "jaten")]
    assert said == [" self-signed\n", "jaten None\n"]


def test_a_snapshot_that_fails_changes_nothing(machine, monkeypatch):
    monkeypatch.setitem(module.ACTS, "snapshot", lambda plan: fail(machine))
    with pytest.raises(StepFailed, match="broke off"):
        module.upgrade(PLAN, "")
    assert machine.is_open()
    assert "prepares" not in machine.done
    assert machine.done[-1] == "systemctl start situs-worker.service"
    shutil.rmtree(module.SNAPSHOT, ignore_errors=True)


def test_a_version_that_was_set_up_by_hand_comes_back_without_an_installer(machine, monkeypatch):
    # What the installer has done is noted nowhere.
    for name, place in {"STATE": "", "UNDER_WAY": "upgrading", "COLLECTED": "collected"}.items():
        monkeypatch.setattr(module, name, machine.root / "missing" / place)
    machine.git("rm", "-q", "-r", "kecamatan_site", "home")
    machine.git("commit", "-q", "-m", "by hand")
    machine.commits[0] = machine.git("rev-parse", "HEAD")
    # The newer version was compiled: its folder outlives it.
    (machine.code / "kecamatan_site" / "production" / "__pycache__").mkdir(parents=True)
    machine.new_version = lambda: fail(machine)
    with pytest.raises(StepFailed, match="as it was"):
        module.upgrade(PLAN, "")
    expect_old(machine)
    assert machine.is_open()
    assert machine.done.count("prepares") == 1
    assert "service nginx reload" in machine.done


def test_offices_that_share_the_machine_go_together_and_come_back_together(machine):
    machine.offices = ["jaten", "kerjo"]
    module.upgrade(None, "")
    act = "{}: {} {}".format
    before = [act(name, verb, "old") for verb in ("close", "snapshot") for name in machine.offices]
    after = [act(name, verb, "new") for verb in ("prepare", "begin", "open") for name in machine.offices]
    assert [line for line in machine.done if line[:6] in {"jaten:", "kerjo:"}] == before + after

    machine.git("reset", "-q", "--hard", machine.commits[0])
    machine.done, machine.fails_at = [], ("kerjo", "begin")
    with pytest.raises(StepFailed, match=r"kerjo: begin failed[\s\S]*as it was"):
        module.upgrade(None, "")
    back = [act(name, verb, "old") for verb in ("return", "open") for name in machine.offices]
    assert [line for line in machine.done if line[:6] in {"jaten:", "kerjo:"}][-4:] == back
    assert not machine.is_new()


def test_an_upgrade_for_one_office_of_several_is_refused(monkeypatch):
    monkeypatch.setattr(module, "OFFICE", "jaten")
    with pytest.raises(StepFailed, match="for all of them"):
        module.upgrade(None, "")
