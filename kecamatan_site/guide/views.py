"""Show the guide to whoever has an account at the desk."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from moderation import sop
from moderation.models import Disposition
from moderation.models.roles import get_roles, may_see_desk

from . import first_steps, pages
from .screens import OF_ROLES, choose_place, find_screen


class DeskView(View):
    """View for every account of the desk, whatever its role."""

    def dispatch(self, request, *args, **kwargs):
        if not may_see_desk(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class GuideView(TemplateView, DeskView):
    """One page of the guide, with the list of all."""

    template_name = "kecamatan_site/guide/page.html"

    def get_context_data(self, **kwargs):
        try:
            page = pages.read_page(kwargs["slug"])
        except KeyError as error:
            raise Http404("Halaman panduan itu tidak ada.") from error
        return super().get_context_data(
            page=page, pages=pages.PAGES, sop_number=settings.OFFICE_FACTS.sop_number, **kwargs
        )


class IndexView(DeskView):
    """Lead to the page of one's own role."""

    def get(self, request):
        roles = get_roles(request.user)
        slug = OF_ROLES[roles[0]] if roles else "administrator" if request.user.is_superuser else "semua"
        return redirect("guide:page", slug)


class ScreenView(DeskView):
    """Lead from a screen to the section that explains it to this person.

    ``layar``: the screen's route; ``materi``: the key of the item it shows, if any.
    """

    def get(self, request):
        screen = find_screen(request.GET.get("layar", ""))
        if screen is None:
            return redirect("guide:index")
        place = choose_place(screen, get_roles(request.user), self._find_step(screen, request.GET.get("materi", "")))
        return redirect(f"{reverse('guide:page', args=[place.page])}#{place.anchor}")

    def _find_step(self, screen, key: str) -> sop.Step | None:
        if not screen.item or not key.isascii() or not key.isdecimal() or len(key) > 9:
            return None
        item = Disposition.objects.filter(**{screen.item: int(key)}).only("state").first()
        return item and sop.step_of(item.state)


class FirstStepView(DeskView):
    """Keep an administrator's word that a first step is done, or how they want the panel."""

    def post(self, request, code: str):
        if not request.user.is_superuser:
            raise PermissionDenied
        try:
            first_steps.remember(request.user, code, request.POST.get("on", "1") == "1")
        except KeyError as error:
            raise Http404("Langkah itu tidak ada.") from error
        return redirect("wagtailadmin_home")


class PictureView(DeskView):
    """A picture of the guide."""

    def get(self, request, name: str):
        path = pages.PICTURES / f"{name}.webp"
        if not path.is_file():
            raise Http404("Gambar itu tidak ada.")
        response = FileResponse(path.open("rb"), content_type="image/webp")
        response["Cache-Control"] = "private, max-age=3600"
        return response
