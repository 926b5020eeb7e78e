"""Every picture and document is asked for here first: nothing in the media folder has an address of its own.

Citizens get what something live shows, and no more: renditions, never originals, and documents as downloads.
Who may see the desk also gets what is not live yet.
"""

from pathlib import Path

from django.http import Http404
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve as serve_wagtail_document
from wagtail.utils.sendfile import sendfile

from moderation.files import is_public
from moderation.roles import may_see_desk
from news.models import Rendition

from .pagecache.groups import MEDIA

#: A file's content never changes under its name; "private" keeps it out of what many share.
KEEP_LONG = "private, max-age=31536000, immutable"
#: No script, style or frame of a file counts, whatever it holds.
LOCKED_DOWN = "default-src 'none'; sandbox"

#: Not every system knows the newer ones.
TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


@require_safe
def serve_rendition(request, name):
    """Send one size of a picture to who may see what shows it; marks it for keeping where that is everybody."""
    rendition = Rendition.objects.select_related("image").filter(file=f"images/{name}").first()
    if rendition is None or not Path(rendition.file.path).is_file():
        raise Http404("Gambar ini tidak tersedia.")
    everybody = is_public(rendition.image)
    if not everybody and not may_see_desk(request.user):
        raise Http404("Gambar ini tidak tersedia.")
    if everybody:
        request.kept_file = (MEDIA, Path(rendition.file.path))
    return _send(request, rendition.file.path, KEEP_LONG if everybody else "private, no-store")


@require_safe
def serve_avatar(request, name):
    """The pictures of the office's people are for the office's people."""
    profile = _find_profile(f"avatar_images/{name}") if request.user.has_perm("wagtailadmin.access_admin") else None
    if profile is None:
        raise Http404("Gambar ini tidak tersedia.")
    return _send(request, profile.avatar.path, "private, max-age=3600")


@require_safe
def serve_document(request, document_id, document_filename):
    """Wagtail's own view, behind the check that ``moderation.files`` hooks into it; never shown inside the site."""
    response = serve_wagtail_document(request, document_id, document_filename)
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["Cache-Control"] = "private, no-cache"
    return response


def _find_profile(name):
    from wagtail.users.models import UserProfile

    profile = UserProfile.objects.filter(avatar=name).first()
    return profile if profile and Path(profile.avatar.path).is_file() else None


def _send(request, path, cache_control):
    response = sendfile(request, path, mimetype=TYPES.get(Path(path).suffix.lower(), "application/octet-stream"))
    # A picture is part of a page, not a download; nginx says no more of the kept one.
    response.headers.pop("Content-Disposition", None)
    response["Cache-Control"] = cache_control
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["X-Content-Type-Options"] = "nosniff"
    return response
