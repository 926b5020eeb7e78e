"""The texts of past versions are kept by home.authenticity, together with those that are live."""

from django.db import migrations


def drop_index(apps, schema_editor):
    """SQLite keeps the full-text index in a table of its own, which does not go with the one it is of."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS site_search_pasttext_fts")


class Migration(migrations.Migration):

    dependencies = [
        ("site_search", "0002_past_texts"),
    ]

    operations = [
        migrations.DeleteModel(name="PastText"),
        migrations.RunPython(drop_index, migrations.RunPython.noop),
    ]
