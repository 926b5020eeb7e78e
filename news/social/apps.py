from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SocialConfig(AppConfig):
    """Sends what went live to the ordered channels: outbox, worker, ledger."""

    name = "news.social"
    label = "social"
    verbose_name = "Unggahan media sosial"

    def ready(self):
        from moderation.channels import register_provider
        from moderation.log_words import register_words
        from moderation.signals import page_corrected, page_taken_down, page_went_live
        from moderation.triggers import register_rules
        from moderation.worker import register_job

        from . import accounts, following, outbox, rules, tasks
        from .decisions import LOG_WORDS
        from .provider import SocialProvider
        from .worker import send_due_deliveries

        register_provider(SocialProvider())
        register_words(accounts.LOG_WORDS | LOG_WORDS | tasks.LOG_WORDS)
        register_rules(rules.get_rules)
        page_went_live.connect(outbox.on_page_went_live, dispatch_uid="social_outbox_write")
        page_corrected.connect(following.on_page_corrected, dispatch_uid="social_outbox_correct")
        page_taken_down.connect(following.on_page_down, dispatch_uid="social_outbox_cancel")
        post_migrate.connect(accounts.on_post_migrate, sender=self)
        register_job("unggahan", send_due_deliveries, every_seconds=2)
