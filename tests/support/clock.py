"""The machine's clock, moved by a test: everything of ours and of Django asks ``timezone.now``."""

from datetime import timedelta

from django.utils import timezone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """Runs on; ``wrong_by`` is how far it is ahead (negative: behind)."""

    def __init__(self, monkeypatch):
        self.wrong_by = timedelta(0)
        true_now = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: true_now() + self.wrong_by)

    def wait(self, time: timedelta) -> None:
        """Let time pass on a clock that is right."""
        self.wrong_by += time
