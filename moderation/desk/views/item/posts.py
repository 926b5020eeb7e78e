"""Preview the posts of the editor's unsaved form, composed by each channel's adapter."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View
from taggit.utils import parse_tags

from moderation.chain.policy import may_open_editor
from moderation.desk.views.base import NOT_OPEN, DeskMixin
from moderation.models import Disposition
from moderation.ports import channels
from moderation.privacy.live import MAX_BYTES, UnreadableForm, read_typed

TOO_LONG = "Naskah terlalu panjang untuk pratinjau. Simpan naskah, lalu lihat pratinjau pada lembar kerja."
UNREADABLE = "Pratinjau belum dapat dibuat. Simpan naskah, lalu lihat pratinjau pada lembar kerja."


@method_decorator(never_cache, name="dispatch")
class PostPreviewView(DeskMixin, View):
    """Preview of posts for everybody who may open the item's editor; saves nothing."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            return JsonResponse({"message": TOO_LONG}, status=413)
        item = Disposition.objects.select_related("page").filter(pk=pk, page__isnull=False).first()
        if item is None or not may_open_editor(item.get_page(), request.user):
            return JsonResponse({"message": NOT_OPEN}, status=403)
        try:
            posts = compose_typed(item, request.POST, request.user)
        except (UnreadableForm, ObjectDoesNotExist):
            return JsonResponse({"message": UNREADABLE}, status=400)
        html = render_to_string("moderation/parts/post_previews.html", {"posts": posts}, request)
        return JsonResponse({"html": html, "problems": sum(bool(post.problems) for post in posts)})


def compose_typed(item, posted, user) -> list[channels.Preview]:
    """Return the posts of the item's page with the data of the editor's form."""
    page, typed = read_typed(item, posted, user)
    if "tags" in typed:
        page.typed_tags = tuple(parse_tags(typed["tags"]))
    return channels.get_previews(page)
