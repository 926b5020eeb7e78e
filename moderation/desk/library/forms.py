"""Forms of pictures, documents and collections that refuse what a verified version forbids."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from wagtail.admin.forms.collections import BaseCollectionMemberForm, CollectionForm

from moderation.evidence import media_guards
from moderation.ports.exceptions import GuardViolation

#: Name of the submit that stores the chosen file as an object of its own.
NEW_VERSION = "versi-baru"


class VersionedFileForm(BaseCollectionMemberForm):
    """Mixin, before Wagtail's form of a picture or document: what is verified stays as it is.

    A refusal leaves the form as it was typed and offers to store the file as a new version. Wagtail deletes a replaced
    file in ``save``; here it goes after the commit.
    """

    instance: Any
    #: The object whose file stays, when a new version was asked for.
    earlier_version: Model | None = None

    def __init__(self, *args, user=None, **kwargs):
        self.uploader = user
        super().__init__(*args, user=user, **kwargs)

    def clean(self):
        cleaned = super().clean()
        if NEW_VERSION in self.data and self.instance.pk is not None:
            if "file" in self.changed_data:
                self.earlier_version, self.original_file = self.instance, None
                collection = self.instance.collection
                self.instance = type(self.instance)(collection=collection, uploaded_by_user=self.uploader)
            elif "file" not in self.errors:
                self.add_error("file", "Pilih berkas yang akan menjadi versi baru.")
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if self.earlier_version is not None:
            self._forget_focal_point()
        elif self.instance.pk is not None:
            self._refuse_change()

    def _forget_focal_point(self):
        if hasattr(self.instance, "set_focal_point"):
            self.instance.set_focal_point(None)

    def _refuse_change(self):
        for name, refusal in media_guards.find_refusals(self.instance).items():
            is_about_field = name in self.changed_data and name not in self.errors
            self.add_error(name if is_about_field else None, refusal)

    def save(self, commit=True):
        replaced = self.original_file if "file" in self.changed_data else None
        # Wagtail would delete it before the row is saved, or before the transaction ends.
        self.original_file = None
        instance = super().save(commit=commit)
        if commit and replaced:
            transaction.on_commit(partial(replaced.storage.delete, replaced.name))
        return instance


class GuardedCollectionForm(CollectionForm):
    """Wagtail's form of a collection; it may not be moved below a closed one while citizens read a file in it."""

    def clean_parent(self):
        parent = super().clean_parent()
        if self.instance.pk is not None and parent.get_view_restrictions().exists():
            try:
                media_guards.guard_collection(self.instance)
            except GuardViolation as refusal:
                raise ValidationError(refusal.message) from refusal
        return parent
