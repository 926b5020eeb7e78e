"""What one question to "Asli atau hoaks?" costs in queries and processor time: ``make bench-authenticity``.

Each checkout gets items like each other (eight paragraphs, a photo, posts) and answers the same texts in turns. Prints
seconds of processor time and queries of each text. Bounds: 25 queries and 0.3 s for each text, 0.15 of the older
build's time for the one that is like an item's; a miss is exit code 1.
"""

import importlib
import re
import sys
import time
from pathlib import Path

from tests.bench import checkouts, figures

ITEMS = 20
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


def main() -> int:
    """Ask this build, and an older one where a path is given."""
    options = checkouts.read_options(__doc__, rounds=5, quick=3)
    with checkouts.drive("tests.bench.authenticity", options.against) as drivers:
        told = checkouts.take_turns(drivers, list(QUESTIONS), options.rounds)
    return 0 if _report(told) else 1


def drive():
    """Publish the items; return what answers with the cost of a question, given its name."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from news.social.models import Account
    from tests.bench.drive import import_helper

    factories = import_helper("factories")
    office = factories.Office.open()
    keys = list(Account.objects.values_list("key", flat=True))
    for number in range(50, 50 + ITEMS):
        item = office.bring_to("composing")
        text = {"title": f"Penyaluran BLT tahap {number}", "lead": LEAD.format(number=number)}
        photo = {"main_image": factories.make_photo(), "main_image_alt": "Warga", "main_image_credit": "Dokumentasi"}
        office.write(item, **text, **photo, body=[("paragraph", BODY)])
        office.bring_to("live", item, channels=keys)
    # Menus and names are kept between questions, as in production.
    settings.PAGES_ROOT = Path(settings.DATA_DIR) / "pages"
    generation = importlib.import_module("home.pagecache.generation")
    (getattr(generation, "catch_up", None) or generation.follow)()
    client = Client()
    client.post("/asli-atau-hoaks/", {"text": LEAD})

    def answer(name: str) -> dict:
        question = {"text": QUESTIONS[name]}
        started = time.process_time()
        html = client.post("/asli-atau-hoaks/", question).content.decode()
        seconds = time.process_time() - started
        with CaptureQueriesContext(connection) as queries:
            client.post("/asli-atau-hoaks/", question)
        found = {"seconds": seconds, "queries": len(queries), "verdict": re.search(r"verdict--([a-z-]+)", html)[1]}
        connection.queries_log.clear()
        return found

    return answer


def _report(told: dict) -> bool:
    """Print the figures of each question; say whether the bounds are met."""
    found = []
    for question in QUESTIONS:
        answers = told[question]
        print(f"{question:18}", {name: each[0]["verdict"] for name, each in answers.items()})
        name = f"authenticity.{question.replace(' ', '_')}"
        seconds, ratio = checkouts.compare(answers, "seconds")
        bound = BOUNDS["ratio"] if question == LIKE else None
        found.append(figures.judge(f"{name}.time", seconds, "s", ratio=ratio, of_older=bound, most=BOUNDS["seconds"]))
        queries, ratio = checkouts.compare(answers, "queries")
        found.append(figures.judge(f"{name}.queries", queries, "queries", ratio=ratio, most=BOUNDS["queries"]))
    return figures.report(found)


if __name__ == "__main__":
    sys.exit(main())
