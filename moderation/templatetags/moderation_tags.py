"""Filters that format times, people and steps for the desk."""

from collections import Counter
from datetime import timedelta

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince

from moderation import sop
from moderation.evidence.audit_labels import describe, describe_actor, sign
from moderation.models.roles import display_name
from moderation.ports.seal import shorten
from moderation.records.queue import get_holder
from moderation.review import checklists

register = template.Library()


@register.simple_tag
def office_name() -> str:
    """Return the office's name for window titles."""
    return settings.WAGTAIL_SITE_NAME


@register.filter
def moment(value) -> str:
    """Write a point in time: "23 November 2026 pukul 09.00 WIB"."""
    if value is None:
        return ""
    return f"{date_format(timezone.localtime(value), 'DATETIME_FORMAT')} WIB"


@register.filter
def ago(value) -> str:
    """Write how long ago something was, in its largest unit: "3 hari yang lalu"."""
    if value is None:
        return ""
    now = timezone.now()
    if now - value < timedelta(minutes=1):
        return "baru saja"
    return f"{timesince(value, now, depth=1)} yang lalu"


@register.filter
def holder(item) -> str:
    """Name who holds the item now; empty when nobody does."""
    return get_holder(item)


@register.filter
def person(user) -> str:
    """Name a person as printed documents and the log do."""
    return display_name(user)


@register.filter
def actor(entry) -> str:
    """Name who took a step, with the role it was taken in."""
    return describe_actor(entry)


@register.filter
def signature(entry) -> str:
    """Name who took a step, with the decree where somebody stood in."""
    return sign(entry)


@register.filter
def action_done(entry) -> str:
    """Return the label of a log line's action, in the passive."""
    return describe(entry.action)


@register.filter
def answered_items(group: dict) -> list[dict]:
    """Return the items of a group of a stored checklist (a template cannot: every dict has ``items``)."""
    return group["items"]


@register.filter
def answer_label(answer: str) -> str:
    """Write an answer of a checklist: "Sesuai"."""
    return checklists.ANSWER_LABELS.get(answer, "Tidak dijawab")


@register.filter
def count_answers(record: dict) -> str:
    """Sum up a stored checklist: "20 sesuai, 2 perlu perbaikan, 2 tidak berlaku"."""
    counts = Counter(item["answer"] for group in record["groups"] for item in group["items"])
    labels = [*checklists.ANSWERS, ("", "Tidak dijawab")]
    return ", ".join(f"{counts[answer]} {label.lower()}" for answer, label in labels if counts[answer])


@register.filter
def short_seal(seal) -> str:
    """Write a seal as people read it."""
    return shorten(seal) if seal else ""


@register.filter
def state_tone(state: str) -> str:
    """Return the tone of a state's tag: waiting, returned, good or ended."""
    if state in {"returned", "returned_to_staf"}:
        return "returned"
    if state in {"live", "done"}:
        return "good"
    return "ended" if sop.step_of(state) is None else "waiting"


@register.filter
def of(found: dict, item):
    """Return the mapping's value for the item (its trouble, its due time), "" when there is none."""
    return found.get(item.pk, "") if found else ""
