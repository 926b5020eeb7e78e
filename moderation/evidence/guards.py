"""Guard the ORM: refuse any save or delete that changes what is live outside a step (I1, I12).

``pre_save`` without a sender filter is the one point that every write path of Wagtail passes: admin,
bulk actions, APIs, ``publish_scheduled``, copies, aliases, imports, ``page.save()`` on any class
(docs/wagtail-facts.md#why-pre_save). It trusts only the permit in the database. Writes that bypass the ORM are
refused by the triggers (``moderation.evidence.triggers``).
"""

from functools import cache

from django.db.models import ProtectedError
from django.db.models.signals import post_save, pre_delete, pre_save
from django.utils import timezone
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Revision, TaskState, WorkflowState

from moderation import sop
from moderation.models import (
    AuditEntry,
    Disposition,
    FindingDecision,
    ModeratedPage,
    PublicationPermit,
    SopTask,
    Withdrawal,
)
from moderation.ports.exceptions import GuardViolation
from moderation.ports.official_step import in_official_step
from moderation.ports.seal import compute_seal, get_sealed_child_relations, get_sealed_field_names
from moderation.ports.signals import page_taken_down, page_went_live

from .addresses.guards import PLACE, guard_access, guard_place
from .media_guards import guard_collection, guard_media, guard_media_deletion, guard_named_deletion

_RELEVANT = {"live", "live_revision", "alias_of", "content_type"}


def is_moderated(page: Page) -> bool:
    """Say whether the page's own class opted into the SOP, also for a bare ``Page`` instance."""
    if isinstance(page, ModeratedPage):
        return True
    if type(page) is not Page or page.content_type_id is None:
        return False
    return issubclass(page.specific_class or Page, ModeratedPage)


def guard_page(page: Page, update_fields) -> None:
    """Require that a moderated page is live if and only if an executed permit covers exactly what it shows, and that
    every page stands where it may."""
    names = {*_RELEVANT, *PLACE}
    if is_moderated(page):
        names |= {*get_sealed_field_names(page.specific_class)}
    if update_fields is not None and not names & set(update_fields):
        return
    before = _read_before(page)
    guard_place(page, before, update_fields)
    if not is_moderated(page):
        if page.pk and not page.live and (update_fields is None or "live" in update_fields):
            guard_access(page.path)
        return
    if page.alias_of_id:
        raise GuardViolation("Berita tidak dapat dijadikan alias: alias tayang tanpa verifikasi.")
    live, revision_id = _get_effective(page, before, update_fields)
    permit = PublicationPermit.objects.active_for(page) if before else None
    _check_page(page, before, live, revision_id, permit, update_fields)
    page._sop_change = _get_change(before, live)


def _read_before(page) -> dict | None:
    """Return what the database holds of the page, None for a new one."""
    rows = Page.objects.filter(pk=page.pk) if page.pk else Page.objects.none()
    return rows.values("live", "live_revision_id", *PLACE).first()


def _get_effective(page, before, update_fields):
    """Return live and live_revision_id as the row will have them after this save."""
    if update_fields is None or before is None:
        return page.live, page.live_revision_id
    live = page.live if "live" in update_fields else before["live"]
    by_name = {"live_revision", "live_revision_id"} & set(update_fields)
    return live, page.live_revision_id if by_name else before["live_revision_id"]


def _check_page(page, before, live, revision_id, permit, update_fields) -> None:
    if not live:
        if permit is not None and permit.revoked_by_id is None and not permit.may_run_out(timezone.now()):
            raise GuardViolation(
                "Berita yang tayang hanya dapat diturunkan oleh Sekretaris melalui lembar kerja, dengan alasan."
            )
        return
    if permit is None:
        raise GuardViolation(
            "Berita hanya dapat tayang melalui alur SOP: verifikasi oleh Bidang, perintah tayang "
            "oleh Sekretaris, lalu penayangan."
        )
    if revision_id != permit.revision_id:
        raise GuardViolation("Versi ini bukan versi yang diperintahkan untuk tayang.")
    if compute_seal(_get_effective_page(page, update_fields)) != permit.seal:
        raise GuardViolation("Isi berita yang tayang tidak dapat diubah. Isinya harus sama dengan yang diverifikasi.")


def _get_effective_page(page, update_fields):
    """Return the page in its own class, with the values this save will write."""
    if update_fields is None and isinstance(page, ModeratedPage):
        return page
    stored = page.specific_class.objects.get(pk=page.pk)
    names = update_fields if update_fields is not None else [f.name for f in Page._meta.fields]
    for name in names:
        setattr(stored, name, getattr(page, name))
    return stored


def _get_change(before, live):
    was_live = bool(before and before["live"])
    return None if was_live == bool(live) else ("up" if live else "down")


def announce_page(page: Page) -> None:
    """Send the signal that a page went live for the first time, or was taken down."""
    change = page.__dict__.pop("_sop_change", None)
    if change is None:
        return
    permits = PublicationPermit.objects.filter(page_id=page.pk).carried_out()
    permit, *earlier = permits.select_related("disposition")[:2] or (None,)
    if change == "up" and permit is not None and not earlier:
        if isinstance(page, ModeratedPage):
            permit.accept_version(page)
        page_went_live.send(sender=type(page), page=page, permit=permit)
    if change == "down" and permit is not None:
        page_taken_down.send(sender=type(page), page=page, permit=permit)


def guard_revision(revision: Revision, update_fields) -> None:
    """Allow text changes only while the Staf or the Sekretaris holds the item (I4); refuse changes to a
    revision under a permit, and any scheduled revision."""
    if not _is_of_moderated_page(revision):
        return
    if revision.approved_go_live_at is not None:
        raise GuardViolation("Waktu tayang berita ditetapkan dalam perintah tayang.")
    if update_fields is not None and "content" not in update_fields:
        return
    if revision.pk and _is_same_content(revision):
        return
    if AuditEntry.tells_of(revision):
        raise GuardViolation("Versi ini tercatat dalam jejak audit dan tidak dapat diubah. Simpan sebagai versi baru.")
    if in_official_step():
        return
    item = Disposition.objects.filter(page_id=revision.object_id).first()
    if item is None:
        return
    if item.step is None or not item.step.text_is_open:
        raise GuardViolation(f"Naskah terkunci dan tidak disimpan. Status materi: {item.state_label}.")


def _is_of_moderated_page(revision) -> bool:
    model = revision.content_type.model_class()
    return model is not None and issubclass(model, ModeratedPage)


def _is_same_content(revision) -> bool:
    stored = Revision.objects.filter(pk=revision.pk).values_list("content", flat=True).first()
    return stored == revision.content


def guard_workflow(state) -> None:
    """Refuse to change workflow and task states of the SOP outside a step."""
    workflow = state if isinstance(state, WorkflowState) else state.workflow_state
    if workflow.workflow.name == sop.WORKFLOW_NAME and not in_official_step():
        raise GuardViolation("Alur SOP hanya dapat dijalankan melalui lembar kerja.")


def guard_deletion(instance) -> None:
    """Refuse to delete what the chain's records need; an item's page is protected by the item's own key."""
    if isinstance(instance, (AbstractImage, AbstractDocument)):
        guard_media_deletion(instance)
    elif isinstance(instance, Revision):
        # Who wrote any revision may not verify (I2), so none is purged; ``purge_revisions`` knows this error.
        if _is_of_moderated_page(instance) and Disposition.objects.filter(page_id=instance.object_id).exists():
            raise ProtectedError("Riwayat naskah adalah bagian dari register.", {instance})
    elif isinstance(instance, SopTask):
        raise GuardViolation("Langkah SOP tidak dapat dihapus.")
    elif isinstance(instance, (WorkflowState, TaskState)):
        try:
            guard_workflow(instance)
        except GuardViolation as refusal:
            # The task states of a revision go before it: ``purge_revisions`` must go on to the next one.
            raise ProtectedError(refusal.message, {instance}) from refusal
    else:
        guard_child(instance)
        guard_named_deletion(instance)


def guard_child(instance) -> None:
    """Refuse to change a child row (a tag) of a live moderated page."""
    for relation in _get_sealed_relations(instance._meta.model):
        page_id = getattr(instance, relation.field.attname)
        completed = PublicationPermit.objects.executed().exclude(completed_at=None)
        if completed.filter(page_id=page_id).exists():
            raise GuardViolation("Isi berita yang tayang tidak dapat diubah.")


@cache
def _get_sealed_relations(child_model) -> tuple:
    """Return the relations inside the seal by which rows of this class belong to a moderated page."""
    return tuple(
        relation
        for model in ModeratedPage.__subclasses__()
        for relation in get_sealed_child_relations(model)
        if issubclass(child_model, relation.related_model)
    )


def guard_disposition(disposition) -> None:
    """Refuse to change the item outside a step (I7)."""
    if not in_official_step():
        raise GuardViolation("Baris register hanya dapat diubah oleh langkah SOP.")


def guard_permit() -> None:
    """Refuse to issue, execute or revoke a permit, or to record a take-down, outside a step (I5)."""
    if not in_official_step():
        raise GuardViolation("Perintah tayang hanya dapat diterbitkan dan dijalankan oleh langkah SOP.")


def guard_finding_decision() -> None:
    """Refuse a finding decision outside a step, where role and separation of duties are checked."""
    if not in_official_step():
        raise GuardViolation("Temuan hanya dapat dinilai oleh Bidang melalui lembar kerja.")


def on_pre_save(sender, instance, update_fields=None, **kwargs):
    """Call the guard for the instance's kind; connected for every model of the project."""
    if isinstance(instance, Page):
        guard_page(instance, update_fields)
    elif isinstance(instance, Revision):
        guard_revision(instance, update_fields)
    elif isinstance(instance, (WorkflowState, TaskState)):
        guard_workflow(instance)
    elif isinstance(instance, Disposition):
        guard_disposition(instance)
    elif isinstance(instance, (PublicationPermit, Withdrawal)):
        guard_permit()
    elif isinstance(instance, FindingDecision):
        guard_finding_decision()
    elif isinstance(instance, PageViewRestriction):
        guard_access(instance.page.path)
    elif isinstance(instance, CollectionViewRestriction):
        guard_collection(instance.collection)
    elif isinstance(instance, (AbstractImage, AbstractDocument)):
        guard_media(instance, update_fields)
    else:
        guard_child(instance)


def on_post_save(sender, instance, **kwargs):
    """Send the signals for a page whose live state changed."""
    if isinstance(instance, Page):
        announce_page(instance)


def on_pre_delete(sender, instance, **kwargs):
    """Call the deletion guard of the instance."""
    guard_deletion(instance)


def connect() -> None:
    """Connect the guards; called once from ``AppConfig.ready``."""
    pre_save.connect(on_pre_save, dispatch_uid="moderation_guard_save")
    post_save.connect(on_post_save, dispatch_uid="moderation_guard_announce")
    pre_delete.connect(on_pre_delete, dispatch_uid="moderation_guard_delete")
