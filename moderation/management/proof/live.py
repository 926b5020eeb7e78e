"""What is live is what was verified: each live page against its order and its lines of the log (I1)."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.utils import timezone

from moderation.chain import links
from moderation.models import AuditEntry, ModeratedPage, PublicationPermit
from moderation.ports.seal import compute_seal, describe_all_media, find_missing_files

from .checks import Part
from .gathering import gather

PAGES_A_PART = 50
FAILED = "tidak dapat diperiksa"
#: Lines that a live text has in the log, and what the proof says of one that is missing.
_LINES = {"verify": "verifikasinya", "order": "perintah tayangnya", "publish": "penayangannya"}
#: After this long past the end that its order names a page is down; the worker takes seconds.
END_GRACE = timedelta(hours=1)
#: How often a page is read again that changes while it is read.
_TRIES = 5


def take_part(cursor) -> Part:
    """Check the next live pages; ``cursor``: class and key of the last one looked at."""
    label, last = cursor or ["", 0]
    classes: list[Any] = sorted(ModeratedPage.__subclasses__(), key=lambda found: found._meta.label)
    for model in classes:
        name = model._meta.label
        if name < label:
            continue
        pages = model.objects.live().filter(pk__gt=last if name == label else 0).order_by("pk")
        pages = list(pages[:PAGES_A_PART])
        if pages:
            return Part(find_differences(pages), [name, pages[-1].pk], len(pages))
    return Part()


def find_differences(pages: list) -> list[str]:
    """Return how live pages of one class differ from what was verified, one sentence each (I1)."""
    problems = _describe(pages)
    # A ralat may go live between two reads: look at each of these once more, alone.
    again = [find_difference(type(page), page.pk) for page in pages if page.pk in problems]
    return [problem for problem in again if problem]


def find_difference(model, key) -> str | None:
    """Return how a live page differs from what was verified, None when it does not.

    Read until nothing went live or down meanwhile; no lock is held, so nobody waits.
    """
    for _number in range(_TRIES):
        before = _stamp(key)
        problem = _describe(list(model.objects.live().filter(pk=key))).get(key)
        if problem is None or _stamp(key) == before:
            break
    return problem


def _stamp(key) -> list:
    """Return what changes whenever the page goes live or down, or gets another text."""
    orders = PublicationPermit.objects.filter(page_id=key).order_by("pk")
    return list(orders.values_list("pk", "executed_at", "completed_at", "revoked_at", "page__live"))


def _describe(pages) -> dict[int, str]:
    """Return the first difference of each page that has one, by the page's key."""
    if not pages:
        return {}
    keys = [page.pk for page in pages]
    orders = PublicationPermit.objects.executed().select_related("disposition", "revision").filter(page_id__in=keys)
    permits = {permit.page_id: permit for permit in orders}
    media, lines = gather(pages), _read_lines(permits.values())
    forged = _find_forged_notes(keys)
    broken = links.find_all_problems(list(permits.values()), type(pages[0]))
    found = {}
    for page in pages:
        permit = permits.get(page.pk)
        if permit is None:
            found[page.pk] = f"“{page.title}” (halaman {page.pk}) tayang tanpa perintah tayang."
            continue
        problem = (
            _compare_seal(page, permit, media[page.pk])
            or _compare_order(page, permit)
            or _compare_lines(permit, lines[permit.disposition_id])
        )
        if problem is None and page.pk in forged:
            problem = "memuat keterangan ralat yang tidak sama dengan yang diverifikasi."
        if problem is None and page.pk in broken:
            targets = "; ".join(broken[page.pk])
            problem = f"menaut ke {targets}. Buka ralat untuk mengubah tautannya, atau pulihkan halaman itu."
        if problem:
            found[page.pk] = f"“{page.title}” ({permit.disposition.register_number}) {problem}"
    return found


def _compare_seal(page, permit, media) -> str | None:
    try:
        seal = compute_seal(page, describe_all_media(media))
    except (OSError, ValueError, LookupError, TypeError) as error:
        return f"{FAILED}: {type(error).__name__}."
    if seal == permit.seal:
        return None
    missing = find_missing_files(page)
    if missing:
        return f"kehilangan berkas: {'; '.join(missing)}. Pulihkan berkas itu dari cadangan."
    return "tidak sama dengan yang diverifikasi."


def _compare_order(page, permit) -> str | None:
    if page.live_revision_id != permit.revision_id:
        return "tayang dengan versi lain daripada yang diperintahkan."
    if permit.completed_at is None:
        return "tayang, tetapi perintah tayangnya belum selesai dijalankan."
    if permit.ends_at is not None and permit.ends_at + END_GRACE < timezone.now():
        return "masih tayang, padahal batas tayang dalam perintahnya sudah lewat."
    if permit.revoked_by_id is not None or permit.revoke_reason:
        return "tayang, tetapi perintah tayangnya bertanda pencabutan."
    return None


def _read_lines(permits) -> dict[int | None, set]:
    """Return action and seal of the lines that made these orders and carried them out, by item."""
    lines: dict[int | None, set] = defaultdict(set)
    wanted = AuditEntry.objects.filter(
        action__in=_LINES, disposition_id__in=[permit.disposition_id for permit in permits]
    )
    for item, page, action, seal in wanted.values_list("disposition_id", "page_id", "action", "seal"):
        lines[item].add((page, action, seal))
    return lines


def _compare_lines(permit, lines) -> str | None:
    for action, what in _LINES.items():
        if (permit.page_id, action, permit.seal) not in lines:
            return f"tayang, tetapi jejak audit tidak memuat {what}."
    return None


def _find_forged_notes(keys) -> set[int]:
    """Return the pages with a public note of a ralat that differs from the note in its revision."""
    orders = PublicationPermit.objects.filter(page_id__in=keys, is_correction=True).exclude(correction_note="")
    told = orders.exclude(executed_at=None).values_list("page_id", "correction_note", "revision__content")
    return {
        page
        for page, note, content in told
        if not content.get("correction_is_public") or content.get("correction_note") != note
    }
