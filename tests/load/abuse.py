"""What readers lose while somebody asks for the worst that is allowed: ``make abuse``.

Starts the production stack (nginx, three web processes of one thread, PostgreSQL) on a corpus of items. Very many
readers, each from an address of its own, ask for kept pages, for lists and the search, which Django makes, at a steady
pace: first alone, then beside an abuser, a process of its own, who asks one kind of address
(home/serving/bounds/table.py) for its worst legal request, first from one address, then from very many.

Counted are all readers beside one address. Beside very many, those who ask the flooded kind itself are counted apart
and not in the target: no bound can tell them from the flood, and they get an answer or, at once, a 429 with its time.

Prints for each kind how many of its requests were refused, the processor time that the site spent, and the readers'
99th percentile beside that of the quiet stretch before; then p99 quiet, p99 under abuse, their ratio and whether the
target is met, and one line of JSON with the same figures. Thirteen kinds of three stretches each, at ten seconds:
seven minutes, and one before them. Only a machine that does nothing else tells the truth.

Usage: python -m tests.load.abuse [--items 2000] [--seconds 10] [--kinds search,page]
"""

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.bench.public.site import BASE_DIR, _environment, _find_postmaster, _run
from tests.bench.public.wrk import read_cpu
from tests.support.databases.postgres import temporary_postgres
from tests.support.front.nginx import find_or_install_nginx
from tests.support.front.stack import Front, running_front

from .worst import TURN, Request, list_articles, list_worst

#: The readers' p99 beside the abuser, at most so many times the quiet one.
TARGET = 2.0
#: A p99 below this many milliseconds is what the machine's own scheduler makes of it.
FLOOR_MS = 20.0
#: Each reader asks once in so many seconds.
READERS, PAUSE = 600, 10
ABUSERS, ABUSES_PER_SECOND = 16, 300
#: Of the many addresses from which an abuser may come.
MANY = 200
#: An abuser's machine is another one: here its processor time comes after the site's.
NICE = 10


@dataclass
class Read:
    """One page that a reader asked for."""

    kind: str
    status: int
    seconds: float


@dataclass
class Stretch:
    """What was seen while the readers read for some seconds."""

    reads: list[Read] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    #: Processors that the site took, on average.
    cpu: float = 0.0

    @property
    def p99(self) -> float:
        """In milliseconds; zero where nothing was read."""
        return statistics.quantiles(self._list_times(), n=100)[98] * 1000 if len(self.reads) > 1 else 0.0

    @property
    def p50(self) -> float:
        return statistics.median(self._list_times()) * 1000

    @property
    def turned_away(self) -> int:
        return sum(read.status != 200 for read in self.reads)

    @property
    def refused(self) -> int:
        return self.answers[429] + self.answers[413]

    def _list_times(self) -> list[float]:
        return [read.seconds for read in self.reads]

    def split(self, kind: str) -> tuple["Stretch", "Stretch"]:
        """Return the reads of other kinds, and those of this one."""
        ours = [read for read in self.reads if read.kind == kind]
        return replace(self, reads=[read for read in self.reads if read.kind != kind]), replace(self, reads=ours)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10, help="of each stretch")
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
        front = stack.enter_context(running_front(folder, environment, folder, workers=3, threads=1))
        worst = list_worst(front)
        kinds = options.kinds.split(",") if options.kinds else list(worst)
        roots = [front.front_pid, front.app.pid, _find_postmaster(server)]
        figures = _measure(front, roots, {kind: worst[kind] for kind in kinds}, options.seconds)
    _report(figures)


def _measure(front, roots, worst, seconds) -> dict:
    pages = _list_reads(front)
    front.warm(*(page for page, kind in pages if kind == KEPT))
    _watch(front, roots, pages, None, 1, min(seconds, 5))
    figures = {}
    for kind, request in worst.items():
        quiet = _watch(front, roots, pages, None, 1, seconds)
        for addresses in (1, MANY):
            noisy = _watch(front, roots, pages, request, addresses, seconds)
            counted, same = (noisy, replace(noisy, reads=[])) if addresses == 1 else noisy.split(kind.split()[0])
            figures[kind, addresses] = quiet, counted, same
            print(_describe(kind, addresses, quiet, counted, same), flush=True)
    return figures


#: Of a page that nginx gives out without asking Django.
KEPT = "kept"


def _list_reads(front: Front) -> list[tuple[str, str]]:
    """Return what readers ask, with its kind: mostly what is kept, some of what Django makes."""
    articles = list_articles(front)[:5]
    kept = [*articles, "/", "/berita/", f"{articles[0]}?dari=surat"]
    return [*((path, KEPT) for path in kept), ("/berita/?halaman=3", "page"), ("/cari/?q=irigasi", "search")]


def _watch(front, roots, pages, request, addresses, seconds) -> Stretch:
    """Let the readers read so long, beside an abuser where there is a request for one."""
    seen, before, began = Stretch(), read_cpu(roots), time.monotonic()
    context = multiprocessing.get_context("fork")
    answers, end = context.SimpleQueue(), context.Event()
    abuser = context.Process(target=_abuse, args=(front, request, addresses, answers, end)) if request else None
    if abuser:
        abuser.start()
    with contextlib.ExitStack() as stack:
        if abuser:
            stack.callback(end.set)
        _read_for(front, pages, seen, seconds)
    if abuser:
        seen.answers = answers.get()
        abuser.join()
    took = time.monotonic() - began
    seen.cpu = sum(used - before.get(pid, 0) for pid, used in read_cpu(roots).items()) / took
    return seen


def _read_for(front, pages, seen, seconds) -> None:
    """Send each request at its moment, whatever became of those before it."""
    chosen = random.Random(1)
    threads, began = [], time.monotonic()
    for number in range(int(seconds * READERS / PAUSE)):
        time.sleep(max(0.0, began + number * PAUSE / READERS - time.monotonic()))
        address = f"198.51.{100 + number % READERS // 250}.{1 + number % READERS % 250}"
        thread = threading.Thread(target=_read, args=(front, *chosen.choice(pages), address, seen))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()


def _read(front, path, kind, address, seen) -> None:
    status, seconds = ask(front, Request("GET", path), address)
    seen.reads.append(Read(kind, status, seconds))


def _abuse(front, request, addresses, answers, end) -> None:
    """Ask from another process as fast as is meant, and hand back how often each status came."""
    os.nice(NICE)
    counted: list[int] = []
    threads = [
        threading.Thread(target=ask_on, args=(front, request, number, addresses, counted, end))
        for number in range(ABUSERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(Counter(counted))


def ask_on(front, request, number, addresses, counted, end) -> None:
    """Ask over and over, each time from the next address, until ``end`` is set."""
    pause, turn = ABUSERS / ABUSES_PER_SECOND, number
    while not end.is_set():
        began = time.monotonic()
        turn += ABUSERS
        mine = turn % addresses
        asked = replace(request, path=request.path.replace(TURN, f"kata{turn}"))
        counted.append(ask(front, asked, f"203.0.{113 + mine // 250}.{1 + mine % 250}")[0])
        end.wait(max(0.0, began + pause - time.monotonic()))


def ask(front, request, reader) -> tuple[int, float]:
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


def _describe(kind, addresses, quiet, noisy, same) -> str:
    others = f"; who asks this kind: p99 {same.p99:.0f} ms, {same.turned_away} of {len(same.reads)} turned away"
    return (
        f"{kind:22} from {addresses:3}: {noisy.answers.total():5} asked, {noisy.refused:5} refused; "
        f"processors {quiet.cpu:.2f} → {noisy.cpu:.2f}; "
        f"readers' p50 {quiet.p50:.0f} → {noisy.p50:.0f} ms, p99 {quiet.p99:.0f} → {noisy.p99:.0f} ms "
        f"({_get_ratio(quiet, noisy):.2f}), turned away {noisy.turned_away}{others if same.reads else ''}"
    )


def _get_ratio(quiet, noisy) -> float:
    return max(noisy.p99, FLOOR_MS) / max(quiet.p99, FLOOR_MS)


def _report(figures) -> None:
    rows = {
        f"{kind} from {addresses}": {
            "asked": noisy.answers.total(),
            "refused": noisy.refused,
            "errors": sum(count for status, count in noisy.answers.items() if status >= 500 or status == 0),
            "processors": round(noisy.cpu, 2),
            "quiet_p99_ms": round(quiet.p99, 1),
            "p99_ms": round(noisy.p99, 1),
            "ratio": round(_get_ratio(quiet, noisy), 2),
            "turned_away": noisy.turned_away,
            "same_kind": {"reads": len(same.reads), "p99_ms": round(same.p99, 1), "turned_away": same.turned_away},
        }
        for (kind, addresses), (quiet, noisy, same) in figures.items()
    }
    # The two of one kind have one quiet stretch.
    quiet = Stretch(
        [read for (_kind, addresses), parts in figures.items() if addresses == 1 for read in parts[0].reads]
    )
    noisy = Stretch([read for parts in figures.values() for read in parts[1].reads])
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
