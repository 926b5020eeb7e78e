"""Signals of the chain for other apps. All are sent inside the database transaction."""

from django.dispatch import Signal

#: A page is live for the first time. Sends ``page`` and ``permit``.
page_went_live = Signal()

#: A page was taken down. Sends ``page`` and ``permit`` (the revoked one).
page_taken_down = Signal()

#: A ralat is live in the place of the version before it. Sends ``page``, ``permit`` and ``previous``
#: (the revoked permit; None where the item had been taken down).
page_corrected = Signal()

#: The machine's clock was set back behind the newest line of the log. Sends ``now`` and ``lead``, the timedelta by
#: which that line is ahead: dates written meanwhile are late by about as much.
clock_set_back = Signal()
