"""The rows of I5–I8 and I10–I12: the order, the register, reasons, the log, and no other way live."""

from ..removal import POSTGRESQL, Removal

EFFECTS = "moderation/chain/effects.py"
POLICY = "moderation/chain/policy.py"
PERMITS = "moderation/chain/permits.py"
ACTIONS = "moderation/sop/actions.py"
CHECKS = "moderation/chain/workflow/checks.py"
GUARDS = "moderation/evidence/guards.py"

DUTIES = "tests/moderation/chain/test_duties.py"
CHAIN = "tests/moderation/chain/test_chain.py"
EXEMPT = "tests/moderation/chain/test_classification.py"
RACES = "tests/moderation/chain/test_concurrency.py"
ATTACKS = "tests/moderation/evidence/test_attacks.py"
PATHS = "tests/moderation/evidence/test_publish_paths.py"
AUDIT = "tests/moderation/evidence/test_audit.py"
SEAL = "tests/moderation/evidence/test_seal.py"
ENDS = "tests/moderation/jobs/test_ends.py"
CLOCK = "tests/moderation/jobs/test_clock.py"
NIGHT = "tests/moderation/jobs/test_integrity.py"
SOP = "tests/moderation/sop/test_sop.py"

ITEM = [
    Removal(
        "I5: the order is the Sekretaris's",
        ACTIONS,
        (f"{DUTIES}::test_each_role_finds_its_buttons_and_no_others",),
        old='to="ordered",\n        by=(Role.SEKRETARIS,),',
        new='to="ordered",\n        by=(Role.STAF, Role.SEKRETARIS),',
    ),
    Removal(
        "I5: the order holds the version",
        f"{PERMITS}::issue",
        (f"{CHAIN}::test_an_item_walks_all_eight_rows_and_goes_live",),
        old="seal=seal,",
        new='seal="0" * 64,',
    ),
    Removal(
        "I5: the order names the files",
        f"{PERMITS}::issue",
        (f"{SEAL}::test_a_picture_under_an_order_is_neither_exchanged_nor_deleted",),
        old="for one in media",
        new="for one in ()",
    ),
    Removal(
        "I5: the order is written once",
        "moderation/models/permit.py::PublicationPermit.save",
        (f"{ATTACKS}::TestForgedRecords::test_an_order_is_not_rewritten_in_a_step",),
        old="if self.pk is not None and not set",
        new="if False and not set",
    ),
    Removal(
        "I5: the last order by its key",
        "moderation/models/permit.py::PublicationPermitQuerySet.carried_out",
        (f"{CLOCK}::TestTheLastOrder",),
        old='order_by("-pk")',
        new='order_by("-executed_at")',
    ),
    Removal(
        "I5: orders stand as their lines do",
        "moderation/management/jobs/order_check.py::find_problems",
        (f"{CLOCK}::TestTheLastOrder",),
        new="return []",
    ),
    Removal(
        "I5: an order carried out has its line",
        "moderation/management/proof/items.py::_compare_orders",
        ("tests/moderation/evidence/test_attacks.py::TestProof::test_an_order_carried_out_by_two_updates",),
        old=', (executed, "publish", "dijalankan"))',
        new=",)",
    ),
    Removal(
        "I5: a clock set back is told",
        "moderation/management/jobs/clock.py::watch",
        (f"{CLOCK}::TestWhatItEnded::test_an_appointment_goes_on_and_is_told",),
        new="return 0",
    ),
    Removal(
        "I5: the worker waits for the ordered time",
        "moderation/management/jobs/scheduling.py::get_due",
        ("tests/moderation/jobs/test_scheduling.py::test_the_worker_publishes_when_the_time_has_come",),
        old="go_live_at__lte=now,",
        new="",
    ),
    Removal(
        "I5: by the clock: time, then order",
        "moderation/management/jobs/scheduling.py::get_due",
        ("tests/moderation/jobs/test_scheduling.py::TestManyForOneMinute",),
        old='.order_by("go_live_at", "pk")',
        new='.order_by("-pk")',
    ),
    Removal(
        "I5: by the clock: one error stops one",
        "moderation/management/jobs/scheduling.py::_try",
        ("tests/moderation/jobs/test_scheduling.py::TestManyForOneMinute",),
        old="except Exception as error:",
        new="except OSError as error:",
    ),
    Removal(
        "I5: the Staf waits for the ordered time",
        f"{POLICY}::Authority._why_not_publish",
        (
            "tests/moderation/jobs/test_scheduling.py::"
            "test_the_staf_cannot_publish_before_the_ordered_time_but_the_sekretaris_can",
        ),
        old="if is_early and not has_role(self.user, sop.Role.SEKRETARIS):",
        new="if False:",
    ),
    Removal(
        "I5: an order ends at its time",
        "moderation/models/permit.py::PublicationPermitQuerySet.run_out",
        (f"{ENDS}::test_the_page_goes_down_at_the_end_and_not_before",),
        old="ends_at__lte=now",
        new="ends_at__isnull=False",
    ),
    Removal(
        "I5: an end is believed as the log has it",
        "moderation/chain/withdrawals.py::_require_written",
        (f"{ENDS}::test_nothing_ends_that_no_genuine_line_ordered",),
        new="return None",
    ),
    Removal(
        "I5: the guard waits for the end",
        "moderation/models/permit.py::PublicationPermit.may_run_out",
        (f"{ENDS}::TestInTheDatabase::test_nor_through_the_orm_before_its_time",),
        old="and self.ends_at <= now ",
        new="",
    ),
    Removal(
        "I5: one worker ends an order",
        "moderation/chain/withdrawals.py::run_out",
        (f"{ENDS}::test_of_two_workers_one_does_it",),
        old="select_for_update().",
        new="",
        databases=(POSTGRESQL,),
    ),
    Removal(
        "I5: nobody's take-downs are those of orders",
        "moderation/management/proof/items.py::_compare_end",
        (f"{ENDS}::TestInTheDatabase::test_a_take_down_by_nobody_is_that_of_an_order_that_ran_out",),
        old='if sum(line["actor_id"] is None for line in ended) != len(run_out):',
        new="if False:",
    ),
    Removal(
        "I5: live past its end is told",
        "moderation/management/proof/live.py::_compare_order",
        (f"{ENDS}::test_nothing_ends_that_no_genuine_line_ordered",),
        old="permit.ends_at + END_GRACE < timezone.now()",
        new="False",
    ),
    Removal(
        "I5: an order past its end is not carried out",
        f"{EFFECTS}::publish",
        (f"{ENDS}::test_what_an_order_may_say_of_its_end",),
        old="permit.ends_at <= context.now",
        new="False",
    ),
    Removal(
        "I6: no class offers itself",
        f"{CHECKS}::check_page_classes",
        (f"{SOP}::test_a_class_that_offers_itself_is_reported",),
        new="return []",
    ),
    Removal(
        "I6: starting the workflow is a step",
        "moderation/models/task.py::SopWorkflow.start",
        (f"{PATHS}::TestOrmPaths::test_a_draft_copy_has_no_disposition_and_cannot_be_handed_over",),
        new="return super().start(obj, user)",
    ),
    Removal(
        "I6: resuming the workflow is a step",
        "moderation/models/task.py::SopWorkflowState.resume",
        (f"{PATHS}::TestOrmPaths::test_resuming_the_workflow_is_a_hand_over",),
        new="return super().resume(user)",
    ),
    Removal(
        "I6: a stray copy offers nothing",
        "moderation/models/task.py::SopTask.get_actions",
        (f"{PATHS}::TestOrmPaths::test_a_draft_copy_has_no_disposition_and_cannot_be_handed_over",),
        new="return [(action.code, action.label, True) for action in sop.ACTIONS]",
    ),
    Removal(
        "I7: the row exists",
        "moderation/records/register.py::get_rows",
        ("tests/moderation/records/test_register.py::test_the_row_exists_from_row_one_of_the_sop",),
        new="return []",
    ),
    Removal(
        "I7: the number is drawn with the step",
        "moderation/chain/dispositions.py::issue",
        (f"{CHAIN}::test_a_disposition_that_breaks_off_takes_no_number",),
        old="with whole() as keep:",
        new="keep = []\n    with official_step():",
    ),
    Removal(
        "I7: one number after the other",
        "moderation/chain/dispositions.py::_draw_number",
        (f"{RACES}::test_register_numbers_have_no_gap_and_no_double",),
        old="RegisterYear.objects.select_for_update().get_or_create",
        new="RegisterYear.objects.get_or_create",
        databases=(POSTGRESQL,),
    ),
    Removal(
        "I7: what is cancelled ends its order",
        f"{EFFECTS}::cancel",
        (f"{CHAIN}::test_cancelling_keeps_the_register_row_and_ends_the_order",),
        old='permits.revoke_pending(context.item, context.user, context.data["comment"])',
        new="pass",
    ),
    Removal(
        "I8: the form refuses the exempt",
        "moderation/chain/forms.py::VerifyForm.clean_classification",
        (f"{CHAIN}::test_exempt_information_is_never_approved",),
        new='return self.cleaned_data["classification"]',
    ),
    Removal(
        "I8: verifying sets the class",
        f"{EFFECTS}::verify",
        (f"{CHAIN}::test_exempt_information_is_never_approved",),
        old="context.item.classification = classification",
        new="pass",
    ),
    Removal(
        "I8: marking writes down the ground",
        f"{EFFECTS}::mark_exempt",
        (f"{EXEMPT}::TestMarking::test_the_item_stops_and_waits_for_ppid_pembantu",),
        old='"ground": dict(sop.EXEMPTION_GROUNDS)[context.data["letter"]],',
        new='"ground": "",',
    ),
    Removal(
        "I8: the exemption is fixed",
        f"{EFFECTS}::confirm_exempt",
        (f"{EXEMPT}::TestHeld::test_ppid_pembantu_fixes_it_and_the_workflow_ends",),
        old="context.item.classification = sop.EXEMPT",
        new="pass",
    ),
    Removal(
        "I8: whoever marked does not fix",
        f"{EFFECTS}::confirm_exempt",
        (f"{EXEMPT}::TestHeld::test_whoever_marked_does_not_fix",),
        old="if marked.actor_id == context.user.pk:",
        new="if False:",
    ),
    Removal(
        "I10: the table asks for a reason",
        ACTIONS,
        (f"{CHAIN}::test_every_return_cancellation_and_take_down_needs_a_reason",),
        old="by=(Role.PPID_PEMBANTU, Role.SEKRETARIS),\n        needs_reason=True,",
        new="by=(Role.PPID_PEMBANTU, Role.SEKRETARIS),",
    ),
    Removal(
        "I10: the form asks for a reason",
        "moderation/chain/forms.py::ReasonForm",
        (f"{CHAIN}::test_every_return_cancellation_and_take_down_needs_a_reason",),
        old='label="Alasan",',
        new='label="Alasan", required=False,',
    ),
    Removal(
        "I10: a return asks for a reason",
        "moderation/review/checklist_forms.py::ReturnMixin.clean",
        (f"{CHAIN}::test_every_return_cancellation_and_take_down_needs_a_reason",),
        old="if not reason:",
        new="if False:",
    ),
    Removal(
        "I10: an end has its reason",
        "moderation/chain/forms.py::OrderForm.clean_end_reason",
        (f"{ENDS}::test_what_an_order_may_say_of_its_end",),
        old="if ends_at and not reason:",
        new="if False:",
    ),
    Removal(
        "I10: whatever comes is validated",
        "moderation/chain/transitions.py::clean_data",
        (f"{CHAIN}::test_every_return_cancellation_and_take_down_needs_a_reason",),
        old="if form.is_valid():",
        new="if form.is_valid() or True:",
    ),
    Removal(
        "I11: a line for each row",
        "moderation/chain/transitions.py::_make_lines",
        (f"{CHAIN}::test_an_item_walks_all_eight_rows_and_goes_live",),
        old="for number in context.action.rows or (None,)",
        new="for number in (None,)",
    ),
    Removal(
        "I11: the lines of a step",
        "moderation/chain/transitions.py::record",
        (f"{CHAIN}::test_a_return_from_bidang_lands_with_the_sekretaris_in_the_same_workflow_state", f"{AUDIT}"),
        old="audit.write(lines)",
        new="audit.write([])",
    ),
    Removal(
        "I11: the hash covers every field",
        "moderation/models/audit.py::AuditEntry.compute_hash",
        (f"{AUDIT}::test_a_changed_line_is_named",),
        old="not in self.UNHASHED",
        new='not in {*self.UNHASHED, "reason"}',
    ),
    Removal(
        "I11: a line is saved once",
        "moderation/models/audit.py::AuditEntry.save",
        (f"{AUDIT}::test_lines_cannot_be_changed_or_deleted",),
        new="super().save(*args, **kwargs)",
    ),
    Removal(
        "I11: a line is not deleted",
        "moderation/models/audit.py::AuditEntry.delete",
        (f"{AUDIT}::test_lines_cannot_be_changed_or_deleted",),
        new="return super().delete(*args, **kwargs)",
    ),
    Removal(
        "I11: line by line",
        "moderation/evidence/audit.py::verify_lines",
        (f"{AUDIT}::test_a_changed_line_is_named",),
        old="problem = _find_break(line, sequence, previous_hash) or codes.find_fault(line)",
        new="problem = codes.find_fault(line)",
    ),
    Removal(
        "I11: each line holds on to the one before",
        "moderation/evidence/audit.py::_find_break",
        (f"{AUDIT}::test_a_line_that_was_rewritten_with_its_hash_breaks_the_chain",),
        old="if line.previous_hash != previous_hash:",
        new="if False:",
    ),
    Removal(
        "I11: the end of the log",
        "moderation/evidence/audit.py::verify_lines",
        (f"{AUDIT}::test_a_line_cut_off_the_end_is_noticed",),
        old="if (head.sequence, head.hash) != (sequence, previous_hash) or _runs_past(head):",
        new="if False:",
    ),
    Removal(
        "I11: what the run before saw",
        "moderation/management/jobs/integrity.py::_walk_log",
        (f"{NIGHT}::test_a_log_whose_end_was_cut_off_together_with_its_head",),
        old="if problem is None and witness:",
        new="if False:",
    ),
    Removal(
        "I11: who took a step stays known",
        "moderation/people/account_guards.py::guard_account_deletion",
        ("tests/moderation/people/test_roles.py::TestAccounts",),
    ),
    Removal(
        "I12: the admin of workflows",
        "moderation/chain/workflow/admin_lockdown.py::lock_workflow_admin",
        (f"{PATHS}::TestAdminPaths::test_workflow_and_task_screens_are_closed_to_superusers",),
    ),
    Removal(
        "I12: no alias",
        f"{GUARDS}::guard_page",
        (f"{PATHS}::TestOrmPaths::test_alias",),
        old="if page.alias_of_id:",
        new="if False:",
    ),
    Removal(
        "I12: Wagtail's own workflow goes",
        "moderation/chain/workflow/sync.py::remove_stock_workflow",
        (f"{SOP}::TestDatabase::test_what_wagtail_brings_itself_goes",),
    ),
    Removal(
        "I12: settings that open a way",
        f"{CHECKS}::check_settings",
        (f"{SOP}::test_a_setting_that_opens_a_way_is_reported",),
        new="return []",
    ),
    Removal(
        "I12: drift of the database",
        f"{CHECKS}::find_drift",
        (f"{SOP}::TestDatabase::test_drift_is_reported",),
        new="return []",
    ),
    Removal(
        "I12: who may publish below the news",
        f"{CHECKS}::_may_hold_moderated",
        (f"{SOP}::TestDatabase::test_a_right_to_publish_news_is_drift",),
        new="return False",
    ),
    Removal(
        "I12: altered triggers are named",
        "moderation/evidence/trigger_check.py::find_altered",
        (f"{NIGHT}::test_a_missing_and_an_emptied_trigger",),
        new="return []",
    ),
]
