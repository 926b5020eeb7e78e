"""What the nine steps of the SOP cost against an older build: ``make bench-steps AGAINST=../older``.

Each build walks items from disposition to live by the posts of the worksheet. Prints user and system seconds of the
processor for one walk, the statements it made, and what it added to the database in rows and bytes.
"""

import time

from tests.bench import checkouts, figures

WARM_UP, WALKS = 3, 5
#: Of the older build's time, at most.
TARGET = 0.6


def main() -> None:
    """Drive this build, and an older one where a path is given."""
    options = checkouts.read_options(__doc__, rounds=12, quick=4)
    with checkouts.drive("tests.bench.desk.steps", options.against) as drivers:
        told = checkouts.take_turns(drivers, ["walk"], options.rounds)["walk"]
    milliseconds, ratio = checkouts.compare(told, "ms")
    found = [figures.judge("steps.time", milliseconds, "ms", ratio=ratio, of_older=TARGET)]
    for key, unit in (("statements", "statements"), ("rows", "rows"), ("bytes", "bytes")):
        value, ratio = checkouts.compare(told, key)
        found.append(figures.judge(f"steps.{key}", value, unit, ratio=ratio))
    figures.report(found)


def drive():
    """Return what answers with the cost of one walk, the mean of a few."""
    from tests.bench.drive import import_helper

    factories = import_helper("factories")
    office = factories.Office.open()
    for _number in range(WARM_UP):
        walk(factories, office)

    def answer(_word: str) -> dict:
        rows, size = _weigh()
        walks = [walk(factories, office) for _number in range(WALKS)]
        more_rows, more_size = _weigh()
        return {
            "ms": 1000 * sum(cost for cost, _count in walks) / WALKS,
            "statements": walks[-1][1],
            "rows": (more_rows - rows) / WALKS,
            "bytes": (more_size - size) / WALKS,
        }

    return answer


def _weigh() -> tuple[int, int]:
    """Return the rows of all tables, and the bytes of the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        rows = 0
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            rows += cursor.fetchone()[0]
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return rows, cursor.fetchone()[0]


def walk(factories, office) -> tuple[float, int]:
    """Take the nine steps of one item; return their processor seconds and statements, the writing left out."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    item, seconds, statements = office.issue(), 0.0, 0
    for _state, action, person, data in factories.WALK:
        if action == "assign":
            data = {"staf": office.people[data["staf"]].pk}
        client = Client()
        client.force_login(office.people[person])
        typed = factories.fill_in(action, data) | {"action": action, "version": item.version}
        address = reverse("moderation:step", args=[item.pk])
        counter = _Counter()
        with connection.execute_wrapper(counter):
            start = time.process_time()
            response = client.post(address, typed)
            seconds += time.process_time() - start
        if response.status_code != 302:
            raise SystemExit(f"{action} was refused.")
        statements += counter.count
        item.refresh_from_db()
        if action == "compose":
            office.write(item)
    return seconds, statements


class _Counter:
    count = 0

    def __call__(self, execute, *arguments):
        self.count += 1
        return execute(*arguments)


if __name__ == "__main__":
    main()
