"""The editor of a moderated page, and its live preview."""

from django.core.exceptions import PermissionDenied
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.preview import PreviewOnEditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView

from moderation.chain.comment_guards import RESOLVED_ELSEWHERE

OVERTAKEN = "Naskah ini sudah disimpan atau diserahkan sementara itu. Muat ulang halaman untuk melihat yang terbaru."


class EditorView(EditView):
    """Wagtail's editor; reads workflow state and newest revision once per request."""

    def get_object(self):
        page = super().get_object()
        page.latest_revision = self.latest_revision
        page.remember_workflow()
        return page

    def save_action(self):
        if self.expects_json_response:
            self._refuse_overtaken()
        response = super().save_action()
        comments = self.form.formsets.get("comments")
        if comments is not None and comments.was_asked_to_resolve and not self.expects_json_response:
            messages.warning(self.request, RESOLVED_ELSEWHERE)
        return response

    def _refuse_overtaken(self):
        """Let the save that the editor makes by itself save nothing where a step or a newer save has overtaken it.

        Wagtail compares before its transaction; the text of a slow save would replace the whole one that a person
        saved or handed over meanwhile. Wagtail answers PermissionDenied as it answers its own finding.
        """
        save = self.form.save

        def save_unless_overtaken(commit=True):
            if not self.page.is_as_read():
                raise PermissionDenied(OVERTAKEN)
            return save(commit=commit)

        self.form.save = save_unless_overtaken

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
