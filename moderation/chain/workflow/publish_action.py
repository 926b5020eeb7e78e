"""Wagtail's publish action for a version that the step has already read, sealed and checked."""

from wagtail.actions.base import BaseAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Revision


class PublishVersionAction(PublishPageRevisionAction):
    """Publish a page object that was read from one of its revisions.

    The guard still compares the saved rows with the permit.
    """

    def __init__(self, version, user=None):
        BaseAction.__init__(self, version, user=user)
        self.revision, self.object = version.revision_read, version
        self.changed, self.log_action, self.previous_revision = True, True, None
        # Wagtail takes the revision with the latest date for the newest; the page's row knows, whatever the clock said.
        self.revision.is_latest_revision = self._is_newest
        self.revision.get_previous = self._get_previous

    def _is_newest(self) -> bool:
        return self.object.latest_revision_id == self.revision.pk

    def _get_previous(self) -> Revision:
        """Return the revision before, with the page's row as the step read it, whose title the log notes."""
        previous = Revision.get_previous(self.revision)
        previous.content_object = self.revision.content_object
        return previous
