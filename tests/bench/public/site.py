"""What the public site costs, from a few items to very many: ``make bench-public``.

Builds a corpus for each size on one PostgreSQL, starts gunicorn and nginx before each, and asks them in turns, so that
whatever else the machine does meets all alike. Prints requests per second, processor time a request (nginx, gunicorn
and PostgreSQL together), the median and the 99th percentile, as ratios to nginx serving the same bytes as a file, the
growth from the smallest size to the largest, the peak of memory and how long a publication takes to be seen; then one
line of JSON of the same figures.

Usage: python -m tests.bench.public.site [--sizes 1000,20000,100000] [--seconds 2] [--rounds 3]
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from home.pagecache.kinds import KINDS
from tests.bench import figures
from tests.support.databases.postgres import temporary_postgres
from tests.support.front.nginx import find_or_install_nginx, free_port
from tests.support.front.stack import running_front

from . import corpus
from .wrk import Load, find_or_install_wrk, put_load, read_peak, wait_until

BASE_DIR = Path(__file__).resolve().parents[3]
#: A kept page is for whoever names nobody, so Django answers each time, with what it remembers for a first visit: an
#: unknown argument would be dropped, and a cookie makes Django read everything anew.
COLD = {"Authorization": "Ukur"}
#: Kept pages, of the file's requests a second; the last list page, of the first; the growth from few items to many, of
#: a common word searched for too; seconds from a commit to the first reader.
TARGETS = {"warm": 0.9, "deep": 1.3, "growth": 1.3, "search_growth": 1.3, "visible": 1.0}


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,20000,100000", help="numbers of live items, the smallest first")
    parser.add_argument("--seconds", type=int, default=2, help="how long each address is asked in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="1,000 and 20,000 items, two rounds of a second")
    options = parser.parse_args(arguments)
    if options.quick:
        options.sizes, options.seconds, options.rounds = "1000,20000", 1, 2
    sizes = [int(size) for size in options.sizes.split(",")]
    find_or_install_nginx()
    find_or_install_wrk()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mojogedang-bench-")))
        server = stack.enter_context(temporary_postgres())
        sites = {size: stack.enter_context(_open_site(folder, server, size, sizes)) for size in sizes}
        postmaster = _find_postmaster(server)
        cold, warm = _measure(sites, postmaster, options)
        visible = _publish(sites[sizes[-1]], folder, server, sizes[-1])
        peaks = {
            "gunicorn": max(read_peak([site.app.pid]) for site in sites.values()),
            "nginx": max(read_peak([site.front_pid]) for site in sites.values()),
            "postgresql": read_peak([postmaster]),
        }
    _report(sizes, cold, warm, visible, peaks)


def _environment(folder, server, database) -> dict:
    return {name: value for name, value in os.environ.items() if name != "DATA_DIR"} | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.public.settings",
        "DATABASE_URL": f"{server.rpartition('/')[0]}/{database}",
        "TEST_DATA_DIR": str(folder),
    }


@contextlib.contextmanager
def _open_site(folder, server, size, sizes):
    """A site with so many items behind nginx; the first one also seeds what the others are copied from."""
    if size == sizes[0]:
        _run(_environment(folder, server, "postgres"), "manage.py", "migrate", "--verbosity", "0")
        _run(_environment(folder, server, "postgres"), "-m", "tests.bench.public.corpus", "seed")
    name, data = f"ukur{size}", folder / str(size)
    # Another database than the one that is copied.
    with psycopg.connect(f"{server.rpartition('/')[0]}/template1", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
    corpus.grow(f"{server.rpartition('/')[0]}/{name}", size)
    data.mkdir()
    (data / "media").symlink_to(folder / "media")
    print(f"{size} items are ready.", flush=True)
    files_port = free_port()
    plain = _write_plain_site(data / "files", files_port)
    with running_front(data, _environment(data, server, name), data, workers=1, more=plain) as front:
        front.files_port = files_port
        yield front


def _run(environment, *command) -> str:
    done = subprocess.run([sys.executable, *command], cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return done.stdout


def _find_postmaster(server) -> int:
    with psycopg.connect(server) as connection:
        directory = connection.execute("SHOW data_directory").fetchone()[0]
    return int((Path(directory) / "postmaster.pid").read_text().splitlines()[0])


def _list_pages(front, size) -> dict[str, str]:
    last = (size - 1) // 12
    article = front.get("/berita/atom.xml").text.split("<entry>")[2].split('<link href="')[1].split('"')[0]
    return {
        "article": "/" + article.split("/", 3)[3],
        "list": "/berita/",
        "deep": f"/berita/halaman/{last}/",
        "search": f"/cari/?q={corpus.COMMON_WORD}",
        "feed": "/berita/atom.xml",
    }


def _measure(sites, postmaster, options):
    """Ask every page of every size once a round; of the largest also what is kept, and the same bytes as a file."""
    pages = {size: _list_pages(front, size) for size, front in sites.items()}
    largest = max(sites)
    files = {name: _put_file(sites[largest], path) for name, path in pages[largest].items() if name != "search"}
    cold, warm = {}, {}
    for number in range(options.rounds):
        print(f"Round {number + 1} of {options.rounds}.", flush=True)
        for name in pages[largest]:
            for size, front in sites.items():
                path = pages[size][name]
                cold.setdefault((name, size), []).append(_ask_django(front, path, postmaster, options.seconds))
        front = sites[largest]
        for name, file in files.items():
            front.warm(pages[largest][name])
            addresses = (("file", file), ("kept", front.address + pages[largest][name]))
            for kind, address in addresses * options.seconds:
                load = put_load(address, [front.front_pid], seconds=1, connections=4)
                warm.setdefault((name, kind), []).append(load)
    return _sum_up(cold), _sum_up(warm)


def _ask_django(front, path, postmaster, seconds) -> Load:
    """Put a load on Django; SystemExit where a kept file or an error answered, which would be another measurement."""
    roots = [front.front_pid, front.app.pid, postmaster]
    before = front.get(path, **COLD)
    load = put_load(f"{front.address}{path}", roots, seconds=seconds, connections=1, headers=COLD)
    for answer in (before, front.get(path, **COLD)):
        if answer.is_kept or answer.status != 200:
            raise SystemExit(f"{path} was not answered by Django: {answer.status}, kept: {answer.is_kept}.")
    if load.errors or not load.requests:
        raise SystemExit(f"{path}: {load.errors} of {load.requests} requests failed.")
    return load


def _write_plain_site(folder, port) -> str:
    """A site of nginx that gives out files and nothing else, with the headers that pages have."""
    page_location = (BASE_DIR / "docs" / "nginx.conf").read_text().split("location / {")[1].split("\n    }")[0]
    headers = "".join(f"{line}\n" for line in page_location.splitlines() if "add_header" in line and "$" not in line)
    return (
        f"server {{ listen 127.0.0.1:{port}; root {folder}; gzip_static on; gzip_vary on; charset utf-8;\n{headers} }}"
    )


def _put_file(front, path) -> str:
    """Store what the page's readers get as a plain file, compressed the same way; return its address."""
    front.warm(path)
    kind = next(kind for kind in KINDS if kind.form.search(path))
    kept = front.pages / "live/pages" / (path + kind.ending).lstrip("/")
    name = f"{path.strip('/').replace('/', '-')}.html"
    target = front.pages.parent / "files" / name
    target.parent.mkdir(exist_ok=True)
    for ending in ("", ".gz"):
        shutil.copyfile(f"{kept}{ending}", f"{target}{ending}")
    return f"http://127.0.0.1:{front.files_port}/{name}"


def _sum_up(loads) -> dict:
    """The best of the rounds: whatever else the machine does makes all slower and none faster."""
    best = {}
    for key, rounds in loads.items():
        picked = {name: [getattr(load, name) for load in rounds] for name in vars(rounds[0])}
        best[key] = Load(
            requests=sum(picked["requests"]),
            per_second=max(picked["per_second"]),
            cpu_ms=min(picked["cpu_ms"]),
            p50_ms=min(picked["p50_ms"]),
            p99_ms=min(picked["p99_ms"]),
            errors=sum(picked["errors"]),
        )
    return best


def _publish(front, folder, server, size) -> float:
    """Seconds between the commit of a publication by another process and the first reader who sees it."""
    front.warm("/", "/berita/")
    environment = _environment(folder / str(size), server, f"ukur{size}")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.public.corpus", "publish"],
        cwd=BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    seen = wait_until(lambda: all(corpus.WAITING in front.get(path).text for path in ("/", "/berita/")), 120)
    committed = float(process.communicate(timeout=60)[0])
    return seen - committed


def _report(sizes, cold, warm, visible, peaks) -> None:
    few, many = sizes[0], sizes[-1]
    print(
        f"\n{'not kept':10}{'items':>9}{'req/s':>9}{'CPU ms':>9}{'p50 ms':>9}{'p99 ms':>9}{'to file':>9}{'growth':>9}"
    )
    file_cpu = statistics.median(load.cpu_ms for (_name, kind), load in warm.items() if kind == "file")
    summary = {"sizes": sizes, "cold": {}, "warm": {}}
    for (name, size), load in cold.items():
        growth = load.cpu_ms / cold[name, few].cpu_ms
        summary["cold"][f"{name}.{size}"] = vars(load) | {"to_file": load.cpu_ms / file_cpu, "growth": growth}
        print(f"{name:10}{size:>9}{_write(load)}{load.cpu_ms / file_cpu:>9.0f}{growth:>9.2f}")
    print(f"\n{'kept':10}{'':9}{'req/s':>9}{'CPU ms':>9}{'p50 ms':>9}{'p99 ms':>9}{'of file':>9}")
    for name in dict.fromkeys(name for name, _kind in warm):
        kept, file = warm[name, "kept"], warm[name, "file"]
        ratios = {"rate_of_file": kept.per_second / file.per_second, "cpu_of_file": file.cpu_ms / kept.cpu_ms}
        summary["warm"][name] = {"kept": vars(kept), "file": vars(file)} | ratios
        print(f"{name:10}{'kept':>9}{_write(kept)}{ratios['rate_of_file']:>9.2f}")
        print(f"{'':10}{'file':>9}{_write(file)}")
    values = {
        "warm": min(found["rate_of_file"] for found in summary["warm"].values()),
        "deep": cold["deep", many].cpu_ms / cold["list", many].cpu_ms,
        "growth": max(cold[name, many].cpu_ms / cold[name, few].cpu_ms for name in ("article", "list", "deep", "feed")),
        "search_growth": cold["search", many].cpu_ms / cold["search", few].cpu_ms,
        "visible": visible,
    }
    print()
    found = [
        figures.judge(
            f"public.{name}",
            value,
            {"warm": "of a file's rate", "visible": "s"}.get(name, "times"),
            **{"least" if name == "warm" else "most": TARGETS[name]},
        )
        for name, value in values.items()
    ]
    print("Peak of one process in MB: " + ", ".join(f"{name} {peak:.0f}" for name, peak in peaks.items()))
    figures.report(found, **json.loads(json.dumps(summary | {"peak_mb": peaks}), parse_float=_round))


def _round(number: str) -> float:
    return round(float(number), 3)


def _write(load) -> str:
    return f"{load.per_second:>9.0f}{load.cpu_ms:>9.3f}{load.p50_ms:>9.2f}{load.p99_ms:>9.2f}"


if __name__ == "__main__":
    main()
