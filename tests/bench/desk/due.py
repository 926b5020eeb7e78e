"""What 500 items ordered for one minute cost the worker, three of them broken in different ways: ``make bench-due``.

One lost its picture, an app fails in SQL for the second and in Python for the third. The worker's jobs run until
nothing is due. Prints for each database the statements and the processor's time for each item, the statements before
the chain was made cheaper, how many items one round takes and what mails wait after it; then one line of JSON. Ends
with exit code 1 when the order was not kept, a broken item went live or is not told, a whole one did not go live, a
mail waits after a round, or an item costs more than half of what it did.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

#: Statements that publishing one item took before the chain was made cheaper, and the share that is allowed.
BEFORE, SHARE = 190, 0.5
LATER = timedelta(hours=2)


def main() -> int:
    """Measure on each database in a process of its own."""
    from tests.load.databases import measure_items

    found = measure_items("tests.bench.desk.due", __doc__, 500, _run_here)
    return int(any(result["wrong"] for result in found.values()))


def _run_here(count: int) -> dict:
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    from tests.support.factories import Office

    setup_test_environment(debug=False)
    return measure(Office.open(), count)


def measure(office, count: int) -> dict:
    """Let the worker publish so many items and return the figures; "wrong" names what is not as promised."""
    from django.db import connection
    from django.utils import timezone

    from moderation.management.jobs import scheduling
    from moderation.models import AuditEntry, Notification
    from moderation.people.notifications import send_due_notifications

    items, broken = prepare(office, count)
    Notification.objects.update(sent_at=timezone.now())
    now, rounds, waiting, statements = timezone.now, 0, 0, _Counter()
    with fail(broken), mock.patch.object(timezone, "now", side_effect=lambda: now() + LATER * 2):
        start = time.process_time()
        with connection.execute_wrapper(statements):
            while scheduling.publish_due():
                rounds += 1
                send_due_notifications()
                waiting += Notification.objects.filter(sent_at=None).count()
        seconds = time.process_time() - start
    published = AuditEntry.objects.filter(action="publish").order_by("sequence")
    wrong = [] if not waiting else [f"{waiting} mails waited after a round"]
    if list(published.values_list("disposition_id", flat=True)) != [item.pk for item in items if item not in broken]:
        wrong.append("not every whole item went live, or not in the order of their orders")
    wrong += _find_untold(broken)
    each = statements.count / count
    if each > BEFORE * SHARE:
        wrong.append(f"{each:.1f} statements for each item")
    figures = {"items": count, "rounds": rounds, "statements_an_item": round(each, 1), "before": BEFORE}
    return figures | {"milliseconds_an_item": round(seconds / count * 1000, 1), "wrong": wrong}


def prepare(office, count: int) -> tuple[list, list]:
    """Return so many items whose time comes at one minute, in the order of their orders, and the three to be broken."""
    from django.utils import timezone

    from moderation.models import Disposition
    from tests.support.factories import make_photo
    from tests.support.many import multiply_scheduled_item

    when = timezone.localtime() + LATER
    with_picture = office.bring_to("composing")
    page = with_picture.get_draft()
    page.main_image, page.main_image_alt, page.main_image_credit = make_photo(), "Saluran", "Dokumentasi"
    page.save(clean=False)
    page.save_revision(user=office.staf1)
    schedule(office, when, with_picture)
    multiply_scheduled_item(schedule(office, when), count - 3)
    # The last ordered is due a minute before the others.
    last = schedule(office, when - timedelta(minutes=1))
    items = list(Disposition.objects.filter(state="scheduled").exclude(pk=last.pk).order_by("permits__pk"))
    return [last, *items], [items[0], items[len(items) // 2], items[-2]]


def schedule(office, when, item=None):
    """Order an item for this time and confirm it."""
    from moderation.chain.transitions import take

    return take(office.bring_to("ordered", item, go_live_at=when.isoformat()), "schedule", office.staf1)


@contextmanager
def fail(broken: list) -> Iterator[None]:
    """Break three items: the first loses its picture, an app fails in SQL for the second, in Python for the third."""
    from moderation.models import PublicationPermit
    from moderation.ports.seal import get_media
    from moderation.ports.signals import page_went_live

    photo = get_media(broken[0].get_draft())[0]
    photo.file.storage.delete(photo.file.name)

    def break_off(sender, page, **kwargs):
        if page.pk == broken[1].page_id:
            PublicationPermit.objects.raw("SELECT nothing FROM nowhere")[0]
        if page.pk == broken[2].page_id:
            raise KeyError("unforeseen")

    page_went_live.connect(break_off)
    try:
        yield
    finally:
        page_went_live.disconnect(break_off)


def _find_untold(broken: list) -> Iterator[str]:
    from moderation.models import AuditEntry, Notification
    from news.models import NewsPage

    for item, reason in zip(broken, ("hilang", "Gangguan sistem", "Gangguan sistem (KeyError)"), strict=True):
        item.refresh_from_db()
        if item.state != "scheduled" or NewsPage.objects.get(pk=item.page_id).live:
            yield f"a broken item is {item.state}"
        told = Notification.objects.filter(subject=f"Penayangan terjadwal gagal: {item.subject}").count()
        lines = AuditEntry.objects.filter(action="schedule_failed", disposition_id=item.pk).count()
        if reason not in item.schedule_error or not told or lines != 1:
            yield f"“{reason}” is not told once: {item.schedule_error}, {told} mails, {lines} lines"


class _Counter:
    count = 0

    def __call__(self, execute, *arguments):
        self.count += 1
        return execute(*arguments)


if __name__ == "__main__":
    sys.exit(main())
