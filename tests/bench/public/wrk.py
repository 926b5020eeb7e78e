"""The load of a measurement: wrk from the distribution, and the processor time of the processes it asked."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_REPORT = """
done = function(summary, latency, requests)
  local wrong = summary.errors
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"errors":%d,"p50":%d,"p99":%d}\\n', summary.requests,
    summary.duration, wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What came of asking one address for a while."""

    requests: int
    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    errors: int


def find_or_install_wrk() -> str:
    """Root on a Debian installs what is missing."""
    if path := shutil.which("wrk"):
        return path
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "wrk"]):
        subprocess.run(["apt-get", *arguments], check=True, stdout=subprocess.DEVNULL)
    return shutil.which("wrk")


def put_load(
    address: str, roots, *, seconds: float, connections: int, headers: Mapping[str, str] = MappingProxyType({})
) -> Load:
    """Ask an address as fast as it answers; the time counts of ``roots`` and of everything below them."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_REPORT)
        script.flush()
        before = read_cpu(roots)
        command = [find_or_install_wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s"]
        sent = {"Accept-Encoding": "gzip", **headers}
        command += [word for name, value in sent.items() for word in ("-H", f"{name}: {value}")]
        done = subprocess.run(
            [*command, "-s", script.name, address],
            capture_output=True,
            text=True,
            check=True,
        )
        after = read_cpu(roots)
    # A process that has ended meanwhile took its count along.
    cpu = sum(seconds - before.get(pid, 0) for pid, seconds in after.items())
    found = json.loads(done.stdout.strip().splitlines()[-1])
    count = max(found["requests"], 1)
    return Load(
        found["requests"],
        count / (found["microseconds"] / 1e6),
        cpu * 1000 / count,
        found["p50"] / 1000,
        found["p99"] / 1000,
        found["errors"],
    )


def read_cpu(roots) -> dict[int, float]:
    """The processor time, in seconds, of these processes and all below them."""
    return {pid: (int(fields[11]) + int(fields[12])) / _TICKS for pid, fields in _walk(roots)}


def read_peak(roots) -> float:
    """The largest memory that one process among these ever held, in megabytes."""
    peaks = [0]
    for pid, _fields in _walk(roots):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return max(peaks) / 1024


def _walk(roots):
    """Yield every process below the roots with the fields of its stat behind its name."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It has just ended.
    wanted = set(roots)
    while more := {pid for pid, fields in found.items() if int(fields[1]) in wanted} - wanted:
        wanted |= more
    return [(pid, found[pid]) for pid in wanted if pid in found]


def wait_until(condition, seconds=60):
    """Return the moment at which the condition held."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "too slow"
        time.sleep(0.005)
    return time.monotonic()
