"""What one question to "Asli atau hoaks?" costs in queries and processor time: ``make bench-authenticity``.

Each checkout gets a SQLite database of its own with items like each other (eight paragraphs, a photo, posts), and
answers the same texts in turns. Prints milliseconds of processor time (median) and queries of each text, then one line
of JSON; with ``--against PATH`` (a checkout that shares this one's .venv) the ratio to it. Bounds: 25 queries and 0.3 s
for each text, 0.15 of the older checkout's time for the one that is like an item's; a miss is exit code 1.

Usage: python -m tests.bench.authenticity [--against PATH] [--items 20] [--rounds 5]
"""

import argparse
import importlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
BOUNDS = {"ratio": 0.15, "queries": 25, "seconds": 0.3}
LEAD = "Bantuan langsung tunai disalurkan kepada {number} keluarga di Desa Pendem tanpa potongan biaya apa pun."
#: Eight paragraphs, the length of an ordinary item.
BODY = "".join(
    f"<p>Kelompok {number} menerima penyaluran di balai dusun mulai pukul 08.{number:02} WIB. Warga membawa kartu "
    f"keluarga dan KTP asli. Petugas desa mencocokkan nama dengan daftar penerima nomor {number}, dan warga yang sakit "
    "dikunjungi di rumahnya pada hari yang sama.</p>"
    for number in range(10, 18)
)
LIKE = "like ours"
QUESTIONS = {
    "true": LEAD.format(number=51),
    LIKE: LEAD.format(number=999).replace("tanpa", "dengan"),
    "addresses": "a1.id " * 1_500,
    "one word a line": "keluarga\n" * 5_000,
    "sentences": f"{LEAD.format(number=51)}\n" * 480,
    "fractions": "½" * 25_000,
}


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, help="another checkout, measured in turns with this one")
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        _serve(options.items)
        return 0
    checkouts = {"this": BASE_DIR} | ({"other": options.against.resolve()} if options.against else {})
    with tempfile.TemporaryDirectory(prefix="bench-authenticity-") as folder:
        servers = {name: _start(path, Path(folder) / name, options.items) for name, path in checkouts.items()}
        told = {name: {question: [] for question in QUESTIONS} for name in servers}
        for _round in range(options.rounds):
            for question in QUESTIONS:
                for name, server in servers.items():
                    told[name][question].append(_ask(server, question))
        for server in servers.values():
            server.communicate()
    return 0 if _report(told) else 1


def _start(path: Path, folder: Path, items: int) -> subprocess.Popen:
    """Start a process that answers the questions with the code of a checkout."""
    folder.mkdir()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "TEST_DATA_DIR": str(folder),
        "PYTHONPATH": str(path),
    }
    command = [sys.executable, __file__, "--serve", "--items", str(items)]
    server = subprocess.Popen(
        command, cwd=path, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    server.stdout.readline()
    return server


def _ask(server: subprocess.Popen, question: str) -> dict:
    server.stdin.write(f"{question}\n")
    server.stdin.flush()
    return json.loads(server.stdout.readline())


def _serve(items: int) -> None:
    """Fill a database, then answer each line of the input, the name of a question, with what it cost."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from news.social.models import Account

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    name = "tests.support.factories" if Path("tests/support").exists() else "tests.factories"
    factories = importlib.import_module(name)
    office = factories.Office.open()
    keys = list(Account.objects.values_list("key", flat=True))
    for number in range(50, 50 + items):
        item = office.bring_to("composing")
        text = {"title": f"Penyaluran BLT tahap {number}", "lead": LEAD.format(number=number)}
        photo = {"main_image": factories.make_photo(), "main_image_alt": "Warga", "main_image_credit": "Dokumentasi"}
        office.write(item, **text, **photo, body=[("paragraph", BODY)])
        office.bring_to("live", item, channels=keys)
    # Menus and names are kept between questions, as in production.
    settings.PAGES_ROOT = Path(os.environ["TEST_DATA_DIR"]) / "pages"
    generation = importlib.import_module("home.pagecache.generation")
    (getattr(generation, "catch_up", None) or generation.follow)()
    client = Client()
    client.post("/asli-atau-hoaks/", {"text": LEAD})
    print("ready", flush=True)
    for line in sys.stdin:
        question = {"text": QUESTIONS[line.strip()]}
        started = time.process_time()
        html = client.post("/asli-atau-hoaks/", question).content.decode()
        seconds = time.process_time() - started
        with CaptureQueriesContext(connection) as queries:
            client.post("/asli-atau-hoaks/", question)
        answer = {"seconds": seconds, "queries": len(queries), "verdict": re.search(r"verdict--([a-z-]+)", html)[1]}
        connection.queries_log.clear()
        print(json.dumps(answer), flush=True)


def _report(told: dict) -> bool:
    """Print a line for each question, then the same figures as one line of JSON; say whether the bounds are met."""
    figures: dict = {"questions": {}, "is_met": True}
    for question in QUESTIONS:
        row = {name: _measure(answers[question]) for name, answers in told.items()}
        this = row["this"]
        is_met = this["queries"] <= BOUNDS["queries"] and this["ms"] <= 1000 * BOUNDS["seconds"]
        if "other" in row:
            row["ratio"] = round(this["ms"] / row["other"]["ms"], 3)
            is_met = is_met and (question != LIKE or row["ratio"] <= BOUNDS["ratio"])
        figures["questions"][question] = row
        figures["is_met"] = figures["is_met"] and is_met
        print(f"{question:18}", row)
    print(json.dumps(figures))
    return figures["is_met"]


def _measure(answers: list[dict]) -> dict:
    return {
        "ms": round(1000 * statistics.median(each["seconds"] for each in answers), 1),
        "queries": max(each["queries"] for each in answers),
        "verdict": answers[0]["verdict"],
    }


if __name__ == "__main__":
    sys.exit(main())
