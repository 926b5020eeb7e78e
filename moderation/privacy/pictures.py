"""Have the worker read the writing in the pictures of files, and tell what it found and what is still unread."""

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import timedelta

from django.apps import apps
from django.db import close_old_connections
from django.db.models import F, Q
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model

from moderation.evidence.own_contacts import get_allowed
from moderation.models import PictureReading
from moderation.ports.seal import hash_file
from moderation.uploads import picture_text

from ..scanner import Severity, compute_version
from .findings import PageFinding, Spot, examine_text, make_note
from .texts import SourceText

#: A busy machine may run out of time once.
MOST_ATTEMPTS = 2
#: How long one worker holds a reading, longer than any takes; and seconds between two looks.
HELD = timedelta(minutes=2)
EVERY_SECONDS = 5
INSIDE = "tulisan di dalam gambar, dibaca otomatis"
READ = "Tulisan di dalam gambarnya telah dibaca otomatis, yang dapat keliru."
WAITING = "Tulisan di dalam gambarnya belum dibaca: menunggu pekerja situs."
FAILED = "Tulisan di dalam gambarnya belum dibaca: pembacaan otomatis gagal."
_LABEL = "Tulisan di dalam gambar belum dibaca"
Known = dict[tuple[str, int], PictureReading]


def load(media: Iterable) -> Known:
    """Return the readings of these files, by their kind and key; one query, none where nothing can be read."""
    media = list(media)
    if not media or picture_text.find_program() is None:
        return {}
    wanted = Q()
    for one in media:
        wanted |= Q(kind=one._meta.label_lower, medium=one.pk)
    return {(row.kind, row.medium): row for row in PictureReading.objects.filter(wanted)}


def describe_reader() -> str:
    """Return what the worksheet says of the writing in pictures."""
    if picture_text.find_program() is None:
        return "Tulisan di dalam gambar tidak dibaca pada server ini: lihat sendiri setiap gambar."
    return "Tulisan di dalam gambar dibaca otomatis."


def is_read(medium, digest: str, known: Known, allowed) -> bool:
    """Say whether a reading of these bytes by today's rules exists, or was tried in vain."""
    return _find(medium, digest, known, allowed) is not None


def add(found: list[PageFinding], medium, digest: str, known: Known, allowed) -> list[PageFinding]:
    """Return what was found in a file, with what was read in its pictures; ``digest`` "" stands for any bytes."""
    if picture_text.find_program() is None:
        return found
    reading = _find(medium, digest, known, allowed)
    sentence = WAITING if reading is None else READ if reading.is_whole else FAILED
    if isinstance(medium, AbstractDocument):
        # The file's own note says that it holds pictures.
        found = [replace(one, hint=f"{one.hint} {sentence}") if one.code == "isi_berkas" else one for one in found]
    elif sentence != READ:
        severity = Severity.INFO if reading is None else Severity.WARN
        hint = f"{sentence} Lihat sendiri foto itu."
        found = [*found, make_note("gambar_belum_dibaca", _LABEL, severity, hint, INSIDE, f"{medium.pk}")]
    return found + [_restore(one) for one in (reading.findings if reading else ())]


def ask(media: Iterable) -> None:
    """Have the worker read these files; one query."""
    if picture_text.find_program() is None:
        return
    rows = [PictureReading(kind=one._meta.label_lower, medium=one.pk) for one in media]
    if rows:
        PictureReading.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "medium"], update_fields=["is_due", "attempts"]
        )


def connect() -> None:
    """Ask for the reading of every picture and document when it is uploaded or exchanged."""
    for model in (get_image_model(), get_document_model()):
        post_save.connect(_on_saved, sender=model, dispatch_uid=f"picture_reading_{model._meta.label_lower}")


def run(stop: threading.Event) -> None:
    """Read what is due until ``stop`` is set."""
    while not stop.is_set():
        close_old_connections()
        if not read_next():
            stop.wait(EVERY_SECONDS)


def read_next() -> int:
    """Read the file that has waited longest; return how many were read."""
    if picture_text.find_program() is None:
        return 0
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lte=now)
    due = PictureReading.objects.filter(free, is_due=True).order_by("pk").first()
    if due is None:
        return 0
    mine = PictureReading.objects.filter(free, pk=due.pk, attempts=due.attempts)
    if not mine.update(held_until=now + HELD, attempts=F("attempts") + 1):
        return 0
    _read(due.pk, due.kind, due.medium, due.attempts + 1)
    return 1


def _read(key: int, kind: str, pk: int, attempt: int) -> None:
    # Asked for anew while it is read, its attempts begin at 0 and it stays due.
    row = PictureReading.objects.filter(pk=key, attempts=attempt)
    medium = apps.get_model(kind)._default_manager.filter(pk=pk).first()
    digest = hash_file(medium.file) if medium else ""
    if medium is None or not digest:
        row.delete()
        return
    allowed = get_allowed()
    rules = _hash_rules(allowed)
    # Only its title was changed.
    if row.filter(digest=digest, rules=rules, is_whole=True).update(is_due=False, held_until=None):
        return
    with medium.file.storage.open(medium.file.name) as stream:
        read = picture_text.read_pictures(stream)
    found = examine_text(SourceText("file", INSIDE, read.text), allowed)
    row.update(
        digest=digest,
        rules=rules,
        findings=[asdict(one) | {"severity": one.severity.value} for one in found],
        is_whole=read.is_whole,
        is_due=not read.is_whole and attempt < MOST_ATTEMPTS,
        held_until=None,
    )


def _on_saved(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        ask([instance])


def _find(medium, digest: str, known: Known, allowed) -> PictureReading | None:
    """Return the reading of a file where it is finished and counts for these bytes and today's rules."""
    reading = known.get((medium._meta.label_lower, medium.pk))
    if reading is None or not reading.digest or (digest and reading.digest != digest):
        return None
    if reading.rules != _hash_rules(allowed) or (reading.is_due and not (reading.is_whole or reading.findings)):
        return None
    return reading


def _hash_rules(allowed) -> str:
    parts = "\n".join((compute_version(), picture_text.compute_version(), *allowed))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def _restore(stored: dict) -> PageFinding:
    spots = tuple(Spot(**spot) for spot in stored["spots"])
    return PageFinding(**stored | {"severity": Severity(stored["severity"]), "spots": spots})
