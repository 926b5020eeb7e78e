"""Shared parts of the desk's views: access, breadcrumbs, pagination."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.urls import reverse_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from moderation.models.roles import may_see_desk

#: One answer for both: nobody learns which items there are.
NOT_OPEN = "Naskah itu tidak ada, atau Anda tidak berhak membukanya."
HOME = {"url": reverse_lazy("wagtailadmin_home"), "label": "Beranda"}


class DeskMixin(WagtailAdminTemplateMixin):
    """View for every role of the chain and for observers, regardless of page permissions."""

    #: (URL name, label) of the screens above this one.
    trail: tuple[tuple[str, str], ...] = ()

    def setup(self, request, *args, **kwargs):
        """Ask for the right before a view looks for its object: whoever is refused learns not what exists."""
        super().setup(request, *args, **kwargs)
        if not may_see_desk(request.user):
            raise PermissionDenied

    def get_breadcrumbs_items(self):
        above = [{"url": reverse_lazy(name), "label": label} for name, label in self.trail]
        return [HOME, *above, {"url": "", "label": self.get_page_title()}]


class KeepsFilesView(DeskMixin, FormView):
    """Screen of a form whose chosen files outlive a refusal (``KeepsFiles``)."""

    #: The sentence above a form that was refused.
    refused = ""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_invalid(self, form):
        form.keep_files()
        return self.answer_refused(form)

    def answer_refused(self, form, status=422):
        messages.error(self.request, self.refused)
        return self.render_to_response(self.get_context_data(form=form), status=status)


def get_parameter(request, name: str) -> str:
    """Return a query parameter, stripped and without null characters, which PostgreSQL refuses."""
    return request.GET.get(name, "").replace("\x00", "").strip()


def find_named(request, name: str, records):
    """Return the record whose key is a query parameter, or None."""
    number = request.GET.get(name, "")
    # Longer than any key, short enough for ``int()``.
    return records.filter(pk=number).first() if number.isdecimal() and len(number) <= 9 else None


def paginate(request, items, size: int, name: str, total: int | None = None) -> dict:
    """Return one page of ``items`` with the URLs of its neighbours; ``name`` is the query parameter.

    ``total``: number of items, if already counted.
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
