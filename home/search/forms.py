"""The search form; invalid filters are ignored."""

from django import forms

from news.memo import cached_until_change
from news.models import Kind, NewsCategory, NewsPage

QUERY_LENGTH = 200
PAGES = ("halaman", "Halaman")


class SearchForm(forms.Form):
    """Words, and three filters."""

    q = forms.CharField(
        label="Kata yang dicari",
        required=False,
        max_length=QUERY_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    jenis = forms.ChoiceField(label="Jenis", required=False, choices=[("", "Semua"), *Kind.choices, PAGES])
    kategori = forms.ModelChoiceField(
        NewsCategory.objects.all(), label="Kategori", required=False, to_field_name="slug", empty_label="Semua"
    )
    tahun = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tahun"].choices = [
            ("", "Semua"),
            *((year, str(year)) for year in cached_until_change(("years",), _list_years)),
        ]

    def get_facets(self) -> list[str]:
        """Return the valid filters as facets."""
        self.is_valid()
        found = self.cleaned_data
        facets = [f"_{found['jenis']}"] if found.get("jenis") else []
        if found.get("kategori"):
            facets.append(f"_kategori{found['kategori'].pk}")
        if found.get("tahun"):
            facets.append(f"_tahun{found['tahun']}")
        return facets


def _list_years() -> list[int]:
    """Return the years of publication, newest first."""
    live = NewsPage.objects.live().exclude(first_published_at=None)
    oldest = live.order_by("first_published_at").values_list("first_published_at", flat=True).first()
    newest = live.order_by("-first_published_at").values_list("first_published_at", flat=True).first()
    return list(range(newest.year, oldest.year - 1, -1)) if oldest else []
