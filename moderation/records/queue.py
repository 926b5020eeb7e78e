"""Query the queue (Antrean): items by holder and step, with waiting times and failures."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.chain.permits import is_missed
from moderation.models import AuditEntry, Disposition, PublicationPermit
from moderation.models.roles import display_name, get_roles

#: Holders named one by one at most; above that the role is named.
MANY = 4
#: Earlier than any item: a comparison with it stands for "is not null".
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def is_executing(roles) -> bool:
    """Say whether these roles carry out steps only; the others also watch over what runs."""
    return bool(roles) and not {sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS} & set(roles)


def get_holder(item) -> str:
    """Return who holds the item: the assigned Staf by name, else the role; "" when it has ended."""
    if item.step is None:
        return ""
    if item.step.code == sop.StepCode.COMPOSITION and item.assigned_to_id:
        return f"{display_name(item.assigned_to)} ({item.step.role.value})"
    return item.step.role.value


def describe_position(item) -> str:
    """Describe an item's status, its next step, and its holder by name."""
    words = f"Status: {item.state_label}."
    if item.step is None:
        return words
    holder = get_holder(item)
    if holder == item.step.role.value:
        people = [display_name(user) for user in item.holders.users]
        if 0 < len(people) < MANY:
            holder += f" ({', '.join(people)})"
        elif not people:
            holder += " (belum ada pemegangnya)"
    return f"{words} Langkah berikutnya: {item.step.label}, sekarang di tangan {holder}."


def get_waiting_for(user):
    """Return the items whose next step is the user's: fast lane first, then longest waiting.

    Composing is for the assigned Staf; every other step for all holders of the role, and for Bidang
    also where its verdict on a finding was requested.
    """
    return _with_people(Disposition.objects.filter(find_mine(user))).order_by("-is_urgent", "state_since", "pk")


def find_mine(user) -> Q:
    """Return the Q condition under which an item waits for this user."""
    mine = Q(pk__in=[])
    roles = get_roles(user)
    for step in sop.STEPS:
        if step.role not in roles:
            continue
        here = Q(state__in=sop.states_at(step.code))
        if step.code == sop.StepCode.COMPOSITION:
            here &= Q(assigned_to=user)
        mine |= here
    if sop.Role.BIDANG in roles:
        # Compare instead of "is not null", which neither database serves from this index.
        mine |= Q(assessment_asked_at__gt=_EVER)
    return mine


def get_running(step_code: str = ""):
    """Return everything in progress, the fast lane first, in the order of the SOP; or what waits at one step."""
    items = Disposition.objects.at_step(step_code) if step_code else Disposition.objects.open()
    places = [When(state__in=sop.states_at(step.code), then=Value(place)) for place, step in enumerate(sop.STEPS)]
    return _with_people(items).order_by("-is_urgent", Case(*places), "state_since", "pk")


def narrow(items, filters: dict, user, office):
    """Filter the items by the form's data; ``office`` supplies the clock for overdue ones."""
    if filters.get("status"):
        items = items.filter(state=filters["status"])
    if filters.get("saya"):
        items = items.filter(find_mine(user))
    if filters.get("cepat"):
        items = items.filter(is_urgent=True)
    if filters.get("terlambat"):
        items = items.filter(office.find_overdue())
    words = filters.get("q", "")
    if words:
        columns = ("subject", "register_number", "activity_name", "letter_number", "page__title")
        matches = Q()
        for column in columns:
            matches |= Q(**{f"{column}__icontains": words})
        items = items.filter(matches)
    return items


def get_finished():
    """Return ended items, the latest first."""
    return _with_people(Disposition.objects.ended()).order_by("-state_since", "-pk")


def get_waiting_for_others(user):
    """Return what is in progress, has a step of this user in its log, and waits for somebody else: longest first."""
    items = Disposition.objects.open().filter(_has_step_of(user)).exclude(find_mine(user))
    return _with_people(items).order_by("state_since", "pk")


def get_finished_by(user, since: datetime):
    """Return what ended since then and has a step of this user in its log, the latest first."""
    items = Disposition.objects.ended().filter(_has_step_of(user), state_since__gte=since)
    return _with_people(items).order_by("-state_since", "-pk")


def _has_step_of(user) -> Exists:
    return Exists(AuditEntry.objects.filter(disposition_id=OuterRef("pk"), actor_id=user.pk))


def count_tasks(items) -> dict[str, tuple[int, int]]:
    """Return the number and the first key of the items in each state, in one query."""
    rows = items.order_by().values_list("state").annotate(Count("pk"), Min("pk"))
    return {state: (count, first) for state, count, first in rows}


@dataclass(frozen=True)
class Counts:
    """How many items are in progress: by state, on the fast lane, and beyond their due time."""

    by_state: Counter
    urgent: int
    overdue: int

    @property
    def total(self) -> int:
        return self.count_at("")

    @property
    def steps(self) -> list[tuple[sop.Step, int]]:
        return [(step, self.count_at(step.code)) for step in sop.STEPS]

    def count_at(self, step_code: str) -> int:
        """Return how many wait at a step; everything in progress for ""."""
        states = sop.states_at(step_code) if step_code else self.by_state
        return sum(self.by_state[state] for state in states)


def count_running(office) -> Counts:
    """Count everything in progress, in one query that an index answers."""
    overdue = Count("pk", filter=office.find_overdue()) if office.is_on else Value(0)
    groups = Disposition.objects.open().order_by().values_list("state", "is_urgent").annotate(Count("pk"), late=overdue)
    by_state: Counter[str] = Counter()
    urgent = late = 0
    for state, is_urgent, count, overdue_count in groups:
        by_state[state] += count
        urgent += count if is_urgent else 0
        late += overdue_count
    return Counts(by_state, urgent, late)


def describe_trouble(items) -> dict[int, str]:
    """Return a description of each item's failed publication, in one query."""
    now = timezone.now()
    pending = PublicationPermit.objects.in_force().filter(disposition__in=[item.pk for item in items], executed_at=None)
    missed = {permit.disposition_id: permit for permit in pending if is_missed(permit, now)}
    trouble = {}
    for item in items:
        words = []
        if item.pk in missed:
            due = timezone.localtime(missed[item.pk].go_live_at)
            words.append(f"Waktu tayang terlewat: {date_format(due, 'DATETIME_FORMAT')} WIB.")
        if item.schedule_error:
            words.append(item.schedule_error)
        if item.assessment_asked_at:
            words.append("Bidang diminta menilai temuan pemeriksaan data pribadi.")
        if words:
            trouble[item.pk] = " ".join(words)
    return trouble


def _with_people(items):
    return items.select_related("assigned_to", "issued_by")
