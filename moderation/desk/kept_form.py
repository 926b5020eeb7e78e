"""Answer a form that cannot be taken, and give back what was typed: a stale token, an ended session, missing parts.

Where nothing but token, session or server was wrong, the answer holds the whole form once more, with a token of now:
one press sends it again. Passwords and files a browser gives out once; they are asked for again.
"""

import json
import re
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.html import format_html_join

_STALE = "Formulir ini sudah kedaluwarsa"
_STALE_TEXT = (
    "Belum ada yang disimpan. Ini terjadi bila Anda masuk kembali di tab lain atau halaman ini terbuka sangat lama."
)
_PRESS_AGAIN = "Tekan tombolnya sekali lagi."
_ENDED = "Sesi Anda sudah berakhir"
_ENDED_TEXT = "Belum ada yang disimpan. Masuk kembali di tab baru, lalu lanjutkan dari halaman ini."
_DENIED = "Anda tidak berhak lagi atas langkah ini"
_DENIED_TEXT = "Belum ada yang disimpan. Sampaikan ketikan Anda kepada pejabat yang berwenang sekarang."
_INCOMPLETE = "Kiriman ini tidak lengkap"
_INCOMPLETE_TEXT = (
    "Belum ada yang disimpan: sebagian formulir tidak sampai. Muat ulang halamannya, lalu tempelkan ketikan Anda."
)
#: The one code with which Wagtail's autosave shows a sentence of the server's; with any other it says "server error".
_SHOWN = "validation_error"
#: Forms of those who are not signed in.
_OPEN = tuple(f"{settings.ADMIN_PATH}{name}/" for name in ("login", "logout", "password_reset"))
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
_PASSWORD = "password"  # noqa: S105 - part of a field's name
#: What people call the passwords of one form.
_PASSWORDS = {
    "old_password": "kata sandi sekarang",
    "password1": "kata sandi baru",
    "password2": "kata sandi baru sekali lagi",
}
#: Neither shown nor sent again: secrets that nobody knows by heart.
_SECRET = ("credential", "token", "secret", "otp")
#: Not shown again: secrets, and what no person typed.
_HIDDEN = (_PASSWORD, *_SECRET, "uuid", "next")
#: A shorter value of one word is a choice or a number.
_SHORTEST = 12
#: Of more fields the rest stands in the last one.
_MOST_FIELDS = 60
#: A seal, the mark of a version or a block, a moment: a screen sends it, nobody types it.
_MARK = re.compile(r"(?=.*[a-f])(?=.*[0-9])[0-9a-f-]+|\d{4}-\d\d-\d\dT[\d:.+]+")


def answer_stale(request, reason=""):
    """Django's ``CSRF_FAILURE_VIEW``."""
    if lost_its_session(request):
        return answer_ended(request)
    return _answer(request, _STALE, _STALE_TEXT, status=403, again=True)


def answer_ended(request):
    """Answer a form of the admin whose sender is not signed in any more."""
    return _answer(request, _ENDED, _ENDED_TEXT, status=403, again=True, signs_in=True)


def answer_denied(request, reason: str):
    """Answer a form of the admin whose sender lost the right to send it; ``reason``: a sentence, or ""."""
    return _answer(request, _DENIED, f"{reason} {_DENIED_TEXT}".strip(), status=403)


def has_typed(request) -> bool:
    """Say whether the form, sent from this site, holds words that a person typed."""
    return _comes_from_here(request) and bool(_list_typed(request))


def came_incomplete(request, exception) -> bool:
    """Say whether a view failed because the form lacks what the screen always sends."""
    if request.method != "POST":
        return False
    if isinstance(exception, MultiValueDictKeyError):
        return True
    lacks_part = _FAILING.get(request.resolver_match.view_name)
    return lacks_part is not None and isinstance(exception, (AttributeError, KeyError)) and lacks_part(request.POST)


def was_refused_bare(request, response) -> bool:
    """Say whether a view of Wagtail's answered a form of the admin that lacks a part with a few English words."""
    return isinstance(response, HttpResponseBadRequest) and _is_sent_to_admin(request)


def answer_incomplete(request):
    """Answer a form that lacks what the screen always sends."""
    return _answer(request, _INCOMPLETE, _INCOMPLETE_TEXT, status=400)


def answer_unsaved(request, title: str, text: str, status: int, *, passes: bool):
    """Answer a form that could not be saved for a reason that is not its sender's.

    ``passes``: the reason may be gone in a moment. So the form is offered to be sent again, and a script sends it by
    itself (moderation/static/moderation/save-again.js).
    """
    return _answer(request, title, text, status=status, again=passes, passes=passes)


def is_form_of_admin(request) -> bool:
    """Say whether a person sends a form of the admin that asks for a session."""
    return _is_sent_to_admin(request) and is_for_a_person(request)


def lost_its_session(request) -> bool:
    """Say whether what asks for a session comes without one: a form of the admin, or what a script of it asks."""
    asks = request.method == "POST" or _is_from_script(request)
    return asks and _is_in_admin(request) and not request.user.is_authenticated


def _is_sent_to_admin(request) -> bool:
    return request.method == "POST" and _is_in_admin(request)


def _is_in_admin(request) -> bool:
    """Say whether the address is one of the admin that asks for a session."""
    route = request.resolver_match.route if request.resolver_match else ""
    return route.startswith(settings.ADMIN_PATH) and not route.startswith(_OPEN)


def _is_from_script(request) -> bool:
    return request.headers.get("x-requested-with") == "XMLHttpRequest"


def is_for_a_person(request) -> bool:
    """Say whether a browser shows the answer, not a script of the page."""
    return not _is_from_script(request) and request.accepts("text/html")


def _lacks_address(form) -> bool:
    return "external-link-chooser-url" not in form


def _lacks_signed_parts(form) -> bool:
    """Say whether a part is missing, or was signed with another key than today's."""
    try:
        for name in ("import_file_name", "input_format"):
            Signer().unsign(form.get(name, ""))
    except BadSignature:
        return True
    return False


#: Views of Wagtail's that fail where others show the form again: the view's name, and what says that a part is missing.
_FAILING = {
    "wagtailadmin_choose_page_external_link": _lacks_address,
    "wagtailredirects:process_import": _lacks_signed_parts,
}


def _answer(request, title, text, *, status, again=False, signs_in=False, passes=False):
    back, is_ours = _find_page(request), _comes_from_here(request)
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back}, safe='/')}" if signs_in else ""
    if not is_for_a_person(request):
        answer = {"success": False, "error_code": _SHOWN, "error_message": f"{title}. {text}", "passes": passes}
        if sign_in:
            answer |= {"sign_in": sign_in}
        elif again and is_ours and not passes:
            # moderation/static/moderation/turned-away.js puts it into the forms of the page. Not where the server was
            # away: the page's token is still good, and before the cookie was read a new one matches nothing.
            answer |= {"error_message": f"{title}. {text} {_PRESS_AGAIN}", "token": get_token(request)}
        return JsonResponse(answer, status=status)
    context = {
        "title": title,
        "text": text,
        "typed": _list_typed(request) if is_ours else [],
        "back": back,
        "again": _copy_form(request) if again and is_ours else None,
        "sign_in": sign_in,
    }
    response = render(request, "400.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = settings.SELF_CONTAINED_POLICY
    return response


def _comes_from_here(request) -> bool:
    """Say whether the form stood on this site: another site's words are not shown under our name."""
    source = request.headers.get("origin") or request.headers.get("referer") or ""
    return urlsplit(source).netloc == request.get_host()


def _find_page(request) -> str:
    """Return the address of the screen that held the form, by the browser's word where it is ours."""
    source = urlsplit(request.headers.get("referer", ""))
    if source.netloc != request.get_host():
        source = urlsplit(request.get_full_path())
    # Two slashes would lead to another host.
    return "/" + source.path.lstrip("/") + (f"?{source.query}" if source.query else "")


def _copy_form(request) -> dict | None:
    """Return the form as it came, to be sent again; None where it holds a secret that nobody can type again."""
    filled = [name for name in request.POST if any(request.POST.getlist(name))]
    if any(word in name.lower() for name in filled if name != _TOKEN for word in _SECRET):
        return None
    passwords = [name for name in filled if _PASSWORD in name.lower()]
    return {
        "address": request.get_full_path(),
        # Of ten thousand fields a loop in the template makes a tenth of a second.
        "values": format_html_join(
            "",
            '<input type="hidden" name="{}" value="{}">',
            (
                (name, value)
                for name in request.POST
                if name != _TOKEN and name not in passwords
                for value in request.POST.getlist(name)
            ),
        ),
        "passwords": [(name, _name_password(name)) for name in passwords],
        "files": [(name, [file.name for file in request.FILES.getlist(name)]) for name in request.FILES],
    }


def _name_password(field: str) -> str:
    """Return what the screen calls a password's field, which may have a prefix."""
    return next((label for name, label in _PASSWORDS.items() if field.endswith(name)), "kata sandi")


def _list_typed(request) -> list[str]:
    values = (
        _read_words(value).strip()
        for name in request.POST
        if name != _TOKEN and not any(word in name.lower() for word in _HIDDEN)
        for value in request.POST.getlist(name)
    )
    typed = [value for value in values if _is_typed(value)]
    rest = typed[_MOST_FIELDS:]
    return [*typed[:_MOST_FIELDS], "\n\n".join(rest)] if rest else typed


def _is_typed(value: str) -> bool:
    is_long = len(value) >= _SHORTEST or len(value.split()) > 1
    return is_long and not _MARK.fullmatch(value)


def _read_words(value: str) -> str:
    """Return the words of a field; the editor sends a paragraph as JSON of its blocks."""
    if not value.startswith("{"):
        return value
    try:
        return "\n\n".join(block["text"] for block in json.loads(value)["blocks"])
    except (ValueError, LookupError, TypeError):
        return value
