"""Upgrade: a snapshot first, then the new version, and back to the snapshot where anything of it fails.

From the first step to the last nobody writes: readers get the pages that are kept, and a plain page for the rest, and
the worker, which could post, starts only once the new version has answered. So going back loses nothing, also where
the terminal is closed half-way, or where the machine loses its power: the next call then goes back first. Offices that
share the machine share its version: all go, or none does.
"""

import http.client
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import database
from .application import COLLECTED, read_env, read_stamp
from .front import SHARED, SITE
from .machine import (
    CODE,
    DATA,
    ENV_FILE,
    OFFICE,
    OFFICES,
    STATE,
    USER,
    StepFailed,
    get_data,
    has_systemd,
    manage,
    name_unit,
    run,
    write,
)
from .offices import list_offices, require_offices, start_for
from .plan import Plan
from .services import SYSTEMD

#: While this file lies here nginx asks Django nothing (templates/server/nginx.conf).
FLAG = DATA / "pemeliharaan"
#: Beside the files themselves: uploads are linked, not copied.
SNAPSHOT = DATA / "before-upgrade"
#: While it lies here no page is dropped (home/pagecache/generation.py).
FROZEN = DATA / "pages" / "frozen"
#: The commit to go back to, from the whole snapshot on until the new version has answered.
UNDER_WAY = STATE / "upgrading"
#: How ``cp`` keeps each folder: an upload is never written anew in its place, a compressed static file is.
_FILES = {"media": "--link", "private": "--link", "static": "--reflink=auto"}
#: The digests of the program's files (home/watch/manifest.py).
_MANIFEST = "berkas-program.json"
_VENV = CODE / ".venv"
_WEB, _WORKER = name_unit("situs-web.service"), name_unit("situs-worker.service")
_PATIENCE = 90


@dataclass(frozen=True)
class Versions:
    """Commits: where the machine is, and where it shall be."""

    old: str
    new: str


def upgrade(plan: Plan | None, version: str, dry_run: bool = False) -> None:
    """Bring the machine to a version, by default the newest of its branch; raise StepFailed after going back.

    ``plan`` is that of the office with the machine's own names, None without one.
    """
    if OFFICE:
        raise StepFailed("Offices share one version: an upgrade is for all of them. Leave OFFICE away.")
    if UNDER_WAY.is_file() and not dry_run:
        _finish_going_back(plan)
    versions = find_versions(version)
    print(f"From {versions.old[:12]} to {versions.new[:12]}", flush=True)
    print(run("git", "log", "--oneline", "--no-decorate", f"{versions.old}..{versions.new}").rstrip(), flush=True)
    if dry_run:
        return
    if not has_systemd():
        raise StepFailed("systemd does not run here: nothing could stop and start the services.")
    _say("Readers get kept pages; services stop")
    _listen_to_signals(_break_off)
    try:
        _for_each("close", plan)
        _say("Snapshot of database, files and packages")
        _for_each("snapshot", plan)
        keep_packages()
        write(UNDER_WAY, versions.old)
    except BaseException as error:
        _for_each("open", plan)
        raise StepFailed(f"{error}\n\nThe upgrade did not begin: {versions.old[:12]} serves as before.") from error
    try:
        bring_to(plan, versions.new)
    except BaseException as error:
        _say("FAILED; going back")
        _return_to(plan, versions.old)
        raise StepFailed(f"{error}\n\nThe site is back at {versions.old[:12]}, as it was.") from error
    UNDER_WAY.unlink()
    try:
        _for_each("open", plan)
    except StepFailed as error:
        told = f"{versions.new[:12]} is in place and has answered, but not all of it runs."
        raise StepFailed(f"{error}\n\n{told} Once the reason is mended: make upgrade") from error
    _say(f"Done. The snapshot stays in {SNAPSHOT} until the next upgrade")


def _for_each(verb: str, plan: Plan | None) -> None:
    """Do one of ``ACTS`` for every office: for that with the machine's own names here, by this version's code."""
    for office in list_offices():
        if office == OFFICE and plan is not None:
            ACTS[verb](plan)
        elif start_for(office, verb).returncode:
            raise StepFailed(f"{office}: {verb} failed; its message stands above.")


def _return_to(plan: Plan | None, commit: str) -> None:
    """Stop all offices by names that no version changes, lay the old one out, and let it go back for each."""
    _listen_to_signals(signal.SIG_IGN)
    both = ("situs-worker.service", "situs-web.service")
    run("systemctl", "stop", *(name_unit(name, office) for office in list_offices() for name in both))
    lay_out_old(commit)
    _for_each("return", plan)
    UNDER_WAY.unlink()
    _for_each("open", plan)


def _finish_going_back(plan: Plan | None) -> None:
    commit = UNDER_WAY.read_text()
    _say("The last upgrade was cut off, or could not go back; going back")
    for office in list_offices():
        write(get_data(office) / FLAG.name if office else FLAG, "")
    # git was cut off as well.
    (CODE / ".git" / "index.lock").unlink(missing_ok=True)
    _return_to(plan, commit)
    raise StepFailed(f"The site is back at {commit[:12]}, as it was before the upgrade that was cut off. Try it again.")


def _listen_to_signals(handler) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _break_off(number, frame) -> None:
    raise StepFailed(f"Broken off by {signal.Signals(number).name}.")


def close(plan: Plan) -> None:
    """Let nobody write: nginx asks Django nothing, no process runs, kept pages stay as they are."""
    write(FLAG, "")
    run("systemctl", "stop", _WORKER, _WEB)
    if _knows("freeze_pages"):
        manage("freeze_pages")


def _knows(command: str) -> bool:
    """Return whether the version that is laid out has a command: 0.1.0 has neither of those that are asked for."""
    return any(CODE.glob(f"home/**/management/commands/{command}.py"))


def open_again(plan: Plan) -> None:
    """Let readers and editors in, then the worker; a page is missing only once the web processes are asked for it."""
    run("systemctl", "start", _WEB)
    FLAG.unlink(missing_ok=True)
    FROZEN.unlink(missing_ok=True)
    run("systemctl", "start", _WORKER)


def find_versions(version: str) -> Versions:
    """Return both commits; raise StepFailed where the code was changed by hand or the version is unknown."""
    offices = require_offices()
    if changed := run("git", "status", "--porcelain", "--untracked-files=no"):
        raise StepFailed(f"Files were changed by hand; an upgrade would lose that:\n{changed}")
    for office in offices:
        _check_files(office)
    run("git", "fetch", "--quiet", "--tags", "--force")
    wanted = version or "@{upstream}"
    try:
        new = run("git", "rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}").strip()
    except StepFailed as error:
        raise StepFailed(f"There is no version {wanted}. Name a tag or a commit: make upgrade VERSION=...") from error
    return Versions(run("git", "rev-parse", "HEAD").strip(), new)


def _check_files(office: str) -> None:
    """Raise StepFailed where a snapshot would not hold the database, or files of the program were changed."""
    user, file = (f"situs-{office}", OFFICES / f"{office}.env") if office else (USER, ENV_FILE)
    if not (database_url := read_env(file).get("DATABASE_URL", "")).endswith(f"/{user}"):
        place = database_url.rpartition("@")[2]
        raise StepFailed(
            f"A snapshot is made of the database {user} alone, and this site has {place}: upgrade by hand."
        )
    # Static files and packages as well: what somebody else changed would be taken for what was installed.
    if not office and _knows("file_manifest"):
        try:
            manage("file_manifest")
        except StepFailed as error:
            hint = "Where you changed that yourself, .env too: manage.py file_manifest --renew (docs/operations.md)"
            raise StepFailed(f"{error}\n{hint}") from error
    elif office and start_for(office, "compare").returncode:
        raise StepFailed(f"{office}: files were changed; see above.")


def take_snapshot(plan: Plan) -> None:
    """Keep the database as a dump and the files, uploads as links; the ones before go."""
    shutil.rmtree(SNAPSHOT, ignore_errors=True)
    SNAPSHOT.mkdir(mode=0o700)
    shutil.chown(SNAPSHOT, USER, USER)
    run("pg_dump", "--format=custom", f"--file={SNAPSHOT / 'database.dump'}", USER, user=USER)
    for name, way in _FILES.items():
        if (DATA / name).is_dir():
            run("cp", "--archive", way, DATA / name, SNAPSHOT / name)
    for place in (DATA / _MANIFEST, ENV_FILE, SITE, SHARED, *SYSTEMD.glob("situs-*")):
        if place.is_file():
            kept = SNAPSHOT / "machine" / place.relative_to("/")
            kept.parent.mkdir(parents=True, exist_ok=True)
            run("cp", "--archive", place, kept)


def keep_packages() -> None:
    """Copy the packages; the copy before goes."""
    # A machine that was set up by hand has no such folder.
    STATE.mkdir(exist_ok=True)
    shutil.rmtree(_get_old_venv(), ignore_errors=True)
    run("cp", "--archive", "--reflink=auto", _VENV, _get_old_venv())


def bring_to(plan: Plan | None, commit: str) -> None:
    """Lay out a version, let its own installer prepare the machine, and hear the web processes answer."""
    run("git", "reset", "--hard", "--quiet", commit)
    _say("The new version prepares the machine")
    for office in list_offices():
        _prepare(office, "The new version could not prepare the machine; its message stands above.")
    _for_each("begin", plan)


def _prepare(office: str, told: str) -> None:
    if start_for(office, "prepare").returncode:
        raise StepFailed(told)


def begin(plan: Plan) -> None:
    """Start the web processes of a new version and hear them answer."""
    manage("rebuild_search")
    _start_and_wait(plan)


def wait_for_web(plan: Plan) -> None:
    """Wait until the web processes, asked without nginx, show the front page; raise StepFailed where they do not."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            status, said = _ask_web(plan), ""
        except (OSError, http.client.HTTPException) as error:
            status, said = 0, str(error)
        if status == 200:
            return
        if status or time.monotonic() > deadline:
            raise StepFailed(f"The front page gives {status or said}. See: journalctl -u {_WEB}")
        time.sleep(1)


def _ask_web(plan: Plan) -> int:
    host, _colon, port = read_env().get("WEB_BIND", "127.0.0.1:8001").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    # Asked as nobody's page: with a query, so that the page is made anew.
    connection.request("GET", "/?upgrade", headers={"Host": plan.domain, "X-Forwarded-Proto": "https"})
    return connection.getresponse().status


def lay_out_old(commit: str) -> None:
    """Bring back code and packages."""
    run("git", "reset", "--hard", "--quiet", commit)
    shutil.rmtree(_VENV, ignore_errors=True)
    run("cp", "--archive", "--reflink=auto", _get_old_venv(), _VENV)


def go_back(plan: Plan) -> None:
    """Bring back database and files of the snapshot, and the units and nginx of that version, whose code lies there."""
    run("dropdb", "--if-exists", "--force", USER, user="postgres")
    database.make_database(plan)
    restore = ["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={USER}", SNAPSHOT / "database.dump"]
    run(*restore, user=USER)
    for name in _FILES:
        _put_back(SNAPSHOT / name, DATA / name)
    _put_machine_files_back()
    write(COLLECTED, read_stamp())
    if not _has_installer():
        # 0.1.0 was set up by hand: its own files are back, and there is no installer to look at them.
        run("systemctl", "daemon-reload")
        run("service", "nginx", "reload")
        _start_and_wait(plan)
        return
    _prepare(
        OFFICE,
        f"Going back failed; the snapshot is whole in {SNAPSHOT}. Readers still get kept pages. "
        "Once the reason is mended, make upgrade goes back.",
    )
    _start_and_wait(plan)


def _has_installer() -> bool:
    """Return whether the version that is laid out has one; Python's own folders of a newer version stay behind."""
    return (CODE / "kecamatan_site" / "production" / "__main__.py").is_file()


def _put_machine_files_back() -> None:
    """Bring back what was there, and take away the units that were not."""
    kept = SNAPSHOT / "machine"
    for unit in SYSTEMD.glob("situs-*"):
        if not (kept / unit.relative_to("/")).exists():
            unit.unlink()
    for path in kept.rglob("*"):
        if path.is_file():
            run("cp", "--archive", path, Path("/") / path.relative_to(kept))


def _start_and_wait(plan: Plan) -> None:
    run("systemctl", "start", _WEB)
    wait_for_web(plan)


def _put_back(kept: Path, place: Path) -> None:
    """Exchange a folder by two renames: kept pages show its files all the while."""
    new, old = (place.with_name(f".{place.name}.{word}") for word in ("new", "old"))
    for each in (new, old):
        shutil.rmtree(each, ignore_errors=True)
    if kept.is_dir():
        run("cp", "--archive", _FILES[kept.name], kept, new)
    if place.exists():
        place.rename(old)
    if new.exists():
        new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _get_old_venv() -> Path:
    """Where only root may write."""
    return STATE / "venv-before"


def _say(text: str) -> None:
    print(f"--- {text}", flush=True)


#: What an upgrade does for one office.
ACTS: dict[str, Callable[[Plan], object]] = {
    "close": close,
    "snapshot": take_snapshot,
    "begin": begin,
    "return": go_back,
    "open": open_again,
    "compare": lambda plan: manage("file_manifest"),
}
