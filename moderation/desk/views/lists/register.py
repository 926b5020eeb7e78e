"""The register on screen and as CSV or XLSX, read-only."""

from django import forms
from django.views.generic import TemplateView
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from moderation import sop
from moderation.desk.views.base import DeskMixin, paginate
from moderation.models import Disposition, RegisterYear
from moderation.records import public_information, register
from moderation.sop import choices
from moderation.uploads.control_characters import keep_text

from .columns import choose_columns

PAGE_SIZE = 25


class RegisterFilterForm(forms.Form):
    """Filters of the register; ignores unknown values."""

    q = forms.CharField(label="Cari", required=False, max_length=200)
    year = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label="Status", required=False, choices=[("", "Semua"), *choices.list_states()])
    origin = forms.ChoiceField(label="Asal", required=False, choices=[("", "Semua"), *Disposition.Origin.choices])
    classification = forms.ChoiceField(
        label="Klasifikasi", required=False, choices=[("", "Semua"), *choices.list_classifications()]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = RegisterYear.objects.order_by("-year").values_list("year", flat=True)
        self.fields["year"].choices = [("", "Semua"), *((year, str(year)) for year in years)]

    def get_filters(self) -> dict:
        """Return the valid filters."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def describe(self, filters: dict) -> list[str]:
        """Return the filters in words for the printed list: "Status: Selesai"."""
        return [
            f"{self.fields[name].label}: {dict(getattr(self.fields[name], 'choices', ())).get(value, value)}"
            for name, value in filters.items()
        ]


class MarkedCsvMixin(SpreadsheetExportMixin):
    """Begin a CSV with the mark by which spreadsheet programs know UTF-8, as the public lists do."""

    def stream_csv(self, queryset):
        yield "\ufeff"
        yield from super().stream_csv(queryset)


class SafeSpreadsheetMixin(MarkedCsvMixin):
    """Export rows of prepared cells; write typed values as text, never as formulas."""

    # The page itself has the links, which work without JavaScript.
    show_export_buttons = False

    def to_row_dict(self, item):
        return item["cells"]

    def preprocess_field_value(self, field, value, export_format):
        return keep_text(value)


class RegisterView(SafeSpreadsheetMixin, DeskMixin, TemplateView):
    """Daftar informasi yang akan dipublikasikan."""

    template_name = "moderation/lists/register.html"
    page_title = "Daftar publikasi"
    header_icon = "list-ul"
    list_export = list(register.COLUMNS)
    export_headings = register.COLUMNS
    export_filename = "daftar-informasi-yang-akan-dipublikasikan"

    def get(self, request, *args, **kwargs):
        self.filter_form = RegisterFilterForm(request.GET)
        self.filters = self.filter_form.get_filters()
        items = register.get_items(self.filters)
        if self.is_export:
            return self.as_spreadsheet(register.get_all_rows(items), request.GET["export"])
        listing = paginate(request, items, PAGE_SIZE, "p")
        shown = choose_columns(request, register.COLUMNS)
        return self.render_to_response(
            self.get_context_data(
                listing=listing,
                rows=[
                    row | {"cells": [(name, heading, row["cells"][name]) for name, heading in shown["columns"].items()]}
                    for row in register.get_rows(listing["page"], shown["columns"])
                ],
                **shown,
                register_title=sop.REGISTER_TITLE,
                filter_form=self.filter_form,
                is_filtered=bool(self.filters),
                may_promote=public_information.may_edit(request.user),
                csv_url=self.csv_export_url,
                xlsx_url=self.xlsx_export_url,
            )
        )
