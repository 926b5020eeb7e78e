"""Answer with the empty forms of the information service as PDF; nothing that a citizen writes is taken in online."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from moderation.records.papers import information_forms, pdf
from news.memo import cached_until_change

FORMS = {
    "permohonan-informasi": information_forms.build_request,
    "pernyataan-keberatan": information_forms.build_objection,
}


@require_safe
def show_form(request, name):
    """Answer with the form of this name, set once until something public changes."""
    if name not in FORMS:
        raise Http404
    file_name, content = cached_until_change(("information form", name), lambda: _set(FORMS[name]))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def _set(build) -> tuple[str, bytes]:
    paper = build()
    return paper.file_name, pdf.render(paper)
