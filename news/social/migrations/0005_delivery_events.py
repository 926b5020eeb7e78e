import django.db.models.deletion
from django.db import migrations, models

OLD, NEW = "deliveryattempt", "deliveryevent"


def rename_permissions(old, new):
    """Return an operation's function; Django renames the content type of a model, but not its permissions."""

    def rename(apps, schema_editor):
        permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
        for permission in permissions.filter(content_type__app_label="social", codename__endswith=f"_{old}"):
            permission.codename = f"{permission.codename.removesuffix(old)}{new}"
            permission.save(update_fields=["codename"])

    return rename


class Migration(migrations.Migration):
    """Name the history of a delivery after what it holds: events, of which few are attempts."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("social", "0004_account_lease"),
    ]

    operations = [
        migrations.RenameModel("DeliveryAttempt", "DeliveryEvent"),
        migrations.AlterField(
            model_name="deliveryevent",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="social.delivery"
            ),
        ),
        migrations.RunPython(rename_permissions(OLD, NEW), rename_permissions(NEW, OLD)),
    ]
