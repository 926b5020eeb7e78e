import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Remember what the watches over site and channels have seen, and each difference."""

    dependencies = [
        ('moderation', '0007_order_by_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('site', 'Situs yang diterima warga'), ('channels', 'Unggahan di kanal')], max_length=10, unique=True, verbose_name='bagian')),
                ('due_at', models.DateTimeField()),
                ('looked_at', models.DateTimeField(null=True, verbose_name='terakhir dilihat')),
                ('cursor', models.CharField(blank=True, max_length=600)),
                ('round_began_at', models.DateTimeField(null=True)),
                ('round_ended_at', models.DateTimeField(null=True, verbose_name='semua terlihat')),
                ('round_size', models.PositiveIntegerField(default=0)),
                ('seen', models.PositiveIntegerField(default=0)),
                ('blind', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'verbose_name': 'penjagaan',
                'verbose_name_plural': 'penjagaan',
            },
        ),
        migrations.CreateModel(
            name='Discrepancy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=600, verbose_name='tempat')),
                ('aspect', models.CharField(max_length=60, verbose_name='bagian yang berbeda')),
                ('expected', models.TextField(blank=True, verbose_name='seharusnya')),
                ('received', models.TextField(blank=True, verbose_name='yang diterima')),
                ('seen_as', models.CharField(blank=True, max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('found_at', models.DateTimeField(verbose_name='ditemukan')),
                ('mended_at', models.DateTimeField(null=True, verbose_name='pulih')),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='discrepancies', to='moderation.watch')),
            ],
            options={
                'verbose_name': 'perbedaan',
                'verbose_name_plural': 'perbedaan',
                'ordering': ['-found_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('mended_at', None)), fields=('watch', 'place', 'aspect'), name='one_open_discrepancy')],
            },
        ),
    ]
