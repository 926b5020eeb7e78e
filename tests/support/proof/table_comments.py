"""The rows of comments: each is a line, and none is resolved unknowingly."""

from .removal import Removal

GUARDS = "moderation/chain/comment_guards.py"
PANEL = "moderation/desk/comment_panel.py"

TESTS = "tests/moderation/chain/test_editor_comments.py"
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
]
