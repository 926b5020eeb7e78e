"""Panels of the editor that Wagtail does not have."""

from django import forms
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from moderation.corrections import ANSWERS, QUESTION


class CorrectionPanel(MultiFieldPanel):
    """Asks what citizens are told of a ralat; stands in the editor only while one runs."""

    def __init__(self, **kwargs):
        answers = [(str(value), label) for value, label in ANSWERS.items() if value is not None]
        kwargs.setdefault("heading", "Ralat")
        kwargs.setdefault(
            "children",
            [
                FieldPanel("correction_is_public", heading=QUESTION, widget=forms.RadioSelect(choices=answers)),
                FieldPanel("correction_note", widget=forms.Textarea(attrs={"rows": 3})),
            ],
        )
        super().__init__(**kwargs)

    class BoundPanel(MultiFieldPanel.BoundPanel):
        def is_shown(self):
            item = self.instance.disposition
            return item is not None and item.correcting and super().is_shown()
