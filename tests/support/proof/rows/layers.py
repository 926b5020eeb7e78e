"""The rows of the layers of docs/invariants.md, from the screen to the disk."""

from ..removal import POSTGRESQL, Removal

DUTIES = "tests/moderation/chain/test_duties.py"
CHAIN = "tests/moderation/chain/test_chain.py"
RACES = "tests/moderation/chain/test_concurrency.py"
ATTACKS = "tests/moderation/evidence/test_attacks.py"
PATHS = "tests/moderation/evidence/test_publish_paths.py"
ALONE = "tests/moderation/evidence/test_layers.py"
SEAL = "tests/moderation/evidence/test_seal.py"
GATE = "tests/moderation/privacy/test_gate.py"
REDIRECTS = "tests/home/serving/test_redirects.py"
LINKS = "tests/moderation/chain/test_links.py"
GUARDS = "moderation/evidence/guards.py"

LAYERS = [
    Removal(
        "layer: table",
        "moderation/sop/actions.py::Action.is_offered_at",
        (f"{DUTIES}::test_whoever_may_not_take_a_step_cannot",),
        new="return True",
    ),
    Removal(
        "layer: policy",
        "moderation/chain/policy.py::Authority.why_not",
        (f"{DUTIES}::test_whoever_may_not_take_a_step_cannot",),
    ),
    Removal(
        "layer: transition, the policy asked again",
        "moderation/chain/transitions.py::perform",
        (f"{DUTIES}::test_whoever_may_not_take_a_step_cannot",),
        old="problem = authority.why_not(action)",
        new="problem = None",
    ),
    Removal(
        "layer: transition, the stale screen",
        "moderation/chain/transitions.py::_check_freshness",
        (f"{CHAIN}::test_a_stale_screen_gets_told_who_was_quicker",),
    ),
    Removal(
        "layer: transition, the lock",
        "moderation/chain/transitions.py::perform",
        (f"{RACES}::test_two_sekretaris_forward_at_the_same_instant",),
        old="Disposition.objects.select_for_update().get",
        new="Disposition.objects.get",
        databases=(POSTGRESQL,),
    ),
    Removal(
        "layer: transition, one transaction",
        "moderation/chain/transitions.py::take",
        (f"{CHAIN}::test_a_step_that_breaks_off_at_its_line_changes_nothing",),
        old="with transaction.atomic(), official_step():",
        new="with official_step():",
    ),
    Removal(
        "layer: transition, the task that is over",
        "moderation/models/task.py::SopTask.on_action",
        (f"{DUTIES}::test_a_task_of_an_earlier_round_takes_no_step",),
        old="if workflow_state.current_task_state_id != task_state.pk:",
        new="if False:",
    ),
    Removal(
        "layer: seal",
        "moderation/ports/seal.py::compute_seal",
        (f"{SEAL}::test_changing_any_field_changes_the_seal",),
        new='return "0" * 64',
    ),
    Removal(
        "layer: seal, child rows",
        "moderation/ports/seal.py::compute_seal",
        (f"{SEAL}::test_tags_are_inside_the_seal",),
        old='"children": _get_children(page),',
        new="",
    ),
    Removal(
        "layer: seal, files",
        "moderation/ports/seal.py::compute_seal",
        (f"{SEAL}::test_bytes_exchanged_on_the_disk_after_the_order_stop_the_publication",),
        old='"media": describe_all_media(get_media(page)) if media is None else media,',
        new="",
    ),
    Removal(
        "layer: permit",
        "moderation/chain/workflow/finish_action.py::finish_workflow",
        (f"{DUTIES}::test_publication_makes_the_permitted_revision_live_not_the_latest",),
        old="PublishVersionAction(permit.version, user).execute(skip_permission_checks=True)",
        new="page.get_latest_revision().publish(user=user, skip_permission_checks=True)",
    ),
    Removal(
        "layer: permission tester",
        "moderation/models/page.py::ModeratedPage.permissions_for_user",
        (f"{ALONE}::test_the_permission_tester_alone_closes_the_screens",),
        new="return PagePermissionTester(user, self)",
    ),
    Removal(
        "layer: permission tester, its refusals",
        "moderation/models/page.py::ModeratedPagePermissionTester._never",
        (f"{ALONE}::test_the_permission_tester_alone_closes_the_screens",),
        new="return True",
    ),
    Removal(
        "layer: personal data",
        "moderation/privacy/steps.py::require_clean",
        (f"{GATE}::test_a_nik_stops_the_hand_over_and_says_where",),
    ),
    Removal(
        "guard: redirects",
        "home/serving/redirects.py::guard_redirect",
        (f"{REDIRECTS}::test_the_address_of_an_item_is_not_redirected",),
    ),
    Removal(
        "guard: redirects, in the form",
        "home/serving/redirects.py::find_refusal",
        (f"{REDIRECTS}::test_the_form_refuses_a_page_that_is_not_live_and_an_own_address",),
        new="return {}",
    ),
    Removal(
        "guard: redirects, in the import",
        "home/serving/redirect_screens.py",
        (f"{REDIRECTS}::test_an_import_names_the_rows_that_it_refuses",),
        old="views.RedirectForm = GuardedRedirectForm",
        new="",
    ),
    Removal(
        "guard: redirects, those from an item's former address",
        "home/serving/redirects.py::find_kept",
        (f"{REDIRECTS}::test_the_redirect_of_an_item_stays",),
    ),
    Removal(
        "guard: redirects, deletion of those from an item's former address",
        "home/serving/redirects.py::guard_kept",
        (f"{REDIRECTS}::test_the_redirect_of_an_item_stays",),
    ),
    Removal(
        "guard: redirects, at the answer",
        "home/serving/redirects.py::LiveRedirectMiddleware.process_response",
        (f"{REDIRECTS}::test_a_redirect_to_itself_that_lies_in_the_database",),
        old="if answer is response or _may_lead(request):",
        new="if True:",
    ),
    Removal(
        "guard: redirects, what was left of earlier ones",
        "home/serving/redirects.py::drop_own_redirects",
        (f"{REDIRECTS}::test_a_page_whose_slug_was_changed_and_changed_back_does_not_lead_to_itself",),
    ),
    Removal(
        "links: what is dead or was changed past the application",
        "moderation/chain/links.py::find_all_problems",
        (f"{LINKS}::test_an_address_changed_in_sql_is_named",),
        new="return {}",
    ),
    Removal(
        "links: the Sekretaris is told",
        "moderation/chain/links.py::tell_of_change",
        (f"{LINKS}::test_a_page_that_was_taken_down_is_told_and_named_until_it_is_back",),
    ),
    Removal("guard: before saving", f"{GUARDS}::on_pre_save", (f"{ALONE}::test_the_guard_alone",)),
    Removal(
        "guard: before deleting",
        f"{GUARDS}::on_pre_delete",
        (f"{SEAL}::test_a_picture_under_an_order_is_neither_exchanged_nor_deleted",),
    ),
    Removal("guard: page", f"{GUARDS}::guard_page", (f"{ALONE}::test_the_guard_alone",)),
    Removal(
        "guard: page, its seal",
        f"{GUARDS}::_check_page",
        (f"{PATHS}::TestOrmPaths::test_changing_what_is_live",),
        old="if compute_seal(_get_effective_page(page, update_fields)) != permit.seal:",
        new="if False:",
    ),
    Removal(
        "guard: revision",
        f"{GUARDS}::guard_revision",
        (f"{DUTIES}::TestFrozenText::test_no_new_revision_once_handed_to_bidang",),
    ),
    Removal(
        "guard: workflow",
        f"{GUARDS}::guard_workflow",
        (f"{PATHS}::TestOrmPaths::test_approving_task_states_by_script",),
    ),
    Removal(
        "guard: child rows",
        f"{GUARDS}::guard_child",
        (f"{PATHS}::TestOrmPaths::test_changing_tags_of_what_is_live",),
    ),
    Removal(
        "guard: item",
        f"{GUARDS}::guard_disposition",
        (f"{DUTIES}::test_register_rows_and_states_are_not_written_by_hand",),
    ),
    Removal("guard: permit", f"{GUARDS}::guard_permit", (f"{ATTACKS}::TestForgedRecords",)),
    Removal(
        "guard: verdict on a finding",
        f"{GUARDS}::guard_finding_decision",
        (f"{GATE}::test_a_decision_cannot_be_made_beside_the_step",),
    ),
    Removal(
        "guard: deletion of a page",
        "moderation/models/disposition.py::Disposition",
        (f"{PATHS}::TestOrmPaths::test_an_item_keeps_its_page",),
        old='"wagtailcore.Page", null=True, on_delete=models.PROTECT',
        new='"wagtailcore.Page", null=True, on_delete=models.SET_NULL',
    ),
]
