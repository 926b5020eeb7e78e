"""Number the noted changes, and drop from this machine's folder what they name."""

import functools
import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists
from django.utils import timezone

from . import clock_changes, store
from .groups import EVERYTHING
from .models import PageChange, PageGeneration

logger = logging.getLogger(__name__)
#: Numbered notes that are kept; a machine that is further behind drops everything.
KEPT_GENERATIONS = 1000


def assign_generation() -> None:
    """Give all notes without a generation the next number."""
    with transaction.atomic():
        current = PageGeneration.objects.select_for_update().get()
        number = current.number + 1
        if not PageChange.objects.filter(generation=None).update(generation=number):
            return
        now = timezone.now()
        current.number, current.settled_at = number, now
        current.began_at = max(now, current.began_at + timedelta(seconds=1))
        current.save()
        PageChange.objects.filter(generation__lte=number - KEPT_GENERATIONS).delete()


def go_on_from(number: int) -> None:
    """Begin above a generation of another database, so that folders filled from that one are emptied."""
    PageGeneration.objects.filter(number__lt=number).update(number=number)
    PageChange.objects.create(group=EVERYTHING)
    assign_generation()


def catch_up(*, look_at_clock: bool = True) -> int:
    """Bring this machine's folder up to date; return 1 where it was behind, else 0."""
    if not store.is_on() or is_frozen():
        return 0
    if look_at_clock:
        _note_changes_by_the_clock()
    number, state = get_current_number(), store.read_state()
    if number is not None and (state.number, state.boot) == (number, get_boot()):
        return 0
    if _get_current() is None:
        return 0
    assign_generation()
    _apply()
    return 1


def freeze() -> None:
    """Bring the folder up to date, then let nothing drop or store a page until the file is deleted.

    For an upgrade, while no process of the site runs and nothing can change: readers have nothing else, and the new
    version, which would begin with an empty folder, may not take it over before it has answered. A restart of the
    machine ends it.
    """
    take_over()
    with store.locked():
        _get_frozen().write_text(get_boot())


def is_frozen() -> bool:
    """Return whether the folder stays as it is."""
    try:
        return _get_frozen().read_text() == get_boot()
    except FileNotFoundError:
        return False


def _get_frozen() -> Path:
    return Path(str(settings.PAGES_ROOT)) / "frozen"


def _note_changes_by_the_clock() -> None:
    current = _get_current()
    if current is None or not clock_changes.find_group(current.settled_at):
        return
    with transaction.atomic():
        # Check again under the lock: another process may have noted the same meanwhile.
        group = clock_changes.find_group(PageGeneration.objects.select_for_update().get().settled_at)
        if group:
            PageChange.objects.create(group=group)


def _apply() -> None:
    with store.locked():
        state, current = store.read_state(), _get_current()
        behind = current.number - state.number
        knows_all = state.boot == get_boot() and 0 <= behind < KEPT_GENERATIONS
        changes = PageChange.objects.filter(generation__gt=state.number, generation__lte=current.number)
        store.drop(changes.values_list("group", flat=True) if knows_all else [EVERYTHING])
        store.write_state(
            store.State(current.number, int(current.began_at.timestamp()), state.release or get_release(), get_boot())
        )


def keep_page(name: str, group: str, content: bytes, began: store.State) -> bool:
    """Store a rendered page unless something changed since ``began``; return whether it was stored."""
    packed = store.pack(content)
    return _keep(began, lambda: store.keep_page(name, group, content, packed, began.began))


def keep_file(name: str, group: str, file: Path, began: store.State) -> bool:
    """Link an existing file unless something changed since ``began``; return whether it was linked."""
    return _keep(began, lambda: store.keep_file(name, group, file))


def _keep(began, put) -> bool:
    try:
        with store.locked():
            if is_frozen() or not _is_current(began):
                return False
            put()
    except (DatabaseError, OSError):
        # Not the reader's problem: the response is sent all the same.
        logger.exception("A page could not be kept")
        return False
    return True


def take_over() -> None:
    """Empty the folder where another version of the program filled it, then bring it up to date."""
    if not store.is_on() or is_frozen():
        return
    with store.locked():
        state = store.read_state()
        if state.release != get_release():
            store.drop([EVERYTHING])
            store.write_state(store.State(-1, 0, get_release(), get_boot()))
    catch_up()


def _is_current(began: store.State) -> bool:
    """Return whether nothing that pages show has changed since ``began``."""
    if began != store.read_state() or began.release != get_release() or began.boot != get_boot():
        return False
    return get_current_number() == began.number


def take_over_quietly() -> None:
    """Call ``take_over`` and log a failure: without it no page is kept."""
    try:
        take_over()
    except (DatabaseError, OSError):
        logger.exception("The folder of kept pages could not be taken over")


def get_current_number() -> int | None:
    """Return the number of the current generation, None while a note has no number."""
    unnumbered = PageChange.objects.filter(generation=None)
    return PageGeneration.objects.filter(~Exists(unnumbered)).values_list("number", flat=True).first()


def get_settled_at() -> datetime:
    """Return up to when changes by the clock are on the current generation's pages."""
    current = _get_current()
    return current.settled_at if current else timezone.now()


def _get_current() -> PageGeneration | None:
    return PageGeneration.objects.first()


def catch_up_quietly(*, look_at_clock: bool = False) -> None:
    """Call ``catch_up`` and log a failure: the next call makes it good."""
    try:
        catch_up(look_at_clock=look_at_clock)
    except (DatabaseError, OSError):
        logger.exception("The kept pages could not be brought up to date")


@functools.cache
def get_boot() -> str:
    """Return the boot id of this machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


@functools.cache
def get_release() -> str:
    """Return a digest of the program's files (names, sizes, modification times) and the office's, 16 hex digits."""
    digest = hashlib.sha256(repr(settings.OFFICE_FACTS).encode())
    for folder in ("home", "kecamatan_site", "moderation", "news", "templates"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".mo", ".svg"}:
                facts = path.stat()
                digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
