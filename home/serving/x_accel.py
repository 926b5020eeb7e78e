"""Sendfile backend: let nginx send a file that a view has allowed (``SENDFILE_BACKEND``)."""

from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse


def sendfile(request, filename, **kwargs):
    """Return a response with X-Accel-Redirect to the file below MEDIA_ROOT, an internal location of nginx."""
    place = Path(filename).relative_to(settings.MEDIA_ROOT)
    return HttpResponse(headers={"X-Accel-Redirect": settings.ACCEL_PREFIX + quote(place.as_posix())})
