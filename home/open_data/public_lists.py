"""Views of the DIP and the public register."""

import csv

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from moderation import sop
from moderation.models import RegisterYear
from moderation.records import public_information, register
from moderation.uploads.control_characters import keep_text
from news.memo import cached_until_change

from .datasets import LICENCE

#: Names of the two lists in addresses and of their files.
INFORMATION, REGISTER = "daftar-informasi-publik", "daftar-publikasi"
ROWS_PER_PAGE = 25
#: Items linked from a row of the DIP on screen; exports name all of them.
SHOWN_LINKS = 5
_CLASSES = [choice for choice in sop.CLASSIFICATIONS if choice[0] != sop.EXEMPT]


class ListFilterForm(forms.Form):
    """Filters of a public list; invalid ones are ignored."""

    q = forms.CharField(label="Kata yang dicari", required=False, max_length=200)
    classification = forms.ChoiceField(label="Klasifikasi", required=False, choices=[("", "Semua"), *_CLASSES])

    def get_filters(self) -> dict:
        """Return the valid filters."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RegisterFilterForm(ListFilterForm):
    """Filters of the register, with a year."""

    year = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = RegisterYear.objects.order_by("-year").values_list("year", flat=True)
        self.fields["year"].choices = [("", "Semua"), *((year, str(year)) for year in years)]


@require_safe
def show_public_information(request):
    """Show the DIP with the seven legal columns."""
    if (ending := request.GET.get("format")) in WRITERS:
        return _lead_to_file(request, INFORMATION, ending)
    form = ListFilterForm(request.GET)
    filters = form.get_filters()
    rows = _find_information(filters)
    context = _paginate(request, rows) | {"form": form, "is_filtered": bool(filters)}
    for row in context["page_obj"]:
        pages = [item.disposition.page for item in row.live_items]
        row.shown = [(page.title, page.full_url) for page in pages[:SHOWN_LINKS]]
        row.left_out = len(pages[SHOWN_LINKS:])
    return render(request, "home/public_information.html", context | {"columns": public_information.LEGAL_COLUMNS})


@require_safe
def show_register(request):
    """Show the public register: no exempt, cancelled or unpublished item."""
    if (ending := request.GET.get("format")) in WRITERS:
        return _lead_to_file(request, REGISTER, ending)
    form = RegisterFilterForm(request.GET)
    filters = form.get_filters()
    items = register.get_public_items(filters)
    count = None if filters else cached_until_change(("register", "count"), items.count)
    context = _paginate(request, items, count) | {"form": form, "is_filtered": bool(filters)}
    rows = [
        {
            "summary": row["cells"]["summary"],
            "cells": [(name, heading, row["cells"][name]) for name, heading in register.PUBLIC_COLUMNS.items()],
        }
        for row in register.get_rows(context["page_obj"], register.PUBLIC_COLUMNS)
    ]
    context |= {"rows": rows, "columns": register.PUBLIC_COLUMNS, "register_title": sop.REGISTER_TITLE}
    return render(request, "home/register.html", context)


@require_safe
def download(request, name: str, ending: str):
    """Return a whole list, or what its filters leave of it, as CSV or JSON.

    An address of its own, with a bound of its own (home/serving/bounds/table.py): it costs as much as many pages.
    """
    write = WRITERS.get(ending)
    if write is None or name not in (INFORMATION, REGISTER):
        raise Http404
    if name == INFORMATION:
        rows = _find_information(ListFilterForm(request.GET).get_filters())
        return write(name, public_information.COLUMNS, (public_information.write_cells(row) for row in rows))
    items = register.get_public_items(RegisterFilterForm(request.GET).get_filters())
    rows = register.get_all_rows(items, register.PUBLIC_COLUMNS)
    return write(name, register.PUBLIC_COLUMNS, (row["cells"] for row in rows))


def _find_information(filters: dict):
    return public_information.get_rows(words=filters.get("q", ""), classification=filters.get("classification", ""))


def _lead_to_file(request, name: str, ending: str) -> HttpResponse:
    """Redirect the address that 0.1.0 had to the file; the filters stay."""
    query = _get_filters(request)
    address = reverse("public_list_file", args=[name, ending])
    return redirect(f"{address}?{query.urlencode()}" if query else address, permanent=True)


def _get_filters(request) -> QueryDict:
    query = request.GET.copy()
    for name in ("halaman", "format"):
        query.pop(name, None)
    return query


def _paginate(request, rows, count: int | None = None) -> dict:
    """Return the page that is asked for; ``count`` where somebody has counted the rows."""
    query, paginator = _get_filters(request), Paginator(rows, ROWS_PER_PAGE)
    if count is not None:
        paginator.count = count
    return {
        "page_obj": paginator.get_page(request.GET.get("halaman")),
        "base": f"?{query.urlencode()}&" if query else "?",
        "filters": f"?{query.urlencode()}" if query else "",
    }


def _write_csv(name: str, columns: dict, rows) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")  # So that spreadsheet programs read it as UTF-8.
    writer = csv.writer(response)
    writer.writerow(columns.values())
    for row in rows:
        writer.writerow([keep_text(row[name]) for name in columns])
    return response


def _write_json(name: str, columns: dict, rows) -> JsonResponse:
    """Return the rows as JSON under the columns' code names, with their headings."""
    content = {"lisensi": LICENCE, "kolom": columns, "data": [{key: row[key] for key in columns} for row in rows]}
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'inline; filename="{name}.json"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


WRITERS = {"csv": _write_csv, "json": _write_json}
