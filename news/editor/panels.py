"""Panels of the editor that Wagtail does not have."""

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

from moderation.chain.corrections import ANSWERS, QUESTION
from moderation.ports import channels


class CategorySelect(forms.Select):
    """Choice of the category; where the site has none yet, says who adds one, and where."""

    def render(self, name, value, attrs=None, renderer=None):
        found = super().render(name, value, attrs, renderer)
        # The first is the empty one; to look at the choices would ask the database again.
        if found.count("<option") > 1:
            return found
        return found + render_to_string("news/admin/no_category.html")


class CorrectionPanel(MultiFieldPanel):
    """Panel for the public note of a ralat; shown only while one runs."""

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


class GalleryLinkPanel(Panel):
    """Panel that leads to the screen which puts several photos into the text at once."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", "Beberapa foto sekaligus")
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "news/admin/gallery_link_panel.html"

        def is_shown(self):
            return bool(super().is_shown() and self.instance.disposition)

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"item": self.instance.disposition}


class PostPreviewPanel(Panel):
    """Panel with the post each channel would make of the unsaved form, composed by its adapter."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", "Pratinjau unggahan")
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "news/admin/post_preview_panel.html"

        def is_shown(self):
            return bool(super().is_shown() and self._has_channels and self.instance.disposition)

        @cached_property
        def _has_channels(self) -> bool:
            return bool(channels.get_choices())

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"item": self.instance.disposition}


class PostsPanel(Panel):
    """Panel with the posts of a published item: status and link of each."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", "Unggahan media sosial")
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "news/admin/posts_panel.html"

        def is_shown(self):
            return bool(super().is_shown() and self._outcomes)

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"outcomes": self._outcomes}

        @cached_property
        def _outcomes(self) -> list[channels.Outcome]:
            item = self.instance.disposition
            return channels.get_outcomes([item.pk]).get(item.pk, []) if item else []
