"""Rows of the ledger's list, in a constant number of queries, and its export as text cells."""

from itertools import islice

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from news.social.models import Account, Delivery, DeliveryEvent, FollowUp

from .read_back import OUTCOMES

#: Rows that an export fetches at a time.
EXPORT_BATCH = 500

COLUMNS = {
    "title": "Berita",
    "register_number": "Nomor register",
    "channel": "Kanal",
    "state": "Status",
    "created_at": "Dibuat",
    "sent_at": "Terkirim",
    "url": "Tautan unggahan",
    "link": "Tautan berita",
    "text": "Isi unggahan",
    "alt": "Teks alternatif gambar",
    "attempts": "Percobaan",
    "remark": "Keterangan",
    "acts": "Tindak lanjut",
    "check": "Pemeriksaan terakhir",
    "seal": "Sidik isi",
}


def get_deliveries():
    """Return all deliveries with their related rows, newest first."""
    checks = DeliveryEvent.objects.filter(delivery=OuterRef("pk"), outcome__in=OUTCOMES.values())
    last_check = checks.order_by("-at", "-pk").values("outcome")[:1]
    deliveries = Delivery.objects.select_related("account", "disposition").annotate(last_check=Subquery(last_check))
    return deliveries.prefetch_related(Prefetch("follow_ups", FollowUp.objects.defer("request_text")))


def list_stopped():
    """Return the disabled accounts with waiting deliveries, annotated with their number ``waiting``."""
    waiting = Count("deliveries", filter=Q(deliveries__state=Delivery.State.PENDING))
    return Account.objects.filter(enabled=False).annotate(waiting=waiting).filter(waiting__gt=0)


def describe_check(outcome: str | None) -> str:
    """Return the result of the last read-back in words: "berbeda"."""
    return DeliveryEvent.Outcome(outcome).label.partition(": ")[2] if outcome else ""


def get_all_rows(deliveries):
    """Yield every row of an export, in batches."""
    found = deliveries.iterator(chunk_size=EXPORT_BATCH)
    while batch := list(islice(found, EXPORT_BATCH)):
        yield from ({"cells": _derive(delivery)} for delivery in batch)


def _derive(delivery) -> dict:
    acts = delivery.follow_ups.all()
    return {
        "title": delivery.title,
        "register_number": delivery.disposition.register_number,
        "channel": delivery.account.label,
        "state": delivery.state_label,
        "created_at": _write_time(delivery.created_at),
        "sent_at": _write_time(delivery.sent_at),
        "url": delivery.remote_url,
        "link": delivery.link,
        "text": delivery.request_text,
        "alt": delivery.alt,
        "attempts": delivery.attempts,
        "remark": delivery.closed_note or delivery.last_error,
        "acts": "; ".join(f"{act.get_kind_display()}: {act.get_state_display().lower()}" for act in acts),
        "check": describe_check(delivery.last_check),
        "seal": delivery.seal,
    }


def _write_time(value) -> str:
    return f"{date_format(timezone.localtime(value), 'DATETIME_FORMAT')} WIB" if value else ""
