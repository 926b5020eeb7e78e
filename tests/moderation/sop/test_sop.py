"""The tables of ``sop`` equal the written SOP, and the database equals the tables."""

import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from wagtail.models import GroupPagePermission, Workflow, WorkflowTask

from moderation import sop
from moderation.chain.workflow import checks, sync
from moderation.evidence import triggers
from moderation.models import SopTask
from moderation.ports.official_step import official_step
from moderation.sop import choices
from news.models import NewsIndexPage, NewsPage
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.db_agnostic

#: The columns of the written SOP: number, actor, next, output.
PAPER = [
    (1, "PPID Pembantu", "Sekretaris", "Lembar disposisi"),
    (2, "Sekretaris", "Sekretariat", "Lembar disposisi"),
    (3, "Sekretariat", "Sekretariat", "Lembar disposisi, materi publikasi"),
    (4, "Sekretariat", "Staf Sekretariat", "Materi publikasi"),
    (5, "Staf Sekretariat", "Sekretaris", "Materi publikasi terkoreksi"),
    (6, "Sekretaris", "Bidang Pengolahan Data dan Klasifikasi Informasi", "Materi publikasi terkoreksi"),
    (7, "Bidang Pengolahan Data dan Klasifikasi Informasi", "Sekretaris", "Materi publikasi terverifikasi"),
    (8, "Sekretaris", "Staf Sekretariat", "Informasi di website dan media sosial"),
]

LISTS = {name for name in vars(choices) if name.startswith("list_")}


def test_the_rows_are_those_of_the_paper():
    assert [(row.number, row.actor, row.next_actor, row.output) for row in sop.ROWS] == PAPER
    assert {row.time for row in sop.ROWS} == {""}
    assert [row.remark for row in sop.ROWS if row.remark] == ["Website dan media sosial"]


def test_each_action_leads_to_whom_the_paper_names():
    """The next actor of a row is the holder of the step that its action leads to."""
    for row in sop.ROWS:
        forward = [a for a in sop.ACTIONS if row.number in a.rows and not a.is_return and a.to != "done"]
        last = [action for action in forward if sop.step_of(action.to) is not None][-1]
        assert sop.step_of(last.to).role == row.next_actor, row.number


def test_the_table_passes_its_own_checks():
    assert checks.check_table(None) == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("ROWS", sop.ROWS[:-1], "moderation.E001"),
        ("ACTIONS", (*sop.ACTIONS, sop.Action("x", "x", "x", ("nowhere",), "done", (), "x")), "moderation.E002"),
        ("ACTIONS", tuple(action for action in sop.ACTIONS if 7 not in action.rows), "moderation.E003"),
    ],
)
def test_a_broken_table_is_reported(monkeypatch, name, value, error):
    monkeypatch.setattr(sop, name, value)
    assert error in {found.id for found in checks.check_table(None)}


def test_a_class_that_offers_itself_is_reported(monkeypatch):
    """I6."""
    assert checks.check_page_classes(None) == []
    monkeypatch.setattr(NewsPage, "is_creatable", True)
    assert [found.id for found in checks.check_page_classes(None)] == ["moderation.E005"]


def test_a_setting_that_opens_a_way_is_reported(settings):
    """I12."""
    assert checks.check_settings(None) == []
    settings.WAGTAIL_FINISH_WORKFLOW_ACTION = "wagtail.workflows.publish_workflow_state"
    settings.WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = True
    assert [found.id for found in checks.check_settings(None)] == ["moderation.E020", "moderation.E021"]


@pytest.mark.django_db
class TestDatabase:
    def test_what_wagtail_brings_itself_goes(self):
        """I12."""
        Workflow.objects.create(name=sync.STOCK_WORKFLOW)
        for name in sync.STOCK_GROUPS:
            Group.objects.create(name=name)
        sync.set_up()
        assert not Workflow.objects.filter(name=sync.STOCK_WORKFLOW).exists()
        assert not Group.objects.filter(name__in=sync.STOCK_GROUPS).exists()

    def test_a_right_to_publish_news_is_drift(self):
        """I12."""
        publish = Permission.objects.get(codename="publish_page", content_type__app_label="wagtailcore")
        staf, news = Group.objects.get(name="Staf Sekretariat"), NewsIndexPage.objects.first()
        GroupPagePermission.objects.create(group=staf, page=news, permission=publish)
        assert checks.find_drift() == [f"Group Staf Sekretariat may publish below page {news.pk}."]

    def test_setting_up_again_changes_nothing(self):
        def snapshot():
            return (
                list(Group.objects.order_by("name").values_list("name", flat=True)),
                list(SopTask.objects.order_by("pk").values_list("pk", "step", "name")),
                list(WorkflowTask.objects.order_by("sort_order").values_list("workflow", "task")),
                sorted(triggers.find_installed(connection)),
            )

        before = snapshot()
        sync.set_up()
        triggers.install_all()
        assert snapshot() == before
        assert [step for _pk, step, _name in before[1]] == [
            "correction",
            "verification",
            "publication_order",
            "publication",
        ]

    def test_the_database_passes_its_check(self):
        assert checks.find_drift() == []
        call_command("check", databases=["default"])

    def test_drift_is_reported(self):
        with official_step():
            WorkflowTask.objects.filter(task__soptask__step="verification").delete()
        Workflow.objects.create(name="Mudah")
        slip_past_triggers(Group.objects.filter(name="Sekretariat"), name="Sekretariat lama")
        drift = " ".join(checks.find_drift())
        assert "Group Sekretariat is missing" in drift
        assert "“Mudah” is active beside" in drift
        assert "verification" in drift
        assert {found.id for found in checks.check_database(None, databases=["default"])} == {"moderation.W010"}

    def test_every_trigger_stands(self):
        expected = {triggers.PREFIX + trigger.name for trigger in triggers.get_triggers(connection.vendor)}
        assert set(triggers.find_installed(connection)) == expected
        assert len(expected) > 30


def test_a_changed_label_needs_no_migration():
    """Choices from the tables are callables, which migrations name without their labels."""
    labels = {label for name in LISTS for _value, label in getattr(choices, name)()}
    fields = [
        field
        for app in ("moderation", "news")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if field.choices
    ]
    from_tables = [field for field in fields if {label for _value, label in field.flatchoices} <= labels]
    assert {field.deconstruct()[3]["choices"].__name__ for field in from_tables} == LISTS


def test_the_checks_run_with_those_of_django():
    """In a process that has not imported them for a test."""
    found = subprocess.run(
        [sys.executable, "manage.py", "check", "--list-tags"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "moderation" in found.stdout.split()
