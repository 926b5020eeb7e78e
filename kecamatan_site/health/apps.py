from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The doctor, and the worker's heartbeat."""

    name = "kecamatan_site.health"
    label = "health"
    verbose_name = "Keadaan situs"

    def ready(self):
        from moderation.ports.jobs import register_job

        from . import heartbeat

        register_job("denyut", heartbeat.beat, every_seconds=heartbeat.EVERY.total_seconds())
