"""Lighthouse on a telephone, for the front page, a list and an article of the demo: ``make lighthouse``.

Starts the production stack on loopback (nginx before gunicorn, production settings, the demo's content), asks each
page several times and prints the medians of the four categories, then what took points. Ends with 1 where a median is
below 99 / 100 / 100 / 100.

Usage: python -m tests.bench.public.lighthouse [--runs 3] [--keep FOLDER] [/address/ ...]
"""

import argparse
import contextlib
import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.management.utils import get_random_secret_key

from tests.support.chromium import find_or_install_chromium
from tests.support.front.nginx import find_or_install_nginx
from tests.support.front.stack import running_front
from tests.support.node_packages import PROGRAMS, find_or_install_packages, get_environment

BASE_DIR = Path(__file__).resolve().parents[3]
LEAST = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
BROWSER = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"
#: Nothing of this weighs in a score: loopback has no TLS, and these audits only inform.
SILENT_MODES = {"informative", "notApplicable", "manual", "error"}


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addresses", nargs="*", help="pages; the front page, the list of news and its first article")
    parser.add_argument("--runs", type=int, default=3, help="how often each page is asked")
    parser.add_argument("--keep", type=Path, help="where to put Lighthouse's own reports")
    options = parser.parse_args(arguments)
    find_or_install_nginx()
    chromium = find_or_install_chromium()
    program = find_or_install_packages("lighthouse") / "lighthouse/cli/index.js"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mojogedang-lighthouse-")))
        front = stack.enter_context(_open_demo(folder))
        addresses = options.addresses or ["/", "/berita/", _find_article(front)]
        front.warm(*addresses)
        reports = {
            address: [_ask(program, chromium, front.address + address, folder) for _number in range(options.runs)]
            for address in addresses
        }
    if options.keep:
        _keep(reports, options.keep)
    return _tell(reports)


@contextlib.contextmanager
def _open_demo(folder):
    """The demo's content in the settings of production; its accounts are known, and nobody else reaches this site."""
    environment = get_environment() | {
        "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.production",
        "SECRET_KEY": get_random_secret_key(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "DATA_DIR": str(folder),
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "situs@situs.example",
        "CHANNEL_KEYS": Fernet.generate_key().decode(),
    }
    with running_front(folder, environment, folder) as front:
        for command in (
            ["migrate", "--verbosity=0"],
            ["collectstatic", "--noinput", "--verbosity=0"],
            ["demo", "--with-known-password"],
        ):
            _run(front.environment, "manage.py", *command)
        # The web processes began before there was a list of the static files' names.
        front.stop_app()
        front.start_app()
        yield front


def _run(environment, *command) -> None:
    done = subprocess.run([sys.executable, *command], cwd=BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed")


def _find_article(front) -> str:
    """The newest item of the list."""
    return re.search(r'<h2><a href="(/berita/[^"]+)"', front.get("/berita/").text)[1]


def _ask(program, chromium, address, folder) -> dict:
    target = folder / "report.json"
    command = [
        *(PROGRAMS / "node", program, address, "--quiet", f"--chrome-flags={BROWSER}"),
        *("--output=json", f"--output-path={target}", f"--only-categories={','.join(LEAST)}"),
    ]
    environment = get_environment() | {"CHROME_PATH": chromium}
    # The trace of a fresh browser now and then lacks its beginning (NO_NAVSTART); Lighthouse says to ask again.
    for _attempt in range(3):
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if "NO_NAVSTART" not in done.stderr:
            break
    if done.returncode:
        raise SystemExit(f"Lighthouse failed on {address}: {done.stderr.strip()[-500:]}")
    return json.loads(target.read_text())


def _keep(reports, folder) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (address, runs) in enumerate(reports.items(), start=1):
        for run, report in enumerate(runs, start=1):
            name = address.strip("/").replace("/", "-") or "beranda"
            (folder / f"{number}-{name[:40]}-{run}.json").write_text(json.dumps(report))


def _tell(reports) -> int:
    width = max(map(len, reports))
    print(f"\n{'':{width}}" + "".join(f"{name:>16}" for name in LEAST))
    missed = False
    for address, runs in reports.items():
        scores = {name: statistics.median(run["categories"][name]["score"] * 100 for run in runs) for name in LEAST}
        missed = missed or any(scores[name] < least for name, least in LEAST.items())
        print(f"{address:{width}}" + "".join(f"{score:>16.0f}" for score in scores.values()))
    print(
        f"Lighthouse's own measure of this machine: {_measure_machine(reports):.0f} (a good laptop has 1500 and more)"
    )
    for address, runs in reports.items():
        for line in _list_losses(runs[-1]):
            print(f"{address}: {line}")
    print("MISSED" if missed else "met", "(99 / 100 / 100 / 100)")
    return 1 if missed else 0


def _measure_machine(reports) -> float:
    return statistics.median(run["environment"]["benchmarkIndex"] for runs in reports.values() for run in runs)


def _list_losses(report) -> list[str]:
    """What took points, or would where it weighed anything."""
    return [
        f"{name}: {audit['title']} {audit.get('displayValue', '')}".strip()
        for name, audit in report["audits"].items()
        if audit["scoreDisplayMode"] not in SILENT_MODES and audit["score"] is not None and audit["score"] < 0.99
    ]


if __name__ == "__main__":
    sys.exit(main())
