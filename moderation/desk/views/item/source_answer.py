"""The page that a quoted person opens by a link: one passage, one box, two buttons; no account."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from moderation.models.roles import may_see_desk
from moderation.records import confirmations
from moderation.records.confirmations import LinkRefused
from moderation.review.confirmation_forms import AnswerForm

TEMPLATE = "moderation/worksheet/sources/answer.html"
NOT_YOURS = "Tautan ini untuk narasumber. Anda masuk sebagai petugas, sehingga tidak dapat menjawabnya."
#: What a link that asks nothing answers with; whoever has just answered reads it, too.
_STATUS = {"unknown": 404, "used": 200}
_GONE = 410


# Whoever has the link may answer; a token against forged requests would need a cookie.
@method_decorator([csrf_exempt, never_cache, sensitive_post_parameters()], name="dispatch")
class SourceAnswerView(View):
    """Show the passage and file the answer. Opening the link changes nothing: messengers look at links themselves."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        try:
            response = super().dispatch(request, *args, **kwargs)
        except LinkRefused as refusal:
            response = self._refuse(refusal.message, _STATUS.get(refusal.code, _GONE))
        # The address is the key: no list names it, and no other site is told of it.
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get(self, request, token):
        return self._ask(confirmations.find(token), AnswerForm())

    def post(self, request, token):
        form = AnswerForm(request.POST)
        row = confirmations.find(token)
        if _is_staff(request):
            return self._refuse(NOT_YOURS, 403)
        if not form.is_valid():
            return self._ask(row, form, 422)
        confirmations.answer(token, form.cleaned_data["answer"], form.cleaned_data["words"])
        return redirect("source_answer", token)

    def _ask(self, row, form, status=200):
        shown = {"row": row, "form": form, "refusal": NOT_YOURS if _is_staff(self.request) else ""}
        return render(self.request, TEMPLATE, shown, status=status)

    def _refuse(self, message, status):
        """Say why, and give back what was typed."""
        shown = {"refusal": message, "typed": self.request.POST.get("words", "")}
        return render(self.request, TEMPLATE, shown, status=status)


def _is_staff(request) -> bool:
    """Say whether one of the office's people is signed in; without the cookie the session stays unread."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and may_see_desk(request.user)
