"""One part, in a process of its own."""

import json
import sys
from pathlib import Path

import django


def main() -> None:
    """Run it; the last line is its figures as JSON."""
    part, disk, seconds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    django.setup()
    from django.conf import settings

    from news.social.accounts import service
    from tests.load.faults import disks, people, timers
    from tests.support.factories import Office

    settings.BACKUP_KEYS = ["a" * 43 + "="]
    settings.PAGES_ROOT = settings.DATA_DIR / "pages"
    service.sync_accounts()
    office = Office.open()
    parts = {
        "disk": lambda: disks.fill(office, disk),
        "readonly": lambda: disks.lock(office, disk),
        "timers": lambda: timers.run_twice(office),
        "people": lambda: people.work(office, seconds),
        "restart": lambda: people.work(office, seconds, people.restart),
        "clock": lambda: people.work(office, seconds, people.set_clock_wrong),
    }
    print(json.dumps(parts[part]()))


if __name__ == "__main__":
    main()
