"""The rows of the log: the codes of its lines and what believes them, and comments, which are lines of it."""

from .removal import Removal

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
        "I11: a resolved comment is not opened again by a stale editor",
        f"{PANEL}::KeptCommentForm.clean",
        (f"{TESTS}::test_a_stale_editor_does_not_open_a_resolved_comment_again",),
        old='return cleaned | {"resolved": is_resolved}',
        new='return cleaned | {"resolved": False}',
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
]
