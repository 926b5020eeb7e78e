"""A worker process that can be killed at any of its statements; started by tests.

Reads its database as JSON from the first line of its input. Each further line asks for one drain in
a process of its own, with the accounts of ``"channels"``: ``"kill": [moment, number]`` kills that
process with SIGKILL before or after its statement of that number. ``"threads": true`` runs the
exchanges in the thread pool, as in production; otherwise they run in line, and the statements have
the same order each time. Answers each with the process's id at once and at its end with "killed", or
with the instants at which a kill leaves something else behind, as JSON.
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
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

#: What changes nothing that outlives the process.
READS = ("SELECT", "SAVEPOINT", "RELEASE")
#: What Python tells its auditors when a request or a line of a file leaves the process.
LEAVES = {"http.client.send", "open"}


def main():
    database = json.loads(sys.stdin.readline())
    django.setup()
    connections.databases["default"].update(database)
    say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            settings.SOCIAL_CHANNELS = order["channels"]
            run(order["kill"], order["threads"])
        say(f"pid {pid}")
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            say("killed")
        elif os.WEXITSTATUS(status):
            say("failed")
    # Nothing to clean up, and taking so many modules down takes long.
    os._exit(0)


def run(kill, threads):
    """Drain once, count the statements of all threads, and get killed at the requested one."""
    from news.social.worker.dispatcher import Dispatcher, drain

    moment, number = kill or ("never", 0)
    count, traces, instants, lock = 0, 0, {}, threading.Lock()

    def leave_trace(*_args):
        nonlocal traces
        traces += 1

    def pass_instant(name, mine):
        # A killed process leaves what it committed, sent and wrote: reads in between change nothing.
        instants.setdefault(traces, (name, mine))
        if (moment, number) == (name, mine):
            os.kill(os.getpid(), signal.SIGKILL)

    def count_and_die(execute, sql, params, many, context):
        nonlocal count
        with lock:
            count += 1
            mine = count
        pass_instant("before", mine)
        result = execute(sql, params, many, context)
        if not sql.lstrip().startswith(READS):
            leave_trace()
        pass_instant("after", mine)
        return result

    def commit(connection):
        committed(connection)
        leave_trace()

    def watch(connection, **_kwargs):
        connection.execute_wrappers.append(count_and_die)

    committed, BaseDatabaseWrapper._commit = BaseDatabaseWrapper._commit, commit
    sys.addaudithook(lambda event, _args: leave_trace() if event in LEAVES else None)
    connection_created.connect(watch)
    try:
        Dispatcher().drain() if threads else drain()
        connections.close_all()
        say(json.dumps(list(instants.values())))
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
