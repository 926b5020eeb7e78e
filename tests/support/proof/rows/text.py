"""The rows of I1–I4: what is live is the verified text, judged by another than its author."""

from ..removal import BOTH, Removal

EFFECTS = "moderation/chain/effects.py"
COPIED = "tests/moderation/records/test_copied_items.py"
POLICY = "moderation/chain/policy.py"
PERMITS = "moderation/chain/permits.py"
ACTIONS = "moderation/sop/actions.py"
ACCOUNTS = "moderation/people/account_guards.py"
ROLES = "tests/moderation/people/test_roles.py"
GUARDS = "moderation/evidence/guards.py"

DUTIES = "tests/moderation/chain/test_duties.py"
APART = f"{DUTIES}::TestSeparationOfDuties"
FROZEN = f"{DUTIES}::TestFrozenText"
CHAIN = "tests/moderation/chain/test_chain.py"
RALAT = "tests/moderation/chain/test_correction.py"
ATTACKS = "tests/moderation/evidence/test_attacks.py"
SEAL = "tests/moderation/evidence/test_seal.py"
NIGHT = "tests/moderation/jobs/test_integrity.py"
SOP = "tests/moderation/sop/test_sop.py"
STALE = "tests/moderation/desk/test_stale_editor.py"
MAILS = "tests/moderation/people/test_notifications.py"
ONE = "tests/moderation/people/test_one_person.py"
WORDS = "tests/news/test_words.py"
ACTING = "tests/moderation/people/test_appointments.py"

TEXT = [
    Removal(
        "I1: the text handed over",
        f"{EFFECTS}::_require_unchanged",
        (f"{FROZEN}::test_a_change_past_the_orm_between_handing_over_and_verifying_is_noticed",),
        old="if context.seal != task_state.seal:",
        new="if False:",
    ),
    Removal(
        "I1: the text ordered",
        f"{EFFECTS}::publish",
        (f"{SEAL}::test_bytes_exchanged_on_the_disk_after_the_order_stop_the_publication",),
        old="!= permit.seal:",
        new="!= permit.seal and False:",
    ),
    Removal(
        "I1: the rows that citizens read",
        f"{PERMITS}::complete",
        (f"{SEAL}::test_rows_changed_in_the_midst_of_a_publication_stop_it",),
        old="!= permit.seal:",
        new="!= permit.seal and False:",
    ),
    Removal(
        "I1: markup that no page shows",
        "news/blocks.py::ParagraphBlock.clean",
        ("tests/news/test_rich_text.py::test_an_embed_put_past_the_editor_is_not_handed_on",),
        new="return super().clean(value)",
    ),
    Removal(
        "I1: nothing drawn from another table",
        "news/editor/rich_text.py::clean",
        ("tests/news/test_rich_text.py::test_what_was_published_before_is_not_drawn_from_another_table",),
        new="return html",
    ),
    Removal(
        "I1: words go with the text",
        "news/models/words.py::SealedWords.save_revision",
        (f"{WORDS}::TestRenamed",),
        old="if changed:",
        new="if False:",
    ),
    Removal(
        "I1: words as verified",
        "news/models/words.py::SealedWords.get_words",
        (f"{WORDS}::TestRenamed",),
        old="if words:",
        new="if False:",
    ),
    Removal(
        "I1: topics of what is live",
        "news/models/triggers.py::guard_topic",
        (f"{WORDS}::TestInTheDatabase::test_a_topic_of_what_is_live_is_not_renamed",),
    ),
    Removal(
        "I1: every night",
        "moderation/management/proof/live.py::_describe",
        (f"{NIGHT}::test_an_exchanged_text_is_named_and_told",),
        new="return {}",
    ),
    Removal(
        "I2: the verifier is Bidang",
        ACTIONS,
        (f"{DUTIES}::test_each_role_finds_its_buttons_and_no_others",),
        old='to="verified",\n        by=(Role.BIDANG,),',
        new='to="verified",\n        by=(Role.BIDANG, Role.SEKRETARIS),',
    ),
    Removal(
        "I2: an author verifies nothing",
        f"{POLICY}::Authority._why_not_this_person",
        (APART,),
        old="if is_verdict and action.by == (sop.Role.BIDANG,) and key in self.author_ids:",
        new="if False:",
    ),
    Removal(
        "I2: a judge writes nothing",
        f"{POLICY}::Authority._why_not_this_person",
        (f"{ACTING}::TestSeparationOfDuties",),
        old="if action.code in WRITING and key in self.judge_ids:",
        new="if False:",
    ),
    Removal(
        "I2: judges are known",
        f"{POLICY}::Authority.judge_ids",
        (f"{ACTING}::TestSeparationOfDuties",),
        new="return set()",
    ),
    Removal(
        "I2: whoever was assigned is an author",
        f"{POLICY}::Authority.author_ids",
        ("tests/moderation/chain/test_reassign.py::test_the_one_before_stays_an_author",),
        old="*self.named_ids, ",
        new="",
    ),
    Removal(
        "I2: whoever proposed is an author",
        f"{POLICY}::Authority.author_ids",
        ("tests/moderation/records/test_proposals.py::TestProposer::test_a_proposer_does_not_verify_the_item",),
        old="*self.proposer_ids, ",
        new="",
    ),
    Removal(
        "I2: whoever wrote a copied text is an author",
        f"{POLICY}::Authority.author_ids",
        (f"{COPIED}::test_whoever_wrote_the_old_text_does_not_verify_its_copy",),
        old="authors |= self.copied_author_ids",
        new="pass",
    ),
    Removal(
        "I2: whoever wrote a revision is an author",
        f"{POLICY}::Authority.author_ids",
        (f"{APART}::test_whoever_wrote_one_revision_cannot_verify_even_as_superuser",),
        old='authors.update(written.order_by().values_list("user_id", flat=True).distinct())',
        new="pass",
    ),
    Removal(
        "I2: whoever took a step of writing is an author",
        f"{POLICY}::Authority.author_ids",
        (f"{APART}::test_the_log_alone_names_who_corrected",),
        old=", *self._get_actors(WRITING)",
        new="",
    ),
    Removal(
        "I2: whoever corrected is an author",
        f"{POLICY}::Authority.author_ids",
        (f"{APART}::test_the_state_of_the_task_alone_names_who_corrected",),
        old='authors.update(corrected.values_list("finished_by_id", flat=True).distinct())',
        new="pass",
    ),
    Removal(
        "I2: the verifier does not order, where asked",
        f"{POLICY}::Authority._why_not_this_person",
        (f"{ONE}::TestVerifierAndOrder::test_where_the_office_wants_two_another_orders",),
        old='if action.code == "order" and self.procedure.verifier_may_not_order and key in self.verifier_ids:',
        new="if False:",
    ),
    Removal(
        "I2: accounts of one name are told",
        "moderation/people/duties.py::find_namesakes",
        (f"{ONE}::TestNamesakes",),
        new="return []",
    ),
    Removal(
        "I2: one person is told on paper",
        "moderation/people/duties.py::describe_one_person",
        (f"{ONE}::TestVerifierAndOrder::test_by_default_one_person_may_and_the_case_file_says_so",),
        new="return []",
    ),
    Removal(
        "I2: a superuser holds no role",
        "moderation/models/roles.py::has_role",
        (f"{DUTIES}::test_a_superuser_holds_no_role",),
        new="return user.is_superuser or bool(get_role_names(user) & {role.value for role in roles})",
    ),
    Removal(
        "I2: the names of roles",
        "moderation/models/roles.py::get_role_names",
        (f"{DUTIES}::test_a_superuser_holds_no_role",),
        new="return {role.value for role in sop.Role} if user.is_superuser else get_group_names(user)",
    ),
    Removal(
        "I2: who wrote stays known",
        f"{GUARDS}::guard_deletion",
        (f"{ATTACKS}::TestDuties::test_purged_revisions_do_not_make_an_author_a_verifier",),
        old="if _is_of_moderated_page(instance) and Disposition.objects.filter(page_id=instance.object_id).exists():",
        new="if False:",
    ),
    Removal(
        "I2: a role that is given is written down",
        "moderation/people/role_audit.py::on_groups_changed",
        (f"{ATTACKS}::TestDuties::test_granting_a_role_is_written_down",),
    ),
    Removal(
        "I2: a role keeps its name",
        f"{ACCOUNTS}::guard_group",
        (f"{ROLES}::TestGroups::test_two_groups_cannot_change_their_names",),
        databases=BOTH,
    ),
    Removal(
        "I2: a role stays",
        f"{ACCOUNTS}::guard_group_deletion",
        (f"{ROLES}::TestGroups::test_a_role_cannot_be_deleted",),
    ),
    Removal(
        "I2: a role keeps its access",
        f"{ACCOUNTS}::guard_group_permissions",
        (f"{ROLES}::TestGroups::test_a_role_keeps_its_access",),
    ),
    Removal(
        "I2: a role that no line gave is named",
        "moderation/people/role_audit.py::find_unlogged",
        (f"{ROLES}::TestHolders",),
        new="return []",
    ),
    Removal(
        "I3: the table leads to the Sekretaris",
        ACTIONS,
        (f"{CHAIN}::test_a_return_from_bidang_lands_with_the_sekretaris_in_the_same_workflow_state",),
        old='at=("awaiting_verification",),\n        to="returned",',
        new='at=("awaiting_verification",),\n        to="returned_to_staf",',
    ),
    Removal(
        "I3: the task after a return",
        f"{EFFECTS}::return_to_correction",
        (f"{CHAIN}::test_a_return_from_bidang_lands_with_the_sekretaris_in_the_same_workflow_state",),
        old="_start_task(context, task_state.workflow_state, passage)",
        new="pass",
    ),
    Removal(
        "I3: whoever is next is told",
        "moderation/people/notifications.py::tell_next",
        (f"{MAILS}::test_whoever_is_next_is_told_and_nobody_else",),
    ),
    Removal(
        "I3: whoever had handed it on is told",
        "moderation/people/notifications.py::get_people_to_tell",
        (f"{CHAIN}::test_a_return_from_bidang_lands_with_the_sekretaris_in_the_same_workflow_state",),
        new="return get_next_people(item)",
    ),
    Removal(
        "I4: the lock of the editor",
        "moderation/models/page.py::SopLock.for_user",
        (f"{FROZEN}::test_who_may_write",),
        new="return False",
    ),
    Removal(
        "I4: who may write",
        f"{POLICY}::may_write_text",
        (f"{FROZEN}::test_who_may_write",),
        new="return True",
    ),
    Removal(
        "I4: who may write, asked of the person",
        f"{POLICY}::Authority.may_write_text",
        (f"{STALE}::test_a_stale_tab_saves_nothing_and_shows_what_was_typed",),
        new="return True",
    ),
    Removal(
        "I4: a return revokes the order",
        f"{PERMITS}::revoke_pending",
        (f"{FROZEN}::test_returning_to_correction_voids_verification_and_order",),
    ),
    Removal(
        "I4: a return calls for its revocation",
        f"{EFFECTS}::return_to_correction",
        (f"{FROZEN}::test_returning_to_correction_voids_verification_and_order",),
        old='permits.revoke_pending(context.item, context.user, context.data["comment"])',
        new="pass",
    ),
    Removal(
        "I4: verified, as the log has it",
        f"{EFFECTS}::_require_verified",
        (f"{ATTACKS}::TestForgedRecords::test_the_seal_of_a_task_is_not_what_the_order_believes",),
    ),
    Removal(
        "I4: verified in this round",
        f"{EFFECTS}::_find_lines",
        (f"{ATTACKS}::TestForgedRecords::test_a_verification_of_an_earlier_round_is_none",),
        old='"round": context.item.round, ',
        new="",
    ),
]
