"""Hundreds of items at once, for tests that count queries: past the chain and its triggers.

A thousand real walks would take minutes and prove nothing more about the number of queries.
"""

import copy
import uuid
from datetime import timedelta

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models.base import ModelState
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowState

from moderation.evidence import audit, triggers
from moderation.evidence.addresses.guards import get_address
from moderation.models import AuditEntry, Disposition, PublicationPermit, SopTaskState
from moderation.ports.seal import compute_seal
from news.models import NewsPage, NewsPageTag
from news.social.models import Account, Delivery


def multiply_item(item: Disposition, count: int) -> None:
    """Copy an item of the register ``count`` times, with its page where it has one."""
    page_ids = multiply_page(item.get_page(), count) if item.page_id else [None] * count
    row = _read("moderation_disposition", "id", item.pk)
    first_id = Disposition.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    _write(
        "moderation_disposition",
        [
            row
            | {
                "id": first_id + number,
                "register_sequence": 100_000 + first_id + number,
                "register_number": f"{first_id + number}/UJI",
                "page_id": page_id,
            }
            for number, page_id in enumerate(page_ids)
        ],
    )


def continue_keys() -> None:
    """Let PostgreSQL count its keys on from those that the copies took."""
    models = [Disposition, Page, WorkflowState, TaskState]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@transaction.atomic
def multiply_open_items(items: list[Disposition], count: int) -> None:
    """Add ``count`` copies of these items, spread evenly, each with its page's running workflow."""
    for place, item in enumerate(items):
        share = count // len(items) + (place < count % len(items))
        last_pk = Disposition.objects.order_by("-pk").values_list("pk", flat=True).first()
        multiply_item(item, share)
        running = WorkflowState.objects.filter(object_id=str(item.page_id), status="in_progress").first()
        if running is not None:
            copies = Disposition.objects.filter(pk__gt=last_pk).values_list("page_id", flat=True)
            _multiply_workflow(running, list(copies))


def _multiply_workflow(running: WorkflowState, page_ids: list[int]) -> None:
    """Copy a running workflow and its current task for each of the pages."""
    workflow = _read("wagtailcore_workflowstate", "id", running.pk)
    task = _read("wagtailcore_taskstate", "id", running.current_task_state_id)
    own = _read("moderation_soptaskstate", "taskstate_ptr_id", running.current_task_state_id)
    first_workflow = WorkflowState.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    first_task = TaskState.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    numbers = range(len(page_ids))
    connection.check_constraints()
    triggers.drop_all()
    _write(
        "wagtailcore_workflowstate",
        [
            workflow
            | {
                "id": first_workflow + number,
                "object_id": str(page_ids[number]),
                "current_task_state_id": first_task + number,
            }
            for number in numbers
        ],
    )
    _write(
        "wagtailcore_taskstate",
        [task | {"id": first_task + number, "workflow_state_id": first_workflow + number} for number in numbers],
    )
    _write("moderation_soptaskstate", [own | {"taskstate_ptr_id": first_task + number} for number in numbers])
    connection.check_constraints()
    triggers.install_all()


def multiply_page(page: NewsPage, count: int) -> list[int]:
    """Copy a page and its tags ``count`` times with a few statements; return the new keys."""
    parent = page.get_parent()
    last_step = Page._str2int(parent.get_last_child().path[-Page.steplen :])
    pages, news, tags = _read("wagtailcore_page", "id", page.pk), _read("news_newspage", "page_ptr_id", page.pk), []
    first_id = Page.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    tag_ids = list(page.tags.values_list("pk", flat=True))
    rows = {"wagtailcore_page": [], "news_newspage": []}
    for number in range(count):
        key, slug = first_id + number, f"{page.slug}-salinan-{first_id + number}"
        path = Page._get_path(parent.path, page.depth, last_step + 1 + number)
        rows["wagtailcore_page"].append(
            pages
            | {
                "id": key,
                "path": path,
                "slug": slug,
                "url_path": f"{parent.url_path}{slug}/",
                "translation_key": uuid.uuid4().hex,
                "latest_revision_id": None,
                "live_revision_id": None,
            }
        )
        rows["news_newspage"].append(news | {"page_ptr_id": key})
        tags += [NewsPageTag(content_object_id=key, tag_id=tag_id) for tag_id in tag_ids]
    # PostgreSQL drops no trigger from a table whose deferred constraints wait to be checked.
    connection.check_constraints()
    triggers.drop_all()
    for table, copies in rows.items():
        _write(table, copies)
    NewsPageTag.objects.bulk_create(tags)
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + count)
    connection.check_constraints()
    triggers.install_all()
    keys = [row["id"] for row in rows["wagtailcore_page"]]
    _multiply_index_entry(page, keys)
    return keys


def multiply_revision(page: NewsPage, count: int) -> None:
    """Copy the newest revision of a page ``count`` times, each a second older."""
    copies = []
    for number in range(count):
        copied = copy.copy(page.latest_revision)
        copied.pk, copied._state = None, ModelState()
        copied.created_at -= timedelta(seconds=number + 1)
        copies.append(copied)
    Revision.objects.bulk_create(copies)


def _multiply_index_entry(page: NewsPage, keys: list[int]) -> None:
    """Let the search find the copies by what it read of the page: their words are the same."""
    found = page.index_entries.get()
    table = found._meta.db_table
    entry = _read(table, "id", found.pk)
    del entry["id"]
    _write(table, [entry | {"object_id": str(key)} for key in keys])


def _read(table, key, value):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM {table} WHERE "{key}" = %s', [value])
        return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))


def _write(table, rows):
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(names))})",
            [[row[name] for name in names] for row in rows],
        )


def multiply_live_item(item: Disposition, count: int) -> None:
    """Copy a live item with all its records ``count`` times, so that the proof finds each of them whole."""
    last = Disposition.objects.latest("pk").pk
    multiply_item(item, count)
    continue_keys()
    permit, lines = item.permits.get(), list(AuditEntry.objects.filter(disposition_id=item.pk).order_by("sequence"))
    connection.check_constraints()
    triggers.drop_all()
    for copied in Disposition.objects.filter(pk__gt=last).order_by("pk"):
        page = copied.get_page()
        seal, revision = compute_seal(page), _renew(permit.revision, object_id=str(page.pk))
        Revision.objects.bulk_create([revision])
        Page.objects.filter(pk=page.pk).update(live_revision=revision, latest_revision=revision)
        own = {"page_id": page.pk, "disposition_id": copied.pk, "seal": seal}
        PublicationPermit.objects.bulk_create([_renew(permit, revision_id=revision.pk, **own)])
        audit.write([_renew_line(line, copied, seal, revision) for line in lines])
    connection.check_constraints()
    triggers.install_all()


@transaction.atomic
def multiply_scheduled_item(item: Disposition, count: int) -> None:
    """Copy an item that waits for its time ``count`` times with all its records, each ready to be published."""
    last = Disposition.objects.latest("pk").pk
    multiply_open_items([item], count)
    continue_keys()
    permit, lines = item.permits.get(), list(AuditEntry.objects.filter(disposition_id=item.pk).order_by("sequence"))
    connection.check_constraints()
    triggers.drop_all()
    for copied in Disposition.objects.filter(pk__gt=last).order_by("pk"):
        page = copied.get_page()
        draft = permit.revision.as_object()
        for name in ("pk", "path", "slug", "url_path", "translation_key"):
            setattr(draft, name, getattr(page, name))
        seal, revision = compute_seal(draft), _renew(permit.revision, object_id=str(page.pk))
        revision.content = draft.serializable_data()
        Revision.objects.bulk_create([revision])
        Page.objects.filter(pk=page.pk).update(latest_revision=revision)
        own = {"page_id": page.pk, "disposition_id": copied.pk, "seal": seal}
        PublicationPermit.objects.bulk_create([_renew(permit, revision_id=revision.pk, **own)])
        tasks = SopTaskState.objects.filter(workflow_state__object_id=str(page.pk), seal=permit.seal)
        tasks.update(revision=revision, seal=seal)
        audit.write([_renew_line(line, copied, seal, revision) for line in lines])
    connection.check_constraints()
    triggers.install_all()


def _renew(row, **changes):
    """Return an unsaved copy of a row with these values."""
    copied = copy.copy(row)
    copied.pk, copied._state = None, ModelState()
    for name, value in changes.items():
        setattr(copied, name, value)
    return copied


def _renew_line(line, item, seal, revision):
    """Return an unsaved copy of a line for another item."""
    own = {"address": get_address(item.get_page().url_path)} if "address" in line.data else {}
    return _renew(
        line,
        data={**line.data, **own},
        disposition_id=item.pk,
        register_number=item.register_number,
        page_id=line.page_id and item.page_id,
        seal=line.seal and seal,
        revision_id=line.revision_id and revision.pk,
    )


def multiply_deliveries(item: Disposition, accounts: list[Account], count: int) -> None:
    """Copy a live item's page ``count`` times, each with its permit and a post that waits for every account.

    Their time comes in a year: whoever wants them sent says when. The item is told nothing of them.
    """
    page, permit = item.get_page(), item.permits.get()
    pages = multiply_page(page, count)
    triggers.drop_all()
    Page.objects.filter(pk__in=pages).update(live_revision=page.live_revision_id)
    permits = [_renew(permit, page_id=page_id) for page_id in pages]
    PublicationPermit.objects.bulk_create(permits)
    deliveries = [
        Delivery(
            account=account,
            disposition=item,
            page_id=permit.page_id,
            permit=permit,
            seal=permit.seal,
            kind=account.kind,
            title=page.title,
            link=f"https://situs.example/berita/{permit.page_id}/",
            request_text=f"Kerja bakti nomor {permit.page_id}\n\nhttps://situs.example/berita/{permit.page_id}/",
            next_attempt_at=timezone.now() + timedelta(days=365),
            settlement_done=True,
        )
        for permit in permits
        for account in accounts
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=200)
    connection.check_constraints()
    triggers.install_all()
