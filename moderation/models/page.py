"""Mixin, lock and permission tester for page classes that opt into the SOP."""

import copy
from contextlib import nullcontext
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, Prefetch
from modelcluster.models import model_from_serializable_data
from wagtail.locks import BaseLock
from wagtail.models import COMMENTS_RELATION_NAME, Page, PagePermissionTester, ReferenceIndex

from moderation import sop
from moderation.ports import engine
from moderation.ports.seal import get_sealed_child_relations, get_sealed_field_names

from .audit import AuditEntry
from .disposition import Disposition
from .task import SopWorkflow, SopWorkflowState

CORRECTION_NOTE_LENGTH = 500
#: Keys of a revision that are ignored: ``Page.with_content_json`` takes them from the page's row.
_ROW_KEYS = ("content_type", "locale", "owner", "locked_by", "latest_revision", "alias_of")
_ROW_FIELDS = (*_ROW_KEYS, "live_revision", "translation_key", "path")


class SopLock(BaseLock):
    """Lock the text for everyone but its holder at rows 5 and 6."""

    def for_user(self, user):
        authority = self.object.get_authority(user)
        return authority is None or not authority.may_write_text()

    def get_message(self, user):
        if not self.for_user(user):
            return None
        disposition = self.object.disposition
        if disposition is None:
            return "Naskah terkunci: halaman ini tidak memiliki lembar disposisi."
        return f"Naskah terkunci. Status: {disposition.state_label}."

    def get_locked_by(self, user):
        return "Terkunci oleh alur SOP"

    def get_description(self, user):
        return "Naskah hanya dapat diubah oleh staf yang ditugaskan saat penyusunan, atau oleh Sekretaris saat koreksi."


def prefetch_dispositions(pages):
    """Prefetch ``disposition`` of a list of pages of any class, in one query."""
    return pages.prefetch_related(Prefetch("register_item", to_attr="_disposition"))


class ModeratedPagePermissionTester(PagePermissionTester):
    """Refuse on Wagtail's screens every action that bypasses the SOP, to superusers too.

    This only hides buttons; the guard and the database triggers do not depend on it.
    """

    def can_edit(self):
        """Allow the editor to everyone who may ever write the text; the lock decides about saving,
        so that a stale tab shows a message above the typed text instead of losing it."""
        return self.user.is_active and engine.get().may_open_editor(self.page.specific, self.user)

    def can_submit_for_moderation(self):
        authority = self.page.specific.get_authority(self.user)
        return authority is not None and authority.may_take("hand_over")

    def _never(self, *args, **kwargs):
        return False

    can_publish = can_unpublish = can_unschedule = can_publish_subpage = _never
    can_delete = can_move = can_move_to = can_copy = can_copy_to = _never
    can_lock = can_unlock = can_set_view_restrictions = can_reorder_children = _never


def _without_reference_index():
    """Let a save list no references by itself; Wagtail's own manager does not nest (8.0: the inner ends the outer)."""
    from wagtail import signal_handlers  # It asks for models as it loads.

    is_off = getattr(signal_handlers.reference_index_auto_update_disabled, "value", False)
    return nullcontext() if is_off else signal_handlers.disable_reference_index_auto_update()


class ModeratedPage(models.Model):
    """Mixin, before ``Page`` in the bases: the page goes live through the SOP or not at all.

    The class sets ``is_creatable = False`` (a system check asks for it) and supplies
    ``create_for_disposition(disposition, user)``, which adds a draft in its place in the tree,
    ``begin_with(pictures, documents)``, which puts source material into it, and ``get_channel_text(kind)``, the text
    for a channel of that kind.
    """

    #: Labels for messages, where a field's verbose name is ambiguous.
    text_labels: dict[str, str] = {}
    #: The fields with the words that citizens see of a relation, by the relation's name.
    sealed_words: dict[str, str] = {}
    #: Fields outside the seal, because citizens do not see them; all others are sealed.
    unsealed_fields: frozenset[str] = frozenset()
    #: Values of fields for revisions older than the field; the seal leaves them out like an empty value.
    sealed_defaults: dict[str, object] = {}
    #: ``moderation.chain.workflow.page_indexes`` says when.
    search_auto_update = False
    #: The revision whose text this object holds, where its reader says so.
    revision_read = None

    correction_is_public = models.BooleanField("apakah warga perlu tahu isinya berubah?", null=True, blank=True)
    correction_note = models.TextField(
        "keterangan ralat untuk warga",
        max_length=CORRECTION_NOTE_LENGTH,
        blank=True,
        default="",
        help_text="Tampil pada berita bersama tanggalnya. Sebutkan apa yang keliru dan apa yang benar.",
    )

    class Meta:
        abstract = True

    @property
    def disposition(self) -> Disposition | None:
        """The disposition this page was opened from, read once for this object; None for a stray copy."""
        item = self.__dict__.get("_disposition")
        if item is None and self.pk is not None:
            item = self._disposition = Disposition.objects.filter(page_id=self.pk).first()
        return item

    @disposition.setter
    def disposition(self, item: Disposition) -> None:
        self._disposition = item

    def get_authority(self, user):
        """Return what the user may do with this page's item, asked once for this object; None for a stray copy."""
        item, known = self.disposition, self.__dict__.get("_authority")
        if item is None:
            return None
        if known is None or known.item is not item or known.user is not user:
            known = self._authority = engine.get().authority(item, user)
        return known

    def remember_workflow(self) -> None:
        """Read the workflow's state now, for a screen that asks for it many times."""
        state = self.current_workflow_state
        self._current_workflow_states = [] if state is None else [state]

    def forget(self) -> None:
        """Read item, authority and workflow anew when they are asked for next."""
        for name in ("_disposition", "_authority", "_current_workflow_states"):
            self.__dict__.pop(name, None)

    @classmethod
    def create_for_disposition(cls, disposition, user):
        """Add and return a draft page for the disposition, owned by the Staf."""
        raise NotImplementedError(f"{cls.__name__} must say where its pages live.")

    def begin_with(self, pictures: list, documents: list) -> None:
        """Put these of the library into the text that was just begun, in this order; the caller saves it."""
        raise NotImplementedError(f"{type(self).__name__} must say where pictures and documents stand.")

    def get_channel_text(self, kind: str) -> str:
        """Return the text that a channel of this kind will show."""
        raise NotImplementedError(f"{type(self).__name__} must say what channels show.")

    def get_quotes(self) -> list[tuple[str, str]]:
        """Return the words that the text quotes, each with who said them."""
        return []

    def add_gallery(self, title: str, pictures: list[dict]) -> None:
        """Add pictures, each with ``photo``, ``alt``, ``caption`` and ``credit``, to the end of the text."""
        raise NotImplementedError(f"{type(self).__name__} must say what a gallery is.")

    def get_correction_note(self) -> str:
        """Return what citizens are told of the ralat that this text is, "" for a minor edit."""
        return self.correction_note if self.correction_is_public else ""

    def get_proposed_classification(self) -> str:
        """Return the class of information that whoever wrote the text proposes, "" for none."""
        return ""

    def find_missing_for(self, classification: str) -> list[str]:
        """Return what the law asks of a text of this class and this text lacks, one phrase each."""
        return []

    def save(self, *args, update_fields=None, **kwargs):
        """Save; what notes only that there is a newer version refers to nothing, so no reference is looked for."""
        if update_fields is None:
            return self._save_whole(*args, **kwargs)
        holds_text = set(update_fields) & {*get_sealed_field_names(type(self))}
        with nullcontext() if holds_text else _without_reference_index():
            return super().save(*args, update_fields=update_fields, **kwargs)

    @transaction.atomic
    def _save_whole(self, *args, **kwargs):
        """Save, then list once what the page refers to: Wagtail reads it anew, and again for each of its child rows."""
        children = dict(getattr(self, "_cluster_related_objects", {}))
        with _without_reference_index():
            result = super().save(*args, **kwargs)
        saved: Any = copy.copy(self)
        saved._cluster_related_objects = children
        ReferenceIndex.create_or_update_for_object(saved)
        return result

    def full_clean(self, exclude=None, validate_unique=True, validate_constraints=True):
        """Leave to the database the keys and the place in the tree, which no form sets: it refuses a wrong one."""
        super().full_clean({*(exclude or ()), *_ROW_FIELDS}, validate_unique, validate_constraints)

    def with_content_json(self, content):
        """Build the page from a revision, dropping references to objects deleted since (a category, a picture).

        Wagtail would raise. ``lost_references`` holds the dropped keys.
        """
        keys = {
            field: content[field.name]
            for field in map(self._meta.get_field, get_sealed_field_names(type(self)))
            if field.many_to_one and content.get(field.name)
        }
        found = {field: self._find_target(field, key) for field, key in keys.items()}
        children = self._read_children(content)
        # Wagtail checks that every key exists, with a query each, also those it then takes from the page's own row.
        kept = content | dict.fromkeys([*_ROW_KEYS, *(field.name for field in keys)]) | {name: [] for name in children}
        # Of a revision's comments it takes the positions.
        notes = content.get(COMMENTS_RELATION_NAME, ())
        kept[COMMENTS_RELATION_NAME] = [{"pk": note["pk"], "position": note.get("position", "")} for note in notes]
        page = super().with_content_json(kept)
        for field, target in found.items():
            setattr(page, field.name, target)
        for name, rows in children.items():
            setattr(page, name, rows)
        page._cached_parent_obj = self.get_parent()
        if "latest_revision" in self._state.fields_cache:
            page.latest_revision = self.latest_revision
        # A revision stores milliseconds only: keep the row's exact first publication in a ralat.
        page.first_published_at = self.first_published_at or page.first_published_at
        page.lost_references = {field.attname: keys[field] for field, target in found.items() if target is None}
        page._disposition = self.__dict__.get("_disposition")
        return page

    def _read_children(self, content) -> dict[str, list[models.Model]]:
        """Return the sealed child rows of a revision by relation, without those that name an object deleted since."""
        children: dict[str, list[models.Model]] = {}
        for relation in get_sealed_child_relations(type(self)):
            name, model = relation.get_accessor_name(), relation.related_model
            rows = content.get(name, [])
            fields = [field for field in model._meta.concrete_fields if field.many_to_one and field != relation.field]
            targets = {field: self._find_targets(name, field, {row[field.name] for row in rows}) for field in fields}
            children[name] = []
            for row in rows:
                if all(row[field.name] in targets[field] for field in fields):
                    child = model_from_serializable_data(model, row, check_fks=False)
                    for field in fields:
                        setattr(child, field.name, targets[field][row[field.name]])
                    children[name].append(child)
        return children

    def _find_targets(self, name: str, field, keys: set) -> dict[Any, models.Model | None]:
        """Return what child rows of a revision refer to, by key; read once where the rows of the page have it."""
        held = getattr(self, "_cluster_related_objects", {}).get(name, ())
        known = {getattr(row, field.attname): getattr(row, field.name) for row in held if field.is_cached(row)}
        missing = keys - known.keys() - {None}
        return known | {None: None} | (field.related_model._base_manager.in_bulk(missing) if missing else {})

    def _find_target(self, field, key):
        """Return what the field of a revision refers to, None when it was deleted; read once where the page has it."""
        if field.is_cached(self) and getattr(self, field.attname) == key:
            return getattr(self, field.name)
        return field.related_model._base_manager.filter(pk=key).order_by("pk").first()

    def is_site_root(self):
        """Ask once for this object, in the attribute that Wagtail has for it."""
        if "_is_site_root" not in self.__dict__:
            self._is_site_root = super().is_site_root()
        return self._is_site_root

    def is_as_read(self) -> bool:
        """Lock the page's row, and say whether neither a step nor a save came since this object was read."""
        page: Any = self
        item, read = self.disposition, page.latest_revision
        if item is None or read is None:
            return True
        # The page before the item, as in a save that takes a step: the other order could be a deadlock.
        rows = Page.objects.select_for_update(of=("self",)).filter(
            pk=self.pk,
            latest_revision=read.pk,
            latest_revision_created_at=read.created_at,
            register_item__version=item.version,
        )
        told = Exists(AuditEntry.objects.filter(revision_id=read.pk))
        found = rows.annotate(is_told=told).only("pk").order_by("pk").first()
        self._is_told = None if found is None else found.is_told
        return found is not None

    def save_revision(self, *args, overwrite_revision=None, **kwargs):
        """Save a revision; autosave overwrites the last one unless a step was decided on it."""
        if overwrite_revision is not None and self._is_evidence(overwrite_revision, kwargs.get("user")):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def _is_evidence(self, revision, user) -> bool:
        """Say whether this is the user's own last revision and in the log; Wagtail itself keeps all others."""
        is_own_last = revision.pk == self.latest_revision_id and revision.user_id == (user and user.pk)
        told = self.__dict__.pop("_is_told", None)
        return is_own_last and (AuditEntry.tells_of(revision) if told is None else told)

    def update_aliases(self, **kwargs):
        """Look for no alias to update: the guard refuses every one."""

    def permissions_for_user(self, user):
        return ModeratedPagePermissionTester(user, self)

    def get_lock(self):
        """Return the SOP's lock before Wagtail's personal lock (docs/wagtail-facts.md#locks-and-the-editor)."""
        return SopLock(self)

    def get_workflow(self):
        """Return the SOP's workflow, wherever in the tree the page is."""
        return SopWorkflow.objects.filter(name=sop.WORKFLOW_NAME, active=True).first()

    @property
    def current_workflow_state(self):
        states = SopWorkflowState.objects.select_related("workflow", "current_task_state__task")
        if "_current_workflow_states" not in self.__dict__:
            return states.for_instance(self).active().first()
        known = super().current_workflow_state
        # Wagtail's page lists prefetch plain workflow states, not the SOP's class.
        return known if known is None or isinstance(known, SopWorkflowState) else states.get(pk=known.pk)
