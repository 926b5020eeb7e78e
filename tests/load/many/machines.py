"""Two machines on one PostgreSQL under load, a worker and a web process killed: ``make machines``.

Each machine has nginx, a web process and kept pages of its own; both have the same uploads, in folders as a mounted one
is or in an S3 store (``--media s3``), and three workers share the work. Items with a picture go live by the clock while
people read at both machines. Each must then be read at both, with its picture byte for byte the same, and have gone
live once; after a take-down neither machine shows page or picture any more. Ends with one line of JSON, and with 1
where not.
"""

import argparse
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from tests.load.databases import make_environment
from tests.support.front.stack import Front, running_front

BASE_DIR = Path(__file__).resolve().parents[3]
SETTINGS = "tests.support.front.settings"
#: Seconds within which a change must be seen, however busy the machine that plays both.
PATIENCE = 300


def main(arguments: list[str]) -> int:
    """Return 0 where both machines showed what they must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=12)
    parser.add_argument("--media", choices=["folder", "s3"], default="folder", help="where both have their uploads")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.here:
        return _run_here(options.items)
    with ExitStack() as stack:
        environment = stack.enter_context(make_environment("postgresql"))
        shared = Path(environment["TEST_DATA_DIR"]) / "shared"
        for machine in ("a", "b"):
            shared.with_name(machine).mkdir()
        store = _start_store(stack) if options.media == "s3" else _share_folders(shared)
        own = {"DJANGO_SETTINGS_MODULE": SETTINGS, "TEST_DATA_DIR": str(shared.with_name("a"))}
        command = [sys.executable, "-m", "tests.load.many.machines", "--here", "--items", str(options.items)]
        return subprocess.run(command, env=environment | own | store).returncode


def _share_folders(shared: Path) -> dict[str, str]:
    for name in ("media", "private"):
        (shared / name).mkdir(parents=True)
        for machine in ("a", "b"):
            (shared.with_name(machine) / name).symlink_to(shared / name)
    return {}


def _start_store(stack: ExitStack) -> dict[str, str]:
    """Start an S3 server with one bucket, and return the settings of it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    stack.callback(server.stop)
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "situs", "aws_secret_access_key": "uji"}
    address = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(Bucket="unggahan")
    account = {"MEDIA_S3_KEY_ID": "situs", "MEDIA_S3_SECRET": "uji"}
    return account | {"MEDIA_STORE": "s3://unggahan/situs", "MEDIA_S3_ENDPOINT": address}


def _run_here(items: int) -> int:
    import django
    from django.conf import settings

    django.setup()
    figures = Counter({"items": items, "workers": 3, "web_processes": 2, "in_a_store": int(bool(settings.MEDIA_STORE))})
    with ExitStack() as stack:
        fronts = [stack.enter_context(_running_machine(name)) for name in ("a", "b")]
        workers = [_start_worker(stack, name) for name in ("a", "a", "b")]
        reads = stack.enter_context(_reading(fronts))
        figures.update(_publish(fronts, workers, items))
        # What readers met: only the machine whose web process was killed may have said that it does not answer.
        figures.update(reads)
    print(json.dumps(figures), flush=True)
    wrong = figures["unseen"] + figures["other_pictures"] + figures["not_once"] + figures["still_shown"]
    return int(bool(wrong or figures["failed_reads_a"]))


def _get_environment(name: str) -> dict[str, str]:
    return os.environ | {"TEST_DATA_DIR": str(Path(os.environ["TEST_DATA_DIR"]).with_name(name))}


def _running_machine(name: str):
    environment = _get_environment(name)
    return running_front(environment["TEST_DATA_DIR"], environment, environment["TEST_DATA_DIR"], workers=1)


def _start_worker(stack: ExitStack, name: str) -> subprocess.Popen:
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=BASE_DIR, env=_get_environment(name))
    stack.callback(worker.wait, timeout=120)
    stack.callback(worker.terminate)
    return worker


class _reading:  # noqa: N801 - used as a function
    """Read the list and the front page at both machines until the block ends; count by machine what did not come."""

    def __init__(self, fronts: list[Front]):
        self.stop, self.counts = threading.Event(), Counter()
        self.threads = [
            threading.Thread(target=self._read, args=each)
            for each in zip("ab", fronts, strict=True)
            for _reader in "12"
        ]

    def __enter__(self) -> Counter:
        for thread in self.threads:
            thread.start()
        return self.counts

    def __exit__(self, *error):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _read(self, name: str, front: Front) -> None:
        while not self.stop.is_set():
            for path in ("/", "/berita/"):
                try:
                    status = front.get(path).status
                except OSError:
                    status = 0
                self.counts["reads"] += 1
                self.counts[f"failed_reads_{name}"] += status != 200
            time.sleep(0.05)


def _publish(fronts: list[Front], workers: list[subprocess.Popen], items: int) -> Counter:
    """Let items go live by the clock, kill in the middle, take the first one down; count what was wrong."""
    from django.utils import timezone

    from moderation.chain.transitions import take
    from moderation.models import AuditEntry
    from tests.support.factories import Office, make_photo

    office, counts, begun = Office.open(), Counter(), []
    counts.update(dict.fromkeys(("unseen", "other_pictures", "not_once", "still_shown"), 0))
    for number in range(items):
        if number == items // 2:
            workers[0].kill()
            _kill_web(fronts[1])
        item = office.bring_to("composing", office.issue(f"Panen raya nomor {number}"))
        photo = make_photo(f"Panen {number}")
        office.write(item, main_image=photo, main_image_alt="Saluran irigasi", main_image_credit="Staf")
        item = office.bring_to("ordered", item, go_live_at=timezone.now() + timedelta(seconds=30))
        begun.append(take(item, "schedule", office.staf1))
    for item in begun:
        page = item.get_page()
        if not all(_waits_for(front, page.url, 200) for front in fronts):
            counts["unseen"] += 1
            continue
        found = [_ask(front, _find_picture(front, page.url)) for front in fronts]
        counts["other_pictures"] += found[0] != found[1] or found[0][0] != 200
        lines = AuditEntry.objects.filter(page_id=page.pk, action="publish").count()
        counts["not_once"] += lines != 1
    begun[0].refresh_from_db()
    page = begun[0].get_page()
    picture = _find_picture(fronts[0], page.url)
    take(begun[0], "take_down", office.sekretaris, {"comment": "Keliru."})
    since = time.monotonic()
    for front in fronts:
        counts["still_shown"] += not (_waits_for(front, page.url, 410) and _waits_for(front, picture, 404))
    counts["gone_everywhere_after_ms"] = round((time.monotonic() - since) * 1000)
    return counts


def _find_picture(front: Front, path: str) -> str:
    """Return the address of the first picture of a page."""
    found = re.search(r"/media/images/[^\s\"]+", front.get(path).text)
    return found[0] if found else "/media/images/none"


def _ask(front: Front, path: str) -> tuple[int, str]:
    answer = front.get(path)
    return answer.status, answer.text


def _waits_for(front: Front, path: str, status: int) -> bool:
    """Say whether a machine gives this status in the end."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if front.get(path).status == status:
            return True
        time.sleep(0.05)
    return False


def _kill_web(front: Front) -> None:
    """Kill the process that answers; its parent starts another."""
    children = Path(f"/proc/{front.app.pid}/task/{front.app.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
