"""The search form; invalid filters are ignored."""

from collections.abc import Iterable
from typing import cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

from news.memo import cached_until_change
from news.models import Kind, NewsCategory, NewsPage

QUERY_LENGTH = 200
PAGES = ("halaman", "Halaman")


class PlainSelect(forms.Select):
    """A select that is written at once: Django renders a template for each of its options."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = self.format_value(value)
        options = ((key, " selected" if str(key) in chosen else "", label) for key, label in self.choices)
        lines = format_html_join("\n", '<option value="{}"{}>{}</option>', options)
        shown = flatatt({"name": name} | self.build_attrs(self.attrs, attrs))
        return format_html("<select{}>\n{}\n</select>", shown, lines)


class SearchForm(forms.Form):
    """Words, and three filters."""

    q = forms.CharField(
        label="Kata yang dicari",
        required=False,
        max_length=QUERY_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    jenis = forms.ChoiceField(
        label="Jenis", required=False, choices=[("", "Semua"), *Kind.choices, PAGES], widget=PlainSelect
    )
    kategori = forms.ChoiceField(label="Kategori", required=False, widget=PlainSelect)
    tahun = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None, widget=PlainSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._categories = cached_until_change(("categories",), lambda: list(NewsCategory.objects.all()))
        years = cached_until_change(("years",), _list_years)
        self._offer("kategori", ((each.slug, str(each)) for each in self._categories))
        self._offer("tahun", ((year, str(year)) for year in years))

    def _offer(self, name: str, choices: Iterable[tuple]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", "Semua"), *choices]

    def get_facets(self) -> list[str]:
        """Return the valid filters as facets."""
        self.is_valid()
        found = self.cleaned_data
        facets = [f"_{found['jenis']}"] if found.get("jenis") else []
        facets += [f"_kategori{each.pk}" for each in self._categories if each.slug == found.get("kategori")]
        if found.get("tahun"):
            facets.append(f"_tahun{found['tahun']}")
        return facets


def _list_years() -> list[int]:
    """Return the years of publication, newest first."""
    live = NewsPage.objects.live().exclude(first_published_at=None)
    oldest = live.order_by("first_published_at").values_list("first_published_at", flat=True).first()
    newest = live.order_by("-first_published_at").values_list("first_published_at", flat=True).first()
    return list(range(newest.year, oldest.year - 1, -1)) if oldest else []
