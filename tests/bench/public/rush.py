"""A bad day: 2,000 phones open one article within a minute, from cold, while four people work at the desk and one of
them publishes: ``make bench-rush``.

Starts the production stack (nginx, gunicorn, PostgreSQL) on a corpus of items. The four work alone first, then beside
the phones, each of which asks from an address of its own for the article, its style and its first picture. Prints the
desk's 95th percentile in relation to the quiet one, the phones' first byte and what went wrong.

``python -m tests.bench.public.rush sign-in`` signs the four in, and prints their cookies and the order that waits.
"""

import argparse
import contextlib
import http.client
import json
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import figures
from tests.support.databases.postgres import temporary_postgres
from tests.support.front.nginx import find_or_install_nginx
from tests.support.front.stack import running_front

from . import corpus
from .site import _environment, _run

PHONES, SECONDS, QUICK = 2000, 60, 20
#: The desk's p95 in relation to the quiet one, and the phones' first byte in milliseconds, at most.
MOST_DESK, MOST_FIRST_BYTE = 1.5, 300
#: Seconds between two requests of one person at the desk.
PAUSE = 1.0
ITEMS, OPEN_CONNECTIONS = 1000, 64
#: What stands in the cookie and in the form against forged requests.
TOKEN = "a" * 32
PEOPLE = ("sekretaris", "sekretariat", "bidang", "staf1")


def main() -> None:
    """Fill a site, let the four work alone, then beside the phones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=PHONES, help="in a minute")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} seconds instead of {SECONDS}, as many a second")
    options = parser.parse_args()
    seconds = QUICK if options.quick else SECONDS
    find_or_install_nginx()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-rush-")))
        server = stack.enter_context(temporary_postgres())
        environment = _environment(folder, server, "postgres")
        _run(environment, "manage.py", "migrate", "--verbosity", "0")
        _run(environment, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        _run(environment, "-m", "tests.bench.public.corpus", "seed")
        corpus.grow(server, ITEMS)
        desk = json.loads(_run(environment, "-m", "tests.bench.public.rush", "sign-in"))
        front = stack.enter_context(running_front(folder, environment, folder, workers=2))
        article = _find_article(front)
        quiet = _watch(front, desk, seconds)
        busy = _watch(front, desk, seconds, article, round(options.phones * seconds / 60))
    _report(quiet, busy)


def sign_in() -> None:
    """Print what the people's browsers would send, and the step of the order that waits."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from moderation.models import Disposition
    from tests.support.factories import Office

    people, item = Office.open().people, Disposition.objects.get(subject=corpus.WAITING)
    cookies = {}
    for name in PEOPLE:
        client = Client()
        client.force_login(people[name])
        sent = {cookie.key: cookie.value for cookie in client.cookies.values()} | {settings.CSRF_COOKIE_NAME: TOKEN}
        cookies[name] = "; ".join(f"{key}={value}" for key, value in sent.items())
    pages = [reverse("moderation:queue"), reverse("wagtailadmin_home"), item.get_absolute_url()]
    step = {"path": reverse("moderation:step", args=[item.pk]), "version": item.version}
    print(json.dumps({"cookies": cookies, "pages": pages, "step": step}))


def _find_article(front) -> str:
    found = re.findall(r'<entry>.*?<link href="https?://[^/]+(/[^"]+)"', front.get("/berita/atom.xml").text, re.DOTALL)
    return found[1]


class Seen:
    """What people and phones got: seconds of each, and how often which status, 0 for a connection that broke."""

    def __init__(self) -> None:
        self.desk: list[float] = []
        self.first_bytes: list[float] = []
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.published = 0


def _watch(front, desk: dict, seconds: float, article: str = "", phones: int = 0) -> Seen:
    seen, end = Seen(), time.monotonic() + seconds
    people = [
        threading.Thread(target=_work, args=(front, desk, name, end, seen, phones > 0 and name == "staf1"))
        for name in PEOPLE
    ]
    for thread in people:
        thread.start()
    with ThreadPoolExecutor(OPEN_CONNECTIONS) as pool:
        arrivals = sorted(random.uniform(0, seconds) for _phone in range(phones))
        began = time.monotonic()
        for number, moment in enumerate(arrivals):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            pool.submit(_open, front, article, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", seen)
    for thread in people:
        thread.join()
    return seen


def _work(front, desk: dict, name: str, end: float, seen: Seen, publishes: bool) -> None:
    """Go from screen to screen until ``end``; publish in the middle."""
    middle, turn = (time.monotonic() + end) / 2, PEOPLE.index(name)
    headers = {"Cookie": desk["cookies"][name], "X-Reader": f"192.0.2.{turn + 1}"}
    while time.monotonic() < end:
        began = time.monotonic()
        if publishes and began > middle:
            publishes = False
            status, _text = _ask(front, "POST", desk["step"]["path"], *_fill_in(front, desk["step"], headers))
            seen.published += status == 302
        else:
            turn += 1
            status, _text = _ask(front, "GET", desk["pages"][turn % len(desk["pages"])], headers)
        seen.desk.append(time.monotonic() - began)
        seen.statuses["desk", status] += 1
        time.sleep(max(0.0, min(began + PAUSE, end) - time.monotonic()))


def _fill_in(front, step: dict, headers: dict) -> tuple[dict, bytes]:
    more = {
        "X-CSRFToken": TOKEN,
        "Referer": f"https://127.0.0.1:{front.port}/",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return headers | more, urlencode({"action": "publish", "version": step["version"]}).encode()


def _open(front, article: str, reader: str, seen: Seen) -> None:
    """Open the article as a phone does: the page, then its style and its first picture."""
    headers = {"X-Reader": reader}
    status, text = _ask(front, "GET", article, headers, seen=seen)
    seen.statuses["article", status] += 1
    for kind, pattern in (("style", r'href="(/static/[^"]+\.css)"'), ("picture", r'src="(/media/images/[^"]+)"')):
        if found := re.search(pattern, text):
            seen.statuses[kind, _ask(front, "GET", found[1], headers)[0]] += 1


def _ask(front, method: str, path: str, headers: dict, body: bytes | None = None, seen: Seen | None = None):
    """Return the status, 0 for a connection that broke, and the text; add the time to the first byte to ``seen``."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=90)
    with contextlib.closing(connection):
        try:
            connection.request(
                method, path, body=body, headers={"Host": f"127.0.0.1:{front.port}", "Accept": "*/*"} | headers
            )
            answer = connection.getresponse()
            if seen:
                seen.first_bytes.append(time.monotonic() - began)
            return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, ""


def _report(quiet: Seen, busy: Seen) -> None:
    before, during = (statistics.quantiles(each.desk, n=20)[18] * 1000 for each in (quiet, busy))
    first_byte = statistics.quantiles(busy.first_bytes, n=100)[98] * 1000
    both = quiet.statuses + busy.statuses
    print({f"{kind} {status}": count for (kind, status), count in sorted(both.items())})
    wrong = sum(count for (_kind, status), count in both.items() if status == 0 or status >= 400)
    figures.report(
        [
            figures.judge("rush.quiet_desk", before, "ms, p95"),
            figures.judge("rush.desk", during / before, "of the quiet p95", most=MOST_DESK),
            figures.judge("rush.first_byte", first_byte, "ms, p99", most=MOST_FIRST_BYTE),
            figures.judge("rush.wrong", wrong, "answers", most=0),
            figures.judge("rush.published", busy.published, "items", least=1),
            figures.judge("rush.phones", len(busy.first_bytes), "phones"),
        ]
    )


if __name__ == "__main__":
    if "sign-in" in sys.argv:
        import django

        django.setup()
        sign_in()
    else:
        main()
