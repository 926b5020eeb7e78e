"""Mask personal numbers in Wagtail's own log, which stores titles and URLs of pages and files."""

from django.db.models.signals import pre_save
from wagtail.models.audit_log import BaseLogEntry

from moderation.scanner.redaction import mask, mask_all


def on_pre_save(sender, instance, **kwargs) -> None:
    """Mask a line before it is written."""
    if isinstance(instance, BaseLogEntry):
        instance.label = mask(instance.label)
        instance.data = mask_all(instance.data)


def connect() -> None:
    """Connect to every log model of Wagtail; called once from ``AppConfig.ready``."""
    pre_save.connect(on_pre_save, dispatch_uid="moderation_wagtail_log")
