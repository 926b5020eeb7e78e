import moderation.sop.choices
from django.db import migrations, models


class Migration(migrations.Migration):
    """Take choices from the tables of the SOP when asked, so that a changed label needs no migration."""

    dependencies = [
        ('news', '0003_public_site'),
    ]

    operations = [
        migrations.AlterField(
            model_name='newspage',
            name='classification',
            field=models.CharField(choices=moderation.sop.choices.list_classifications, default='berkala', help_text='Usulan penyusun. Klasifikasi ditetapkan oleh Bidang pada saat verifikasi. Informasi serta merta masuk jalur cepat; informasi yang dikecualikan tidak akan ditayangkan.', max_length=20, verbose_name='usulan klasifikasi informasi'),
        ),
    ]
