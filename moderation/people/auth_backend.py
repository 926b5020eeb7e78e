"""Grant acting officers the permissions of the roles they act in, while the appointment lasts.

Wagtail reads group permissions from Django and collection permissions from its own tables. An acting
officer is in no group of the role, so both look-ups are extended here, by the day's appointments.
"""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import Permission
from django.db.models import Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupCollectionPermission
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from moderation.models.roles import get_appointments


class ActingOfficerBackend(BaseBackend):
    """Grant the permissions of the groups whose roles a user acts in today."""

    def get_group_permissions(self, user_obj, obj=None):
        roles = frozenset(appointment.role for appointment in get_appointments(user_obj))
        if not roles or obj is not None:
            return set()
        known = getattr(user_obj, "_sop_acting_permissions", (None, None))
        if known[0] != roles:
            found = Permission.objects.filter(group__name__in=roles).values_list("content_type__app_label", "codename")
            known = user_obj._sop_acting_permissions = (roles, {f"{app}.{codename}" for app, codename in found})
        return known[1]


class ActingCollectionPolicy(CollectionOwnershipPermissionPolicy):
    """Include the collection permissions of the groups whose roles a user acts in today."""

    def get_all_permissions_for_user(self, user):
        roles = [appointment.role for appointment in get_appointments(user)]
        if not roles or user.is_superuser:
            return super().get_all_permissions_for_user(user)
        granted = Q(group__user=user) | Q(group__name__in=roles)
        return GroupCollectionPermission.objects.filter(granted).distinct().select_related("permission", "collection")


def register_policies() -> None:
    """Replace Wagtail's policies for images and documents with these."""
    for model, auth_model in (
        (get_image_model(), "wagtailimages.Image"),
        (get_document_model(), "wagtaildocs.Document"),
    ):
        policy = ActingCollectionPolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)
