"""Every way of Wagtail to publish (docs/wagtail-facts.md), tried through its own entry point.

As superuser, on the run's database. Each test asserts that the page is not live, or that the live
version is the verified one.
"""

import json

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import (
    GroupPagePermission,
    Page,
    PageViewRestriction,
    Revision,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)
from wagtail.permissions import policy_registry

from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, PublicationPermit, SopTask, SopTaskState
from moderation.ports.exceptions import GuardViolation, StepRefused
from news.models import NewsIndexPage, NewsPage, NewsPageTag
from tests.support.factories import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(office, log_in):
    return log_in(office.admin)


@pytest.fixture(params=["composing", "verified", "ordered", "taken_down"])
def item(request, office):
    """An item that is not live, in each state where somebody might try to publish it."""
    if request.param == "taken_down":
        return take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Turun."})
    return office.bring_to(request.param)


@pytest.fixture
def live_item(office):
    return office.bring_to("live")


def news(item) -> NewsPage:
    return NewsPage.objects.get(pk=item.page_id)


def refused(*errors):
    return pytest.raises(errors or (GuardViolation,))


def post(client, name, *args, data=None):
    return client.post(reverse(name, args=args), data or {}, follow=True)


def editor_data(item, **changes) -> dict:
    """Return the editor's POST data for the item's draft."""
    page = item.get_draft()
    return {
        "title": page.title,
        "slug": page.slug,
        "lead": page.lead,
        "activity_date": "2026-09-09",
        "activity_place": page.activity_place,
        "category": page.category_id or "",
        "classification": "berkala",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "paragraph",
        "body-0-value": json.dumps({"entityMap": {}, "blocks": []}),
        "channel_texts-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    } | changes


class TestAdminPaths:
    def test_publish_button(self, admin, item):
        post(admin, "wagtailadmin_pages:edit", item.page_id, data=editor_data(item, **{"action-publish": "1"}))
        assert not news(item).live

    def test_create_and_publish(self, admin, item):
        parent = NewsIndexPage.objects.get(kind="berita")
        data = editor_data(item, slug="jalan-pintas", **{"action-publish": "1"})
        response = post(admin, "wagtailadmin_pages:add", "news", "newspage", parent.pk, data=data)
        assert response.status_code in (200, 403, 404)
        assert not NewsPage.objects.filter(slug="jalan-pintas").exists()

    def test_bulk_publish(self, admin, item):
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        admin.post(f"{url}?id={item.page_id}", {"include_descendants": "on"}, follow=True)
        assert not news(item).live

    def test_bulk_publish_of_the_index_with_its_descendants(self, admin, item):
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        admin.post(
            f"{url}?id={NewsIndexPage.objects.get(kind='berita').pk}", {"include_descendants": "on"}, follow=True
        )
        assert not news(item).live

    def test_schedule_in_the_editor(self, admin, item):
        data = editor_data(item, go_live_at="2030-01-01 09:00", **{"action-publish": "1"})
        post(admin, "wagtailadmin_pages:edit", item.page_id, data=data)
        assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
        call_command("publish_scheduled")
        assert not news(item).live

    def test_admin_api(self, admin, item):
        response = admin.post(f"/admin/api/main/pages/{item.page_id}/action/publish/")
        assert response.status_code in (403, 409)
        assert not news(item).live

    @pytest.mark.parametrize("recursive", [True, False])
    def test_admin_api_copy_keep_live(self, admin, live_item, recursive):
        target = live_item.page_id if not recursive else NewsIndexPage.objects.get(kind="berita").pk
        admin.post(
            f"/admin/api/main/pages/{target}/action/copy/",
            {"recursive": recursive, "keep_live": True, "slug": "salinan"},
            content_type="application/json",
        )
        assert NewsPage.objects.live().count() == 1

    def test_copy_in_the_admin(self, admin, live_item):
        data = {
            "new_title": "Salinan",
            "new_slug": "salinan",
            "new_parent_page": str(NewsIndexPage.objects.get(kind="berita").pk),
            "publish_copies": "on",
            "copy_subpages": "on",
            "alias": "",
        }
        post(admin, "wagtailadmin_pages:copy", live_item.page_id, data=data)
        post(admin, "wagtailadmin_pages:copy", live_item.page_id, data=data | {"alias": "on", "new_slug": "alias"})
        assert NewsPage.objects.live().count() == 1

    def test_revert_and_publish(self, admin, item):
        revision = Revision.page_revisions.filter(object_id=str(item.page_id)).order_by("pk").first()
        url = reverse("wagtailadmin_pages:revisions_revert", args=[item.page_id, revision.pk])
        admin.get(url)
        data = editor_data(item, revision=revision.pk, **{"action-publish": "1"})
        post(admin, "wagtailadmin_pages:edit", item.page_id, data=data)
        assert not news(item).live

    def test_cancelling_or_restarting_the_workflow(self, admin, item):
        for button in ("action-cancel-workflow", "action-restart-workflow"):
            before = list(WorkflowState.objects.values_list("status", flat=True))
            post(admin, "wagtailadmin_pages:edit", item.page_id, data=editor_data(item, **{button: "1"}))
            assert list(WorkflowState.objects.values_list("status", flat=True)) == before
        assert not news(item).live

    def test_workflow_and_task_screens_are_closed_to_superusers(self, admin, item):
        workflow, task = Workflow.objects.get(), SopTask.objects.first()
        paths = [
            reverse("wagtailadmin_workflows:index"),
            reverse("wagtailadmin_workflows:add"),
            reverse("wagtailadmin_workflows:edit", args=[workflow.pk]),
            reverse("wagtailadmin_workflows:disable", args=[workflow.pk]),
            reverse("wagtailadmin_workflows:task_index"),
            reverse("wagtailadmin_workflows:edit_task", args=[task.pk]),
            reverse("wagtailadmin_workflows:disable_task", args=[task.pk]),
        ]
        for url in paths:
            assert admin.get(url).status_code == 302, url
            assert admin.post(url, {"name": "lain", "active": ""}).status_code == 302, url
        workflow.refresh_from_db()
        assert workflow.active
        assert SopTask.objects.filter(active=True).count() == 4
        assert not news(item).live

    def test_move_under_another_section_keeps_the_chain(self, admin, item, office):
        home = NewsIndexPage.objects.get(kind="berita").get_parent()
        post(admin, "wagtailadmin_pages:move_confirm", item.page_id, home.pk)
        assert news(item).get_parent().pk == NewsIndexPage.objects.get(kind="berita").pk
        assert news(item).get_workflow().name.startswith("SOP")

    def test_unpublish_and_delete_of_a_live_item(self, admin, live_item):
        post(admin, "wagtailadmin_pages:unpublish", live_item.page_id)
        post(admin, "wagtailadmin_pages:delete", live_item.page_id)
        for action in ("unpublish", "delete"):
            url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
            admin.post(f"{url}?id={live_item.page_id}", follow=True)
        assert news(live_item).live

    def test_deleting_the_whole_section(self, admin, live_item):
        index = NewsIndexPage.objects.get(kind="berita")
        post(admin, "wagtailadmin_pages:delete", index.pk)
        post(admin, "wagtailadmin_pages:unpublish", index.pk, data={"include_descendants": "on"})
        assert news(live_item).live

    def test_editing_a_live_item(self, admin, live_item):
        data = editor_data(live_item, title="Judul lain", **{"action-publish": "1"})
        post(admin, "wagtailadmin_pages:edit", live_item.page_id, data=data)
        post(admin, "wagtailadmin_pages:edit", live_item.page_id, data=editor_data(live_item, title="Judul lain"))
        assert news(live_item).title != "Judul lain"
        assert (
            Revision.page_revisions.filter(object_id=str(live_item.page_id)).count()
            == (
                Revision.page_revisions.filter(
                    object_id=str(live_item.page_id), pk__lte=news(live_item).live_revision_id
                )
            ).count()
        )


class TestOrmPaths:
    def test_revision_publish(self, item, office):
        revision = item.page.get_latest_revision()
        for user in (None, office.admin):
            with refused(GuardViolation, PermissionError), transaction.atomic():
                revision.publish(user=user, skip_permission_checks=True)
        assert not news(item).live

    def test_publish_action(self, item):
        with refused():
            PublishPageRevisionAction(item.page.get_latest_revision()).execute(skip_permission_checks=True)
        assert not news(item).live

    def test_schedule_of_a_revision_and_publish_scheduled(self, item):
        revision = item.page.get_latest_revision()
        revision.approved_go_live_at = timezone.now()
        with refused():
            revision.save()
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
        with refused():
            call_command("publish_scheduled")
        assert not news(item).live

    @pytest.mark.parametrize("options", [{}, {"clean": False}, {"update_fields": ["live"]}])
    def test_save_with_live(self, item, options):
        for page in (news(item), Page.objects.get(pk=item.page_id)):
            page.live = True
            with refused(), transaction.atomic():
                page.save(**options)
        assert not news(item).live

    def test_save_with_live_and_a_live_revision(self, item):
        page = news(item)
        page.live, page.live_revision = True, item.page.get_latest_revision()
        with refused():
            page.save()

    def test_add_child_live(self, item):
        index = NewsIndexPage.objects.get(kind="berita")
        page = NewsPage(title="Langsung", slug="langsung", live=True)
        fill(page)
        with refused(), transaction.atomic():
            index.add_child(instance=page)
        assert not NewsPage.objects.filter(slug="langsung").exists()
        index.refresh_from_db()
        assert index.numchild == NewsPage.objects.count()

    def test_copy_keep_live(self, live_item):
        with refused(), transaction.atomic():
            news(live_item).copy(update_attrs={"slug": "salinan"}, keep_live=True)
        # An index page could be copied, but nothing live below it.
        NewsIndexPage.objects.get(kind="galeri").delete()
        with refused(), transaction.atomic():
            NewsIndexPage.objects.get(kind="berita").copy(
                recursive=True, update_attrs={"slug": "berita-2", "kind": "galeri"}, keep_live=True
            )
        assert NewsPage.objects.live().count() == 1

    def test_a_draft_copy_has_no_disposition_and_cannot_be_handed_over(self, live_item, office):
        """I6."""
        copy = news(live_item).copy(update_attrs={"slug": "salinan"}, keep_live=False)
        assert copy.disposition is None
        with pytest.raises(StepRefused, match="tidak memiliki lembar disposisi"):
            copy.get_workflow().start(copy, office.staf1)
        for user in office.people.values():
            assert [task.get_actions(copy, user) for task in SopTask.objects.all()] == [[], [], [], []]

    def test_an_item_keeps_its_page(self, item):
        with refused(ProtectedError) as refusal, transaction.atomic():
            news(item).delete()
        assert "Disposition.page" in str(refusal.value)

    def test_resuming_the_workflow_is_a_hand_over(self, office):
        """I6."""
        item = take(
            office.bring_to("awaiting_correction"), "return_to_staf", office.sekretaris, {"comment": "Lengkapi."}
        )
        state = news(item).current_workflow_state
        with refused(StepRefused):
            state.resume(office.admin)
        state.resume(office.staf1)
        item.refresh_from_db()
        assert item.state == "awaiting_correction"
        assert AuditEntry.objects.filter(action="hand_over").count() == 2

    def test_alias(self, live_item):
        with pytest.raises(GuardViolation, match="tidak dapat dijadikan alias"), transaction.atomic():
            news(live_item).create_alias(update_slug="alias")
        # There is one list of each kind, so an alias of a list fails on that already.
        with refused(ValidationError, GuardViolation), transaction.atomic():
            NewsIndexPage.objects.get(kind="berita").create_alias(recursive=True, update_slug="berita-2")
        assert NewsPage.objects.count() == 1

    def test_approving_task_states_by_script(self, item, office):
        for task_state in SopTaskState.objects.filter(status="in_progress"):
            with refused(), transaction.atomic():
                task_state.approve(user=office.admin)
        for workflow_state in WorkflowState.objects.filter(status="in_progress"):
            with refused(), transaction.atomic():
                workflow_state.finish(user=office.admin)
            workflow_state.refresh_from_db()
            with refused(), transaction.atomic():
                workflow_state.cancel(user=office.admin)
        assert not news(item).live

    def test_deactivating_tasks_and_workflow(self, item, office):
        for task in SopTask.objects.all():
            with pytest.raises(Exception, match="dinonaktifkan"):
                task.deactivate(office.admin)
        if WorkflowState.objects.filter(status="in_progress").exists():
            with refused(), transaction.atomic():
                Workflow.objects.get().deactivate(office.admin)
        assert not news(item).live

    def test_an_easy_workflow_beside_the_sop(self, item, office):
        easy = Workflow.objects.create(name="Mudah")
        WorkflowTask.objects.create(workflow=easy, task=SopTask.objects.last().task_ptr)
        WorkflowPage.objects.create(workflow=easy, page=Page.objects.get(pk=item.page_id))
        assert news(item).get_workflow().name.startswith("SOP")
        if not WorkflowState.objects.filter(status="in_progress").exists():
            with transaction.atomic():
                state = easy.start(news(item), office.admin)
            with refused():
                state.current_task_state.approve(user=office.admin)
        assert not news(item).live

    def test_unpublish_and_republish(self, office):
        item = take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Turun."})
        with refused():
            item.page.get_latest_revision().publish()
        assert not news(item).live

    def test_going_down_outside_a_take_down(self, live_item):
        with refused(), transaction.atomic():
            news(live_item).unpublish()
        stale = news(live_item)
        stale.live = False
        with refused(), transaction.atomic():
            stale.save()
        with refused(ProtectedError), transaction.atomic():
            news(live_item).delete()
        assert news(live_item).live

    @pytest.mark.parametrize(
        "changes",
        [
            {"title": "Judul lain"},
            {"lead": "Ringkasan lain."},
            {"slug": "lain"},
            {"body": [("paragraph", "<p>Isi lain.</p>")]},
        ],
    )
    def test_changing_what_is_live(self, live_item, changes):
        page = news(live_item)
        for name, value in changes.items():
            setattr(page, name, value)
        with refused(), transaction.atomic():
            page.save()
        with refused(), transaction.atomic():
            page.save(update_fields=list(changes))

    def test_changing_the_title_through_the_base_class(self, live_item):
        page = Page.objects.get(pk=live_item.page_id)
        page.title = "Judul lain"
        with refused(), transaction.atomic():
            page.save()

    def test_changing_tags_of_what_is_live(self, live_item):
        page = news(live_item)
        page.tags.add("jalan-pintas")
        with refused(), transaction.atomic():
            page.save()
        tag = Tag.objects.create(name="lain", slug="lain")
        with refused(), transaction.atomic():
            NewsPageTag.objects.create(content_object=news(live_item), tag=tag)

    def test_bookkeeping_of_what_is_live_is_allowed(self, live_item):
        """The guard allows saving an unchanged live page."""
        page = news(live_item)
        page.save()
        Page.objects.get(pk=page.pk).save()
        assert news(live_item).live


class TestSqlPaths:
    """Plain SQL, against which only the triggers protect."""

    def test_update_live(self, item):
        with pytest.raises(IntegrityError), transaction.atomic():
            Page.objects.filter(pk=item.page_id).update(live=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            NewsPage.objects.filter(pk=item.page_id).update(live=True, title="Lewat SQL")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE wagtailcore_page SET live = true WHERE id = %s", [item.page_id])
        page = news(item)
        page.live = True
        with pytest.raises(IntegrityError), transaction.atomic():
            Page.objects.bulk_update([Page(pk=page.pk, live=True)], ["live"])
        assert not news(item).live

    def test_insert_live(self, item):
        source = Page.objects.get(pk=item.page_id)
        row = Page(
            path=source.path[:-4] + "00ZZ",
            depth=source.depth,
            title="Lewat SQL",
            slug="lewat-sql",
            draft_title="x",
            url_path="/x/",
            live=True,
            content_type=source.content_type,
            locale=source.locale,
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            Page.objects.bulk_create([row])

    def test_update_of_what_is_live(self, live_item):
        pages = Page.objects.filter(pk=live_item.page_id)
        for changes in ({"live": False}, {"title": "Lain"}, {"slug": "lain"}, {"live_revision": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                pages.update(**changes)
        for changes in ({"lead": "Lain."}, {"body": "[]"}, {"activity_place": "Lain"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                NewsPage.objects.filter(pk=live_item.page_id).update(**changes)
        assert news(live_item).live

    def test_changing_the_type_of_a_page(self, item):
        """The triggers recognise news by its own row, whatever the page's type."""
        other = ContentType.objects.get_for_model(NewsIndexPage)
        with pytest.raises(IntegrityError), transaction.atomic():
            Page.objects.filter(pk=item.page_id).update(content_type=other, live=True)

    def test_tags_of_what_is_live(self, live_item):
        tag = Tag.objects.create(name="lain", slug="lain")
        with pytest.raises(IntegrityError), transaction.atomic():
            NewsPageTag.objects.bulk_create([NewsPageTag(content_object_id=live_item.page_id, tag=tag)])

    def test_a_permitted_revision_is_not_rewritten(self, office):
        item = office.bring_to("ordered")
        permit = item.permits.get()
        content = {**permit.revision.content, "title": "Diganti"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=permit.revision_id).update(content=content)

    def test_register_rows_stay_with_their_number(self, item):
        """I7."""
        rows = Disposition.objects.filter(pk=item.pk)
        with pytest.raises(IntegrityError, match="baris register tidak dapat dihapus"), transaction.atomic():
            rows._raw_delete(rows.db)
        for changes in ({"register_year": 1999}, {"register_sequence": 777}, {"register_number": "777"}):
            with pytest.raises(IntegrityError, match="nomor register tidak dapat diubah"), transaction.atomic():
                rows.update(**changes)

    def test_live_news_is_not_closed_by_what_stands_above_it(self, office):
        """I10."""
        page = news(office.bring_to("live"))
        above = page.get_parent()
        message = "halaman memuat berita yang tayang"
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            Page.objects.filter(pk=above.pk).update(live=False)
        for closed in (page, above):
            restriction = PageViewRestriction(page=closed, restriction_type=PageViewRestriction.LOGIN)
            with pytest.raises(IntegrityError, match=message), transaction.atomic():
                PageViewRestriction.objects.bulk_create([restriction])

    def test_permits_are_not_rewritten(self, office):
        item = office.bring_to("ordered")
        permits = PublicationPermit.objects.filter(disposition=item)
        posts = ({"left_out_reason": "Lain."}, {"left_out_labels": {}}, {"posts_late": True}, {"posts_again": ["x"]})
        for changes in ({"seal": "0" * 64}, {"channels": ["x"]}, {"go_live_at": timezone.now()}, *posts):
            with pytest.raises(IntegrityError), transaction.atomic():
                permits.update(**changes)
        with pytest.raises(IntegrityError), transaction.atomic():
            permits._raw_delete(permits.db)
        take(item, "publish", office.staf1)
        with pytest.raises(IntegrityError), transaction.atomic():
            permits.update(executed_at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            permits.update(completed_at=None)


def test_stock_workflow_groups_and_rights_are_gone():
    assert list(Workflow.objects.values_list("name", flat=True)) == ["SOP Pengelolaan Website dan Media Sosial"]
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
    assert not GroupPagePermission.objects.filter(permission__codename="publish_page").exists()
    assert policy_registry.get_by_type(Workflow).user_has_permission(None, "add") is False
