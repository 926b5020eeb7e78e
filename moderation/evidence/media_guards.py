"""Keep the files of what is verified: whole, in place, and open to citizens (I1, I10)."""

from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ForeignKey, Model, OuterRef, Q
from django.db.models.functions import Cast
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction

from moderation.models import ModeratedPage, SealedMedia
from moderation.ports.exceptions import GuardViolation
from moderation.ports.seal import describe_settings, get_sealed_field_names

from .uses import describe, find_uses, find_uses_in_bulk

#: The fields with which a file is sealed, and the one that says who may open it.
_GUARDED = {"file", "title", "collection", *(f"focal_point_{side}" for side in ("x", "y", "width", "height"))}


def guard_media(media, update_fields=None) -> None:
    """Refuse to change an image or document of which a sealed version tells, or to close it to citizens."""
    if update_fields is not None and not _GUARDED & {name.removesuffix("_id") for name in update_fields}:
        return
    for refusal in find_refusals(media).values():
        raise GuardViolation(refusal)


def find_refusals(media) -> dict[str, str]:
    """Return why the values in memory may not replace the stored ones: by ``file`` (or what is shown with it) and
    ``collection``."""
    stored = type(media)._base_manager.filter(pk=media.pk).first() if media.pk is not None else None
    if stored is None:
        return {}
    refusals = {}
    if _is_changed(stored, media):
        evidence = [use for use in find_uses(media) if use.is_evidence]
        if evidence:
            refusals["file"] = (
                f"{describe_media(stored)} bagian dari {describe(evidence)}, dan tidak dapat diubah. "
                "Unggah sebagai versi baru: berkas lama tetap pada berita itu."
            )
    if stored.collection_id != media.collection_id:
        refusal = find_refusal_to_close([stored], media.collection)
        if refusal:
            refusals["collection"] = refusal
    return refusals


def _is_changed(stored, media) -> bool:
    # A file that was just given may have the name of the stored one.
    is_new = not getattr(media.file, "_committed", True) or stored.file != media.file
    return is_new or describe_settings(stored) != describe_settings(media)


def find_refusal_to_close(all_media, collection) -> str:
    """Return why these files may not lie in this collection, "" when they may."""
    collection = _read_anew(collection)
    if not collection.get_view_restrictions().exists():
        return ""
    for media, uses in find_uses_in_bulk(all_media).items():
        in_force = [use for use in uses if use.is_in_force]
        if in_force:
            return (
                f"{describe_media(media)} dibaca warga pada {describe(in_force)}. "
                f"Koleksi “{collection.name}” tertutup: warga akan diminta masuk."
            )
    return ""


def guard_media_deletion(media) -> None:
    """Refuse to delete an image or document that an order, a kept version or a draft under way needs."""
    uses = find_uses(media)
    if uses:
        raise GuardViolation(f"{describe_media(media)} dipakai {describe(uses)}, dan tidak dapat dihapus.")


def guard_named_deletion(instance) -> None:
    """Refuse to delete what a draft under way names in a field, such as its category."""
    if type(instance) not in list_named():
        return
    uses = find_uses(instance)
    if uses:
        raise GuardViolation(f"“{instance}” dipakai {describe(uses)}, dan tidak dapat dihapus.")


def list_named() -> dict[type[Model], list[str]]:
    """Return the classes of which a moderated page's text names an object in a field, each with these fields."""
    named: dict[type[Model], list[str]] = {}
    for model in ModeratedPage.__subclasses__():
        for field in map(model._meta.get_field, get_sealed_field_names(model)):
            if isinstance(field, ForeignKey) and isinstance(field.related_model, type):
                named.setdefault(field.related_model, []).append(field.name)
    return named


def guard_collection(collection) -> None:
    """Refuse to close a collection, and what lies below it, while citizens read a file in it."""
    collection = _read_anew(collection)
    media = find_needed_in(collection)
    if media is not None:
        in_force = [use for use in find_uses(media) if use.is_in_force]
        raise GuardViolation(
            f"Koleksi “{collection.name}” memuat berkas yang dibaca warga dan tidak dapat ditutup: "
            f"{describe_media(media)} pada {describe(in_force)}. Pindahkan dahulu berkas itu ke koleksi lain."
        )


def _read_anew(collection: Collection) -> Collection:
    """Return the collection as stored: a new one beside it moves its place in the tree."""
    return Collection.objects.get(pk=collection.pk)


def find_needed_in(collection: Collection):
    """Return a picture or document in or below the collection that an order in force covers, or None."""
    for model in (get_image_model(), get_document_model()):
        media = model.objects.filter(
            Exists(_covered_by_order(model)), collection__path__startswith=collection.path
        ).first()
        if media is not None:
            return media
    return None


def list_closed() -> list[str]:
    """Return what citizens read of files in closed collections, one sentence a file; for the proof."""
    restrictions = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    closed = [Q(collection__path__startswith=path) for path in restrictions]
    if not closed:
        return []
    return [
        find_refusal_to_close([media], media.collection)
        for model in (get_image_model(), get_document_model())
        for media in model.objects.filter(reduce(or_, closed), Exists(_covered_by_order(model)))
    ]


def find_closed(all_media) -> str:
    """Return which of these files lies in a closed collection, "" for none; without a file nothing is queried."""
    closed = list(CollectionViewRestriction.objects.values_list("collection__path", flat=True)) if all_media else []
    hidden = [media for media in all_media if closed and media.collection.path.startswith(tuple(closed))]
    return "; ".join(describe_media(media) for media in hidden)


def _covered_by_order(model):
    return SealedMedia.objects.filter(
        permit__revoked_at=None,
        content_type=ContentType.objects.get_for_model(model),
        object_id=Cast(OuterRef("pk"), CharField()),
    )


def describe_media(media) -> str:
    """Return the kind and title of a picture or document for a sentence."""
    kind = str(media._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]} “{media.title}”"
