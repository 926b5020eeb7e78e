"""What Wagtail lets a role do, it also lets the role's acting officer do, for as long as that lasts.

Wagtail asks Django for the rights of groups and its own tables for those in collections; an
acting officer is in no group of the role, so both are told of the role here, day by day.
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
    """Gives the rights of the groups whose roles a user acts in today."""

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
    """Counts the rights in collections of the groups whose roles a user acts in today."""

    def get_all_permissions_for_user(self, user):
        roles = [appointment.role for appointment in get_appointments(user)]
        if not roles or user.is_superuser:
            return super().get_all_permissions_for_user(user)
        granted = Q(group__user=user) | Q(group__name__in=roles)
        return GroupCollectionPermission.objects.filter(granted).distinct().select_related("permission", "collection")


def register_policies() -> None:
    """Put the policies in the place of Wagtail's own for images and documents."""
    for model, auth_model in (
        (get_image_model(), "wagtailimages.Image"),
        (get_document_model(), "wagtaildocs.Document"),
    ):
        policy = ActingCollectionPolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)
