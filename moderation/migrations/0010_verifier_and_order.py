from django.db import migrations, models


class Migration(migrations.Migration):
    """Let the office ask that whoever verified a version does not order its publication."""

    dependencies = [("moderation", "0009_second_factor_day")]

    operations = [
        migrations.AddField(
            "officeprocedure",
            "verifier_may_not_order",
            models.BooleanField(
                default=False,
                help_text="Bila dicentang, perintah tayang diterbitkan oleh orang lain daripada yang memverifikasi versi "
                "itu. SOP membolehkan satu orang yang memegang kedua peran; bila itu terjadi, berkas materi menyebutnya.",
                verbose_name="pejabat yang memverifikasi tidak memerintahkan tayang",
            ),
        ),
    ]
