from django.apps import AppConfig


class ReadersConfig(AppConfig):
    """How often items were opened."""

    name = "home.serving.readers"
    label = "readers"
    verbose_name = "Pembaca"

    def ready(self):
        from moderation.ports import readings
        from moderation.ports.jobs import register_job

        from . import counting

        register_job("pembaca", counting.count_new, counting.SECONDS)
        readings.use(counting.find, report="readers")
