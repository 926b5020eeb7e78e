"""What the desk costs with 50 and with 5,000 open items: ``make bench-desk AGAINST=../older``.

Prints queries and processor time of the queue and of the admin's home for each role; then the largest growth from few
items to many, and the largest ratio to an older build. The numbers of queries are tested in
``tests/moderation/desk/test_scale.py``.
"""

import time

from tests.bench import checkouts, figures

FEW, MANY, RUNS = 50, 5_000, 8
#: No screen may cost more than this of the older build.
TARGET = 1.05
PEOPLE = ("ppid", "sekretaris", "sekretariat", "staf1", "bidang", "pemantau", "admin")
SCREENS = {"queue": "moderation:queue", "home": "wagtailadmin_home"}
STATES = (
    "disposed",
    "forwarded",
    "received",
    "assigned",
    "composing",
    "awaiting_correction",
    "awaiting_verification",
    "verified",
    "ordered",
)


def main() -> None:
    """Drive this build, and an older one where a path is given."""
    options = checkouts.read_options(__doc__, rounds=5, quick=2)
    words = [f"{screen}.{name}" for screen in SCREENS for name in PEOPLE]
    told = {}
    with checkouts.drive("tests.bench.desk.screens", options.against) as drivers:
        for count in (FEW, MANY):
            for driver in drivers.values():
                driver.ask(str(count))
            told[count] = checkouts.take_turns(drivers, words, options.rounds)
    _report(words, told)


def _report(words: list[str], told: dict) -> None:
    found, growths, ratios = [], {}, {}
    for word in words:
        for key, unit in (("ms", "ms"), ("queries", "queries")):
            (few, _ratio), (many, ratio) = (checkouts.compare(told[count][word], key) for count in (FEW, MANY))
            found.append(figures.judge(f"desk.{word}.{key}", many, unit, ratio=ratio))
            growths.setdefault(key, []).append((many / few, word))
            if ratio is not None:
                ratios.setdefault(key, []).append((ratio, word))
    for key, each in growths.items():
        growth, word = max(each)
        found.append(figures.judge(f"desk.growth.{key}", growth, f"times, {word}"))
    for key, each in ratios.items():
        ratio, word = max(each)
        found.append(figures.judge(f"desk.most.{key}", ratio, f"times, {word}", ratio=ratio, of_older=TARGET))
    figures.report(found, items=[FEW, MANY])


def drive():
    """Return what fills the register to a number of open items, or answers with what a screen costs a person."""
    from django.test import Client
    from django.urls import reverse

    from moderation.models import Disposition, WorkTime
    from tests.bench.drive import import_helper

    office = import_helper("factories").Office.open()
    WorkTime.objects.update_or_create(pk=WorkTime.load().pk, defaults={"targets_on": True})
    items = [office.bring_to(state) for state in STATES]
    multiply, clients = import_helper("many").multiply_open_items, {}
    for name in PEOPLE:
        clients[name] = Client()
        clients[name].force_login(office.people[name])

    def answer(word: str) -> dict:
        if word.isdecimal():
            multiply(items, int(word) - Disposition.objects.open().count())
            return {}
        screen, _dot, name = word.partition(".")
        return _look(clients[name], reverse(SCREENS[screen]))

    return answer


def _look(client, address) -> dict:
    """Return queries, and the best processor time in milliseconds, of one screen."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _warm_up in range(2):
        assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    # The next request empties the log.
    queries, times = len(captured), []
    for _number in range(RUNS):
        start = time.process_time()
        client.get(address)
        times.append((time.process_time() - start) * 1000)
    return {"queries": queries, "ms": min(times)}


if __name__ == "__main__":
    main()
