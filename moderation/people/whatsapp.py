"""Build WhatsApp click-to-chat links with a reminder text; nothing is sent from here."""

from dataclasses import dataclass
from urllib.parse import quote

from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.models import NotificationPreference
from moderation.models.roles import display_name
from moderation.scanner.redaction import mask

from .notifications import get_link, get_next_people


@dataclass(frozen=True)
class Reminder:
    """One link; without a name the sender chooses whom to write to."""

    name: str
    address: str


def get_reminders(item, user) -> list[Reminder]:
    """Return a link for each holder of the item with a number, else one link without a recipient.
    A holder gets no link to themselves."""
    people = [person for person in get_next_people(item) if person.pk != user.pk]
    if not people:
        return []
    text = quote(write_text(item), safe="")
    found = NotificationPreference.objects.filter(user__in=people).exclude(phone="")
    phones = {preference.user_id: preference.phone for preference in found}
    reminders = [
        Reminder(display_name(person), f"https://wa.me/{normalise(phones[person.pk])}?text={text}")
        for person in people
        if person.pk in phones
    ]
    return reminders or [Reminder("", f"https://wa.me/?text={text}")]


def write_text(item) -> str:
    """Return the ready text: which item, which step, since when, and the way to it."""
    since = date_format(timezone.localtime(item.state_since), "DATETIME_FORMAT")
    step = f"{item.step.label} ({sop.FAST_LANE})" if item.is_urgent else item.step.label
    return (
        f"Pengingat: “{mask(item.subject)}” menunggu langkah {step} sejak {since} WIB. "
        f"Lembar kerja: {get_link(item.get_absolute_url())}"
    )


def normalise(phone: str) -> str:
    """Return an Indonesian number as WhatsApp's addresses want it: 6281234567890."""
    digits = phone.lstrip("+")
    return f"62{digits[1:]}" if digits.startswith("0") else digits
