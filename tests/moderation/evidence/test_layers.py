"""Each layer of the guard holds by itself: without one the next one refuses, without both the page goes live.

This shows that the tests of the publish paths can fail.
"""

import pytest
from django.db import IntegrityError, transaction
from django.db.models.signals import pre_save
from wagtail.models import Page

from moderation.evidence import guards, triggers
from moderation.models.page import ModeratedPagePermissionTester
from moderation.ports.exceptions import GuardViolation
from news.models import NewsPage

from .test_publish_paths import editor_data

pytestmark = [pytest.mark.django_db, pytest.mark.fast]


@pytest.fixture
def item(office):
    return office.bring_to("verified")


@pytest.fixture
def without_guard():
    pre_save.disconnect(guards.on_pre_save, dispatch_uid="moderation_guard_save")
    yield
    guards.connect()


@pytest.fixture
def without_triggers():
    triggers.drop_all()
    yield
    triggers.install_all()


def save_live(item):
    page = NewsPage.objects.get(pk=item.page_id)
    page.live, page.live_revision = True, page.get_latest_revision()
    page.save(clean=False)


def is_live(item):
    return Page.objects.get(pk=item.page_id).live


def test_both_layers(item):
    with pytest.raises(GuardViolation), transaction.atomic():
        save_live(item)


def test_the_guard_alone(item, without_triggers):
    with pytest.raises(GuardViolation), transaction.atomic():
        save_live(item)
    assert not is_live(item)
    Page.objects.filter(pk=item.page_id).update(live=True)
    assert is_live(item), "what goes past the ORM is for the triggers"


def test_the_triggers_alone(item, without_guard):
    with pytest.raises(IntegrityError), transaction.atomic():
        save_live(item)
    assert not is_live(item)


def test_neither(item, without_guard, without_triggers):
    save_live(item)
    assert is_live(item)


def test_the_permission_tester_alone_closes_the_screens(item, office, without_guard, without_triggers, log_in):
    """Without guard and triggers the admin still offers nothing, superusers included."""
    client = log_in(office.admin)
    client.post(f"/admin/pages/{item.page_id}/edit/", editor_data(item, **{"action-publish": "1"}))
    client.post(f"/admin/api/main/pages/{item.page_id}/action/publish/")
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={item.page_id}")
    assert not is_live(item)


def test_without_the_tester_the_guard_stops_the_publish_button(item, office, log_in, monkeypatch):
    for name in ("can_publish", "can_unpublish", "can_edit"):
        monkeypatch.setattr(ModeratedPagePermissionTester, name, lambda self: True)
    client = log_in(office.admin)
    response = client.post(f"/admin/api/main/pages/{item.page_id}/action/publish/")
    assert response.status_code in (302, 409)
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={item.page_id}")
    assert not is_live(item)
