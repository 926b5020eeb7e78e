"""The editor of a moderated page, and its live preview."""

from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.preview import PreviewOnEditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView


class EditorView(EditView):
    """Wagtail's editor; reads the state of the workflow once for a screen."""

    def get_object(self):
        page = super().get_object()
        page.remember_workflow()
        return page

    def get_context_data(self, **kwargs):
        if self.request.method == "POST":
            # Saved or refused: the screen shows how things stand now, not how they stood before.
            self.page.forget()
            self.page.remember_workflow()
        return super().get_context_data(**kwargs)


class EarlierVersionView(EditorView, RevisionsRevertView):
    """Wagtail's editor with the text of an earlier version."""


class EditorPreviewView(PreviewOnEditView):
    """Wagtail asks for a right on some page of the tree first, which no role of the SOP has;
    whether this page may be edited is asked of the page itself (``get_object``)."""

    permission_required = None
