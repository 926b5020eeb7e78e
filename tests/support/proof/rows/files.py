"""The rows of pictures, documents and collections: whole, in place and open as long as something needs them."""

from ..removal import Removal

MEDIA = "moderation/evidence/media_guards.py"
USES = "moderation/evidence/uses.py"

FILES = "tests/moderation/evidence/test_files.py"
CLOSED = f"{FILES}::TestClosed"
DRAFTS = f"{FILES}::TestDrafts"

SHARED = "moderation/uploads/shared_files.py"
STORE = "tests/home/backup/test_media_store.py"

KEPT_FILES = [
    Removal(
        "files: only what the site signed",
        f"{SHARED}::_is_signed",
        (f"{STORE}::TestTwoMachines::test_from_the_upload_to_the_withdrawal",),
        new="return True",
    ),
    Removal(
        "files: a copy is what the store has",
        f"{SHARED}::_is_copy",
        (f"{STORE}::TestTwoMachines::test_from_the_upload_to_the_withdrawal",),
        new="return place.is_file()",
    ),
    Removal("guard: files", f"{MEDIA}::guard_media", (f"{FILES}::TestExchange::test_past_the_form_and_past_the_orm",)),
    Removal(
        "guard: files that are deleted",
        f"{MEDIA}::guard_media_deletion",
        (f"{DRAFTS}::test_a_verified_version_keeps_its_picture_when_the_item_is_cancelled",),
    ),
    Removal(
        "guard: what a draft names",
        f"{MEDIA}::guard_named_deletion",
        (f"{DRAFTS}::test_a_category_that_only_a_draft_names",),
    ),
    Removal(
        "guard: collections",
        f"{MEDIA}::guard_collection",
        (f"{CLOSED}::test_a_restriction_is_turned_to_another_collection",),
    ),
    Removal(
        "guard: files in closed collections",
        f"{MEDIA}::find_refusal_to_close",
        (f"{CLOSED}::test_a_file_moved_into_a_closed_collection",),
        new='return ""',
    ),
    Removal(
        "files: nothing goes live in a closed collection",
        "moderation/chain/permits.py::complete",
        (f"{CLOSED}::test_nothing_goes_live_with_a_document_that_is_closed",),
        old="if closed:",
        new="if False:",
    ),
    Removal(
        "files: every use",
        f"{USES}::find_uses",
        (f"{DRAFTS}::test_a_verified_version_keeps_its_picture_when_the_item_is_cancelled",),
        new="return []",
    ),
    Removal(
        "files: used in a draft",
        f"{USES}::_walk_drafts",
        (f"{DRAFTS}::test_a_draft_of_a_page_outside_the_sop",),
        new="yield from ()",
    ),
    Removal(
        "files: used in a version that the log names",
        f"{USES}::_walk_log",
        (f"{DRAFTS}::test_a_verified_version_keeps_its_picture_when_the_item_is_cancelled",),
        new="yield from ()",
    ),
    Removal(
        "files: used in an order",
        f"{USES}::_walk_permits",
        (f"{CLOSED}::test_a_file_moved_into_a_closed_collection",),
        new="yield from ()",
    ),
    Removal(
        "files: refused in the form",
        "moderation/desk/library/forms.py::VersionedFileForm._refuse_change",
        (f"{FILES}::TestExchange::test_the_title_of_a_document_is_refused_in_the_form",),
    ),
    Removal(
        "files: a replaced one stays until the commit",
        "moderation/desk/library/forms.py::VersionedFileForm.save",
        (f"{FILES}::TestExchange::test_a_replaced_file_leaves_the_disk_after_the_commit",),
        new="return super().save(commit=commit)",
    ),
    Removal(
        "files: one that is gone is named",
        "moderation/ports/seal.py::find_missing_files",
        (f"{FILES}::TestMissing::test_the_proof_names_the_file",),
        new="return []",
    ),
    Removal(
        "files: those closed past the application are named",
        f"{MEDIA}::list_closed",
        (f"{CLOSED}::test_the_proof_names_what_was_closed_in_sql",),
        new="return []",
    ),
]
