"""``handler500``: say in words why nothing could be saved or shown, and give back what was typed."""

import errno
import logging
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.transaction import TransactionManagementError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from home.serving.bounds.drain import drain
from moderation.desk import kept_form
from moderation.uploads import whole_files

logger = logging.getLogger(__name__)
#: Seconds after which a browser or a search engine may ask again.
_RETRY_AFTER = 60
_UNSAVED = "Kiriman Anda belum dapat disimpan"
_UNSHOWN = "Halaman ini belum dapat ditampilkan"
_LATER = "Beberapa menit lagi periksa apakah kiriman ini sudah masuk. Bila belum, kirim kembali dari halaman ini."
_AGAIN = "Simpan ketikan Anda. Beberapa menit lagi muat ulang halamannya, dan periksa apakah kiriman ini sudah masuk."
_BY_ITSELF = "Ketikan Anda tetap ada di halaman ini dan disimpan sendiri begitu server dapat. Jangan tutup halamannya."
_BUG = "Terjadi kesalahan pada sistem, dan kesalahan ini telah dicatat."


@dataclass(frozen=True)
class Fault:
    """What is wrong with the machine or its database, in one sentence."""

    sentence: str


FULL = Fault("Server tidak dapat menulis ke disk, biasanya karena ruangnya penuh. Beri tahu pengelola situs.")
READ_ONLY = Fault("Situs ini sedang hanya dapat dibaca, misalnya karena server sedang dirawat.")
AWAY = Fault("Basis data tidak menjawab, biasanya karena sedang dimulai ulang.")
BUSY = Fault("Server sedang sangat sibuk.")
STORE_AWAY = Fault(
    "Penyimpanan berkas tidak dapat dipakai, biasanya karena servernya tidak menjawab. Beri tahu pengelola situs."
)
REFUSED = Fault("Basis data menolak menyimpan, misalnya karena ruang server penuh. Beri tahu pengelola situs.")

#: A process that may write no larger file (RLIMIT_FSIZE) gets EFBIG.
_ERRNO = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: FULL, errno.EROFS: READ_ONLY}
#: How the names of SQLite's errors begin (sqlite.org/rescode.html).
_SQLITE = {
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CANTOPEN": AWAY,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
}
#: How PostgreSQL's codes begin (appendix A of its manual); an error without a code is a connection that broke.
_POSTGRES = {"53100": FULL, "25006": READ_ONLY, "08": AWAY, "57P": AWAY, "58": AWAY, "53": BUSY, "55P03": BUSY}


def find_fault(error: BaseException | None) -> Fault | None:
    """Return what is wrong where the error, or one that it came from, tells of disk, store or database; else None."""
    return next((fault for each in _walk(error) if (fault := _judge(each)) is not None), None)


def _walk(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _judge(error: BaseException) -> Fault | None:
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0)
    if isinstance(error, whole_files.StoreFailed):
        return STORE_AWAY
    if isinstance(error, TransactionManagementError) and error.__cause__ is None:
        # A write before it failed and was only logged, as the search's index does.
        return REFUSED
    if isinstance(error, sqlite3.Error):
        return _find(_SQLITE, getattr(error, "sqlite_errorname", ""))
    code = getattr(error, "sqlstate", "")
    if code:
        return _find(_POSTGRES, code)
    # psycopg's error of a connection that could not be made, or broke, has no code.
    is_lost = isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") is None
    return AWAY if is_lost or isinstance(error, InterfaceError) else None


def _find(faults: dict[str, Fault], code: str) -> Fault | None:
    return next((fault for start, fault in faults.items() if code.startswith(start)), None)


def answer_server_error(request) -> HttpResponse:
    """Return a page, or JSON for a script; whoever sent a form finds what was typed on it."""
    try:
        return _answer(request, find_fault(sys.exc_info()[1]))
    except Exception:  # whatever it was, somebody waits for an answer
        logger.exception("The page of a server error broke off")
        return server_error(request)


def _delete_unnamed() -> None:
    try:
        whole_files.delete_unnamed()
    except (DatabaseError, OSError, whole_files.StoreFailed):
        # The watch names what has to stay for now (home/watch/folders.py).
        logger.exception("Files of a failed request could not be deleted")


def _answer(request, fault: Fault | None) -> HttpResponse:
    status = 503 if fault else 500
    if request.method == "POST":
        _delete_unnamed()
        reason = fault.sentence if fault else _BUG
        advice = (_LATER if kept_form.is_for_a_person(request) else _BY_ITSELF) if fault else _AGAIN
        # The first to read the form, where a middleware failed.
        response = kept_form.answer_unsaved(request, _UNSAVED, f"{reason} {advice}", status, passes=bool(fault))
        # A browser that is cut off while it sends shows no answer.
        drain(request)
    elif fault is None:
        return server_error(request)
    else:
        text = f"{fault.sentence} Muat ulang halaman ini beberapa menit lagi."
        response = HttpResponse(render_to_string("400.html", {"title": _UNSHOWN, "text": text}), status=status)
    if fault:
        response["Retry-After"] = str(_RETRY_AFTER)
    return response
