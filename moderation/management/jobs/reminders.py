"""Remind the holder of an item once before the due time, then once a working day.

If the office has set it, one mail for each stay at a step also goes to the Sekretaris (to PPID
Pembantu where the Sekretaris is the holder) after the set number of working days. Each reminder has
a unique row, so that several workers never write one twice.
"""

from collections import defaultdict
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.chain import deadlines
from moderation.models import Disposition, StepReminder
from moderation.models.roles import users_with_role
from moderation.people import notifications

Kind = StepReminder.Kind
#: Items handled in one run; the worker runs the job again at once while there are more.
BATCH = 200
#: Lines of one mail; further items are only counted.
LISTED = 20


def send_reminders(now=None) -> int:
    """Write the reminders that are due now and return how many; a job of the worker."""
    office = deadlines.load_office(now)
    if not (office.is_on and office.settings.reminders_on):
        return 0
    with transaction.atomic():
        written = [(item, kind) for item in _find(office) for kind in _claim(item, office)]
        _tell(written, office)
    return len(written)


def _find(office):
    """Return the items that may need a reminder now, locked against steps."""
    today = timezone.localtime(office.now).replace(hour=0, minute=0, second=0, microsecond=0)
    reminded_today = StepReminder.objects.filter(
        disposition=OuterRef("pk"), step_since=OuterRef("step_since"), written_at__gte=today
    )
    items = Disposition.objects.filter(~Exists(reminded_today), office.find_due_before(office.now, _get_lead(office)))
    if not office.calendar.is_working(office.now):
        items = items.filter(is_urgent=True)
    # Skip items that a step holds locked.
    return items.select_related("assigned_to").select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:BATCH]


def _get_lead(office):
    """Return how many minutes before the due time the first reminder goes out, at most half the target."""
    return lambda minutes: min(office.settings.remind_before, minutes // 2)


def _claim(item, office):
    """Yield the item's due reminders whose row this worker created first."""
    due = office.get_due(item)
    today = timezone.localdate(office.now)
    days = office.calendar.count_working_days(timezone.localdate(due), today)
    if days and not office.calendar.is_working(office.now):
        return
    kinds = [(Kind.OVERDUE, days) if days else (Kind.DUE, 0)]
    limit = office.settings.escalate_after_days
    if limit and days >= limit:
        kinds.append((Kind.ESCALATION, 0))
    for kind, number in kinds:
        _reminder, is_new = StepReminder.objects.get_or_create(
            disposition=item,
            step_since=item.step_since,
            kind=kind,
            number=number,
            defaults={"written_at": office.now},
        )
        if is_new:
            yield kind


def _tell(written, office) -> None:
    """Write the mails: one for each item about the due time, one for each user about all overdue items."""
    find_people = _PeopleFinder()
    late = defaultdict(list)
    for item, kind in written:
        for user in find_people(item, kind):
            if kind == Kind.DUE:
                subject = notifications.write_subject(item, f"Pengingat {item.step.label.lower()}")
                lines = [f"{office.describe_due(item)} ({deadlines.LABEL}).", *notifications.describe_item(item)]
                notifications.tell(user, subject, "\n".join(lines), item)
            else:
                late[user, kind].append(item)
    for (user, kind), items in late.items():
        _tell_late(user, kind, items, office)


def _tell_late(user, kind, items, office) -> None:
    opening = "Materi ini menunggu Anda" if kind == Kind.OVERDUE else "Materi ini belum dilanjutkan oleh pemegangnya"
    lines = [f"{opening} ({deadlines.LABEL}):", ""]
    lines += [
        f"- {item.subject} ({item.register_number}), {item.step.label.lower()}: {office.describe_due(item)}"
        for item in items[:LISTED]
    ]
    if len(items) > LISTED:
        lines.append(f"- dan {len(items) - LISTED} materi lainnya")
    text = "\n".join(lines)
    if len(items) == 1:
        notifications.tell(user, notifications.write_subject(items[0], "Lewat tenggat"), text, items[0])
        return
    query = urlencode({"terlambat": "on"} | ({"saya": "on"} if kind == Kind.OVERDUE else {}))
    address = notifications.get_link(f"{reverse('moderation:queue')}?{query}#sedang-berjalan")
    notifications.tell(user, f"Lewat tenggat: {len(items)} materi", text, address=address)


class _PeopleFinder:
    """Find the recipients of reminders with one query for each holder."""

    def __init__(self):
        self._holders = {}

    def __call__(self, item, kind):
        holders = self._get_holders(item)
        if kind != Kind.ESCALATION:
            return holders
        superior = {sop.Role.SEKRETARIS: sop.Role.PPID_PEMBANTU, sop.Role.PPID_PEMBANTU: None}.get(
            item.step.role, sop.Role.SEKRETARIS
        )
        known = {user.pk for user in holders}
        return [user for user in users_with_role(superior) if user.pk not in known] if superior else []

    def _get_holders(self, item):
        key = (item.step.role, item.assigned_to_id)
        if key not in self._holders:
            self._holders[key] = notifications.get_next_people(item)
        return self._holders[key]
