"""The DIP on screen: the whole desk reads; Bidang promotes, groups, changes and withdraws rows."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from moderation.desk.views.base import DeskMixin, get_parameter, paginate
from moderation.models import PublicInformation
from moderation.ports.exceptions import StepRefused
from moderation.records import public_information

from .columns import choose_columns
from .register import SafeSpreadsheetMixin

PAGE_SIZE = 25
#: Maximum register rows offered at once; the search finds the others.
OFFERED = 30
#: The columns of the law, and two for those who keep the list.
_SHOWN = public_information.LEGAL_COLUMNS | {
    "classification": "Klasifikasi",
    "live_items": "Baris register yang tayang",
}
NOT_SAVED = "Belum disimpan. Perbaiki isian yang ditandai di bawah."


def _read_cells(row: PublicInformation, columns: dict[str, str]) -> list:
    """Return name, heading and shown value of a row's columns."""
    shown = {"form": row.get_form_display(), "classification": row.get_classification_display()}
    return [(name, heading, shown.get(name) or getattr(row, name)) for name, heading in columns.items()]


class PublicInformationListView(SafeSpreadsheetMixin, DeskMixin, TemplateView):
    """Daftar Informasi Publik with its seven columns."""

    template_name = "moderation/lists/public_information_list.html"
    page_title = "Daftar Informasi Publik (DIP)"
    header_icon = "list-ol"
    list_export = list(public_information.COLUMNS)
    export_headings = public_information.COLUMNS
    export_filename = "daftar-informasi-publik"

    def get(self, request, *args, **kwargs):
        words = get_parameter(request, "q")
        rows = public_information.get_rows(words=words)
        if self.is_export:
            return self.as_spreadsheet(
                ({"cells": public_information.write_cells(row)} for row in rows), request.GET["export"]
            )
        listing = paginate(request, rows, PAGE_SIZE, "p")
        shown = choose_columns(request, _SHOWN)
        return self.render_to_response(
            self.get_context_data(
                listing=listing,
                rows=[(row, _read_cells(row, shown["columns"])) for row in listing["page"]],
                **shown,
                words=words,
                may_edit=public_information.may_edit(request.user),
                csv_url=self.csv_export_url,
                xlsx_url=self.xlsx_export_url,
            )
        )


class InformationForm(forms.ModelForm):
    """One row of the DIP and the rows of the register that it stands for."""

    items = forms.MultipleChoiceField(
        label="Baris register",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Pilih satu baris, atau beberapa baris yang berisi informasi sejenis. Hanya berita yang tayang.",
        error_messages={"invalid_choice": "Salah satu baris tidak dapat dipilih. Muat ulang halaman ini."},
    )

    link = forms.URLField(
        label="tautan",
        required=False,
        assume_scheme="https",
        help_text=PublicInformation._meta.get_field("link").help_text,
        error_messages={"invalid": "Tulis alamat yang lengkap, misalnya https://kecamatan.contoh.go.id/."},
    )

    class Meta:
        model = PublicInformation
        fields = public_information.FIELDS
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "form": forms.RadioSelect}

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [
            (str(item.pk), f"{item.register_number}: {item.page.title}") for item in offered
        ]
        self.fields["form"].choices = PublicInformation.Form.choices
        for field in self.fields.values():
            field.label = field.label[:1].upper() + field.label[1:]
            field.error_messages.setdefault("required", "Isian ini wajib diisi.")
            field.error_messages["required"] = "Isian ini wajib diisi."


class _InformationView(DeskMixin, FormView):
    """Base of the forms for keepers of the DIP; keeps everything typed on a refusal."""

    template_name = "moderation/lists/public_information_form.html"
    form_class = InformationForm
    header_icon = "list-ol"
    trail = (("moderation:public_information", "DIP"),)
    success_url = reverse_lazy("moderation:public_information")
    information: PublicInformation | None = None

    def dispatch(self, request, *args, **kwargs):
        if not public_information.may_edit(request.user):
            raise PermissionDenied
        if "pk" in kwargs:
            self.information = get_object_or_404(PublicInformation.objects.listed(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_bound_items(self) -> list:
        """Return the items that the row already stands for."""
        if self.information is None:
            return []
        return [row.disposition for row in self.information.listed_items.select_related("disposition__page")]

    def get_chosen_keys(self) -> set[int]:
        """Return the keys named in the URL or form, which are offered whatever the search."""
        named = self.request.POST.getlist("items") or self.request.GET.getlist("butir")
        return {int(key) for key in named if key.isdecimal() and len(key) < 10}

    def get_offered(self) -> list:
        """Return the register rows to choose from, bound and chosen ones first."""
        bound = self.get_bound_items()
        promotable = public_information.get_promotable()
        chosen = list(promotable.filter(pk__in=self.get_chosen_keys()))
        words = get_parameter(self.request, "cari")
        others = promotable.exclude(pk__in=[item.pk for item in chosen])
        if words:
            others = others.filter(Q(page__title__icontains=words) | Q(register_number__icontains=words))
        self.more = max(0, others.count() - OFFERED)
        return [*bound, *chosen, *others[:OFFERED]]

    def get_form_kwargs(self):
        self.offered = self.get_offered()
        return super().get_form_kwargs() | {"offered": self.offered, "instance": self.information}

    def get_initial(self):
        keys = self.get_chosen_keys()
        chosen = list(public_information.get_promotable().filter(pk__in=keys))
        bound = [str(item.pk) for item in self.get_bound_items()]
        initial = public_information.propose(chosen) if self.information is None else {}
        return initial | {"items": [*bound, *(str(item.pk) for item in chosen)]}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            information=self.information, words=get_parameter(self.request, "cari"), **kwargs
        )
        return context | {"more": self.more, "fields": [context["form"][name] for name in public_information.FIELDS]}

    def form_valid(self, form):
        data = {name: form.cleaned_data[name] for name in public_information.FIELDS}
        try:
            saved = public_information.save(self.request.user, data, form.cleaned_data["items"], self.information)
        except StepRefused as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name, message)
            if not refusal.fields:
                form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, f"“{saved.title}” tercatat dalam DIP dengan nomor {saved.number}.")
        return redirect(self.get_success_url())

    def form_invalid(self, form):
        messages.error(self.request, NOT_SAVED)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class PublicInformationAddView(_InformationView):
    """Promote register rows to the DIP, or list a document that was never news."""

    page_title = "Masukkan ke DIP"


class PublicInformationEditView(_InformationView):
    """Change a row of the DIP and the register rows bound to it."""

    page_title = "Ubah baris DIP"


class WithdrawForm(forms.Form):
    """Form with the reason for withdrawing a row."""

    reason = forms.CharField(
        label="Alasan",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Tulis alasannya."},
        help_text="Tercatat dalam jejak audit. Nomornya tidak dipakai lagi.",
    )


class WithdrawInformationView(DeskMixin, FormView):
    """Withdraw a row from the DIP, with a reason."""

    template_name = "moderation/lists/public_information_withdraw.html"
    form_class = WithdrawForm
    page_title = "Keluarkan dari DIP"
    header_icon = "list-ol"
    trail = (("moderation:public_information", "DIP"),)

    def dispatch(self, request, *args, **kwargs):
        if not public_information.may_edit(request.user):
            raise PermissionDenied
        self.information = get_object_or_404(PublicInformation.objects.listed(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(information=self.information, **kwargs)

    def form_valid(self, form):
        try:
            public_information.withdraw(self.request.user, self.information, form.cleaned_data["reason"])
        except StepRefused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, f"“{self.information.title}” dikeluarkan dari DIP.")
        return redirect("moderation:public_information")

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
