"""Each line of the log carries a code whose key is not in the database (I11)."""

import importlib

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from moderation.chain.transitions import take
from moderation.evidence import audit, triggers
from moderation.models import AuditEntry, AuditHead
from moderation.models.audit import GENESIS_HASH
from moderation.ports.exceptions import GuardViolation, StepRefused
from tests.support.audit_log import find_first_break, forge_line
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.django_db
OLD, NEW = "1:" + "a" * 40, "2:" + "b" * 40
FORGED = "tidak ditulis oleh aplikasi"


def make_older_than_the_keys(lines) -> None:
    slip_past_triggers(lines, key_name="", code="")
    slip_past_triggers(AuditHead.objects, key_name="")


class TestForged:
    """SQL without a key, and without dropping a trigger where none stands in the way."""

    def test_a_line_that_is_chained_well_is_named_wherever_its_code_comes_from(self, office):
        office.issue()
        line = forge_line(action="verify", seal="0" * 64)
        assert find_first_break() == f"Kode baris {line.sequence} tidak cocok: baris ini {FORGED}."
        with pytest.raises(CommandError, match=FORGED):
            call_command("verify_audit_log")

    def test_a_line_without_a_code_is_named(self, office):
        office.issue()
        line = forge_line(action="verify", key_name="", code="")
        assert find_first_break() == f"Baris {line.sequence} tidak berkode, padahal baris sebelumnya berkode."

    def test_a_verification_that_the_application_did_not_write_lets_nothing_be_ordered(self, office):
        item = office.bring_to("verified")
        line = AuditEntry.objects.get(action="verify")
        slip_past_triggers(AuditEntry.objects.filter(pk=line.pk), code="0" * 64)
        with pytest.raises(StepRefused, match="Hubungi pengelola situs"):
            take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})

    @pytest.mark.parametrize("action", ["verify", "order"])
    def test_nor_does_it_let_anything_be_published(self, office, action):
        item = office.bring_to("ordered")
        slip_past_triggers(AuditEntry.objects.filter(action=action), code="0" * 64)
        with pytest.raises(StepRefused, match="Hubungi pengelola situs"):
            take(item, "publish", office.staf1)


class TestRotation:
    def test_old_lines_keep_their_key_and_new_ones_take_the_newest(self, office, settings):
        settings.AUDIT_KEYS = [OLD]
        office.issue()
        settings.AUDIT_KEYS = [NEW, OLD]
        office.issue()
        assert list(AuditEntry.objects.values_list("key_name", flat=True)) == ["1", "2"]
        assert find_first_break() is None
        settings.AUDIT_KEYS = [NEW]
        assert find_first_break() == "Baris 1 memakai kunci 1, yang tidak ada dalam AUDIT_KEYS."

    def test_who_has_found_an_old_key_writes_no_line_after_a_new_one(self, office, settings):
        settings.AUDIT_KEYS = [NEW, OLD]
        office.issue()
        line = forge_line(action="verify", key_name="1")
        [key] = [key for key in audit.audit_keys.list_keys() if key.name == "1"]
        slip_past_triggers(AuditEntry.objects.filter(pk=line.pk), code=key.compute_code(line.hash))
        assert "lebih lama daripada kunci baris sebelumnya" in find_first_break()

    def test_a_process_that_does_not_know_the_newest_key_writes_nothing(self, office, settings):
        settings.AUDIT_KEYS = [NEW, OLD]
        office.issue()
        settings.AUDIT_KEYS = [OLD]
        with pytest.raises(GuardViolation, match="memakai kunci 2"):
            office.issue()

    def test_without_keys_the_secret_key_stands_in_and_the_check_says_so(self, office, settings):
        settings.AUDIT_KEYS = []
        office.issue()
        assert AuditEntry.objects.get().key_name.startswith("sk-")
        assert "moderation.W030" in [found.id for found in run_checks(include_deployment_checks=True)]
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one", [settings.SECRET_KEY]
        settings.AUDIT_KEYS = [OLD]
        office.issue()
        assert find_first_break() is None
        assert "moderation.W030" not in [found.id for found in run_checks(include_deployment_checks=True)]

    @pytest.mark.parametrize("keys", [["1:short"], [OLD, "1:" + "c" * 40], ["b" * 40]])
    def test_keys_that_are_none_are_named(self, settings, keys):
        settings.AUDIT_KEYS = keys
        assert "moderation.E030" in [found.id for found in run_checks(include_deployment_checks=True)]


class TestOlderLines:
    """A log from before the keys stays verifiable by its chain."""

    def migrate(self) -> None:
        module = importlib.import_module("moderation.migrations.0006_audit_keys")
        triggers.drop_all()
        module.begin_codes(apps, connection.schema_editor())
        triggers.install_all()

    def test_the_first_coded_line_fixes_the_end_before_it(self, office):
        item = office.bring_to("verified")
        make_older_than_the_keys(AuditEntry.objects)
        assert "yang pertama dengan kode, hilang" in find_first_break()
        last = AuditEntry.objects.latest("sequence")
        self.migrate()
        begun = AuditEntry.objects.latest("sequence")
        assert (begun.action, begun.data["head"], begun.data["lines"]) == ("keys_begun", last.hash, last.sequence)
        assert find_first_break() is None
        take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})
        assert find_first_break() is None

    def test_a_new_site_begins_with_its_first_line(self):
        self.migrate()
        assert not AuditEntry.objects.exists()
        assert find_first_break() is None

    def test_an_old_line_rewritten_with_all_that_follow_is_named(self, office):
        """Whoever has no key can chain the old lines anew, but not the first one with a code."""
        office.bring_to("received")
        make_older_than_the_keys(AuditEntry.objects)
        self.migrate()
        triggers.drop_all()
        previous = GENESIS_HASH
        for line in AuditEntry.objects.order_by("sequence"):
            line.actor_name, line.previous_hash = "Orang lain", previous
            line.hash = previous = line.compute_hash()
            AuditEntry.objects.filter(pk=line.pk).update(
                actor_name="Orang lain", previous_hash=line.previous_hash, hash=previous
            )
        AuditHead.objects.update(hash=previous)
        triggers.install_all()
        assert FORGED in find_first_break()
