from django.apps import AppConfig


class SignInConfig(AppConfig):
    """Connect sessions, the labels of the log and the worker's job."""

    name = "moderation.sign_in"
    label = "sign_in"
    verbose_name = "Masuk ke halaman pengelolaan"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in

        from moderation.evidence.audit_labels import register_labels
        from moderation.ports.jobs import register_job

        from . import handover, log, second_factor, sessions, throttle

        user_logged_in.connect(sessions.begin, dispatch_uid="sign_in_begin")
        log.connect()
        register_labels(second_factor.AUDIT_LABELS | handover.AUDIT_LABELS)
        register_job("percobaan masuk", throttle.forget_old, every_seconds=600)
