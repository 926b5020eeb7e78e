from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep what left the database about the end of the log, day by day."""

    dependencies = [
        ("moderation", "0011_checks_of_the_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="WitnessStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="hari")),
                ("at", models.DateTimeField()),
                ("line", models.PositiveBigIntegerField(verbose_name="baris jejak audit")),
                ("hash", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("filed_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("difference", models.TextField(blank=True)),
            ],
            options={"verbose_name": "kesaksian", "verbose_name_plural": "kesaksian", "ordering": ["-day"]},
        ),
    ]
