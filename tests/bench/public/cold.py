"""What public pages cost that reach Python, nothing kept as a file: ``make bench-cold AGAINST=../older``.

Each build gets a database of its own on one PostgreSQL, with 20,000 items and 30,000 words for suggestions; what its
process keeps in memory it may use. Prints milliseconds of processor time a request, the process and PostgreSQL's for
its connection together, and statements. A miss is exit code 1.
"""

import importlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import psycopg

from tests.bench import checkouts, figures

#: Of the older build's time, at most.
TARGETS = {
    "article": 0.45,
    "front": 0.45,
    "feed": 0.5,
    "search": 0.7,
    "suggestion": 0.2,
    "suggestion_of_three_words": 0.2,
}
ITEMS, TERMS = 20_000, 30_000
#: Requests a round.
REQUESTS = 20
#: No page knows this argument, so that Django answers each time.
COLD = "dingin=1"
_CORPUS = ("tests.bench.public.corpus", "tests.bench.corpus", "tests.corpus")
_SYLLABLES = [f"{consonant}{vowel}" for consonant in "bcdghjklmnprstwy" for vowel in ("a", "i", "u", "e", "o", "an")]


def main() -> int:
    """Ask this build, and an older one where a path is given."""
    from tests.support.databases.postgres import temporary_postgres

    options = checkouts.read_options(__doc__, rounds=5, quick=3)
    with (
        temporary_postgres() as server,
        checkouts.drive("tests.bench.public.cold", options.against, partial(fill, server)) as drivers,
    ):
        told = checkouts.take_turns(drivers, list(TARGETS), options.rounds)
    found = []
    for page, target in TARGETS.items():
        milliseconds, ratio = checkouts.compare(told[page], "ms")
        found.append(figures.judge(f"cold.{page}", milliseconds, "ms", ratio=ratio, of_older=target))
        statements, ratio = checkouts.compare(told[page], "statements")
        found.append(figures.judge(f"cold.{page}.statements", statements, "statements", ratio=ratio))
    return 0 if figures.report(found) else 1


def fill(server: str, name: str, path: Path, folder: Path, items: int = ITEMS) -> Mapping[str, str]:
    """Make a database by the code of a checkout; return the variables that lead to it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = f"{server.rpartition('/')[0]}/{name}"
    corpus = next(each for each in _CORPUS if (path / f"{each.replace('.', '/')}.py").exists())
    variables = {"DATABASE_URL": url, "TEST_DATA_DIR": str(folder), "PYTHONPATH": str(path)}
    variables |= {"DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test"}
    grow = f"from {corpus} import grow; grow({url!r}, {items})"
    for command in (["manage.py", "migrate", "--verbosity", "0"], ["-m", corpus, "seed"], ["-c", grow]):
        subprocess.run([sys.executable, *command], cwd=path, env=os.environ | variables, check=True)
    _add_terms(url, TERMS)
    return variables


def _add_terms(url: str, number: int) -> None:
    pick, terms = random.Random(1), set()
    while len(terms) < number:
        terms.add("".join(pick.choices(_SYLLABLES, k=pick.randint(2, 6))))
    with psycopg.connect(url, autocommit=True) as connection:
        terms -= {word for [word] in connection.execute("SELECT word FROM site_search_term")}
        with connection.cursor().copy("COPY site_search_term (word) FROM STDIN") as copy:
            for term in sorted(terms):
                copy.write_row([term])
        connection.execute("ANALYZE")


def drive():
    """Return what answers with the cost of a page, given its name."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["*"]
    settings.PAGES_ROOT = Path(settings.DATA_DIR) / "pages"
    generation = importlib.import_module("home.pagecache.generation")
    (getattr(generation, "catch_up", None) or generation.follow)()
    client = Client(headers={"host": "localhost"})
    feed = client.get("/berita/atom.xml").content.decode()
    article = feed.split("<entry>")[2].split('<link href="')[1].split('"')[0].split("/", 3)[3]
    addresses = {"article": f"/{article}?{COLD}", "front": f"/?{COLD}", "feed": f"/berita/atom.xml?{COLD}"}
    addresses |= {"search": "/cari/?q=irigasi", "suggestion": "/cari/?q=irigsai"}
    addresses["suggestion_of_three_words"] = "/cari/?q=irigsai+membersikhan+desaa"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]

    def answer(page: str) -> dict:
        address = addresses[page]
        for _warm_up in range(2):
            assert client.get(address).status_code == 200, address
        started = time.process_time() + read_processor_time(backend)
        for _request in range(REQUESTS):
            client.get(address)
        seconds = time.process_time() + read_processor_time(backend) - started
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        found = {"ms": 1000 * seconds / REQUESTS, "statements": len(queries)}
        connection.queries_log.clear()
        return found

    return answer


def read_processor_time(process: int) -> float:
    """Return the seconds of the processor that a process used."""
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
