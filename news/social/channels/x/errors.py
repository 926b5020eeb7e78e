"""Map X's answers to outcomes, by status and code; by wording only where there is nothing else."""

from datetime import UTC, datetime

from news.social.channels.base import AuthDead, Duplicate, NoFunds, Rejected, Throttled, Unknown
from news.social.channels.http.retry_after import clock_is_wrong, reset_at
from news.social.channels.http.transport import Answer

CLOCK = "Jam server ini berbeda jauh dari jam kanal, sehingga kanal menolak. Betulkan jam server, lalu lanjutkan akun."
#: Problem types and titles of a lost permission; the same status also means a refused text.
_PERMISSIONS = ("oauth1-permissions", "client-forbidden", "unsupported-authentication")


def raise_for(answer: Answer) -> None:
    """Raise the outcome of an error; return for a success."""
    status = answer.status
    if status in (200, 201):
        return
    detail = answer.get("detail") or answer.get("title") or ""
    reason = f"X menolak: {detail}" if detail else f"X menolak (kode {status})."
    if status == 429:
        raise Throttled(reset_at(answer.headers, datetime.now(UTC)), "Batas kiriman X tercapai.", status=status)
    if status == 402 or _has_no_credit(answer):
        raise NoFunds("Saldo kredit X sudah habis. Isi kredit, lalu lanjutkan akun.", status=status)
    if status == 401 and clock_is_wrong(answer.headers, datetime.now(UTC)):
        raise AuthDead(CLOCK, status=status)
    if status == 401 or (status == 403 and _is_permission(answer)):
        raise AuthDead("X menolak izin akun ini. Hubungkan kembali akun, lalu lanjutkan.", status=status)
    if status == 403 and "duplicate" in str(answer.data).lower():
        raise Duplicate("X menyatakan unggahan yang sama sudah ada.", status=status)
    if 400 <= status < 500 and status != 408:
        raise Rejected(reason, status=status)
    raise Unknown(f"X mengalami gangguan (kode {status}).", status=status)


def is_gone(answer: Answer) -> bool:
    """Say whether X's own error says that the post does not exist; a wrong URL is answered 404 too."""
    if answer.status == 404:
        return isinstance(answer.data, dict)
    errors = answer.get("errors")
    return answer.status == 200 and answer.get("data") is None and isinstance(errors, list) and bool(errors)


def _has_no_credit(answer: Answer) -> bool:
    kinds = [answer.get("type")]
    errors = answer.get("errors")
    kinds += [error.get("type") for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return answer.status >= 400 and any("/problems/credits" in str(kind) for kind in kinds)


def _is_permission(answer: Answer) -> bool:
    kind = str(answer.get("type") or "")
    return answer.get("title") == "Unsupported Authentication" or any(name in kind for name in _PERMISSIONS)
