"""What all screens of the desk have in common."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.urls import reverse_lazy
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from moderation.models.roles import may_see_desk

HOME = {"url": reverse_lazy("wagtailadmin_home"), "label": "Beranda"}


class DeskMixin(WagtailAdminTemplateMixin):
    """A screen for everybody who works in the chain or watches it; page permissions play no part."""

    #: (name of the address, label) of the screens above this one.
    trail: tuple[tuple[str, str], ...] = ()

    def dispatch(self, request, *args, **kwargs):
        if not may_see_desk(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        above = [{"url": reverse_lazy(name), "label": label} for name, label in self.trail]
        return [HOME, *above, {"url": "", "label": self.get_page_title()}]


def get_words(request, name: str) -> str:
    """Return what is searched for; PostgreSQL knows no null character."""
    return request.GET.get(name, "").replace("\x00", "").strip()


def paginate(request, items, size: int, name: str, total: int | None = None) -> dict:
    """Return one page of ``items`` with the addresses of its neighbours; ``name`` is the parameter.

    ``total`` is given where the screen has counted the items already.
    """
    paginator = Paginator(items, size)
    if total is not None:
        paginator.count = total
    page = paginator.get_page(request.GET.get(name))
    return {
        "page": page,
        "previous": _address(request, name, page.previous_page_number()) if page.has_previous() else "",
        "next": _address(request, name, page.next_page_number()) if page.has_next() else "",
    }


def _address(request, name, number) -> str:
    query = request.GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"
