from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ModerationConfig(AppConfig):
    """Connect guards, triggers, admin lockdown, groups, workflow and worker jobs."""

    name = "moderation"
    verbose_name = "Alur SOP"

    def ready(self):
        from .chain import comment_guards, links, policy
        from .chain.forms import get_action_form_class
        from .chain.transitions import take
        from .chain.workflow import admin_lockdown, checks, page_indexes, sync
        from .desk.library import incoming
        from .evidence import audit_labels, guards, live_triggers, media_triggers, triggers, wagtail_log
        from .evidence.addresses import guards as addresses
        from .evidence.addresses import triggers as address_triggers
        from .management.jobs import clock, comment_check, integrity, witness
        from .management.jobs.digests import send_digests
        from .management.jobs.reminders import send_reminders
        from .management.jobs.scheduling import end_due, publish_due
        from .people import (
            account_guards,
            appointments,
            auth_backend,
            duties,
            invitations,
            notifications,
            role_audit,
        )
        from .ports import engine
        from .ports.jobs import register_job, register_service
        from .ports.signals import clock_set_back
        from .privacy import pictures
        from .privacy import triggers as privacy_triggers
        from .records import confirmations, pending_uploads, proposals, public_information
        from .review import exemptions

        engine.connect(
            engine.Engine(
                take=take,
                authority=policy.Authority,
                may_write_text=policy.may_write_text,
                may_open_editor=policy.may_open_editor,
                get_form_class=get_action_form_class,
            )
        )
        checks.connect()
        guards.connect()
        addresses.connect()
        comment_guards.connect()
        links.connect()
        wagtail_log.connect()
        page_indexes.connect()
        triggers.register_triggers(address_triggers.get_triggers)
        triggers.register_triggers(comment_guards.get_triggers)
        triggers.register_triggers(live_triggers.get_triggers)
        triggers.register_triggers(media_triggers.get_triggers)
        triggers.register_triggers(privacy_triggers.get_triggers)
        role_audit.connect()
        duties.connect()
        triggers.register_triggers(duties.get_triggers)
        account_guards.connect()
        triggers.register_triggers(account_guards.get_triggers)
        audit_labels.register_labels(appointments.AUDIT_LABELS)
        audit_labels.register_labels(public_information.AUDIT_LABELS | clock.AUDIT_LABELS | duties.AUDIT_LABELS)
        audit_labels.register_labels(proposals.AUDIT_LABELS | invitations.AUDIT_LABELS)
        audit_labels.register_labels(confirmations.AUDIT_LABELS | incoming.AUDIT_LABELS)
        triggers.register_triggers(appointments.get_triggers)
        triggers.register_triggers(exemptions.get_triggers)
        triggers.register_triggers(confirmations.get_triggers)
        triggers.register_triggers(integrity.get_triggers)
        integrity.connect()
        auth_backend.register_policies()
        admin_lockdown.lock_workflow_admin()
        admin_lockdown.silence_stock_mail()
        pre_migrate.connect(triggers.drop_all, sender=self)
        post_migrate.connect(sync.set_up, sender=self)
        post_migrate.connect(comment_check.note_earlier, sender=self)
        post_migrate.connect(triggers.install_all, sender=self)
        clock_set_back.connect(notifications.on_clock_set_back, dispatch_uid="moderation_mails_late")
        clock_set_back.connect(appointments.on_clock_set_back, dispatch_uid="moderation_acting_late")
        pictures.connect()
        # A reading takes seconds, and scheduled items may not wait for it.
        register_service("tulisan di gambar", pictures.run, pictures.read_next)
        register_job("jam server", clock.watch, every_seconds=60)
        register_job("penayangan terjadwal", publish_due, every_seconds=5)
        register_job("batas tayang", end_due, every_seconds=5)
        register_job("surel", notifications.send_due_notifications, every_seconds=5)
        register_job("pengingat", send_reminders, every_seconds=60)
        register_job("ringkasan harian", send_digests, every_seconds=60)
        register_job("pemeriksaan keutuhan", integrity.run_due, every_seconds=10)
        register_job("saksi jejak audit", witness.run_due, every_seconds=300)
        register_job("berkas tertinggal", pending_uploads.delete_expired, every_seconds=600)
        register_job("pejabat pengganti", appointments.close_expired, every_seconds=60)
