"""Base of every kind of exchange with a network: claim rows, make the requests, record the results.

No transaction is open during a request. Claims are decided and committed before, for a whole batch at
once.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from news.social.channels.base import ChannelError, Sent
from news.social.models import Account, Delivery, DeliveryEvent, FollowUp
from news.social.models.leases import LEASE, Claim, LeasedQuerySet

from . import circuit_breaker

logger = logging.getLogger(__name__)

#: The network's answer; None when it was read and has no such post.
Answer = Sent | ChannelError | None
Row = TypeVar("Row", Delivery, FollowUp)
Result = tuple[Claim[Row], Answer]


class Work(ABC, Generic[Row]):
    """Interface of a kind of exchange; claiming is common to all."""

    #: Look-up path from a row to its account.
    account: str
    #: The state that a claimed row has; None where the claim leaves the state as it is.
    begun: str | None = None

    @abstractmethod
    def list_due(self, now: datetime) -> LeasedQuerySet:
        """Return the rows to take up now, if their accounts may."""

    def list_free(self, now: datetime) -> LeasedQuerySet:
        """Return the same rows by conditions on the rows alone: what taking asks for once more."""
        return self.list_due(now)

    def read(self, pks: list[int], now: datetime) -> models.QuerySet[Row]:
        """Return those of the rows that are still due, with their accounts and all that says whether they may go."""
        return self.list_due(now).filter(pk__in=pks).select_related(self.account)

    def admit(self, row: Row, now: datetime) -> Row | None:
        """Return the row to claim, or None after recording why it may not be sent."""
        return row

    def get_pin(self, row: Row) -> dict[str, Any]:
        """Return filter values that must not have changed since the row was read."""
        return {"pk": row.pk, "next_attempt_at": row.next_attempt_at}

    def lock(self, rows: list[Row]) -> list[Row]:
        """Lock what rows share, inside the claim's transaction, and return those that may go now."""
        return rows

    def make_start_event(self, claim: Claim[Row]) -> DeliveryEvent | None:
        """Return the unsaved event of starting the exchange, None where there is none."""
        return None

    @abstractmethod
    def exchange(self, claim: Claim[Row]) -> Answer:
        """Make the request and return the answer; never raises."""

    @abstractmethod
    def record(self, results: list[Result[Row]]) -> "list[tuple[Work[Row], Claim[Row]]]":
        """Record one batch of ``split``; return the claims that continue, each with its work."""

    def split(self, results: list[Result[Row]]) -> list[list[Result[Row]]]:
        """Return the batches to record; a result that changes its account locks that row and is alone."""
        return [[pair] for pair in results]

    def get_account(self, row: Row) -> Account:
        """Return the account of a row."""
        account: Any = reduce(getattr, self.account.split("__"), row)
        return account

    def claim(self, pks: list[int]) -> Iterator[Claim[Row]]:
        """Claim those of these rows that may go now, and commit before any request.

        Of a parked account one row is taken, in a transaction of its own: its probe.
        """
        now = timezone.now()
        plain: list[Row] = []
        probes: dict[int, Row] = {}
        for row in self._admit_all(pks, now):
            account = self.get_account(row)
            if circuit_breaker.needs_probe(account):
                probes.setdefault(account.pk, row)
            else:
                plain.append(row)
        yield from self._take(plain)
        for row in probes.values():
            yield from self._take([row])

    def _admit_all(self, pks: list[int], now: datetime) -> Iterator[Row]:
        for row in self.read(pks, now).order_by("next_attempt_at", "pk"):
            if not self.get_account(row).is_ready(now):
                continue
            try:
                admitted = self.admit(row, now)
            except Exception:
                # A row that fails here must not block the others.
                logger.exception("%s of row %s could not be begun", type(self).__name__, row.pk)
                continue
            if admitted is not None:
                yield admitted

    def _take(self, rows: list[Row]) -> list[Claim[Row]]:
        if not rows:
            return []
        with transaction.atomic(durable=True):
            rows, now = self.lock(rows), timezone.now()
            if not rows:
                return []
            until, begun = now + LEASE, dict[str, Any]()
            if self.begun is not None:
                begun = {"state": self.begun, "first_sent_at": Coalesce("first_sent_at", now)}
            as_read = reduce(or_, (Q(**self.get_pin(row)) for row in rows))
            worker, count = self.list_free(now).filter(as_read).take(until, **begun)
            if count < len(rows):
                mine = type(rows[0]).objects.filter(pk__in=[row.pk for row in rows], worker=worker)
                ours = set(mine.values_list("pk", flat=True))
                rows = [row for row in rows if row.pk in ours]
            if not rows:
                return []
            account = self.get_account(rows[0])
            if not circuit_breaker.take_probe(account, until):
                transaction.set_rollback(True)
                return []
            probe = until if circuit_breaker.needs_probe(account) else None
            claims = [self._hold(row, worker, until, now, probe) for row in rows]
            events = filter(None, map(self.make_start_event, claims))
            DeliveryEvent.objects.bulk_create(events)
        return claims

    def _hold(self, row: Row, worker: str, until: datetime, now: datetime, probe: datetime | None) -> Claim[Row]:
        row.worker, row.lease_until = worker, until
        if self.begun is not None:
            row.state, row.first_sent_at = self.begun, row.first_sent_at or now
        return Claim(row, worker, probe)
