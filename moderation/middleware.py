"""Turn a refusal of the chain into a message the person can act upon, whichever door was used."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect

from .exceptions import StepRefused


class RefusalMiddleware:
    """Answer StepRefused with its Indonesian message, on the screen the person came from.

    Wagtail's views would show "no permission" for a PermissionDenied and 500 for anything else.
    What was typed into a step's form is handed back through the session, so it is not lost.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, StepRefused):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"success": False, "error_message": exception.message}, status=409)
        messages.error(request, exception.message)
        typed = request.POST.get("comment", "")
        if typed:
            request.session["refused_comment"] = typed
        return redirect(self._get_way_back(request))

    def _get_way_back(self, request):
        """Return the item's worksheet when the address names a page, else the queue."""
        from .models import Disposition

        kwargs = request.resolver_match.kwargs if request.resolver_match else {}
        page_id = kwargs.get("page_id") or kwargs.get("page_to_copy_id") or kwargs.get("pk")
        if page_id is not None and str(page_id).isdigit():
            item = Disposition.objects.filter(page_id=page_id).first()
            if item is not None:
                return item.get_absolute_url()
        return "moderation:queue"
