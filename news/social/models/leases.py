"""Leases: a worker claims a row, and writes to it only while the claim holds.

A claim is one conditional update that writes a unique worker name; every later write filters on that
name. An expired lease is not taken over: ``end_lost`` first records what is known of the row, and
only then may the next worker claim it.
"""

import os
import socket
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

#: Longer than any exchange takes; after it the request's result is unknown.
LEASE = timedelta(minutes=2)
#: Time that must be left of the lease before a public request.
LEASE_NEEDED = timedelta(seconds=100)
#: Values of an unclaimed row.
FREE = {"worker": "", "lease_until": None}


class LeasedQuerySet(models.QuerySet):
    """Rows that one worker at a time may claim."""

    def lost(self, now: datetime) -> Self:
        """Filter rows whose lease expired during an exchange."""
        return self.filter(lease_until__lt=now)

    def take(self, until: datetime, **begun: Any) -> tuple[str, int]:
        """Take those of these rows that are free; return the new worker's name and how many it got.

        The conditions must stand on the rows themselves, not in a subquery: on PostgreSQL the loser
        of a race re-reads only the row.
        """
        worker = new_worker_name()
        return worker, self.filter(lease_until=None).update(worker=worker, lease_until=until, **begun)


class Leased(models.Model):
    """Mixin of a row that ``worker`` holds until ``lease_until``."""

    worker = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Leased)


@dataclass(frozen=True)
class Claim(Generic[Row]):
    """A row claimed by one worker."""

    row: Row
    worker: str
    #: Until when it is the one row that probes a parked account; None where it is not.
    probe: datetime | None = None

    def hold(self, **changes: Any) -> bool:
        """Update the row and renew the lease; False, and nothing written, when the claim is lost."""
        until = timezone.now() + LEASE
        held = self._get_row().update(lease_until=until, **changes)
        if held:
            self.row.lease_until = until
        return bool(held)

    def is_safe(self) -> bool:
        """Say whether a request may leave, after renewing a lease with too little time left."""
        until = self.row.lease_until
        return (until is not None and timezone.now() <= until - LEASE_NEEDED) or self.hold()

    def end(self, **changes: Any) -> bool:
        """Update and release the row; False, and nothing written, when the claim is lost."""
        return bool(self._get_row().update(**changes, **FREE))

    def _get_row(self) -> models.QuerySet[Row]:
        return type(self.row)._default_manager.filter(pk=self.row.pk, worker=self.worker)


def end_all(claims: list[Claim[Row]], changes: list[dict[str, Any]]) -> bool:
    """Update and release several rows with one statement; False when one claim is lost.

    On False with several rows the caller must roll back: the others were written.
    """
    ours = reduce(or_, (Q(pk=claim.row.pk, worker=claim.worker) for claim in claims))
    values = {name: _choose(name, claims, changes) for name in changes[0]}
    return type(claims[0].row)._default_manager.filter(ours).update(**values, **FREE) == len(claims)


def _choose(name: str, claims: list[Claim[Row]], changes: list[dict[str, Any]]) -> Any:
    """Return the new value of one column: a choice by row where the rows differ."""
    first = changes[0][name]
    if all(values[name] is first or values[name] == first for values in changes):
        return first
    field: Any = claims[0].row._meta.get_field(name)
    cases = [
        When(pk=claim.row.pk, then=Value(values[name], output_field=field))
        for claim, values in zip(claims, changes, strict=True)
    ]
    return Case(*cases, default=F(name), output_field=field)


def end_lost(row: Leased, now: datetime, **changes: Any) -> bool:
    """Release a row with an expired lease; False when its worker ended it meanwhile."""
    lost = type(row)._default_manager.filter(pk=row.pk, worker=row.worker, lease_until__lt=now)
    return bool(lost.update(**changes, **FREE))


def new_worker_name() -> str:
    """Return a name that no other claim has, and that a person can trace to a machine."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
