"""Numbers for Prometheus, read from the database at the moment of the question: the same from every process.

Written as text by hand: prometheus_client counts in one process, and beside that only prints these few lines.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from home.backup import proving, retention
from home.backup.targets import Folder
from home.pagecache import generation, store
from home.watch import folders
from moderation import sop
from moderation.management.jobs import integrity
from moderation.models import Discrepancy, Disposition, Notification, Watch
from moderation.people.notifications import MAX_ATTEMPTS
from news.social.models import Account, Delivery

from . import disks, heartbeat, processes

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Gauge:
    """One metric: its name without ``situs_``, what it is, and its values by the value of its one label."""

    name: str
    help: str
    values: Mapping[str, float]
    #: The label's name; "" where there is one value without a label.
    label: str = ""
    #: Prometheus' kind: what only grows is a counter.
    type: str = "gauge"


def write() -> str:
    """Return the exposition, in Prometheus' text format; a value nobody has yet is left out."""
    return "".join(line for gauge in _read() for line in _write(gauge))


def _write(gauge: Gauge) -> Iterator[str]:
    name = f"situs_{gauge.name}"
    yield f"# HELP {name} {gauge.help}\n# TYPE {name} {gauge.type}\n"
    for key, value in gauge.values.items():
        # Keys are codes of ours: nothing in them needs escaping.
        labels = f'{{{gauge.label}="{key}"}}' if gauge.label else ""
        yield f"{name}{labels} {value:.17g}\n"


def _read() -> list[Gauge]:
    return [
        *_read_queue(),
        *_read_posts(),
        *_read_mails(),
        *_read_worker(),
        *_read_proof(),
        *_read_files(),
        *_read_processes(),
    ]


def _read_queue() -> Iterable[Gauge]:
    states = Disposition.objects.order_by().values_list("state").annotate(Count("pk"))
    since = Disposition.objects.open().aggregate(first=Min("state_since"))["first"]
    yield Gauge("items", "Items by state.", dict.fromkeys(_STATES, 0) | dict(states), "state")
    yield Gauge("oldest_waiting_seconds", "How long the oldest open item waits for its step.", _one(_age(since) or 0))


def _read_posts() -> Iterable[Gauge]:
    states = Delivery.objects.order_by().values_list("state").annotate(Count("pk"))
    now = timezone.now()
    due = Delivery.objects.due(now).aggregate(first=Min("next_attempt_at"))["first"]
    paused = Account.objects.kept().offered().exclude(paused_at=None).count()
    yield Gauge("deliveries", "Posts by state.", dict.fromkeys(Delivery.State.values, 0) | dict(states), "state")
    yield Gauge("oldest_due_delivery_seconds", "How long the oldest due post waits.", _one(_age(due) or 0))
    yield Gauge("deliveries_for_person", "Posts that wait for a decision.", _one(_count_waiting()))
    yield Gauge("accounts_paused", "Accounts of networks that send nothing.", _one(paused))


def _count_waiting() -> int:
    return Delivery.objects.waiting_for_person().count()


def _read_mails() -> Iterable[Gauge]:
    unsent = Notification.objects.filter(sent_at=None)
    failed = unsent.filter(attempts__gte=MAX_ATTEMPTS).count()
    yield Gauge("mails", "Mails by state.", {"waiting": unsent.count() - failed, "failed": failed}, "state")


def _read_worker() -> Iterable[Gauge]:
    yield Gauge("workers", "Workers whose jobs come round.", _one(heartbeat.count_alive()))
    yield Gauge("worker_heartbeat_age_seconds", "Time since the last heartbeat.", _one(_age(heartbeat.get_last())))


def _read_proof() -> Iterable[Gauge]:
    proof = integrity.get_outcome()
    open_ones = Discrepancy.objects.filter(mended_at=None).order_by().values_list("watch__part").annotate(Count("pk"))
    yield Gauge(
        "last_proof_timestamp_seconds", "When the last proof ended.", _one(proof.at.timestamp() if proof else None)
    )
    yield Gauge(
        "last_proof_whole", "Whether it found everything whole.", _one(float(proof.is_whole) if proof else None)
    )
    yield Gauge("discrepancies", "Open differences.", dict.fromkeys(Watch.Part.values, 0) | dict(open_ones), "watch")


def _read_files() -> Iterable[Gauge]:
    archives = retention.list_archives(Folder(str(settings.BACKUP_DIR)))
    made = retention.read_moment(archives[0]) if archives else None
    yield Gauge(
        "last_backup_timestamp_seconds", "When the last backup began.", _one(made.timestamp() if made else None)
    )
    proof = proving.read_last()
    yield Gauge(
        "last_backup_proof_timestamp_seconds",
        "When a backup was last restored beside the site and compared.",
        _one(proof.at.timestamp() if proof else None),
    )
    yield Gauge("last_backup_proof_whole", "Whether it was whole.", _one(float(proof.is_whole) if proof else None))
    shares = {disk.name: disk.share for disk in disks.list_disks()}
    yield Gauge("disk_free_ratio", "Share of the disk that is free, by what the site writes there.", shares, "disk")
    if store.is_on():
        kept = sum(1 for _name in folders.list_kept_names())
        yield Gauge("kept_pages", "Public pages and files that nginx serves by itself here.", _one(kept))
        yield Gauge("page_generation", "Changes of public pages so far.", _one(generation.get_current_number()))


def _read_processes() -> Iterable[Gauge]:
    used = processes.measure()
    memory = {kind: float(use.memory) for kind, use in used.items()}
    spent = {kind: use.processor for kind, use in used.items()}
    yield Gauge("memory_bytes", "Memory of the site's processes, shared parts counted once.", memory, "process")
    yield Gauge("processor_seconds_total", "Processor time of those that run.", spent, "process", "counter")
    yield Gauge("start_seconds", "How long the answering web process took to start.", _one(processes.get_start()))


def _age(moment) -> float | None:
    return None if moment is None else (timezone.now() - moment).total_seconds()


def _one(value: float | None) -> dict[str, float]:
    return {} if value is None else {"": value}


_STATES = [state.code for state in sop.STATES]
