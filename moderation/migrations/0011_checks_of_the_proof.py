from django.db import migrations, models


def begin_anew(apps, schema_editor):
    """Let a run that an upgrade interrupted begin anew, with the checks of this version."""
    unfinished = apps.get_model("moderation", "IntegrityCheck").objects.filter(finished_at=None)
    unfinished.update(
        stage="triggers", cursor=None, lines=0, head="0" * 64, pages=0, differences=[], difference_count=0, held_until=None
    )


class Migration(migrations.Migration):
    """Let the proof have any number of checks, each with a cursor of its own."""

    dependencies = [
        ("moderation", "0010_verifier_and_order"),
    ]

    operations = [
        migrations.RemoveField("integritycheck", "last_page"),
        migrations.AddField("integritycheck", "cursor", models.JSONField(null=True)),
        migrations.AlterField(
            "integritycheck", "stage", models.CharField(default="triggers", max_length=20, verbose_name="tahap")
        ),
        migrations.RunPython(begin_anew, begin_anew),
    ]
