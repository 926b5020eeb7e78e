"""The two moments other apps may build upon. Both are sent inside the database transaction."""

from django.dispatch import Signal

#: A page is live for the first time. Sends ``page`` and ``permit``.
page_went_live = Signal()

#: A page was taken down. Sends ``page`` and ``permit`` (the revoked one).
page_taken_down = Signal()
