"""Files of a form are kept for their person before the form is taken, so that a refusal loses none of them."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from moderation.models import PendingUpload
from moderation.uploads import materials

#: How long a file waits for its form.
KEPT_FOR = timedelta(hours=24)
#: Files of one person, over all forms; the oldest make room for new ones.
MOST = 2 * materials.MAX_FILES


def find(user, keys) -> list[PendingUpload]:
    """Return those of the user's files that are still kept, in their order."""
    return list(PendingUpload.objects.filter(owner=user, pk__in=keys).order_by("pk")) if keys else []


def keep(user, files) -> tuple[list[PendingUpload], list]:
    """Store the files that may be Bahan; return them, and the others, which the sheet's check names."""
    refused = [file for file in files if materials.find_problem(file)]
    good = [file for file in files if file not in refused][:MOST]
    kept = [PendingUpload.objects.create(owner=user, name=file.name, file=file, size=file.size) for file in good]
    if kept:
        newest = PendingUpload.objects.filter(owner=user).order_by("-pk")
        _delete(PendingUpload.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST:])))
    return kept, refused


def drop(user, keys) -> None:
    """Delete files that their person does not want any more."""
    if keys:
        _delete(PendingUpload.objects.filter(owner=user, pk__in=keys))


def delete_expired() -> int:
    """Delete files whose form was left; a job of the worker."""
    return _delete(PendingUpload.objects.filter(added_at__lt=timezone.now() - KEPT_FOR))


def _delete(uploads) -> int:
    """Delete rows, and after the commit their files. A row that a form takes at this moment is left to it."""
    with transaction.atomic():
        locked = list(uploads.select_for_update(skip_locked=True))
        PendingUpload.objects.filter(pk__in=[upload.pk for upload in locked]).delete()
        transaction.on_commit(lambda: [upload.file.storage.delete(upload.file.name) for upload in locked])
    return len(locked)
