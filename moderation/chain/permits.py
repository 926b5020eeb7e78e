"""Issue, find, complete and revoke publication permits (SOP row 8)."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page

from moderation.evidence.media_guards import find_closed
from moderation.models import PublicationPermit, RegisterYear, SealedMedia
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.ports.seal import compute_seal, describe_all_media, get_media, hold_children
from moderation.sop.numbering import format_number

#: After this long past its time, an item that is not live is shown as missed.
GRACE = timedelta(minutes=5)


def issue(item, user, draft, *, media, seal, channel_labels, go_live_at, note, procedure, **posts):
    """Create and return the permit of an order for exactly this draft and its media.

    ``posts``: further facts of the order about posts, from ``publication_orders.decide_posts``, and about its end.
    """
    now = timezone.localtime()
    year, _created = RegisterYear.objects.select_for_update().get_or_create(year=now.year)
    year.last_order_sequence += 1
    year.save(update_fields=["last_order_sequence"])
    permit = PublicationPermit.objects.create(
        page_id=item.page_id,
        revision_id=draft.latest_revision_id,
        disposition=item,
        seal=seal,
        number="PT-"
        + format_number(
            procedure.number_template,
            year.last_order_sequence,
            procedure.archive_code,
            now.month,
            now.year,
        ),
        channels=list(channel_labels),
        channel_labels=channel_labels,
        go_live_at=go_live_at,
        note=note,
        is_correction=item.correcting,
        correction_note=draft.get_correction_note() if item.correcting else "",
        **posts,
        ordered_at=now,
        ordered_by=user,
    )
    SealedMedia.objects.bulk_create(
        SealedMedia(
            permit=permit,
            content_type=ContentType.objects.get_for_model(one),
            object_id=str(one.pk),
        )
        for one in media
    )
    return permit


def find_pending(item) -> PublicationPermit | None:
    """Return the pending order, or None."""
    return PublicationPermit.objects.in_force().filter(disposition=item, executed_at=None).order_by("-pk").first()


def find_current(item) -> PublicationPermit | None:
    """Return the item's current order, or None.

    That is the pending one, else the last executed one, else the last one issued.
    """
    permits = sorted(item.permits.all(), key=lambda permit: -permit.pk)
    pending = [permit for permit in permits if permit.executed_at is None and permit.revoked_at is None]
    executed = [permit for permit in permits if permit.executed_at is not None]
    return next(iter([*pending, *executed, *permits]), None)


def revoke_pending(item, user, reason) -> None:
    """Revoke the pending order, if there is one."""
    permit = find_pending(item)
    if permit is not None:
        permit.add_fact(revoked_at=timezone.now(), revoked_by=user, revoke_reason=reason)


def find_live(item) -> PublicationPermit | None:
    """Return the permit under which the item's page is live, or None."""
    return PublicationPermit.objects.executed().filter(disposition=item).first()


def get_active(item) -> PublicationPermit:
    """Return the permit under which the item's page is live; raise StepRefused when there is none."""
    permit = find_live(item)
    if permit is None:
        raise StepRefused("Berita ini tidak sedang tayang.")
    if permit.revoked_by_id is not None or permit.revoke_reason:
        raise StepRefused("Perintah tayang berita ini diubah di luar aplikasi. Hubungi pengelola situs.")
    return permit


def complete(item, permit, now) -> Page:
    """Compare the live rows with the permit's seal, then mark the permit completed (I1); return the page."""
    page = item.get_page()
    if not page.live or page.live_revision_id != permit.revision_id:
        raise GuardViolation("Berita tidak tayang sebagaimana diperintahkan.")
    hold_children(page)
    media = get_media(page)
    if compute_seal(page, describe_all_media(media)) != permit.seal:
        raise GuardViolation("Isi yang tayang tidak sama dengan isi yang diverifikasi.")
    closed = find_closed(media)
    if closed:
        raise GuardViolation(f"Berita tidak dapat dibaca warga seluruhnya. Dalam koleksi tertutup: {closed}.")
    if page.get_ancestors().filter(live=False).exists() or page.get_view_restrictions().exists():
        raise GuardViolation(
            "Berita tidak dapat dibaca warga: halaman di atasnya tidak tayang atau tertutup. Hubungi pengelola situs."
        )
    permit.add_fact(completed_at=now)
    return page


def find_run_out(item, now) -> PublicationPermit | None:
    """Return the order of the item's live page if its end has come, None otherwise."""
    return PublicationPermit.objects.run_out(now).filter(disposition=item, revoked_by=None, revoke_reason="").first()


def is_missed(permit, now) -> bool:
    """Say whether the ordered time has passed and the item is not live."""
    return permit.go_live_at is not None and permit.executed_at is None and permit.go_live_at + GRACE < now
