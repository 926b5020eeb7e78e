"""A worker process that can be killed at any of its statements; started by tests.

Reads its database and accounts as JSON from the first line of its input. Each further line asks for
one drain in a process of its own: ``{"kill": [moment, number]}`` kills that process with SIGKILL
before or after its statement of that number, ``{}`` lets it finish. ``"threads": true`` runs the
exchanges in the thread pool, as in production; otherwise they run in line, and the statements have
the same order each time. Answers each with the process's id at once and the
number of statements, or "killed", at its end.
"""

import json
import os
import signal
import sys
import threading
import traceback

import django
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created


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
            run(order.get("kill"), order.get("threads"))
        say(f"pid {pid}")
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            say("killed")
        elif os.WEXITSTATUS(status):
            say("failed")


def run(kill, threads):
    """Drain once, count the statements of all threads, and get killed at the requested one."""
    from news.social.worker.dispatcher import Dispatcher, drain

    moment, number = kill or ("never", 0)
    count, lock = 0, threading.Lock()

    def count_and_die(execute, sql, params, many, context):
        nonlocal count
        with lock:
            count += 1
            mine = count
        if (moment, number) == ("before", mine):
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if (moment, number) == ("after", mine):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def watch(connection, **_kwargs):
        connection.execute_wrappers.append(count_and_die)

    connection_created.connect(watch)
    try:
        Dispatcher().drain() if threads else drain()
        connections.close_all()
        say(str(count))
        os._exit(0)
    finally:
        # Reached only with an exception, which Python has not printed yet.
        traceback.print_exc()
        os._exit(1)


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
