"""The rows of addresses: what citizens read is not moved, renamed, hidden, or replaced by another page."""

from ..removal import Removal

ADDRESSES = "moderation/evidence/addresses/guards.py"

TESTS = "tests/moderation/evidence/test_addresses.py"
ASKED = "tests/moderation/jobs/test_address_check.py"
ABOVE, MOVES, TAKEN, SITE = (f"{TESTS}::{name}" for name in ("TestPagesAbove", "TestMoves", "TestTaken", "TestSite"))

KEPT_ADDRESSES = [
    Removal(
        "guard: access",
        f"{ADDRESSES}::guard_access",
        ("tests/moderation/evidence/test_attacks.py::TestTakenFromCitizens",),
    ),
    Removal("guard: place", f"{ADDRESSES}::guard_place", (f"{TAKEN}::test_past_the_form",)),
    Removal(
        "guard: address of what is or was live",
        f"{ADDRESSES}::find_published_below",
        (f"{ABOVE}::test_an_older_version_with_another_slug_is_refused_in_words",),
    ),
    Removal(
        "guard: address that another page has",
        f"{ADDRESSES}::find_refusal_to_take",
        (f"{TAKEN}::test_past_the_form",),
        new='return ""',
    ),
    Removal(
        "guard: address that an item had",
        f"{ADDRESSES}::find_refusal_at_former",
        (f"{TAKEN}::test_a_former_address_is_free_for_no_other_page",),
        new='return ""',
    ),
    Removal(
        "guard: address, refused in the form",
        "moderation/desk/address_form.py::KeptAddressForm.clean",
        (f"{ABOVE}::test_the_editor_refuses_another_slug",),
        new="return super().clean()",
    ),
    Removal("guard: moves", f"{ADDRESSES}::guard_move", (f"{MOVES}::test_by_screen_in_bulk_and_by_command",)),
    Removal("guard: site", f"{ADDRESSES}::guard_site", (f"{SITE}::test_by_screen",)),
    Removal(
        "guard: a second site",
        f"{ADDRESSES}::is_second_site",
        (f"{TESTS}::TestSecondSite::test_nor_the_shell_nor_sql",),
        new="return False",
    ),
    Removal(
        "addresses: a second site that is there",
        "home/serving/site_address.py::find_second_sites",
        (f"{TESTS}::TestSecondSite::test_one_that_is_there_is_named",),
        new="return []",
    ),
    Removal(
        "guard: deletion of the site",
        f"{ADDRESSES}::guard_site_deletion",
        (f"{SITE}::test_none_is_added_or_deleted_past_the_form",),
    ),
    Removal(
        "guard: a trigger's words are shown",
        "moderation/evidence/triggers.py::find_sentence",
        (f"{MOVES}::test_the_order_of_pages_is_changed_only_beside_the_lists",),
    ),
    Removal(
        "guard: host of the site",
        "home/serving/site_address.py::change",
        (f"{ASKED}::TestSiteAddress::test_who_may_and_why",),
        old="if role in ORDERING), None)",
        new="), sop.Role.STAF)",
    ),
    Removal(
        "addresses: a published site does not follow the setting",
        "home/serving/site_address.py::set_up",
        (f"{ASKED}::TestSiteAddress::test_migrate_changes_a_published_site_no_more",),
        old="elif addresses.is_anything_published():",
        new="elif False:",
    ),
    *(
        Removal(
            f"addresses: every night, {name}",
            f"moderation/management/jobs/address_check.py::{function}",
            (f"{ASKED}::{test}",),
            new="yield from ()",
        )
        for name, function, test in (
            ("the site", "_check_site", "test_another_host_front_page_or_a_second_site_is_named"),
            ("the pages above", "_check_pages_above", "test_a_closed_list_is_named"),
            ("the items", "_check_items", "test_another_page_at_an_address_is_named"),
            (
                "former addresses",
                "_check_former",
                "test_a_list_that_was_renamed_throughout_is_named_until_its_addresses_lead_on",
            ),
        )
    ),
]
