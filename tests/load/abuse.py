"""What readers lose while somebody asks for the worst that is allowed: ``make abuse``.

Starts the production stack (nginx, gunicorn, PostgreSQL) on a corpus of items. Readers from addresses of their own ask
for kept pages, cold pages and the search at a steady pace, first alone, then beside an abuser who asks one kind of
address (home/serving/bounds/table.py) for its worst legal request, first from one address, then from very many. Prints
for each kind how many of its requests were refused, the processor time that the site spent, and the readers' 99th
percentile beside that of the quiet stretch before; then p99 quiet, p99 under abuse, their ratio and whether the target
is met, and one line of JSON with the same figures. Twelve kinds of three stretches each, at six seconds: four minutes,
and one before them.

Usage: python -m tests.load.abuse [--items 2000] [--seconds 6] [--kinds search,page]
"""

import argparse
import contextlib
import http.client
import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.public.site import BASE_DIR, _environment, _find_postmaster, _run
from tests.bench.public.wrk import read_cpu
from tests.support.databases.postgres import temporary_postgres
from tests.support.front.nginx import find_or_install_nginx
from tests.support.front.stack import Front, running_front

from .worst import Request, list_articles, list_worst

#: The readers' p99 beside the abuser, at most so many times the quiet one.
TARGET = 2.0
#: A p99 below this many milliseconds is what the machine's own scheduler makes of it.
FLOOR_MS = 20.0
READERS, READS_PER_SECOND = 4, 40
ABUSERS, ABUSES_PER_SECOND = 16, 300
#: Of the many addresses from which an abuser may come.
MANY = 200


@dataclass
class Stretch:
    """What was seen while the readers read for some seconds."""

    reads: list[float] = field(default_factory=list)
    turned_away: int = 0
    answers: list[int] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def p99(self) -> float:
        """In milliseconds."""
        return statistics.quantiles(self.reads, n=100)[98] * 1000

    @property
    def p50(self) -> float:
        return statistics.median(self.reads) * 1000


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=6, help="of each stretch")
    parser.add_argument("--kinds", default="", help="only these kinds of address, with commas between")
    options = parser.parse_args(arguments)
    find_or_install_nginx()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mojogedang-abuse-")))
        server = stack.enter_context(temporary_postgres())
        environment = _environment(folder, server, "postgres")
        _run(environment, "manage.py", "migrate", "--verbosity", "0")
        _run(environment, "-m", "tests.bench.public.corpus", "seed")
        # Beyond a bound nginx gives out this file.
        (folder / "static" / "home").mkdir(parents=True)
        shutil.copy(BASE_DIR / "home" / "static" / "home" / "terlalu-sering.html", folder / "static" / "home")
        _run(environment, "-m", "tests.load.worst", server, str(options.items))
        front = stack.enter_context(running_front(folder, environment, folder, workers=3))
        worst = list_worst(front)
        kinds = options.kinds.split(",") if options.kinds else list(worst)
        roots = [front.front_pid, front.app.pid, _find_postmaster(server)]
        figures = _measure(front, roots, {kind: worst[kind] for kind in kinds}, options.seconds)
    _report(figures)


def _measure(front, roots, worst, seconds) -> dict:
    pages = _list_reads(front)
    front.warm(*(page for page in pages if "?" not in page))
    _watch(front, roots, pages, None, 1, min(seconds, 5))
    figures = {}
    for kind, request in worst.items():
        quiet = _watch(front, roots, pages, None, 1, seconds)
        for addresses in (1, MANY):
            noisy = _watch(front, roots, pages, request, addresses, seconds)
            figures[kind, addresses] = quiet, noisy
            print(_describe(kind, addresses, quiet, noisy, seconds), flush=True)
    return figures


def _list_reads(front: Front) -> list[str]:
    """Return what readers ask: mostly what is kept, some of what Django makes."""
    articles = list_articles(front)[:5]
    return [*articles, "/", "/berita/", f"{articles[0]}?dari=surat", "/berita/?x=1", "/cari/?q=irigasi"]


def _watch(front, roots, pages, request, addresses, seconds) -> Stretch:
    """Let the readers read so long, beside an abuser where there is a request for one."""
    seen, stop = Stretch(), threading.Event()
    jobs = [(_read, (front, pages, number, seen, stop)) for number in range(READERS)]
    if request is not None:
        jobs += [(_abuse, (front, request, number, addresses, seen, stop)) for number in range(ABUSERS)]
    threads = [threading.Thread(target=job, args=values) for job, values in jobs]
    before = read_cpu(roots)
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    seen.cpu = sum(used - before.get(pid, 0) for pid, used in read_cpu(roots).items())
    return seen


def _read(front, pages, number, seen, stop) -> None:
    pause, turn = READERS / READS_PER_SECOND, number
    due = time.monotonic()
    while not stop.is_set():
        turn += 1
        answer, took = _ask(front, Request("GET", pages[turn % len(pages)]), f"198.51.100.{number + 1}")
        seen.reads.append(took)
        seen.turned_away += answer != 200
        due = max(due + pause, time.monotonic() - pause)
        stop.wait(max(0.0, due - time.monotonic()))


def _abuse(front, request, number, addresses, seen, stop) -> None:
    pause, turn = ABUSERS / ABUSES_PER_SECOND, number
    while not stop.is_set():
        began = time.monotonic()
        turn += ABUSERS
        mine = turn % addresses
        answer, _took = _ask(front, request, f"203.0.{113 + mine // 250}.{1 + mine % 250}")
        seen.answers.append(answer)
        stop.wait(max(0.0, began + pause - time.monotonic()))


def _ask(front, request, reader) -> tuple[int, float]:
    """Return the status, 0 for a connection that broke, and how long the whole answer took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=90)
    headers = {"Host": f"127.0.0.1:{front.port}", "X-Reader": reader} | request.headers
    with contextlib.closing(connection):
        try:
            connection.request(request.method, request.path, body=request.body, headers=headers)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
    return status, time.monotonic() - began


def _describe(kind, addresses, quiet, noisy, seconds) -> str:
    refused = sum(status in {429, 413} for status in noisy.answers)
    return (
        f"{kind:22} from {addresses:3}: {len(noisy.answers):5} asked, {refused:5} refused; "
        f"processors {quiet.cpu / seconds:.2f} → {noisy.cpu / seconds:.2f}; "
        f"readers' p50 {quiet.p50:.0f} → {noisy.p50:.0f} ms, p99 {quiet.p99:.0f} → {noisy.p99:.0f} ms "
        f"({_get_ratio(quiet, noisy):.2f}), turned away {noisy.turned_away}"
    )


def _get_ratio(quiet, noisy) -> float:
    return max(noisy.p99, FLOOR_MS) / max(quiet.p99, FLOOR_MS)


def _report(figures) -> None:
    rows = {
        f"{kind} from {addresses}": {
            "asked": len(noisy.answers),
            "refused": sum(status in {429, 413} for status in noisy.answers),
            "errors": sum(status >= 500 or status == 0 for status in noisy.answers),
            "quiet_p99_ms": round(quiet.p99, 1),
            "p99_ms": round(noisy.p99, 1),
            "ratio": round(_get_ratio(quiet, noisy), 2),
            "turned_away": noisy.turned_away,
        }
        for (kind, addresses), (quiet, noisy) in figures.items()
    }
    # The two of one kind have one quiet stretch.
    quiet = Stretch([took for (_kind, addresses), pair in figures.items() if addresses == 1 for took in pair[0].reads])
    noisy = Stretch([took for pair in figures.values() for took in pair[1].reads])
    total = _get_ratio(quiet, noisy)
    met = total <= TARGET and not any(row["turned_away"] or row["errors"] for row in rows.values())
    print(
        f"p99 quiet {quiet.p99:.0f} ms, under abuse {noisy.p99:.0f} ms, ratio {total:.2f}, at most {TARGET:.0f}:",
        end=" ",
    )
    print("met" if met else "NOT MET")
    ends = {"quiet_p99_ms": round(quiet.p99, 1), "p99_ms": round(noisy.p99, 1), "p99_ratio": round(total, 2)}
    print(json.dumps(ends | {"target": TARGET, "is_met": met, "kinds": rows}))


if __name__ == "__main__":
    main(sys.argv[1:])
