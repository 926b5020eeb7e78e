"""The rows of the triggers: each trigger of the guard alone, and the notes of the page cache set by set."""

from ..removal import POSTGRESQL, Removal, notes, trigger

ADDRESSES = "tests/moderation/evidence/test_addresses.py"
ABOVE, MOVES, TAKEN, SITE = (
    f"{ADDRESSES}::{name}" for name in ("TestPagesAbove", "TestMoves", "TestTaken", "TestSite")
)
FORMER = "tests/home/serving/test_redirects.py"
ENDS = "tests/moderation/jobs/test_ends.py::TestInTheDatabase"
LIVE = "tests/moderation/evidence/test_live_triggers.py"
EACH = "tests/moderation/evidence/test_each_trigger.py"
SQL = "tests/moderation/evidence/test_publish_paths.py::TestSqlPaths"
FORGED = "tests/moderation/evidence/test_attacks.py::TestForgedRecords"
DISGUISE = "tests/moderation/evidence/test_attacks.py::TestDisguise"
FILES = "tests/moderation/evidence/test_attacks.py::TestFiles"
DRAFTS = "tests/moderation/evidence/test_files.py::TestDrafts"
COMMENTS = "tests/moderation/jobs/test_comment_check.py"
CONFIRMATION = "tests/moderation/records/test_confirmations.py::TestAppendOnly::test_the_database_refuses"
CLOSED = "tests/moderation/evidence/test_files.py::TestClosed"
AUDIT = "tests/moderation/evidence/test_audit.py"
KEPT = "tests/moderation/evidence/test_kept_versions.py::test_the_database_refuses_it_as_well"
TAKE_DOWN = "tests/moderation/chain/test_take_down.py::test_sql_rewrites_no_notice_and_forges_none"
RALAT = "tests/moderation/chain/test_correction.py::TestWaysRound"
EXEMPT = "tests/moderation/chain/test_classification.py::TestInTheDatabase"
ONE = "tests/moderation/people/test_one_person.py::TestVerifierAndOrder"
WORDS = "tests/news/test_words.py::TestInTheDatabase"
ACTING = "tests/moderation/people/test_appointments.py::TestInTheDatabase"
FINDING = "tests/moderation/privacy/test_records.py::test_the_database_refuses_to_rewrite_a_decision"
ROLES = "tests/moderation/people/test_roles.py"
NIGHT = "tests/moderation/jobs/test_integrity.py::test_a_finished_run_stays_as_it_ended"
POSTS = "tests/social/outbox/test_triggers.py"
SHARES = "tests/social/sharing/test_triggers.py"
FOLLOW_UPS = "tests/social/follow_ups/test_after_publication.py::TestRecords"
CACHE = "tests/home/pagecache/test_triggers.py::test_each_change_is_noted_by_its_own_trigger"

BORN = f"{FOLLOW_UPS}::test_rows_are_born_of_ralat_and_take_down_alone_and_stay_as_they_are"
REPLACED = f"{EACH}::test_no_row_of_a_record_is_replaced"

TRIGGERS = [
    trigger("account_gone", f"{ROLES}::TestAccounts::test_nor_by_a_bulk_action_or_sql"),
    trigger("group_name", f"{ROLES}::TestGroups::test_sql_changes_no_role"),
    trigger("group_gone", f"{ROLES}::TestGroups::test_sql_changes_no_role"),
    trigger("page_insert", f"{SQL}::test_insert_live"),
    trigger("page_up", f"{SQL}::test_update_live"),
    trigger("page_down", f"{EACH}::TestPage"),
    trigger("page_text", f"{SQL}::test_update_of_what_is_live"),
    trigger("page_above", f"{ABOVE}::test_nothing_above_is_hidden"),
    trigger("page_moved", f"{MOVES}::test_in_the_shell_and_in_sql"),
    trigger("page_address", f"{ABOVE}::test_sql_changes_no_address"),
    trigger("page_taken_insert", f"{TAKEN}::test_sql_inserts_no_page_there"),
    trigger("page_taken_update", f"{TAKEN}::test_past_the_form"),
    trigger("page_former_insert", f"{TAKEN}::test_a_former_address_is_free_for_no_other_page"),
    trigger("page_former_update", f"{TAKEN}::test_a_former_address_is_free_for_no_other_page"),
    trigger("page_gone", f"{ABOVE}::test_nothing_above_is_deleted"),
    trigger("newsindexpage_gone", f"{ABOVE}::test_nothing_above_is_deleted"),
    trigger("homepage_gone", f"{ABOVE}::test_nothing_above_is_deleted"),
    trigger("redirect_change", f"{FORMER}::test_the_redirect_of_an_item_stays"),
    trigger("redirect_gone", f"{FORMER}::test_the_redirect_of_an_item_stays"),
    trigger("site_insert", f"{ADDRESSES}::TestSecondSite::test_nor_the_shell_nor_sql"),
    trigger("site_change", f"{SITE}::test_past_the_form"),
    trigger("site_gone", f"{SITE}::test_none_is_added_or_deleted_past_the_form"),
    trigger("restriction_insert", f"{ABOVE}::test_nothing_above_is_hidden"),
    trigger("restriction_update", f"{EACH}::TestPage"),
    trigger("newspage_insert", f"{DISGUISE}::test_a_live_plain_page_that_becomes_news"),
    trigger("newspage_text", f"{SQL}::test_update_of_what_is_live"),
    trigger("newspage_gone", f"{EACH}::TestPage"),
    trigger("newscategory_words", f"{WORDS}::test_a_first_name_stays"),
    trigger("village_words", f"{WORDS}::test_a_first_name_stays"),
    trigger("topic_words", f"{WORDS}::test_a_topic_of_what_is_live_is_not_renamed"),
    trigger("newspagetag_insert", f"{SQL}::test_tags_of_what_is_live"),
    trigger("newspagetag_update", f"{EACH}::TestPage"),
    trigger("newspagetag_delete", f"{EACH}::TestPage"),
    trigger("photo_change", f"{FILES}::test_files_past_the_orm"),
    trigger("photo_gone", f"{EACH}::TestFiles"),
    trigger("photo_closed", f"{CLOSED}::test_a_file_moved_into_a_closed_collection"),
    trigger("photo_named", f"{DRAFTS}::test_sql_deletes_nothing_that_a_text_under_way_names"),
    trigger("newscategory_named", f"{DRAFTS}::test_sql_deletes_nothing_that_a_text_under_way_names"),
    trigger("village_named", f"{DRAFTS}::test_sql_deletes_nothing_that_a_text_under_way_names"),
    trigger("comment_resolved", f"{COMMENTS}::test_sql_settles_none"),
    trigger("comment_change", f"{COMMENTS}::test_sql_moves_and_erases_none"),
    trigger("comment_gone", f"{COMMENTS}::test_sql_moves_and_erases_none"),
    trigger("attachment_change", f"{EACH}::TestFiles"),
    trigger("attachment_gone", f"{EACH}::TestFiles"),
    trigger("attachment_closed", f"{CLOSED}::test_a_file_moved_into_a_closed_collection"),
    trigger("collection_moved", f"{CLOSED}::test_the_collection_is_moved_below_a_closed_one"),
    trigger("collection_restriction_insert", f"{CLOSED}::test_the_collection_is_closed"),
    trigger("collection_restriction_update", f"{CLOSED}::test_a_restriction_is_turned_to_another_collection"),
    trigger("permit_apart", f"{ONE}::test_nor_past_the_application"),
    trigger("permit_insert", f"{EACH}::TestOrder"),
    trigger("permit_verified", f"{FORGED}::test_a_permit_made_past_the_orm_for_a_text_that_nobody_verified"),
    trigger("permit_executed", f"{LIVE}::TestOrder"),
    trigger("permit_revoked", f"{LIVE}::TestEnd"),
    trigger("permit_run_out", f"{ENDS}::test_an_order_runs_out_at_its_time_alone"),
    trigger("permit_end", f"{ENDS}::test_an_end_is_named_with_its_reason_and_lies_ahead"),
    trigger("permit_change", f"{SQL}::test_permits_are_not_rewritten"),
    trigger("permit_gone", f"{SQL}::test_permits_are_not_rewritten"),
    trigger("permit_replaced", f"{REPLACED}[permit]"),
    trigger("permit_note", f"{RALAT}::test_sql_cannot_forge_what_citizens_are_told"),
    trigger("withdrawal_insert", TAKE_DOWN),
    trigger("withdrawal_change", TAKE_DOWN),
    trigger("withdrawal_gone", TAKE_DOWN),
    trigger("withdrawal_replaced", f"{REPLACED}[withdrawal]"),
    trigger("revision_text", f"{EACH}::TestOrder"),
    trigger("revision_recorded", KEPT),
    trigger("revision_gone", KEPT),
    trigger("audit_change", f"{AUDIT}::test_lines_cannot_be_changed_or_deleted"),
    trigger("audit_gone", f"{AUDIT}::test_lines_cannot_be_changed_or_deleted"),
    trigger("audit_replaced", f"{FORGED}::test_a_line_is_not_replaced"),
    trigger("audit_head_change", f"{FORGED}::test_the_end_of_the_log_is_not_turned_back"),
    trigger("audit_head_gone", f"{FORGED}::test_the_end_of_the_log_is_not_turned_back"),
    trigger("audit_head_replaced", f"{REPLACED}[audit_head]"),
    trigger("media_change", f"{FORGED}::test_the_list_of_sealed_files_stays"),
    trigger("media_gone", f"{FORGED}::test_the_list_of_sealed_files_stays"),
    trigger("media_replaced", f"{REPLACED}[media]"),
    trigger("register_gone", f"{SQL}::test_register_rows_stay_with_their_number"),
    trigger("register_replaced", f"{REPLACED}[register]"),
    trigger("register_number", f"{SQL}::test_register_rows_stay_with_their_number"),
    trigger("delivery_insert", f"{POSTS}::test_no_delivery_is_made_by_hand"),
    trigger("delivery_text", f"{POSTS}::test_the_text_of_a_delivery_is_not_rewritten"),
    trigger("delivery_gone", f"{POSTS}::test_nothing_of_the_ledger_is_deleted"),
    trigger("delivery_replaced", f"{POSTS}::test_no_row_of_the_ledger_is_replaced"),
    trigger("delivery_event_change", f"{POSTS}::test_what_a_check_found_is_not_rewritten"),
    trigger("delivery_event_gone", f"{POSTS}::test_nothing_of_the_ledger_is_deleted"),
    trigger("delivery_event_replaced", f"{POSTS}::test_no_row_of_the_ledger_is_replaced"),
    trigger("follow_up_insert", f"{POSTS}::test_a_person_removes_only_what_was_sent"),
    trigger("follow_up_text", BORN),
    trigger("follow_up_gone", BORN),
    trigger("follow_up_replaced", f"{POSTS}::test_no_row_of_the_ledger_is_replaced"),
    trigger("share_insert", f"{SHARES}::test_no_line_without_a_live_version_or_for_another_item"),
    trigger("share_change", f"{SHARES}::test_a_line_can_be_neither_changed_nor_removed"),
    trigger("share_gone", f"{SHARES}::test_a_line_can_be_neither_changed_nor_removed"),
    trigger("share_replaced", f"{SHARES}::test_no_line_is_replaced"),
    trigger("confirmation_insert", CONFIRMATION),
    trigger("confirmation_change", CONFIRMATION),
    trigger("confirmation_answered", CONFIRMATION),
    trigger("confirmation_withdrawn", CONFIRMATION),
    trigger("confirmation_gone", CONFIRMATION),
    trigger("confirmation_replaced", f"{REPLACED}[confirmation]"),
    trigger("finding_change", FINDING),
    trigger("finding_gone", FINDING),
    trigger("finding_replaced", FINDING),
    trigger("acting_insert", f"{ACTING}::test_none_is_born_ended"),
    trigger(
        "acting_change", f"{ACTING}::test_an_appointment_is_not_rewritten", f"{ACTING}::test_an_end_is_not_taken_back"
    ),
    trigger("acting_gone", f"{ACTING}::test_an_appointment_stays_recorded"),
    trigger("acting_replaced", f"{ACTING}::test_none_is_replaced"),
    trigger("exempt_permit", f"{EXEMPT}::test_no_order_for_what_was_once_verified_and_then_held"),
    trigger("exempt_final", f"{EXEMPT}::test_an_exemption_is_final"),
    trigger("integrity_change", NIGHT),
    trigger("integrity_gone", NIGHT),
    trigger("integrity_replaced", f"{REPLACED}[integrity]"),
    Removal(
        "trigger: emptying a table",
        "moderation/evidence/triggers.py::_refuse_truncate",
        (f"{FORGED}::test_tables_of_records_are_not_emptied",),
        new="return []",
        databases=(POSTGRESQL,),
    ),
]

CACHE_NOTES = [
    notes("pages", "page_insert|page_shown|page_delete", CACHE),
    notes("pages, their files", "page_hidden", CACHE),
    notes("text of reference pages", "home_.*page_text", CACHE),
    notes("text of news and lists", "news_news.*page_text", CACHE),
    notes("topics", "news_newspagetag_.*|taggit_.*", CACHE),
    notes("sites and office", "wagtailcore_site_.*|home_officesettings_.*", CACHE),
    notes("restrictions", "wagtailcore_pageviewrestriction_.*", CACHE),
    notes("categories and villages", "news_newscategory_.*|news_village_.*", CACHE),
    notes("files", "news_photo_.*|news_attachment_.*|news_rendition_.*", CACHE),
    notes("references", "wagtailcore_referenceindex_.*", CACHE),
    notes("synonyms of the search, days off", "home_synonym_.*|moderation_holiday_.*", CACHE),
    notes("items", "moderation_disposition_.*", CACHE),
    notes("registers", "moderation_(publicinformation|listeditem|officeprocedure)_.*", CACHE),
]
