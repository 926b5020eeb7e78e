"""What many items cost whoever asks for one screen: ``make bench-growth``.

Fills a PostgreSQL database with few items and one with many, and asks both for the same public pages, screens of the
desk and first parts of the proof, in turns. Prints milliseconds of processor time, the process and PostgreSQL's for its
connection together, with many items, and how many times that of few. A growth that is too large is exit code 1.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.bench import checkouts, figures
from tests.bench.public import cold, corpus
from tests.support.databases.postgres import temporary_postgres

FEW, MANY, QUICK = 1_000, 100_000, 20_000
#: What many items may cost, of what few do.
MOST = 1.3
#: How long each is asked in a round: PostgreSQL's time is counted in hundredths of a second.
SECONDS = 1.0
#: Public pages, without a person's cookie: an argument that none of them reads keeps them out of their files.
PAGES = {
    "front": f"/?{cold.COLD}",
    "list": f"/berita/?{cold.COLD}",
    "feed": f"/berita/atom.xml?{cold.COLD}",
    "search": f"/cari/?q={corpus.COMMON_WORD}",
    "suggestion": "/cari/?q=irigsai",
    "register_for_citizens": "/ppid/daftar-publikasi/",
}
#: Parts of the proof that look at every item at once: what counts is their cost an item.
WHOLE = ("proof.addresses", "proof.sequence", "proof.sitemap")
#: Screens of the desk, and who opens them.
SCREENS = {
    "queue": ("moderation:queue", "sekretaris"),
    "home": ("wagtailadmin_home", "sekretaris"),
    "register": ("moderation:register", "ppid"),
}


def main() -> int:
    """Fill both databases, and ask them in turns."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, help=f"{MANY} unless given")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} items")
    options = parser.parse_args()
    many = options.items or (QUICK if options.quick else MANY)
    with ExitStack() as stack:
        server = stack.enter_context(temporary_postgres())
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-growth-")))
        seeded = scratch / "seeded"
        seeded.mkdir()
        variables = cold.fill(server, seeded.name, checkouts.BASE_DIR, seeded, items=1)
        drivers = {}
        for count in (FEW, many):
            folder = scratch / str(count)
            variables = _copy(server, seeded, folder, variables)
            corpus.grow(variables["DATABASE_URL"], count)
            drivers[count] = checkouts.Driver("tests.bench.growth", checkouts.BASE_DIR, folder, variables)
            stack.callback(drivers[count].close)
        for driver in drivers.values():
            driver.wait()
        words = drivers[many].ask("words")["words"]
        found = [_judge(word, drivers, many, options.rounds) for word in words]
    return 0 if figures.report(found, items=[FEW, many]) else 1


def _copy(server: str, seeded: Path, folder: Path, variables: Mapping[str, str]) -> Mapping[str, str]:
    """Copy the seeded site; return the variables that lead to the copy."""
    shutil.copytree(seeded, folder)
    name = f"items{folder.name}"
    with psycopg.connect(f"{server.rpartition('/')[0]}/template1", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {seeded.name}")
    return {**variables, "DATABASE_URL": f"{server.rpartition('/')[0]}/{name}", "TEST_DATA_DIR": str(folder)}


def _judge(word: str, drivers: dict[int, checkouts.Driver], many: int, rounds: int) -> figures.Figure:
    """Compare the best of the rounds: whatever else the machine does makes all slower and none faster."""
    told: dict[int, list[float]] = {count: [] for count in drivers}
    for turn in range(rounds):
        for count in sorted(drivers, reverse=bool(turn % 2)):
            told[count].append(drivers[count].ask(word)["ms"])
    best = {count: min(each) for count, each in told.items()}
    print(f"{word:36}{best[FEW]:>10.2f} ms with {FEW}, {best[many]:.2f} with {many}", flush=True)
    growth = best[many] / best[FEW] / (many / FEW if word in WHOLE else 1)
    return figures.judge(f"growth.{word}", growth, "times an item" if word in WHOLE else "times", most=MOST)


def drive():
    """Return what answers with the cost of a page, a screen or a part of the proof, given its name."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from home.pagecache import generation
    from moderation.management.proof.checks import get_checks
    from moderation.models import Disposition
    from news.models import NewsIndexPage, NewsPage
    from tests.support.factories import Office

    settings.ALLOWED_HOSTS = ["*"]
    settings.PAGES_ROOT = Path(settings.DATA_DIR) / "pages"
    generation.catch_up()
    people, waiting = Office.open().people, Disposition.objects.get(subject=corpus.WAITING)
    reader = Client(headers={"host": "localhost"})
    newest = NewsPage.objects.live().order_by("-first_published_at").first()
    asked = {"article": (reader, f"{newest.get_url()}?{cold.COLD}")}
    asked |= {name: (reader, path) for name, path in PAGES.items()}
    explored = reverse("wagtailadmin_explore", args=[NewsIndexPage.objects.get(slug=corpus.LIST_SLUG).pk])
    screens = {name: (reverse(view), who) for name, (view, who) in SCREENS.items()}
    screens |= {"worksheet": (waiting.get_absolute_url(), "staf1"), "explorer": (explored, "admin")}
    for name, (path, who) in screens.items():
        client = Client(headers={"host": "localhost"})
        client.force_login(people[who])
        asked[name] = client, path
    checks = {f"proof.{each.code}": each for each in get_checks()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]

    def act(word: str) -> None:
        if word in checks:
            checks[word].take(None)
        else:
            client, path = asked[word]
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)

    def answer(word: str) -> dict:
        if word == "words":
            return {"words": [*asked, *checks]}
        act(word)
        times, end = 0, time.monotonic() + SECONDS
        started = time.process_time() + cold.read_processor_time(backend)
        while not times or time.monotonic() < end:
            act(word)
            times += 1
        return {"ms": 1000 * (time.process_time() + cold.read_processor_time(backend) - started) / times}

    return answer


if __name__ == "__main__":
    sys.exit(main())
