"""Views of the DIP and the public register."""

import csv

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation import sop
from moderation.models import RegisterYear
from moderation.records import public_information, register
from moderation.uploads.control_characters import keep_text

from .datasets import LICENCE

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
    """Show the DIP with the seven legal columns; ``?format=csv`` and ``?format=json`` export the whole list."""
    form = ListFilterForm(request.GET)
    filters = form.get_filters()
    rows = public_information.get_rows(words=filters.get("q", ""), classification=filters.get("classification", ""))
    if write := WRITERS.get(request.GET.get("format")):
        cells = (public_information.write_cells(row) for row in rows)
        return write("daftar-informasi-publik", public_information.COLUMNS, cells)
    context = _paginate(request, rows) | {"form": form, "is_filtered": bool(filters)}
    for row in context["page_obj"]:
        pages = [item.disposition.page for item in row.live_items]
        row.shown = [(page.title, page.full_url) for page in pages[:SHOWN_LINKS]]
        row.left_out = len(pages[SHOWN_LINKS:])
    return render(request, "home/public_information.html", context | {"columns": public_information.LEGAL_COLUMNS})


@require_safe
def show_register(request):
    """Show the public register: no exempt, cancelled or unpublished item."""
    form = RegisterFilterForm(request.GET)
    filters = form.get_filters()
    items = register.get_public_items(filters)
    if write := WRITERS.get(request.GET.get("format")):
        cells = ({name: row["cells"][name] for name in register.PUBLIC_COLUMNS} for row in register.get_all_rows(items))
        return write("daftar-publikasi", register.PUBLIC_COLUMNS, cells)
    context = _paginate(request, items) | {"form": form, "is_filtered": bool(filters)}
    rows = [
        {
            "summary": row["cells"]["summary"],
            "cells": [(name, heading, row["cells"][name]) for name, heading in register.PUBLIC_COLUMNS.items()],
        }
        for row in register.get_rows(context["page_obj"])
    ]
    context |= {"rows": rows, "columns": register.PUBLIC_COLUMNS, "register_title": sop.REGISTER_TITLE}
    return render(request, "home/register.html", context)


def _paginate(request, rows) -> dict:
    query = request.GET.copy()
    query.pop("halaman", None)
    query.pop("format", None)
    base = f"?{query.urlencode()}&" if query else "?"
    return {"page_obj": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("halaman")), "base": base}


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
