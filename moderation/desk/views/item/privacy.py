"""Check the editor's unsaved form for personal data and answer with masked findings."""

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import View

from moderation.chain.policy import may_open_editor
from moderation.desk.views.base import NOT_OPEN, DeskMixin
from moderation.models import Disposition
from moderation.privacy.live import MAX_BYTES, UnreadableForm, examine_typed

TOO_LONG = "Naskah terlalu panjang untuk diperiksa selagi diketik. Pemeriksaan tetap dijalankan saat materi diserahkan."


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class LiveCheckView(DeskMixin, View):
    """Live check for everybody who may open the item's editor; saves and logs nothing."""

    http_method_names = ["post"]

    @method_decorator(sensitive_variables())
    def post(self, request, pk):
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            return JsonResponse({"message": TOO_LONG}, status=413)
        item = Disposition.objects.select_related("page").filter(pk=pk, page__isnull=False).first()
        if item is None or not may_open_editor(item.get_page(), request.user):
            return JsonResponse({"message": NOT_OPEN}, status=403)
        try:
            check = examine_typed(item, request.POST, request.user)
        except UnreadableForm as problem:
            return JsonResponse({"message": str(problem)}, status=400)
        html = render_to_string("moderation/privacy/live.html", {"check": check, "item": item}, request)
        return JsonResponse({"html": html, "blocking": len(check.blocking), "warnings": len(check.warnings)})
