from django.db import migrations, models
from django.db.models import F


def keep_names(apps, schema_editor):
    """Items verified before show the names of today, whatever these become."""
    for name in ("NewsCategory", "Village"):
        apps.get_model("news", name).objects.update(first_name=F("name"))


class Migration(migrations.Migration):
    """Let items keep the names of their category and village as they were verified."""

    dependencies = [("news", "0004_choices_of_the_sop")]

    operations = [
        migrations.AddField(
            "newspage",
            "category_name",
            models.CharField(blank=True, default="", editable=False, max_length=80, verbose_name="nama kategori"),
        ),
        migrations.AddField(
            "newspage",
            "village_name",
            models.CharField(blank=True, default="", editable=False, max_length=80, verbose_name="nama desa"),
        ),
        migrations.AddField(
            "newscategory", "first_name", models.CharField(default="", editable=False, max_length=80)
        ),
        migrations.AddField("village", "first_name", models.CharField(default="", editable=False, max_length=80)),
        migrations.AlterField(
            "newscategory",
            "name",
            models.CharField(
                help_text="Berita yang sudah diverifikasi tetap memakai nama yang diverifikasi.",
                max_length=80,
                unique=True,
                verbose_name="nama",
            ),
        ),
        migrations.AlterField(
            "village",
            "name",
            models.CharField(
                help_text="Tanpa kata “Desa”, misalnya: Sewurejo. Berita yang sudah diverifikasi tetap memakai nama "
                "yang diverifikasi.",
                max_length=80,
                unique=True,
                verbose_name="nama",
            ),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop, elidable=True),
    ]
