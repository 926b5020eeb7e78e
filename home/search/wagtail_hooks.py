from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.models import Synonym
from news.wagtail_hooks import ChooserOfExisting

from .lexicon.synonyms import LONGEST, MOST_ALTERNATIVES, Phrase, list_phrases


class SynonymForm(WagtailAdminModelForm):
    """Refuses what the search could not use, or would have to guess between."""

    def clean_written(self):
        phrases = self._read("written")
        others = Synonym.objects.exclude(pk=self.instance.pk).values_list("written", flat=True)
        taken = {phrase: other for other in others for phrase in list_phrases(other)}
        for phrase in phrases:
            if phrase in taken:
                raise ValidationError(f"“{' '.join(phrase)}” sudah ada pada baris “{taken[phrase]}”. Ubah baris itu.")
        return self.cleaned_data["written"]

    def clean_meant(self):
        if self.cleaned_data["meant"] and len(self._read("meant")) > MOST_ALTERNATIVES:
            raise ValidationError(f"Paling banyak {MOST_ALTERNATIVES} kemungkinan.")
        return self.cleaned_data["meant"]

    def clean(self):
        cleaned = super().clean()
        written, meant = (list_phrases(cleaned.get(name) or "") for name in ("written", "meant"))
        if written and written == meant and not cleaned.get("services_first"):
            self.add_error("meant", "Sama dengan yang diketik: tulis kata lain, atau hapus baris ini.")
        return cleaned

    def _read(self, name: str) -> list[Phrase]:
        """Return the phrases of a field; each has a word that is searched for, and few."""
        phrases: list[Phrase] = []
        for part in self.cleaned_data[name].split(","):
            found = list_phrases(part)
            if not found:
                raise ValidationError(
                    f"“{part.strip()}” tidak memuat kata yang dicari: kata seperti “di” dan “yang” diabaikan."
                )
            if len(found[0]) > LONGEST:
                raise ValidationError(f"“{part.strip()}” terlalu panjang: paling banyak {LONGEST} kata.")
            if found[0] in phrases:
                raise ValidationError(f"“{part.strip()}” tertulis dua kali.")
            phrases += found
        return phrases


class SynonymViewSet(SnippetViewSet):
    """Admin of what citizens type and what the pages call it."""

    model = Synonym
    chooser_viewset_class = ChooserOfExisting
    icon = "search"
    menu_label = "Padanan kata"
    menu_order = 406
    add_to_admin_menu = True
    list_display = [
        "written",
        "meant",
        Column(
            "services_first",
            label="Layanan dahulu",
            accessor=lambda row: "Ya" if row.services_first else "Tidak",
            sort_key="services_first",
        ),
    ]
    list_filter = ["services_first"]
    search_fields = ["written", "meant"]
    ordering = ["written"]
    edit_handler = ObjectList(Synonym.panels, base_form_class=SynonymForm)


register_snippet(SynonymViewSet)
