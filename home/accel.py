"""Lets the front server send a file that a view has allowed; named by ``SENDFILE_BACKEND``."""

from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse


def sendfile(request, filename, **kwargs):
    """Answer with the file's place below MEDIA_ROOT; the address is internal to nginx."""
    place = Path(filename).relative_to(settings.MEDIA_ROOT)
    return HttpResponse(headers={"X-Accel-Redirect": settings.ACCEL_PREFIX + quote(place.as_posix())})
