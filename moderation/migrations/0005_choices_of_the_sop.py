import moderation.sop.choices
from django.db import migrations, models


class Migration(migrations.Migration):
    """Take choices from the tables of the SOP when asked, so that a changed label needs no migration."""

    dependencies = [
        ('moderation', '0004_lists_of_items'),
    ]

    operations = [
        migrations.AlterField(
            model_name='actingofficer',
            name='role',
            field=models.CharField(choices=moderation.sop.choices.list_roles, max_length=100, verbose_name='peran'),
        ),
        migrations.AlterField(
            model_name='checklist',
            name='step',
            field=models.CharField(choices=moderation.sop.choices.list_checklist_steps, max_length=30, unique=True, verbose_name='langkah'),
        ),
        migrations.AlterField(
            model_name='disposition',
            name='classification',
            field=models.CharField(blank=True, choices=moderation.sop.choices.list_classifications, max_length=20, verbose_name='klasifikasi informasi'),
        ),
        migrations.AlterField(
            model_name='disposition',
            name='state',
            field=models.CharField(choices=moderation.sop.choices.list_states, max_length=30, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='findingdecision',
            name='basis',
            field=models.CharField(blank=True, choices=moderation.sop.choices.list_processing_bases, max_length=1, verbose_name='dasar'),
        ),
        migrations.AlterField(
            model_name='publicinformation',
            name='classification',
            field=models.CharField(choices=moderation.sop.choices.list_public_classifications, max_length=20, verbose_name='klasifikasi informasi'),
        ),
        migrations.AlterField(
            model_name='soptask',
            name='step',
            field=models.CharField(choices=moderation.sop.choices.list_tasks, max_length=30, unique=True),
        ),
    ]
