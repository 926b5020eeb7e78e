"""Read who is signed in and what they may do; grant acting officers the permissions of their roles.

Wagtail reads group permissions from Django and collection permissions from its own tables. An acting
officer is in no group of the role, so both look-ups are extended here, by the day's appointments.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupCollectionPermission
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from moderation.models.roles import get_appointments, remember_groups


class RoleBackend(ModelBackend):
    """Django's own backend, with fewer queries a request: most rights come from the groups that are the roles."""

    def get_user(self, user_id):
        """Read the user with the profile that Wagtail's admin asks for at every request."""
        try:
            user = get_user_model()._default_manager.select_related("wagtail_userprofile").get(pk=user_id)
        except get_user_model().DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None):
        """Query the permissions granted to this one user only for what no group grants."""
        return perm in self.get_group_permissions(user_obj, obj) or super().has_perm(user_obj, perm, obj)

    def get_group_permissions(self, user_obj, obj=None):
        """Read the permissions of the user's groups together with the groups' names."""
        is_plain = user_obj.is_active and not user_obj.is_anonymous and not user_obj.is_superuser and obj is None
        if is_plain and not hasattr(user_obj, "_group_perm_cache"):
            granted = list(
                Group.objects.filter(user=user_obj).values_list(
                    "name", "permissions__content_type__app_label", "permissions__codename"
                )
            )
            remember_groups(user_obj, (name for name, _app, _codename in granted))
            user_obj._group_perm_cache = {f"{app}.{codename}" for _name, app, codename in granted if codename}
        return super().get_group_permissions(user_obj, obj)


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
