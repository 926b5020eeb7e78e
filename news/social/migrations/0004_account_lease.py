from django.db import migrations


class Migration(migrations.Migration):
    """Call the lease on an account's credentials what it is called on deliveries and follow-ups."""

    dependencies = [("social", "0003_channels")]

    operations = [
        migrations.RenameField("account", "refreshing_until", "lease_until"),
        migrations.RenameField("account", "refresher", "worker"),
    ]
