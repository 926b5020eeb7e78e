"""Wagtail's screens of pictures, documents and collections, with what the chain knows of each file."""

from django.db.models import Model
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin.forms.collections import CollectionViewRestrictionForm
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.views import collection_privacy, collections, generic
from wagtail.documents.views import documents
from wagtail.images.views import images

from moderation.evidence.media_guards import describe_media, guard_media_deletion
from moderation.evidence.uses import find_uses
from moderation.ports.exceptions import GuardViolation

from .forms import NEW_VERSION, GuardedCollectionForm
from .usage import Usage, count_in_bulk


class CountMixin(generic.IndexView):
    """List with the uses that the reference index does not know."""

    def decorate_paginated_queryset(self, object_list):
        object_list = super().decorate_paginated_queryset(object_list)
        counts = count_in_bulk(list(object_list))
        for media in object_list:
            media.usage_count = counts[media]
        return object_list


class UsesMixin(ContextMixin):
    """Screen of one file that says what needs it."""

    object: Model

    @cached_property
    def uses(self):
        return find_uses(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"uses": self.uses, "new_version": NEW_VERSION}


class EditMixin(UsesMixin, generic.EditView):
    """Form of one file; whoever may not change it uploads a new version."""

    @cached_property
    def is_evidence(self) -> bool:
        return any(use.is_evidence for use in self.uses)

    def form_invalid(self, form):
        # Wagtail draws the screen from the object, and saves the size of its file, with the values just refused.
        self.object.refresh_from_db()
        return super().form_invalid(form)

    def get_success_message(self):
        earlier = self.form.earlier_version
        if earlier is None:
            return super().get_success_message()
        return (
            f"{describe_media(self.object)} diunggah sebagai versi baru. Berkas yang lama tetap pada berita yang "
            "memakainya; pilih berkas baru ini dalam naskah ralat berikutnya."
        )


class UsageMixin(generic.UsageView):
    """List of what uses one file."""

    def get_queryset(self):
        return Usage(self.object)


class DeleteMixin(UsesMixin, generic.DeleteView):
    """Confirmation that names what needs the file instead of asking."""

    template_name = "moderation/library/confirm_delete.html"

    def get_usage(self):
        return Usage(self.object)

    def form_valid(self, form):
        guard_media_deletion(self.object)
        return super().form_valid(form)


class PhotoIndexView(CountMixin, images.IndexView):
    pass


class PhotoEditView(EditMixin, images.EditView):
    template_name = "moderation/library/edit_photo.html"


class PhotoUsageView(UsageMixin, images.UsageView):
    pass


class PhotoDeleteView(DeleteMixin, images.DeleteView):
    pass


class DocumentIndexView(CountMixin, documents.IndexView):
    pass


class DocumentEditView(EditMixin, documents.EditView):
    template_name = "moderation/library/edit_document.html"


class DocumentUsageView(UsageMixin, documents.UsageView):
    pass


class DocumentDeleteView(DeleteMixin, documents.DeleteView):
    pass


class CollectionEditView(collections.Edit):
    form_class = GuardedCollectionForm


def set_collection_privacy(request, collection_id):
    """Set who may open a collection's files, as Wagtail does; a refusal is shown in the form."""
    try:
        return collection_privacy.set_privacy(request, collection_id)
    except GuardViolation as refusal:
        form = CollectionViewRestrictionForm(request.POST)
        form.add_error("restriction_type", refusal.message)
        context = {"action_url": request.path, "form": form}
        return render_modal_workflow(
            request, "wagtailadmin/shared/set_privacy.html", None, context, json_data={"step": "set_privacy"}
        )
