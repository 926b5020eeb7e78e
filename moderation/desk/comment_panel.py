"""Wagtail's comments in the editor, where they are written and answered but neither resolved nor erased."""

from wagtail.admin.forms.comments import CommentForm, CommentFormSet
from wagtail.admin.panels import CommentPanel
from wagtail.models import COMMENTS_RELATION_NAME


class KeptCommentForm(CommentForm):
    """Form of a comment that leaves it open; of resolved ones Wagtail makes no form while a draft is ahead."""

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is None:
            return cleaned
        self.asked_to_resolve = bool(cleaned.get("resolved"))
        return cleaned | {"resolved": False}


class KeptCommentFormSet(CommentFormSet):
    """Comments of a page, none of which is erased."""

    def _should_delete_form(self, form):
        if form.instance.pk is not None:
            return False
        # Wagtail would write a comment whose part is gone a second time, as the comment of whoever saves.
        return bool(form.data.get(form.add_prefix("id"))) or super()._should_delete_form(form)

    @property
    def was_asked_to_resolve(self) -> bool:
        """Say whether the editor asked to resolve or erase a stored comment."""
        return any(
            form.instance.pk is not None
            and (getattr(form, "asked_to_resolve", False) or form.cleaned_data.get("DELETE", False))
            for form in self.forms
        )


class KeptCommentPanel(CommentPanel):
    """Wagtail's panel with our forms."""

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][COMMENTS_RELATION_NAME] |= {"form": KeptCommentForm, "formset": KeptCommentFormSet}
        return options

    class BoundPanel(CommentPanel.BoundPanel):
        template_name = "moderation/parts/comment_panel.html"
