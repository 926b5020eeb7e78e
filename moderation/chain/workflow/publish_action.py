"""Wagtail's own publishing, of a version that the step has read, sealed and looked through already."""

from wagtail.actions.base import BaseAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction


class PublishVersionAction(PublishPageRevisionAction):
    """Publish a page in the version that was read from one of its revisions.

    Whatever it is given, the guard compares what is saved with the permit.
    """

    def __init__(self, version, user=None):
        BaseAction.__init__(self, version, user=user)
        self.revision, self.object = version.revision_read, version
        self.changed, self.log_action, self.previous_revision = True, True, None
