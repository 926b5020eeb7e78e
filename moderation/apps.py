from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ModerationConfig(AppConfig):
    """Puts the SOP in force: guards, triggers, frozen admin, groups and workflow, worker jobs."""

    name = "moderation"
    verbose_name = "Alur SOP"

    def ready(self):
        from . import (
            acting,
            engine,
            exemptions,
            freeze,
            guards,
            integrity,
            log_words,
            permissions,
            policy,
            public_information,
            role_log,
            setup,
            triggers,
        )
        from . import checks as checks
        from .digests import send_digests
        from .forms import get_action_form_class
        from .notifications import send_due_notifications
        from .privacy import rules as privacy_rules
        from .privacy import wagtail_log
        from .reminders import send_reminders
        from .scheduling import publish_due
        from .transitions import take
        from .worker import register_job

        engine.connect(
            engine.Engine(
                take=take,
                authority=policy.Authority,
                may_write_text=policy.may_write_text,
                may_open_editor=policy.may_open_editor,
                get_form_class=get_action_form_class,
            )
        )
        guards.connect()
        wagtail_log.connect()
        triggers.register_rules(privacy_rules.get_rules)
        role_log.connect()
        log_words.register_words(acting.WORDS)
        log_words.register_words(public_information.WORDS)
        triggers.register_rules(acting.get_rules)
        triggers.register_rules(exemptions.get_rules)
        triggers.register_rules(integrity.get_rules)
        permissions.register_policies()
        freeze.freeze_workflow_admin()
        freeze.silence_stock_mail()
        pre_migrate.connect(triggers.drop_all, sender=self)
        post_migrate.connect(setup.set_up, sender=self)
        post_migrate.connect(triggers.install_all, sender=self)
        register_job("penayangan terjadwal", publish_due, every_seconds=5)
        register_job("surel", send_due_notifications, every_seconds=5)
        register_job("pengingat", send_reminders, every_seconds=60)
        register_job("ringkasan harian", send_digests, every_seconds=60)
        register_job("pemeriksaan keutuhan", integrity.run_due, every_seconds=10)
        register_job("pejabat pengganti", acting.close_expired, every_seconds=60)
