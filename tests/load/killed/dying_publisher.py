"""Publish, in two hours' time, what is due, in a process that kills itself at its statement of a given number.

As a program its argument is that number; 0 is none. Prints how many items were published and by how
many statements. Started by tests.
"""

import os
import signal
import sys
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from moderation.management.jobs.scheduling import publish_due


def main() -> None:
    """Publish and count."""
    now, count, last = timezone.now, 0, int(sys.argv[1])
    timezone.now = lambda: now() + timedelta(hours=2)

    def count_and_die(execute, *arguments):
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    with connection.execute_wrapper(count_and_die):
        print(publish_due(), count)


if __name__ == "__main__":
    main()
