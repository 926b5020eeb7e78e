"""Steps that one person took where the office may want two: verifier and order, and accounts that look like one person.

Separation of duties goes by accounts (I2). Whether two accounts are two people only the office can say; it is told.
"""

from collections.abc import Iterable
from typing import cast

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Q
from django.db.models.signals import pre_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision

from moderation.evidence import audit
from moderation.evidence.triggers import Trigger
from moderation.models import AuditEntry, OfficeProcedure, PublicationPermit

#: Lines of the log that make their person an author, and those that make theirs a judge (I2).
WRITING = ("compose", "hand_over", "declare_corrected")
NAMING = ("assign", "reassign")
PROPOSING = ("issue",)
JUDGING = ("verify", "return_to_sekretaris", "mark_exempt", "assess_finding")
AUDIT_LABELS = {"procedure_changed": "Ketentuan prosedur kantor diubah"}
#: The settings that say who may take a step, by their names on screen.
_RULES = ("sekretaris_may_publish", "verifier_may_not_order")


def find_namesakes(item, entries: list[AuditEntry], others: Iterable[int] = ()) -> list[str]:
    """Return a sentence for each author and verifier whose accounts bear the same name or e-mail address.

    ``entries``: the item's lines of the log; ``others``: who may verify next. Names are those of today and those in
    the lines, without titles. One query.
    """
    actors = {entry.actor_id for entry in entries if entry.action in WRITING}
    named = {entry.data.get("staf_id") for entry in entries if entry.action in NAMING}
    named |= {entry.data.get("proposed_by") for entry in entries if entry.action in PROPOSING}
    authors = {item.assigned_to_id, *actors, *named} - {None}
    judges = {entry.actor_id for entry in entries if entry.action in JUDGING} | (set(others) - authors)
    if not judges:
        return []
    written = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id=str(item.page_id)
    )
    is_concerned = Q(pk__in=authors | judges) | Q(pk__in=written.order_by().values("user_id"))
    users = {user.pk: user for user in get_user_model().objects.filter(is_concerned)}
    authors |= users.keys() - judges
    names = {key: {_read_name(user.get_full_name())} - {""} for key, user in users.items()}
    for entry in entries:
        # Without a full name the log has the account's own name, which no other has.
        if entry.actor_id in names and entry.actor_name != users[entry.actor_id].get_username():
            names[entry.actor_id].add(_read_name(entry.actor_name))
    found = []
    for author in sorted(key for key in users if key in authors):
        for judge in sorted(key for key in users if key in judges and key != author):
            one, other = users[author], users[judge]
            same = ["nama yang sama"] if names[author] & names[judge] else []
            if one.email and one.email.strip().casefold() == other.email.strip().casefold():
                same.append("alamat surel yang sama")
            if same:
                found.append(
                    f"Akun penyusun “{one.get_username()}” dan akun verifikator “{other.get_username()}” memakai "
                    f"{' dan '.join(same)}. Pastikan keduanya dua orang yang berbeda."
                )
    return found


def _read_name(name: str) -> str:
    """Return a name for comparison: without titles, in one case and spacing."""
    words = name.partition(",")[0].casefold().split()
    return " ".join(word for word in words if not word.endswith("."))


def describe_one_person(entries: list[AuditEntry]) -> list[str]:
    """Return a sentence for each version that one person verified and ordered to be published."""
    found = []
    for order in entries:
        if order.action != "order":
            continue
        verified = [e for e in entries if e.action == "verify" and e.seal == order.seal and e.sequence < order.sequence]
        if not verified or verified[-1].actor_id != order.actor_id:
            continue
        published = next((e for e in entries if e.action == "publish" and e.revision_id == order.revision_id), None)
        steps = [f"memverifikasi (baris {verified[-1].sequence})", f"memerintahkan tayang (baris {order.sequence})"]
        if published is not None and published.actor_id == order.actor_id:
            steps.append(f"menayangkan (baris {published.sequence})")
        found.append(f"Satu orang, {order.actor_name}, {', '.join(steps[:-1])} dan {steps[-1]} versi yang sama.")
    return found


def on_procedure_saved(sender, instance, **kwargs) -> None:
    """Write a line when the office changes who may take a step."""
    before = OfficeProcedure.objects.filter(pk=instance.pk).values(*_RULES).first()
    if before is None:
        return
    changed = [name for name in _RULES if before[name] != getattr(instance, name)]
    for name in changed:
        label = str(cast(Field, OfficeProcedure._meta.get_field(name)).verbose_name)
        answer = "ya" if getattr(instance, name) else "tidak"
        audit.append(
            action="procedure_changed",
            user=get_active_log_context().user,
            reason=f"{label}: {answer}",
            data={name: getattr(instance, name)},
        )


def connect() -> None:
    """Connect the line about the office's rules."""
    pre_save.connect(on_procedure_saved, sender=OfficeProcedure, dispatch_uid="moderation_procedure_saved")


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the trigger: where the office wants two people, whoever verified the version does not order it."""
    lines, settings = AuditEntry._meta.db_table, OfficeProcedure._meta.db_table
    verified = (
        f"FROM {lines} v WHERE v.action = 'verify' AND v.seal = NEW.seal AND v.disposition_id = NEW.disposition_id"
    )
    return [
        Trigger(
            "permit_apart",
            PublicationPermit._meta.db_table,
            "INSERT",
            f"EXISTS (SELECT 1 FROM {settings} s WHERE s.verifier_may_not_order) AND EXISTS (SELECT 1 FROM {lines} a "
            f"WHERE a.actor_id = NEW.ordered_by_id AND a.sequence = (SELECT MAX(v.sequence) {verified}))",
            "yang memverifikasi tidak memerintahkan tayang",
        )
    ]
