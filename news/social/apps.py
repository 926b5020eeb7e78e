import os

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate

#: Libraries whose local variables hold tokens and signatures, to keep out of error reports.
HTTP_LIBRARIES = ("requests", "requests_oauthlib", "oauthlib", "urllib3", "http.client", "cryptography")


class SocialConfig(AppConfig):
    """Posts to the ordered channels: outbox, worker, ledger."""

    name = "news.social"
    label = "social"
    verbose_name = "Unggahan media sosial"

    def ready(self):
        from moderation.evidence.audit_labels import register_labels
        from moderation.evidence.error_reports import keep_silent
        from moderation.evidence.triggers import register_triggers
        from moderation.ports.channels import register_provider
        from moderation.ports.jobs import register_job, register_service
        from moderation.ports.signals import clock_set_back, page_corrected, page_taken_down, page_went_live

        from . import post_watch
        from .account_screens import actions
        from .accounts import costs, health_checks, service
        from .channels.http.hosts import Policy
        from .follow_ups import planning
        from .ledger import manual_tasks
        from .ledger.decisions import AUDIT_LABELS
        from .models import triggers
        from .outbox import enqueue
        from .outbox.settlement import close_finished_items
        from .provider import SocialProvider
        from .sharing import records as share_records
        from .sharing import triggers as share_triggers
        from .sharing.provider import ShareProvider
        from .worker import clock, dispatcher

        keep_silent("news.social", *HTTP_LIBRARIES)
        Policy.allow_loopback = settings.CHANNEL_ALLOW_LOOPBACK
        if settings.CHANNEL_ALLOW_LOOPBACK:
            # oauthlib refuses plain http by itself; to which hosts it may go, ``hosts`` decides alone.
            os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")
        register_provider(SocialProvider())
        register_provider(ShareProvider())
        register_labels(service.AUDIT_LABELS | AUDIT_LABELS | manual_tasks.AUDIT_LABELS | share_records.AUDIT_LABELS)
        register_labels(actions.AUDIT_LABELS)
        register_triggers(triggers.get_triggers)
        register_triggers(share_triggers.get_triggers)
        page_went_live.connect(enqueue.on_page_went_live, dispatch_uid="social_outbox_write")
        page_corrected.connect(planning.on_page_corrected, dispatch_uid="social_outbox_correct")
        page_corrected.connect(enqueue.on_page_corrected, dispatch_uid="social_outbox_again")
        page_taken_down.connect(planning.on_page_down, dispatch_uid="social_outbox_cancel")
        page_taken_down.connect(share_records.on_page_down, dispatch_uid="social_shares_remove")
        clock_set_back.connect(clock.on_clock_set_back, dispatch_uid="social_posts_late")
        post_migrate.connect(service.on_post_migrate, sender=self)
        # Networks may be slow, so post beside the worker's other jobs.
        register_service("unggahan", dispatcher.run, dispatcher.drain)
        register_service("kanal", health_checks.run, health_checks.watch)
        register_service("penjaga kanal", post_watch.run, post_watch.look_if_due)
        register_job("unggahan selesai", close_finished_items, every_seconds=2)
        register_job("biaya kanal", costs.watch, every_seconds=600)
