"""Views of pictures and documents: every file in the media folder is served through them.

The public gets renditions, never originals, and documents as downloads, while something live shows them. Users of the
desk also get files of drafts.
"""

from pathlib import Path

from django.http import Http404
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve as serve_wagtail_document
from wagtail.utils.sendfile import sendfile

from home.pagecache.groups import MEDIA
from moderation.desk.document_access import is_public
from moderation.models.roles import may_see_desk
from news.models import Rendition

#: The content of a rendition never changes under its name; "private" keeps it out of shared caches.
KEEP_LONG = "private, max-age=31536000, immutable"
#: A file may not run scripts, load styles or be framed.
LOCKED_DOWN = "default-src 'none'; sandbox"

#: Not left to the system's MIME table, which may lack the newer ones.
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
    """Serve a rendition; mark a public one for the page cache."""
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
    """Serve an avatar to users of the admin only."""
    profile = _find_profile(f"avatar_images/{name}") if request.user.has_perm("wagtailadmin.access_admin") else None
    if profile is None:
        raise Http404("Gambar ini tidak tersedia.")
    return _send(request, profile.avatar.path, "private, max-age=3600")


@require_safe
def serve_document(request, document_id, document_filename):
    """Serve a document by Wagtail's view, whose hook checks who may read it, and lock the response down."""
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
    # A picture is no download; nginx sends no such header with a kept one either.
    response.headers.pop("Content-Disposition", None)
    response["Cache-Control"] = cache_control
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["X-Content-Type-Options"] = "nosniff"
    return response
