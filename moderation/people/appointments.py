"""Appoint acting officers (Plh./Plt.) and end their appointments; each writes its line in the log."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.evidence import audit
from moderation.evidence.triggers import Trigger, differs, written_once
from moderation.models import ActingOfficer
from moderation.models.roles import display_name, get_group_names, has_role, holds_in_person
from moderation.ports.exceptions import StepRefused
from moderation.ports.official_step import official_step

from . import notifications

EXPIRED = "Masa penunjukan berakhir."
#: For how long the end of an appointment explains why a form is refused that was opened before.
LATELY = timedelta(days=7)
AUDIT_LABELS = {
    "acting_appointed": "Pejabat pengganti ditunjuk",
    "acting_ended": "Penunjukan pejabat pengganti diakhiri",
    "acting_expired": "Masa penunjukan pejabat pengganti berakhir",
    "acting_resumed": "Penunjukan pejabat pengganti berlaku kembali",
}


def may_appoint(user) -> bool:
    """Say whether the user may appoint: PPID Pembantu in person, or the administrator. An acting
    PPID Pembantu may not (UU 30/2014 Pasal 14)."""
    return user.is_active and (user.is_superuser or holds_in_person(user, sop.Role.PPID_PEMBANTU))


def find_problems(by, data: dict) -> dict[str, str]:
    """Return why an appointment is refused, one Indonesian sentence a field."""
    problems = {}
    user, role, starts_on, ends_on = (data.get(name) for name in ("user", "role", "starts_on", "ends_on"))
    if user is not None and user.pk == by.pk:
        problems["user"] = "Anda tidak dapat menunjuk diri sendiri."
    elif user is not None and role in get_group_names(user):
        problems["user"] = f"{display_name(user)} sudah memegang peran {role}."
    if user is not None and data.get("represents") == user:
        problems["represents"] = "Pejabat yang digantikan harus orang lain."
    if data.get("decree_date") and data["decree_date"] > timezone.localdate():
        problems["decree_date"] = "Tanggal ini belum tiba. Periksa kembali tanggalnya."
    if starts_on and ends_on and ends_on < starts_on:
        problems["ends_on"] = "Tanggal berakhir mendahului tanggal mulai."
    elif ends_on and ends_on < timezone.localdate():
        problems["ends_on"] = "Tanggal ini sudah lewat."
    elif user and role and starts_on and ends_on:
        other = ActingOfficer.objects.overlapping(starts_on, ends_on).filter(user=user, role=role).first()
        if other is not None:
            problems["starts_on"] = f"Sudah ada penunjukan pada masa ini: {other.note}, {describe_period(other)}."
    return problems


def appoint(by, data: dict) -> ActingOfficer:
    """Appoint an acting officer; raises StepRefused with the problems by field."""
    with transaction.atomic(), official_step():
        if not may_appoint(by):
            raise StepRefused("Pejabat pengganti ditunjuk oleh PPID Pembantu atau pengelola situs.")
        # Lock the user's row, so that two appointments at once cannot overlap.
        data = data | {"user": get_user_model().objects.select_for_update().get(pk=data["user"].pk)}
        problems = find_problems(by, data)
        if problems:
            raise StepRefused("Penunjukan belum dicatat. " + " ".join(problems.values()), fields=problems)
        appointment = ActingOfficer.objects.create(**data, appointed_by=by, appointed_at=timezone.now())
        notifications.tell(
            appointment.user,
            f"Penunjukan: {appointment.title}",
            f"Anda ditunjuk sebagai {appointment.note}.\nMasa penunjukan: {describe_period(appointment)}.",
        )
        _log("acting_appointed", appointment, by)
    return appointment


def end(appointment: ActingOfficer, by, reason: str) -> ActingOfficer:
    """End an appointment before its last day, at once; raises StepRefused."""
    with transaction.atomic(), official_step():
        if not may_appoint(by):
            raise StepRefused("Penunjukan diakhiri oleh PPID Pembantu atau pengelola situs.")
        if not reason.strip():
            raise StepRefused("Tulis alasannya.", fields={"reason": "Tulis alasannya."})
        appointment = ActingOfficer.objects.select_for_update().get(pk=appointment.pk)
        if appointment.ended_at is not None:
            raise StepRefused("Penunjukan ini sudah berakhir.")
        appointment.ended_at, appointment.ended_by, appointment.end_reason = timezone.now(), by, reason
        appointment.save(update_fields=list(ActingOfficer.ADDED_LATER))
        _log("acting_ended", appointment, by)
    return appointment


def close_expired() -> int:
    """Write down the end of every appointment whose last day has passed; a job of the worker.

    The role itself ended with that day: ``ActingOfficer.is_in_office`` compares dates.
    """
    closed = 0
    for appointment in ActingOfficer.objects.filter(ended_at=None, ends_on__lt=timezone.localdate()):
        with transaction.atomic():
            open_one = ActingOfficer.objects.filter(pk=appointment.pk, ended_at=None)
            if not open_one.update(ended_at=timezone.now(), end_reason=EXPIRED):
                continue  # Another worker or a user ended it first.
            _log("acting_expired", appointment, None)
            closed += 1
    return closed


def on_clock_set_back(sender, now, **kwargs) -> None:
    """Reopen the appointments whose end was only written down by a clock that ran ahead, and tell who is concerned."""
    today = timezone.localdate(now)
    expired = ActingOfficer.objects.filter(ended_by=None, ended_at__gt=now, ends_on__gte=today)
    for appointment in expired.select_related("user", "appointed_by"):
        ActingOfficer.objects.filter(pk=appointment.pk).update(ended_at=None, end_reason="")
        for user in {appointment.user, appointment.appointed_by}:
            notifications.tell(
                user,
                f"Penunjukan berlaku kembali: {appointment.title}",
                f"Jam server sempat salah, sehingga penunjukan ini tercatat berakhir sebelum waktunya. Penunjukan "
                f"berlaku kembali: {display_name(appointment.user)}, {appointment.note}.\n"
                f"Masa penunjukan: {describe_period(appointment)}.",
            )
        _log("acting_resumed", appointment, None)


def describe_end(user, roles=tuple(sop.Role)) -> str:
    """Return the sentence on the user's appointment to one of these roles that ended lately, "" without any.

    One query; "" too for a role that the user holds by now in another way.
    """
    lost = [role.value for role in roles if not has_role(user, role)]
    today = timezone.localdate()
    ended_lately = Q(ended_by=None, ends_on__gte=today - LATELY) | Q(ended_at__gte=timezone.now() - LATELY)
    ended = ActingOfficer.objects.filter(ended_lately, user_id=user.pk, role__in=lost, starts_on__lte=today)
    appointment = ended.order_by("-ends_on", "-pk").first()
    if appointment is None:
        return ""
    last = appointment.ends_on
    if appointment.ended_at is not None:
        last = min(last, timezone.localdate(appointment.ended_at))
    return f"Masa penunjukan Anda sebagai {appointment.title} berakhir pada {date_format(last, 'DATE_FORMAT')}."


def describe_period(appointment) -> str:
    """Return "23 November 2026 sampai dengan 5 Desember 2026"."""
    first, last = (date_format(day, "DATE_FORMAT") for day in (appointment.starts_on, appointment.ends_on))
    return f"{first} sampai dengan {last}"


def _log(action, appointment, by) -> None:
    person = f"{display_name(appointment.user)} ({appointment.user.get_username()})"
    facts = [person, appointment.note, describe_period(appointment)]
    if appointment.represents_id:
        facts.append(f"menggantikan {display_name(appointment.represents)}")
    if action == "acting_ended":
        facts.append(f"alasan: {appointment.end_reason}")
    audit.append(
        action=action,
        user=by,
        role=sop.Role.PPID_PEMBANTU.value if by and holds_in_person(by, sop.Role.PPID_PEMBANTU) else "",
        reason="; ".join(facts),
        output=f"SK {appointment.decree_number}",
        data={
            "appointment": appointment.pk,
            "user": appointment.user_id,
            "role": appointment.role,
            "kind": appointment.kind,
            "decree_date": appointment.decree_date,
            "starts_on": appointment.starts_on,
            "ends_on": appointment.ends_on,
        },
    )


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers: an appointment is written once, and ended once.

    What nobody ended, but only the calendar, may be open again: the role follows the dates, which are fixed.
    """
    table = ActingOfficer._meta.db_table
    later = [ActingOfficer._meta.get_field(name).column for name in ActingOfficer.ADDED_LATER]
    fixed = [field.column for field in ActingOfficer._meta.concrete_fields if field.column not in later]
    reopened = "OLD.ended_by_id IS NULL AND NEW.ended_at IS NULL AND NEW.ended_by_id IS NULL"
    ended = f"OLD.ended_at IS NOT NULL AND {differs(vendor, *later)} AND NOT ({reopened})"
    changed = f"{differs(vendor, *fixed)} OR ({ended})"
    message = "penunjukan pejabat pengganti tidak dapat diubah"
    return [
        Trigger("acting_insert", table, "INSERT", "NEW.ended_at IS NOT NULL", message),
        Trigger("acting_change", table, "UPDATE", changed, message),
        *written_once(table, "acting", "penunjukan pejabat pengganti tetap tercatat"),
    ]
