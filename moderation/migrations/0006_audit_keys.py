import hashlib
import json
from datetime import UTC

from django.db import migrations, models
from django.utils import timezone

from moderation.evidence import audit_keys


def begin_codes(apps, schema_editor):
    """Fix the end of an older log with the first line that has a code."""
    entry, head = apps.get_model("moderation", "AuditEntry"), apps.get_model("moderation", "AuditHead")
    end = head.objects.select_for_update().filter(pk=1).first()
    if end is None or not end.sequence:
        return
    key = audit_keys.list_keys()[0]
    line = entry(
        sequence=end.sequence + 1,
        at=timezone.now(),
        action="keys_begun",
        actor_name="Sistem",
        reason=f"Baris 1 sampai {end.sequence} lebih lama daripada kunci; rantainya berujung pada {end.hash}.",
        data={"lines": end.sequence, "head": end.hash, "key": key.name},
        previous_hash=end.hash,
    )
    covered = {
        field.attname: getattr(line, field.attname)
        for field in entry._meta.concrete_fields
        if field.attname not in {"id", "hash", "key_name", "code"}
    }
    covered["at"] = line.at.astimezone(UTC).isoformat()
    text = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    line.hash, line.key_name = hashlib.sha256(text.encode()).hexdigest(), key.name
    line.code = key.compute_code(line.hash)
    line.save(force_insert=True)
    end.sequence, end.hash, end.key_name = line.sequence, line.hash, key.name
    end.save()


class Migration(migrations.Migration):
    """Give lines of the audit log a code made with a key; lines without a key are older than it."""

    dependencies = [
        ("moderation", "0005_choices_of_the_sop"),
    ]

    operations = [
        migrations.AddField("auditentry", "key_name", models.CharField(blank=True, default="", max_length=20)),
        migrations.AddField("auditentry", "code", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("audithead", "key_name", models.CharField(blank=True, default="", max_length=20)),
        migrations.RunPython(begin_codes, migrations.RunPython.noop, elidable=False),
    ]
