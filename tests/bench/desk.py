"""What the desk costs with 50 and with 5,000 open items: ``make bench-desk``.

Prints queries and processor time of the queue and of the admin's home for each role, then one line
of JSON. Times are no test: they are looked at by a person. The numbers of queries are tested in
``tests/moderation/desk/test_scale.py``.
"""

import json
import os
import time

FEW, MANY, RUNS = 50, 5_000, 25
PEOPLE = ("ppid", "sekretaris", "sekretariat", "staf1", "bidang", "pemantau", "admin")
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
    """Make a throw-away database, fill it, and measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.test")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    settings.LOGGING_CONFIG = None
    setup_test_environment(debug=False)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _measure()
    finally:
        teardown_databases(databases, verbosity=0)


def _measure() -> None:
    from django.test import Client
    from django.urls import reverse

    from moderation.models import Disposition, WorkTime
    from tests.support.factories import Office
    from tests.support.many import multiply_open_items

    office = Office.open()
    WorkTime.objects.update_or_create(pk=WorkTime.load().pk, defaults={"targets_on": True})
    items = [office.bring_to(state) for state in STATES]
    clients = {}
    for name in PEOPLE:
        clients[name] = Client()
        clients[name].force_login(office.people[name])
    screens = {"queue": reverse("moderation:queue"), "home": reverse("wagtailadmin_home")}
    results = {}
    for count in (FEW, MANY):
        multiply_open_items(items, count - Disposition.objects.open().count())
        for screen, address in screens.items():
            for name, client in clients.items():
                results[screen, name, count] = _look(client, address)
    _report(screens, results)


def _look(client, address) -> tuple[int, float]:
    """Return (queries, best processor time in milliseconds) of one screen."""
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
    return queries, min(times)


def _report(screens, results) -> None:
    print(f"{'screen':8}{'who':13}{'queries':>16}{f'ms at {FEW}':>12}{f'ms at {MANY}':>12}{'ratio':>8}")
    summary = {}
    for screen in screens:
        for name in PEOPLE:
            (few_queries, few), (many_queries, many) = (results[screen, name, count] for count in (FEW, MANY))
            ratio = many / few
            summary[f"{screen}.{name}"] = {"queries": [few_queries, many_queries], "ms": [few, many], "ratio": ratio}
            queries = f"{few_queries} -> {many_queries}"
            print(f"{screen:8}{name:13}{queries:>16}{few:12.1f}{many:12.1f}{ratio:8.2f}")
    worst = max(summary.values(), key=lambda found: found["ratio"])
    rounded = json.loads(json.dumps(summary), parse_float=lambda number: round(float(number), 2))
    print(json.dumps({"items": [FEW, MANY], "worst_ratio": round(worst["ratio"], 2), "screens": rounded}))


if __name__ == "__main__":
    main()
