"""The editor's live preview, for whoever may open the editor of a moderated page."""

from wagtail.admin.views.pages.preview import PreviewOnEditView


class EditorPreviewView(PreviewOnEditView):
    """Wagtail asks for a right on some page of the tree first, which no role of the SOP has;
    whether this page may be edited is asked of the page itself (``get_object``)."""

    permission_required = None
