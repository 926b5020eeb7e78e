"""The rows of the log: the codes of its lines and what believes them, and comments, which are lines of it."""

from ..removal import BOTH, Removal

WAYS = "tests/moderation/proof/test_both_ways.py"
TOLD = f"{WAYS}::test_what_was_done_past_the_application_is_named"
SERVED = "tests/home/served/test_served.py"
WITNESS = "tests/moderation/proof/test_witness.py::TestCompared"
KEYS = "tests/moderation/evidence/test_audit_keys.py"

LOG = [
    Removal(
        "I5: the order believes what the application wrote",
        "moderation/chain/effects.py::_require_verified",
        (f"{KEYS}::TestForged::test_a_verification_that_the_application_did_not_write_lets_nothing_be_ordered",),
        old="if not any(map(audit.is_genuine, lines)):",
        new="if False:",
    ),
    Removal(
        "I5: so does the publication",
        "moderation/chain/effects.py::_require_ordered",
        (f"{KEYS}::TestForged::test_nor_does_it_let_anything_be_published",),
    ),
    Removal(
        "I11: a line without a code after one with it",
        "moderation/evidence/audit.py::_Codes.find_fault",
        (f"{KEYS}::TestForged::test_a_line_without_a_code_is_named",),
        old="if not name and not self.last and not line.code:",
        new="if not name:",
    ),
    Removal(
        "I11: the code of a line",
        "moderation/evidence/audit.py::_Codes.find_fault",
        (f"{KEYS}::TestForged::test_a_line_that_is_chained_well_is_named_wherever_its_code_comes_from",),
        old="if not self.keys[name].fits(line.hash, line.code):",
        new="if False:",
    ),
    Removal(
        "I11: no older key after a newer one",
        "moderation/evidence/audit.py::_Codes.find_fault",
        (f"{KEYS}::TestRotation::test_who_has_found_an_old_key_writes_no_line_after_a_new_one",),
        old="if self.last in self.ages and self.ages[name] > self.ages[self.last]:",
        new="if False:",
    ),
    Removal(
        "I11: no line by who does not know the key",
        "moderation/evidence/audit.py::write",
        (f"{KEYS}::TestRotation::test_a_process_that_does_not_know_the_newest_key_writes_nothing",),
        old="if head.key_name and head.key_name not in {key.name for key in keys}:",
        new="if False:",
    ),
    Removal(
        "I11: the first line with a code",
        "moderation/evidence/audit.py::verify_lines",
        (f"{KEYS}::TestOlderLines::test_the_first_coded_line_fixes_the_end_before_it",),
        old="if sequence and not codes.last:",
        new="if False:",
    ),
    Removal(
        "I11: a code is made with the key",
        "moderation/evidence/audit_keys.py::Key.compute_code",
        (f"{KEYS}::TestOlderLines::test_an_old_line_rewritten_with_all_that_follow_is_named", f"{KEYS}::TestRotation"),
        old="hmac.new(self.secret, ",
        new='hmac.new(b"", ',
    ),
]

GUARDS = "moderation/chain/comment_guards.py"
PANEL = "moderation/desk/comment_panel.py"

TESTS = "tests/moderation/chain/test_editor_comments.py"
CHECK = "tests/moderation/jobs/test_comment_check.py"
CONFIRMED = "tests/moderation/records/test_confirmations.py"
BINNED = f"{TESTS}::test_binning_the_commented_block_resolves_nothing"
SHELL = f"{TESTS}::test_a_shell_neither_resolves_nor_erases"
CHANGED = f"{TESTS}::test_changed_words_and_erased_answers_are_lines"

COMMENTS = [
    Removal("I11: an open comment is not resolved past the worksheet", f"{GUARDS}::guard_comment", (SHELL,)),
    Removal("I11: an open comment is not erased", f"{GUARDS}::guard_comment_deletion", (SHELL,)),
    Removal("I11: a comment is a line", f"{GUARDS}::on_comment_saved", (CHANGED,)),
    Removal("I11: an answer is a line", f"{GUARDS}::on_reply_saved", (CHANGED,)),
    Removal("I11: new words of an answer are a line", f"{GUARDS}::note_reply_change", (CHANGED,)),
    Removal("I11: an erased answer is a line", f"{GUARDS}::on_reply_deleted", (CHANGED,)),
    Removal(
        "I11: the editor resolves no comment",
        f"{PANEL}::KeptCommentForm.clean",
        (BINNED,),
        new="return super().clean()",
    ),
    Removal(
        "I11: the editor erases no comment",
        f"{PANEL}::KeptCommentFormSet._should_delete_form",
        (BINNED,),
        new="return super()._should_delete_form(form)",
    ),
    Removal(
        "I11: a resolved comment is not opened again",
        f"{GUARDS}::guard_comment",
        (f"{TESTS}::test_a_resolved_comment_is_not_opened_again",),
        old="if resolved_at != instance.resolved_at and",
        new="if resolved_at is None and instance.resolved_at and",
        databases=BOTH,
    ),
    Removal(
        "I11: a stale editor writes no resolved comment anew",
        f"{PANEL}::KeptCommentFormSet._should_delete_form",
        (f"{TESTS}::test_a_resolved_comment_is_not_opened_again",),
        old='bool(form.data.get(form.add_prefix("id"))) or ',
        new="",
        databases=BOTH,
    ),
    Removal(
        "I11: every night, comments and their lines",
        "moderation/management/jobs/comment_check.py::find_problems",
        (f"{CHECK}::TestProof",),
        new="return []",
    ),
    Removal(
        "I11: comments of an earlier version are noted",
        "moderation/management/jobs/comment_check.py::note_earlier",
        (f"{CHECK}::TestProof::test_comments_of_a_version_without_lines_are_noted_once",),
    ),
    Removal(
        "I11: no quoted person confirms what was changed",
        "moderation/records/confirmations.py::find",
        (f"{CONFIRMED}::TestLink::test_a_changed_passage_cannot_be_confirmed",),
        old='raise LinkRefused("changed")',
        new="pass",
    ),
    Removal(
        "I11: every night, confirmations and their lines",
        "moderation/management/jobs/confirmation_check.py::find_problems",
        (f"{CONFIRMED}::TestAppendOnly::test_what_was_changed_past_the_triggers_is_named_at_night",),
        new="return []",
        databases=BOTH,
    ),
]

PROOF = [
    *(
        Removal(f"proof: {name}", f"moderation/management/proof/items.py::{function}", (f"{TOLD}[{told}]",), new=new)
        for name, function, told, new in (
            ("the state of an item", "_compare_state", "a state", "return None"),
            ("its number", "_compare_number", "a number", "return None"),
            ("its orders", "_compare_orders", "an order that no line tells of", "return None"),
            ("how it ended", "_compare_end", "a permit revoked", "return None"),
            ("its page", "_compare_page", "a page taken down", "return None"),
            ("its task", "_compare_task", "a task", "return None"),
            ("what is gone from the register", "_find_gone", "a row of the register", "return []"),
        )
    ),
    Removal(
        "proof: an order marked as ended",
        "moderation/management/proof/live.py::_compare_order",
        (f"{TOLD}[a permit marked]",),
    ),
    Removal(
        "proof: what nobody installed",
        "moderation/evidence/trigger_check.py::find_foreign",
        (f"{WAYS}::TestForeign::test_another_trigger",),
        new="return []",
        databases=BOTH,
    ),
    Removal(
        "proof: what citizens are served",
        "home/served/items.py::_ask_for_live",
        (f"{SERVED}::test_a_page_that_shows_another_seal",),
    ),
    Removal(
        "proof: what was taken down answers 410",
        "home/served/items.py::_ask_for_gone",
        (f"{SERVED}::test_a_take_down_that_answers_as_if_nothing_had_been",),
    ),
    Removal(
        "proof: lists and feeds",
        "home/served/lists.py::_compare",
        (f"{SERVED}::test_a_list_without_an_item_is_named",),
    ),
    Removal(
        "proof: the sitemap",
        "home/served/lists.py::_compare_sitemap",
        (f"{SERVED}::test_a_list_without_an_item_is_named",),
        new="return []",
    ),
    Removal("proof: the witness", "moderation/records/witness.py::find_difference", (WITNESS,)),
]
