from moderation.desk.address_form import KeptAddressForm

from . import topics


class NewsPageForm(KeptAddressForm):
    """Form of the editor: save drafts with gaps, require complete ones for the hand-over."""

    def clean_tags(self):
        return topics.unite(self.cleaned_data["tags"])

    def _post_clean(self):
        self.instance.is_in_editor = True
        super()._post_clean()
        # A preview is not saved.
        self.instance.write_words()
        if self.is_deferred_validation:
            return
        for field, message in self.instance.find_gaps().items():
            if field not in self.errors:
                self.add_error(field, message)
