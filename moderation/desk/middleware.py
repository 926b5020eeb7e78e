"""Turn the chain's refusals into messages, whatever the URL."""

import logging
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy

from moderation.chain.policy import Authority
from moderation.evidence.triggers import find_sentence
from moderation.models import Disposition
from moderation.models.roles import may_see_desk
from moderation.people import appointments
from moderation.people.account_guards import CLOSE_INSTEAD
from moderation.ports.exceptions import StepRefused
from moderation.scanner.redaction import mask

from . import kept_form
from .missing import answer_missing

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Answer StepRefused with its Indonesian message on the screen that the user came from.

    Wagtail's views would show "no permission" for a PermissionDenied and 500 for any other error.
    The session carries the typed data of a step's form back to the worksheet.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = answer_missing(request, self.get_response(request))
        if kept_form.was_refused_bare(request, response):
            return kept_form.answer_incomplete(request)
        if _was_turned_away(request, response):
            reason = appointments.describe_end(request.user)
            if reason or kept_form.has_typed(request):
                return kept_form.answer_denied(request, reason)
        return response

    def process_view(self, request, view, args, kwargs):
        """Redirect users who may not open the editor to the worksheet; give back a form whose session ended."""
        if kept_form.lost_its_session(request):
            return kept_form.answer_ended(request)
        if request.method != "GET" or request.resolver_match.view_name != "wagtailadmin_pages:edit":
            return None
        return find_detour(request.user, kwargs.get("page_id"))

    def process_exception(self, request, exception):
        if kept_form.came_incomplete(request, exception):
            logger.warning("A form came incomplete: %s", request.path, exc_info=exception)
            return kept_form.answer_incomplete(request)
        message = self._get_message(request, exception)
        if message is None:
            return None
        if _is_from_script(request):
            if request.resolver_match.view_name == "wagtailadmin_pages:set_page_position":
                # Its script reads no answer; the list is loaded again (turned-away.js).
                messages.error(request, f"{message} Urutan menu utama disusun di Pengaturan, Data kantor.")
            return JsonResponse({"success": False, "error_message": message}, status=409)
        messages.error(request, message)
        if request.method == "POST" and _asks_again(request):
            return redirect(request.get_full_path())
        item = self._get_item(request)
        if item is None:
            is_page = request.method == "POST" and request.resolver_match.route.startswith(
                f"{settings.ADMIN_PATH}pages/"
            )
            return redirect(request.get_full_path() if is_page else "moderation:queue")
        typed = request.POST.get("comment", "")
        if typed:
            request.session["refused_comment"] = {"item": item.pk, "text": mask(typed)}
        return redirect(item)

    def _get_message(self, request, exception):
        """Return the message for the user, None when the error is not the chain's."""
        if isinstance(exception, StepRefused):
            return exception.message
        if isinstance(exception, ProtectedError):
            if request.resolver_match.route.startswith(f"{settings.ADMIN_PATH}users/"):
                return CLOSE_INSTEAD
            return "Tidak dapat dihapus: di dalamnya ada berita atau berkas yang tercatat dalam register alur SOP."
        if isinstance(exception, IntegrityError):
            return find_sentence(exception)
        return None

    def _get_item(self, request):
        """Return the item of the page in the URL, or None."""
        kwargs = request.resolver_match.kwargs if request.resolver_match else {}
        page_id = kwargs.get("page_id") or kwargs.get("page_to_copy_id") or kwargs.get("pk")
        if page_id is None or not str(page_id).isdigit():
            return None
        return Disposition.objects.filter(page_id=page_id).first()


#: What ``wagtail.admin.auth.permission_denied`` says.
_NOT_PERMITTED = gettext_lazy("Sorry, you do not have permission to access this area.")


def _was_turned_away(request, response) -> bool:
    """Say whether Wagtail sent a signed-in person elsewhere with their form: to the sign-in, or to the home screen
    with its message that they may not."""
    if response.status_code != 302 or not kept_form.is_form_of_admin(request) or not request.user.is_authenticated:
        return False
    if response.url.startswith(resolve_url("wagtailadmin_login")):
        return True
    queued = cast(BaseStorage, get_messages(request))._queued_messages  # type: ignore[attr-defined]
    return response.url == resolve_url("wagtailadmin_home") and any(
        str(_NOT_PERMITTED) in str(message) for message in queued
    )


#: Screens of files, collections, accounts, groups, the site and redirects, whose own address asks again.
_SCREENS = ("images", "documents", "collections", "bulk", "users", "groups", "sites", "redirects")
_ASKING = tuple(f"{settings.ADMIN_PATH}{name}/" for name in _SCREENS)


def _asks_again(request) -> bool:
    return request.resolver_match is not None and request.resolver_match.route.startswith(_ASKING)


def _is_from_script(request) -> bool:
    """Say whether a script of the page reads the answer, which a browser would not show."""
    headers = request.headers
    is_fetched = headers.get("sec-fetch-mode", "navigate") != "navigate"
    return is_fetched or headers.get("x-requested-with") == "XMLHttpRequest"


def find_detour(user, page_id):
    """Return the worksheet's URL for a desk user who may not open this page's editor."""
    item = Disposition.objects.filter(page_id=page_id).first()
    if item is None or not may_see_desk(user) or Authority(item, user).may_open_editor():
        return None
    return redirect(item)
