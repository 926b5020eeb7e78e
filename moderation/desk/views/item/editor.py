"""The editor of a moderated page, and its live preview."""

from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.preview import PreviewOnEditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView

from moderation.chain.comment_guards import RESOLVED_ELSEWHERE


class EditorView(EditView):
    """Wagtail's editor; reads workflow state and newest revision once per request."""

    def get_object(self):
        page = super().get_object()
        page.latest_revision = self.latest_revision
        page.remember_workflow()
        return page

    def save_action(self):
        response = super().save_action()
        comments = self.form.formsets.get("comments")
        if comments is not None and comments.was_asked_to_resolve and not self.expects_json_response:
            messages.warning(self.request, RESOLVED_ELSEWHERE)
        return response

    def get_context_data(self, **kwargs):
        if self.request.method == "POST" and self.has_unsaved_changes:
            # Refused: show why, with the state as it is now.
            self.page.forget()
            self.page.remember_workflow()
        return super().get_context_data(**kwargs)


class EarlierVersionView(EditorView, RevisionsRevertView):
    """Wagtail's editor with the text of an earlier version."""


class EditorPreviewView(PreviewOnEditView):
    """Wagtail's preview in the editor, without its check for a permission somewhere in the page tree.

    No role of the SOP has that one; ``get_object`` asks the page whether it may be edited.
    """

    permission_required = None
