"""What the nine steps of the SOP cost against an older build: ``make bench-steps AGAINST=../older``.

Each build walks items from disposition to live, in a process and a database of its own, by the posts of
the worksheet; the two take turns, so that a busy machine slows both. Prints user and system seconds
of the processor for one walk, the statements it made, the ratio, and one line of JSON.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
WARM_UP, WALKS, ROUNDS = 3, 5, 12


def main() -> None:
    """Drive this build, and an older one where a path is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="a checkout of an older build")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    builds = {"this": BASE_DIR} | ({"older": arguments.against.resolve()} if arguments.against else {})
    drivers = {name: _start(path) for name, path in builds.items()}
    found = {name: [] for name in drivers}
    for turn in range(arguments.rounds):
        for name in sorted(drivers, reverse=bool(turn % 2)):
            found[name].append(_ask(drivers[name]))
    for driver in drivers.values():
        driver.stdin.close()
        driver.wait()
    _report(found)


def _start(path: Path) -> subprocess.Popen:
    # The file itself, by its path: the older build has none.
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), "--drive"],
        cwd=path,
        env=os.environ | {"PYTHONPATH": str(path), "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(driver: subprocess.Popen) -> dict:
    driver.stdin.write(f"{WALKS}\n")
    driver.stdin.flush()
    answer = driver.stdout.readline()
    if not answer:
        raise SystemExit("A build broke off; its own words stand above.")
    return json.loads(answer)


def _report(found: dict[str, list[dict]]) -> None:
    seconds = {name: statistics.median(each["seconds"] for each in rounds) for name, rounds in found.items()}
    statements = {name: rounds[-1]["statements"] for name, rounds in found.items()}
    for name in found:
        print(f"{name:6}{seconds[name] * 1000:8.1f} ms of the processor for nine steps, {statements[name]} statements")
    summary = {"seconds": {name: round(value, 4) for name, value in seconds.items()}, "statements": statements}
    if "older" in found:
        # Each round's own ratio: what slowed the machine then slowed both.
        rounds = zip(found["this"], found["older"], strict=True)
        ratio = statistics.median(this["seconds"] / older["seconds"] for this, older in rounds)
        summary["ratio"] = round(ratio, 3)
        print(f"ratio {ratio:.3f}")
    print(json.dumps(summary))


def drive() -> None:
    """Answer each line of the input, a number of walks, with what one of them cost."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    settings.LOGGING_CONFIG = None
    setup_test_environment(debug=False)
    shutil.copyfile(
        _import("databases.template", "template_database").get_sqlite_template(),
        connection.settings_dict["TEST"]["NAME"],
    )
    connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"]
    # The triggers, the groups and all else that follows a migration.
    call_command("migrate", verbosity=0)
    factories = _import("factories")
    office = factories.Office.open()
    for _number in range(WARM_UP):
        walk(factories, office)
    for line in sys.stdin:
        walks = [walk(factories, office) for _number in range(int(line))]
        answer = {"seconds": sum(cost for cost, _count in walks) / len(walks), "statements": walks[-1][1]}
        print(json.dumps(answer), flush=True)


def _import(*names: str):
    """Return a module of the tests' helpers, by whichever of its names and in whichever folder this build has it."""
    import importlib

    folder = Path("tests/support") if Path("tests/support").is_dir() else Path("tests")
    name = next(name for name in names if (folder / f"{name.replace('.', '/')}.py").exists())
    return importlib.import_module(f"{'.'.join(folder.parts)}.{name}")


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
    if "--drive" in sys.argv:
        drive()
    else:
        main()
