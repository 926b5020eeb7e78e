"""Map Meta's error codes to outcomes. Nearly all come with HTTP 400, throttling included."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from news.social.channels.errors import AuthDead, Duplicate, NoRight, NotSent, Rejected, Throttled, Unknown
from news.social.channels.http.retry_after import reset_at
from news.social.channels.http.transport import Answer

#: The token has ended.
_AUTH = frozenset({102, 190})
#: The app's permission or the person's role on the Page is missing, for this request at least.
_RIGHTS = frozenset({3, 10, *range(200, 300)})
#: The API version in the account's settings is no longer supported.
_VERSION = frozenset({12, 2635})
_THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
#: Meta suspects misuse: the account waits for hours, and somebody has to look at it.
_BLOCKED = 368
_BLOCKED_SUBCODE = 2207051
_BLOCKED_FOR = timedelta(hours=6)
#: The quota of an Instagram account is used up; Meta does not say until when.
_DAILY_SUBCODE = 2207042
_DAILY_WAIT = timedelta(hours=1)
#: Calls of an app count over a rolling hour.
_APP_WINDOW = timedelta(hours=1)
#: Meta does not say whether anything was stored.
_TRANSIENT = frozenset({-2, -1, 1, 2})
#: Meta could not fetch the page behind the link; the site may be back soon.
_LINK_UNREADABLE = 1609005
_DUPLICATE = 506
#: The container is not ready or too old; nothing was published.
_NOT_READY = frozenset({2207027, 2207020, 2207008})
_PICTURE = frozenset({9004, *range(36000, 36004), 1366046, 2207052})

_LOGIN_HINTS = {
    458: "Aplikasi kantor telah dihapus dari akun.",
    459: "Akun harus masuk ke {network} untuk menyelesaikan pemeriksaan keamanan.",
    460: "Kata sandi akun telah diganti.",
    463: "Masa berlaku token sudah habis.",
    464: "Akun belum dikonfirmasi. Masuk ke {network} untuk menyelesaikannya.",
    467: "Token sudah tidak berlaku.",
}


def get_error(answer: Answer) -> dict[str, Any]:
    """Return Graph's error object, empty when there is none."""
    error = answer.get("error")
    return error if isinstance(error, dict) else {}


def is_gone(answer: Answer) -> bool:
    """Say whether Graph's error means that the object does not exist any more."""
    error = get_error(answer)
    return error.get("code") == 100 and error.get("error_subcode") == 33


def raise_for(answer: Answer, network: str, *, changes: bool) -> None:
    """Raise the outcome of an error; ``changes``: the request may have made a post before it failed."""
    error, status = get_error(answer), answer.status
    if 200 <= status < 300 and not error:
        if isinstance(answer.data, dict):
            return
        raise _lost(f"Jawaban {network} tidak terbaca.", status, changes)
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    detail = _describe(error)
    _raise_known(answer, network, code, subcode, detail)
    if code in _TRANSIENT or error.get("is_transient") is True or status >= 500 or status in (0, 408):
        raise _lost(f"{network} mengalami gangguan (kode {code or status}).", status, changes)
    if code in _PICTURE:
        raise Rejected(f"{network} tidak dapat memakai gambar berita ini. {detail}".strip(), status=status)
    if 400 <= status < 500 or error:
        raise Rejected(f"{network} menolak: {detail or f'kode {code or status}'}", status=status)
    raise _lost(f"Jawaban {network} tidak terbaca.", status, changes)


def _raise_known(answer: Answer, network: str, code: int, subcode: int, detail: str) -> None:
    """Raise for codes with one meaning, whatever the request."""
    status, now = answer.status, datetime.now(UTC)
    if code == _DUPLICATE:
        raise Duplicate(f"{network} menyatakan unggahan yang sama sudah ada.", status=status)
    if code in _VERSION:
        raise AuthDead(f"Versi Graph API pada pengaturan akun {network} sudah tidak berlaku. Ganti versinya.")
    if code == _BLOCKED or subcode == _BLOCKED_SUBCODE:
        message = f"{network} membatasi akun ini untuk sementara. Masuk ke akun, lalu periksa pemberitahuannya."
        until = max(now + _BLOCKED_FOR, reset_at(answer.headers, now))
        raise Throttled(until, message, status=status, needs_person=True)
    if subcode == _DAILY_SUBCODE:
        raise Throttled(now + _DAILY_WAIT, f"Batas unggahan harian {network} tercapai.", status=status)
    if code in _THROTTLED or (status == 429 and not code):
        raise Throttled(_reset_at(answer.headers, now), f"Batas kiriman {network} tercapai.", status=status)
    if code in _RIGHTS:
        message = f"Akun {network} tidak diberi hak untuk tindakan ini. {detail}"
        raise NoRight(f"{message.strip()} Hubungkan kembali akun dengan semua hak.", status=status)
    if code in _AUTH or (status == 401 and not code):
        hint = _LOGIN_HINTS.get(subcode, "").format(network=network)
        message = f"{network} menolak izin akun ini. {hint or detail} Hubungkan kembali akun, lalu lanjutkan."
        raise AuthDead(" ".join(message.split()), status=status)
    if subcode in _NOT_READY:
        raise NotSent(f"{network} belum selesai menyiapkan unggahan.", status=status)
    if code == _LINK_UNREADABLE:
        raise NotSent(f"{network} belum dapat membaca halaman berita.", status=status)


def _reset_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when calls are allowed again: after the rolling hour where the app's are used up."""
    until = reset_at(headers, now)
    if "x-business-use-case-usage" in {name.lower() for name in headers}:
        return until
    return max(until, now + _APP_WINDOW) if _is_used_up(headers.get("x-app-usage", "")) else until


def _is_used_up(usage: str) -> bool:
    try:
        shares = json.loads(usage or "{}").values()
        return any(float(share) >= 100 for share in shares)
    except (ValueError, TypeError, AttributeError):
        return False


def _lost(message: str, status: int, changes: bool) -> Unknown | NotSent:
    """Return Unknown for a request that may have changed something, else NotSent."""
    return Unknown(message, status=status) if changes else NotSent(message, status=status)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _describe(error: dict[str, Any]) -> str:
    """Return Meta's message for users, else its message for developers."""
    text = error.get("error_user_msg") or error.get("message") or ""
    return str(text).strip()[:300]
