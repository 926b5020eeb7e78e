"""A bare Debian 12 in a folder, with processes, mounts and files of its own; the network is this machine's."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]
PORTS = (80, 443, 5432, 8001)
#: What a machine has before the project comes: what gets it and starts it, and systemd to verify the units.
BEFORE = ("git", "make", "python3", "systemd")
PIP = ("PIP_CERT", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT")
MOUNTS = """
set -e
mount --make-rprivate /
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount -t tmpfs tmpfs "$1/run"
mkdir -p "$1/run/systemd/system" "$1/run/lock"
exec chroot "$1" sleep infinity
"""


class CannotTry(Exception):
    """This machine cannot hold a bare Debian; the message says why."""


class BareDebian:
    """The root; ``run`` runs a command in it as its root user."""

    def __init__(self, root: Path, pid: int):
        self.root, self._pid = root, pid
        # How pip reaches its packages from this machine; folders of this machine are not in the root.
        pip = {name: value for name, value in os.environ.items() if name in PIP}
        self._environment = pip | {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
        }
        if certificates := pip.get("PIP_CERT"):
            shutil.copy(certificates, root / "etc" / "pip.pem")
            self._environment["PIP_CERT"] = "/etc/pip.pem"

    def run(self, *command: str, show: bool = False, **options) -> subprocess.CompletedProcess:
        """Run a command in the project's folder, or in / before there is one; the caller looks at its end."""
        output = {} if show else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(self._enter(command), **self._options, check=False, **output, **options)

    def start(self, *command: str, output) -> subprocess.Popen:
        """Start a command whose words go to an open file."""
        return subprocess.Popen(self._enter(command), **self._options, stdout=output, stderr=subprocess.STDOUT)

    @property
    def _options(self) -> dict:
        return {"env": self._environment, "text": True, "stdin": subprocess.DEVNULL}

    def _enter(self, command: tuple[str, ...]) -> list[str]:
        place = "/srv/situs" if (self.root / "srv" / "situs").is_dir() else "/"
        return ["nsenter", f"--target={self._pid}", "--mount", "--pid", "--root", f"--wdns={place}", "--", *command]

    def find_processes(self, word: str) -> list[int]:
        """Return the processes in the root whose command line has a word."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                is_inside = str((process / "root").readlink()) == str(self.root)
                if is_inside and word in (process / "cmdline").read_text().replace("\0", " "):
                    found.append(int(process.name))
        return found

    def read_processor_time(self) -> float:
        """Return the seconds that all processes in the root took so far; its first one waits for none that ended."""
        space, ticks = Path(f"/proc/{self._pid}/ns/pid").readlink(), 0
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "ns" / "pid").readlink() == space:
                    ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def get(self, *command: str) -> str:
        """Run a command that must end well; return what it said."""
        done = self.run(*command)
        if done.returncode:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-4000:]}")
        return done.stdout


def check_machine() -> None:
    """Raise CannotTry where something is missing that cannot be installed."""
    if os.geteuid() != 0:
        raise CannotTry("only root can make a root of its own")
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", port))
            except OSError as error:
                raise CannotTry(f"port {port} is taken: the network is shared with this machine") from error
    if not shutil.which("debootstrap"):
        _call("apt-get", "update", "-qq")
        _call("apt-get", "install", "-y", "-qq", "--no-install-recommends", "debootstrap")


def _call(*command) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise CannotTry(f"{' '.join(map(str, command))} failed: {(done.stderr or done.stdout).strip()[-500:]}")


@contextlib.contextmanager
def running_debian(base: Path | None = None):
    """Make the root, hold its processes until the block ends, and delete it; ``base`` keeps what debootstrap made."""
    check_machine()
    with tempfile.TemporaryDirectory(prefix="bare-debian-", ignore_cleanup_errors=True) as folder:
        base, root = base or Path(folder) / "base", Path(folder) / "root"
        if not (base / "etc" / "debian_version").exists():
            _call("debootstrap", "--variant=minbase", "bookworm", base)
        _call("cp", "--archive", "--reflink=auto", base, root)
        shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
        # Packages start nothing: the installer does. logrotate may tell nginx that its log is a new one.
        (root / "usr" / "sbin" / "policy-rc.d").write_text('#!/bin/sh\n[ "$2" = rotate ] || exit 101\n')
        (root / "usr" / "sbin" / "policy-rc.d").chmod(0o755)
        holder = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", MOUNTS, "sh", str(root)],
            stdin=subprocess.DEVNULL,
        )
        try:
            debian = BareDebian(root, _find_child(holder))
            debian.get("apt-get", "update", "-qq")
            debian.get("apt-get", "install", "-y", "-qq", "--no-install-recommends", *BEFORE)
            debian.get("dpkg-divert", "--local", "--rename", "--add", "/bin/systemctl")
            shutil.copy(Path(__file__).with_name("systemctl.py"), root / "usr" / "bin" / "systemctl")
            (root / "usr" / "bin" / "systemctl").chmod(0o755)
            yield debian
        finally:
            holder.kill()
            holder.wait()


def _find_child(holder: subprocess.Popen) -> int:
    """Return the process in the root, once it waits there."""
    children = Path(f"/proc/{holder.pid}/task/{holder.pid}/children")
    deadline = time.monotonic() + 20
    while True:
        if holder.poll() is not None:
            raise CannotTry("mounts of its own are refused here")
        pids = children.read_text().split()
        if pids and Path(f"/proc/{pids[0]}/comm").read_text().strip() == "sleep":
            return int(pids[0])
        if time.monotonic() > deadline:
            raise CannotTry("the root did not come up")
        time.sleep(0.1)
