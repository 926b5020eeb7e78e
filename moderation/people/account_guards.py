"""Keep the groups that are roles, and the accounts that took steps, whatever screen or command is used (I2, I11).

A role is known by its group's name. Under another name an outsider's group would become the role
(whoever is in it verifies), and without the group the chain stops.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import m2m_changed, pre_delete, pre_save

from moderation import sop
from moderation.evidence.triggers import Trigger
from moderation.models import AuditEntry
from moderation.ports.exceptions import GuardViolation

#: The groups on whose names the chain stands.
KEPT_GROUPS = (*(role.value for role in sop.Role), sop.OBSERVER_GROUP)

#: Also said where the account stands in other records, which protect it before this guard is asked.
CLOSE_INSTEAD = (
    "Akun ini pernah bekerja dalam alur SOP dan tidak dapat dihapus, agar jejak audit tetap menunjuk orangnya. "
    "Tutup akun ini: hilangkan centang “Aktif”, lalu simpan."
)


def guard_group(sender, instance, raw=False, **kwargs) -> None:
    """Refuse another name for a role's group."""
    if instance.pk is None:
        return
    stored = Group.objects.filter(pk=instance.pk).values_list("name", flat=True).first()
    if stored in KEPT_GROUPS and instance.name != stored:
        raise GuardViolation(
            f"Grup “{stored}” adalah peran dalam SOP dan tidak dapat diganti namanya. "
            "Buat grup lain bila diperlukan, atau ubah siapa anggotanya."
        )


def guard_group_deletion(sender, instance, **kwargs) -> None:
    """Refuse to delete a role's group."""
    if instance.name in KEPT_GROUPS:
        raise GuardViolation(
            f"Grup “{instance.name}” adalah peran dalam SOP dan tidak dapat dihapus. Keluarkan anggotanya bila "
            "mereka tidak lagi memegang peran ini."
        )


def guard_group_permissions(sender, instance, action, reverse, pk_set, **kwargs) -> None:
    """Refuse to take from a role's group the access to the admin: nobody could take its steps."""
    if action not in {"pre_remove", "pre_clear"}:
        return
    access = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    if reverse:
        is_access = access.filter(pk=instance.pk).exists()
        groups = instance.group_set.all() if pk_set is None else Group.objects.filter(pk__in=pk_set)
        names = groups.values_list("name", flat=True) if is_access else ()
    else:
        is_taken = pk_set is None or access.filter(pk__in=pk_set).exists()
        names = (instance.name,) if is_taken else ()
    for name in names:
        if name in KEPT_GROUPS:
            raise GuardViolation(
                f"Grup “{name}” adalah peran dalam SOP dan memerlukan akses ke halaman pengelolaan. "
                "Biarkan hak itu tercentang."
            )


def guard_account_deletion(sender, instance, **kwargs) -> None:
    """Refuse to delete an account that the audit log names as an actor; it can be closed."""
    if AuditEntry.objects.filter(actor_id=instance.pk).exists():
        raise GuardViolation(CLOSE_INSTEAD)


def connect() -> None:
    """Connect to groups, their permissions and accounts; called once from ``AppConfig.ready``."""
    user = get_user_model()
    pre_save.connect(guard_group, sender=Group, dispatch_uid="moderation_guard_group")
    pre_delete.connect(guard_group_deletion, sender=Group, dispatch_uid="moderation_guard_group_gone")
    pre_delete.connect(guard_account_deletion, sender=user, dispatch_uid="moderation_guard_account_gone")
    m2m_changed.connect(
        guard_group_permissions, sender=Group.permissions.through, dispatch_uid="moderation_guard_group_access"
    )


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers: a role's group keeps its name and stays, and so does whoever took a step."""
    groups, users, log = Group._meta.db_table, get_user_model()._meta.db_table, AuditEntry._meta.db_table
    names = ", ".join(f"'{name}'" for name in KEPT_GROUPS)
    message = "grup peran SOP tidak dapat diganti namanya atau dihapus"
    acted = f"EXISTS (SELECT 1 FROM {log} a WHERE a.actor_id = OLD.id)"
    return [
        Trigger("group_name", groups, "UPDATE", f"OLD.name IN ({names}) AND NEW.name <> OLD.name", message),
        Trigger("group_gone", groups, "DELETE", f"OLD.name IN ({names})", message),
        Trigger("account_gone", users, "DELETE", acted, "akun yang pernah mengambil langkah SOP tidak dapat dihapus"),
    ]
