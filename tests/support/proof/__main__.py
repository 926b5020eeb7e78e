"""`make prove-tests`: takes away one guard, trigger or check at a time and shows that a test fails.

Usage: python -m tests.support.proof [--database sqlite|postgresql] [part of a name ...]

First every test of the table must pass with nothing taken away. Then each row is taken away on its
databases, or on the one that is asked for. Prints the table and a last line of JSON; ends non-zero when a
removal goes unnoticed, or when a run breaks for another reason than a test that noticed.
"""

import argparse
import json
import sys

from .removal import BOTH
from .runner import BrokenOff, Runner, count_processes
from .table import REMOVALS


def main(arguments) -> int:
    """Return 0 when each chosen removal was noticed by a test that passes without it."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.proof")
    parser.add_argument("--database", choices=BOTH)
    parser.add_argument("parts", nargs="*", metavar="part of a name")
    options = parser.parse_args(arguments)
    pairs = [
        (removal, database)
        for removal in REMOVALS
        if not options.parts or any(part in removal.name for part in options.parts)
        for database in ([options.database] if options.database else removal.databases)
    ]
    if not pairs:
        parser.error("no removal has such a name")
    unnoticed, faults = [], []
    with Runner({database for _removal, database in pairs}, count_processes()) as runner:
        try:
            runner.run_baseline(pairs)
        except BrokenOff as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{'Taken away':52} {'Database':10}  Test that turned red: what it said", flush=True)
        for outcome in runner.take_away(pairs):
            name = f"{outcome.removal.name:52} {outcome.database:10}"
            if outcome.fault:
                faults.append(outcome.removal.name)
                print(f"{name}  FAULT {outcome.fault}", flush=True)
            elif not outcome.red:
                unnoticed.append(outcome.removal.name)
                print(f"{name}  UNNOTICED", flush=True)
            else:
                print(f"{name}  {outcome.red.rpartition('/')[2]}: {outcome.words[:100]}", flush=True)
    print(json.dumps({"runs": len(pairs), "unnoticed": unnoticed, "faults": faults}), flush=True)
    return 1 if unnoticed or faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
