"""Decide the posts of an order: channels, omitted channels with reasons, and extra posts.

Only a first publication posts by default. A ralat changes existing posts; it creates a post where
its order names a channel on which none of the item exists any more.
"""

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from moderation.models import OfficeProcedure
from moderation.ports import channels
from moderation.ports.exceptions import StepRefused

from . import corrections, permits

#: Fields of an order that do not apply to a ralat, which keeps the channels of the order before.
_FIRST_ONLY = ("channels", "left_out_reason", "posts_late")


def decide_posts(context, draft) -> tuple[dict[str, str], dict]:
    """Return the names of the ordered channels by key, and what the permit keeps besides."""
    if context.item.correcting:
        return _decide_for_correction(context, draft)
    known = {choice.key: choice.label for choice in channels.get_choices()}
    chosen = {key: known[key] for key in context.data["channels"]}
    left_out = {key: label for key, label in known.items() if key not in chosen}
    reason = context.data["left_out_reason"] if left_out else ""
    if left_out and not reason:
        raise StepRefused(
            f"Tulis alasan mengapa {_join(left_out)} tidak dipakai.",
            fields={"left_out_reason": "Tulis alasan kanal tidak dipakai."},
        )
    _require_fitting(draft, chosen, "channels")
    return chosen, {
        "left_out_labels": left_out,
        "left_out_reason": reason,
        "posts_late": bool(chosen) and context.data["posts_late"],
    }


def _decide_for_correction(context, draft) -> tuple[dict[str, str], dict]:
    free = {choice.key: choice.label for choice in channels.get_choices_again(context.item)}
    known = {choice.key: choice.label for choice in channels.get_choices()}
    asked = context.data["posts_again"]
    taken = [known[key] for key in asked if key not in free]
    if taken:
        raise StepRefused(
            f"Unggahan di {', '.join(taken)} masih ada. Ralat mengubah unggahan itu; unggahan kedua tidak dibuat.",
            fields={"posts_again": "Hapus centang kanal yang masih memiliki unggahan."},
        )
    _require_fitting(draft, asked, "posts_again")
    return corrections.get_channel_labels(context.item) | {key: free[key] for key in asked}, {"posts_again": asked}


def _require_fitting(draft, keys, field) -> None:
    """Raise StepRefused for a channel that would refuse the post."""
    posts = channels.get_previews(draft, list(keys)) if keys else []
    problems = [problem for post in posts for problem in post.problems]
    if problems:
        raise StepRefused(
            f"Perintah tayang belum dapat diterbitkan. {' '.join(problems)} Hapus centang kanal itu dengan alasan, "
            "atau kembalikan materi ke koreksi.",
            fields={field: " ".join(problems)},
        )


def get_end(data) -> dict:
    """Return what the permit keeps of the order's end, from the form's data."""
    ends_at = data["ends_at"]
    return {"ends_at": parse_datetime(ends_at), "end_reason": data["end_reason"]} if ends_at else {}


def get_facts(permit) -> dict:
    """Return the order's facts about posts and its end for the audit line, without empty ones."""
    names = ("left_out_labels", "left_out_reason", "posts_late", "posts_again", "end_reason")
    facts = {name: getattr(permit, name) for name in names if getattr(permit, name)}
    return facts | ({"ends_at": permit.ends_at.isoformat()} if permit.ends_at else {})


def describe_left_out(permit) -> str:
    """Return the omitted channels and why, as one phrase for printed documents; "" without any."""
    if not permit.left_out_labels:
        return ""
    return f"{_join(permit.left_out_labels)}: {permit.left_out_reason}"


def fit_form(form: forms.Form, item) -> None:
    """Remove from an order's form the fields that do not apply to this item, and offer the end it has."""
    if "posts_again" not in form.fields:
        return
    running = permits.find_live(item) if item.correcting else None
    if running is not None and running.ends_at is not None and running.ends_at > timezone.now():
        form.fields["ends_at"].initial = running.ends_at
        form.fields["end_reason"].initial = running.end_reason
    free = channels.get_choices_again(item) if item.correcting else []
    if free:
        form.fields["posts_again"].choices = [(choice.key, choice.label) for choice in free]
    else:
        del form.fields["posts_again"]
    if item.correcting:
        for name in _FIRST_ONLY:
            del form.fields[name]
        return
    if not channels.get_choices():
        form.fields["channels"].widget = forms.MultipleHiddenInput()
        del form.fields["left_out_reason"], form.fields["posts_late"]
        return
    limit = OfficeProcedure.load().post_age_limit
    form.fields["posts_late"].help_text = (
        f"Bila pengiriman tertunda lebih dari {limit} jam, misalnya karena gangguan, unggahan tetap dikirim tanpa "
        "bertanya lagi. Tanpa centang, unggahan menunggu keputusan petugas."
    )


def _join(labels: dict[str, str]) -> str:
    return ", ".join(labels.values())
