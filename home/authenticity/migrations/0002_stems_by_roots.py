"""The stems of versions are of another form: ``fill_missing`` stores them anew after ``migrate``."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('authenticity', '0001_published_versions'),
    ]

    operations = [
        # A first value: no column changes.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='publishedversion',
                    name='form',
                    field=models.PositiveSmallIntegerField(default=2),
                ),
            ]
        ),
    ]
