"""What the screen *Keutuhan* shows of the last look at one thing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Outcome:
    """When somebody last looked, and the first difference that was found, "" for none."""

    at: datetime
    difference: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.difference
