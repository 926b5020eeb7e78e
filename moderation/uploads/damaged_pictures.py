"""Errors of a stored picture that is gone or damaged: pages show its words instead of failing."""

from wagtail.images.models import SourceImageIOError

#: What Wagtail, Willow and Pillow raise for a file that cannot be found, opened, decoded or written.
UNREADABLE = (SourceImageIOError, OSError, ValueError, SyntaxError)
