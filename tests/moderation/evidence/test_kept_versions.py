"""Revisions named in the log stay unchanged: through purges, autosaves, the ORM and SQL."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from taggit.models import Tag
from wagtail.models import Revision

from moderation.chain.transitions import take
from moderation.models import AuditEntry
from moderation.ports.exceptions import GuardViolation
from moderation.review import changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(office):
    """An item returned to the Staf; the log names the version that was handed over."""
    item = office.bring_to("awaiting_correction")
    return take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi angka."})


@pytest.fixture
def revision(item):
    (handed_over,) = changes.get_rounds(item)
    return Revision.objects.get(pk=handed_over.revision_id)


@pytest.mark.django_db(transaction=True)
def test_a_purge_leaves_the_versions_of_the_log(office, item, revision):
    office.write(item, title="Judul baru")
    call_command("purge_revisions")
    assert changes.load_version(item, revision.pk) is not None
    with pytest.raises(ProtectedError):
        revision.delete()


@pytest.mark.django_db(transaction=True)
def test_a_purge_gets_past_the_versions_of_a_finished_item(office, item):
    """Their task states are closed; one refusal must not end the command."""
    office.write(item, title="Judul baru")
    item = office.bring_to("live", take(item, "hand_over", office.staf1))
    call_command("purge_revisions")
    assert all(changes.load_version(item, found.revision_id) for found in changes.get_rounds(item))


def test_a_version_is_read_without_the_topics_deleted_since(office, item, django_assert_num_queries):
    """And with those that are left at one query for all of them, however many versions are read."""
    page = item.get_draft()
    page.tags.add("Jalan", "Desa", "Pasar")
    page.save(clean=False)
    saved = page.save_revision(user=office.staf1)
    Tag.objects.get(name="Pasar").delete()
    base = item.get_page()
    read = base.with_content_json(saved.content)
    assert [row.tag.name for row in read.tagged_items.all()] == ["Jalan", "Desa"]
    assert all(row.content_object is read for row in read.tagged_items.all())
    again = read.with_content_json(saved.content | {"tagged_items": saved.content["tagged_items"][:2]})
    with django_assert_num_queries(0):
        assert [tag.name for tag in again.tags.all()] == ["Jalan", "Desa"]
    with django_assert_num_queries(0):
        read.with_content_json(saved.content | {"tagged_items": saved.content["tagged_items"][:2]})


def test_autosave_writes_no_decided_version_over(office, item, revision):
    """A tab from before the hand-over saves under the number of its version."""
    page = item.get_draft()
    before = revision.content
    page.title = "Ketikan dari tab lama"
    saved = page.save_revision(user=office.staf1, overwrite_revision=revision, clean=False)
    assert saved.pk != revision.pk
    revision.refresh_from_db()
    assert revision.content == before
    assert item.get_draft().title == "Ketikan dari tab lama"


def test_autosave_still_writes_its_own_version_over(office, item):
    page = office.write(item, title="Sedang mengetik")
    own = page.latest_revision
    page.title = "Sedang mengetik terus"
    assert page.save_revision(user=office.staf1, overwrite_revision=own, clean=False).pk == own.pk


def test_the_guard_refuses_to_rewrite_a_decided_version(item, revision):
    revision.content = revision.content | {"title": "Diam-diam"}
    with pytest.raises(GuardViolation):
        revision.save()


@pytest.mark.parametrize("change", ["content", "delete"])
def test_the_database_refuses_it_as_well(item, revision, change):
    rows = Revision.objects.filter(pk=revision.pk)
    attacks = {
        "content": lambda: rows.update(content={"title": "Diam-diam"}),
        "delete": lambda: rows._raw_delete(connection.alias),
    }
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        attacks[change]()
    assert Revision.objects.get(pk=revision.pk).content == revision.content


def test_every_decision_names_its_version(item):
    decided = AuditEntry.objects.filter(disposition_id=item.pk, round__gt=0)
    assert not decided.filter(revision_id=None).exists()
    assert not decided.filter(seal="").exists()
