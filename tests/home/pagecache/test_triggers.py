"""Each trigger of the page cache alone notes the change that it is for, on either database.

What changes is written past the ORM, so that no other trigger's note stands in for the missing one.
"""

import re
import uuid
from datetime import date

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from home.models import HomePage, OfficeSettings, StandardPage
from home.pagecache.models import PageChange
from home.pagecache.triggers import get_notes
from moderation.evidence import triggers
from moderation.models import Disposition, Holiday, ListedItem, OfficeProcedure, PublicInformation
from news.models import Attachment, NewsCategory, Village
from tests.support.databases.statements import execute
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

#: A value that no row of the scene has, by kind of column.
OTHER = {
    StreamField: '[{"id": "1"}]',
    models.CharField: "lain",
    models.TextField: "lain",
    models.BooleanField: None,
    models.ForeignKey: 999_999,
    models.IntegerField: 9_999,
    models.DateField: "2026-12-26",
}


@pytest.fixture
def scene(office):
    """Something public in every table, and no guard in the way of statements past the ORM."""
    item = office.bring_to("composing")
    document = Attachment.objects.create(title="Jadwal", file=ContentFile(b"%PDF-1.4 isi", name="jadwal.pdf"))
    picture = {"main_image": make_photo(), "main_image_alt": "Saluran", "main_image_credit": "Dokumentasi"}
    page = office.write(item, **picture)
    page.body = [("document", {"document": document, "title": ""})]
    page.tags.add("irigasi")
    page.save_revision(user=office.staf1)
    item = office.bring_to("live", item)
    page = item.get_page()
    page.main_image.tags.add("irigasi")
    page.main_image.get_rendition("width-100")
    plain = HomePage.objects.get().add_child(instance=StandardPage(title="Profil"))
    PageViewRestriction.objects.create(page=plain, restriction_type=PageViewRestriction.LOGIN)
    now = timezone.now()
    listed = PublicInformation.objects.create(number=1, listed_at=now, changed_at=now, listed_by=office.ppid)
    ListedItem.objects.create(information=listed, disposition=item)
    OfficeProcedure.load()
    Holiday.objects.create(date=date(2026, 12, 25), name="Hari Raya Natal")
    assert all(model.objects.exists() for model in (NewsCategory, OfficeSettings, Village))
    triggers.drop_all()
    yield page
    triggers.install_all()


def get_model(note):
    """Return the model of the note's table."""
    return next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == note.table)


def insert(note, page) -> None:
    """Insert a copy of a row, other where it must be."""
    row = get_model(note).objects.first()
    row.pk = None
    together = {names[0] for names in row._meta.unique_together}
    for field in row._meta.local_concrete_fields:
        if (field.unique and not field.primary_key) or field.name in together:
            setattr(row, field.attname, _choose_other(field))
    if isinstance(row, Page):
        row.path, row.translation_key, row.live = f"{page.path[:-4]}00ZZ", uuid.uuid4(), True
    type(row).objects.bulk_create([row])


def update(note, page) -> None:
    """Change one column of each public row."""
    model = get_model(note)
    key = model._meta.pk
    if issubclass(model, Page) and model is not Page and not model.objects.exists():
        # Only the row of its own: the trigger asks whether the page is live.
        needed = [field for field in model._meta.local_concrete_fields if not field.null and not field.has_default()]
        others = {field.attname: _choose_other(field) for field in needed if field.is_relation}
        model(**others | {"page_ptr_id": StandardPage.objects.get().pk}).save_base(raw=True)
    field = next(field for field in _list_columns(model, note) if _choose_other(field) is not None)
    rows = f"{key.column} = (SELECT min({key.column}) FROM {note.table})" if field.unique else "1 = 1"
    execute(f'UPDATE {note.table} SET "{field.column}" = %s WHERE {rows}', _choose_other(field))


def _list_columns(model, note):
    """Return the columns whose change the note is about, those first that every row may have alike."""
    named = re.findall(r"NEW\.(\w+) IS (?:NOT|DISTINCT FROM) OLD", note.condition)
    columns = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    together = {name for names in model._meta.unique_together for name in names}
    columns = [field for field in columns if field.name not in together and (field.column in named or not named)]
    return sorted(columns, key=lambda field: field.unique)


def delete(note, page) -> None:
    """Delete every row of the table."""
    execute(f"DELETE FROM {note.table}")


def _choose_other(field):
    kinds = [kind for kind in OTHER if isinstance(field, kind)]
    return OTHER[kinds[0]] if kinds else None


def hide(note, page) -> None:
    """Take a page out of sight."""
    Page.objects.filter(pk=page.pk).update(live=False)


def retitle(note, page) -> None:
    """Change what a page shows."""
    Page.objects.filter(pk=page.pk).update(title="Lain")


def retag(note, page) -> None:
    """Change a topic of a page."""
    execute(f"UPDATE {note.table} SET tag_id = 999999")


#: The changes for which no rule of the three operations will do.
CHANGES = {
    "page_shown": retitle,
    "page_hidden": hide,
    "news_newspagetag_update": retag,
    "moderation_disposition_update": lambda note, page: Disposition.objects.update(activity_place="Lain"),
    "wagtailcore_referenceindex_delete": lambda note, page: ReferenceIndex.objects.all()._raw_delete("default"),
}
OPERATIONS = {"INSERT": insert, "UPDATE": update, "DELETE": delete}


def list_noted(note, page) -> set[str]:
    """Make the change of the note and return the groups that were noted; all is as it was afterwards."""
    with transaction.atomic():
        PageChange.objects.all().delete()
        CHANGES.get(note.name, OPERATIONS[note.operation])(note, page)
        noted = set(PageChange.objects.values_list("group", flat=True))
        transaction.set_rollback(True)
    return noted


def is_noted(note, noted) -> bool:
    """Say whether the groups that the note names are there, or any where it works them out."""
    constant = {group.strip("'") for group in note.groups if re.fullmatch(r"'[^']+'", group)}
    return bool(noted) and noted >= constant


def test_each_change_is_noted_by_its_own_trigger(scene):
    notes = get_notes(connection.vendor)
    assert [note.name for note in notes if not is_noted(note, list_noted(note, scene))] == []
