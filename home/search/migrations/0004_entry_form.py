"""Entries say of which form their stems are: those of an older one are made anew after ``migrate``."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('site_search', '0003_without_past_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='form',
            field=models.CharField(db_index=True, default='', max_length=8),
        ),
    ]
