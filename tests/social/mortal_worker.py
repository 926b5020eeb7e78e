"""A worker process that can be killed at any of its statements. Started by the tests, not by hand.

Reads its database and accounts as JSON from the first line of its input. Each further line asks for
one pass of the worker's job in a process of its own: ``{"kill": [moment, number]}`` kills that
process with SIGKILL before or after its statement of that number, ``{}`` lets it finish. Answers
each with the process's id at once and the number of statements, or "killed", at its end.
"""

import json
import os
import signal
import sys
import traceback

import django
from django.conf import settings
from django.db import connection, connections


def main():
    start = json.loads(sys.stdin.readline())
    django.setup()
    connections.databases["default"].update(start["database"])
    settings.SOCIAL_CHANNELS = start["channels"]
    say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run(order.get("kill"))
        say(f"pid {pid}")
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            say("killed")
        elif os.WEXITSTATUS(status):
            say("failed")


def run(kill):
    """Do one pass, count its statements, and die where told."""
    from news.social.worker import send_due_deliveries

    moment, number = kill or ("never", 0)
    count = 0

    def count_and_die(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if (moment, number) == ("before", count):
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if (moment, number) == ("after", count):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    try:
        with connection.execute_wrapper(count_and_die):
            send_due_deliveries()
        connections.close_all()
        say(str(count))
        os._exit(0)
    finally:
        # Only reached with an exception, which Python has not printed yet.
        traceback.print_exc()
        os._exit(1)


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
