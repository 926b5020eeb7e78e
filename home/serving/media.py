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
    everybody = rendition is not None and is_public(rendition.image)
    is_shown = everybody or (rendition is not None and may_see_desk(request.user))
    path = _find_path(rendition.file) if is_shown else None
    if path is None:
        raise Http404("Gambar ini tidak tersedia.")
    if everybody:
        request.kept_file = (MEDIA, path)
    return _send(request, path, KEEP_LONG if everybody else "private, no-store")


@require_safe
def serve_avatar(request, name):
    """Serve an avatar to users of the admin only."""
    path = _find_avatar(f"avatar_images/{name}") if request.user.has_perm("wagtailadmin.access_admin") else None
    if path is None:
        raise Http404("Gambar ini tidak tersedia.")
    return _send(request, path, "private, max-age=3600")


@require_safe
def serve_document(request, document_id, document_filename):
    """Serve a document by Wagtail's view, whose hook checks who may read it, and lock the response down."""
    try:
        response = serve_wagtail_document(request, document_id, document_filename)
    except FileNotFoundError as error:
        raise Http404("Dokumen ini tidak tersedia.") from error
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["Cache-Control"] = "private, no-cache"
    return response


def _find_avatar(name):
    from wagtail.users.models import UserProfile

    profile = UserProfile.objects.filter(avatar=name).first()
    return _find_path(profile.avatar) if profile else None


def _find_path(file) -> Path | None:
    """Return where the file lies on this machine, None where it is gone."""
    try:
        path = Path(file.path)
    except FileNotFoundError:
        return None
    return path if path.is_file() else None


def _send(request, path, cache_control):
    response = sendfile(request, str(path), mimetype=TYPES.get(path.suffix.lower(), "application/octet-stream"))
    # A picture is no download; nginx sends no such header with a kept one either.
    response.headers.pop("Content-Disposition", None)
    response["Cache-Control"] = cache_control
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["X-Content-Type-Options"] = "nosniff"
    return response
