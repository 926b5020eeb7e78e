"""Two of each timer and worker at the same instant."""

import io
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from home.backup import archive, retention
from home.backup.targets import Folder
from kecamatan_site.health import disks
from moderation.management.jobs import integrity
from moderation.management.jobs.scheduling import publish_due
from moderation.models import AuditEntry, Notification
from moderation.people.notifications import send_due_notifications
from news.social.worker.dispatcher import drain
from tests.load.faults.answers import BARE, DONE, Tally
from tests.load.races import _at_once, _in_two_days

ITEMS = 3


def run_twice(office) -> dict[str, int]:
    """Run each job in two threads; return what was done twice, or broke."""
    tally = Tally()
    later = (timezone.localtime() + timedelta(days=1)).isoformat()
    items = [office.bring_to("ordered", go_live_at=later) for _number in range(ITEMS)]
    for item in items:
        office._take(item, "schedule", "staf1", {})
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DISK_WARNING_PERCENT = 100
    mail.outbox = []
    jobs = {
        "mails": send_due_notifications,
        "backup": lambda: call_command("backup", stdout=io.StringIO()),
        "cleaning": lambda: call_command("clean_up", stdout=io.StringIO()),
        "disks": disks.watch,
        "posts": drain,
        "proof": integrity.run_due,
    }
    with _in_two_days():
        for answer in _at_once([publish_due, publish_due]):
            tally.note("publication", BARE if isinstance(answer, Exception) else DONE)
    for name, job in jobs.items():
        for answer in _at_once([job, job]):
            tally.note(name, BARE if isinstance(answer, Exception) else DONE)
            if isinstance(answer, Exception):
                print(f"  {name}: {answer!r}")
    published = AuditEntry.objects.filter(disposition_id__in=[item.pk for item in items], action="publish").count()
    told = Notification.objects.filter(subject="Ruang disk server menipis")
    sent = Notification.objects.exclude(sent_at=None).count()
    wrong = {
        f"{published} publications of {ITEMS}": published != ITEMS,
        f"{told.count()} warnings for {told.values('recipient').distinct().count()} people": told.count()
        != told.values("recipient").distinct().count(),
        f"{len(mail.outbox)} mails of {sent}": len(mail.outbox) != sent,
    }
    names = retention.list_archives(Folder(str(settings.BACKUP_DIR)))
    for name in names:
        with TemporaryDirectory() as folder:
            archive.open_archive(Path(settings.BACKUP_DIR) / name, Path(folder) / "opened")
    print(f"  {'; '.join(wrong)}; {len(names)} whole archives")
    tally.lost += sum(wrong.values())
    return tally.finish()
