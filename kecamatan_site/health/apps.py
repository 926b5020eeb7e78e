from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The doctor, the worker's heartbeat, and a mail before a disk is full."""

    name = "kecamatan_site.health"
    label = "health"
    verbose_name = "Keadaan situs"

    def ready(self):
        from moderation.ports.jobs import register_job

        from . import disks, heartbeat

        register_job("denyut", heartbeat.beat, every_seconds=heartbeat.EVERY.total_seconds())
        register_job("ruang disk", disks.watch, every_seconds=disks.EVERY_SECONDS)
