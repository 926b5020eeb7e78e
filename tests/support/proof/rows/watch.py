"""The rows of the watches over what citizens receive and over the office's accounts, and of their alarms."""

from ..removal import Removal

LOOKING = "home/watch/looking.py"
FETCHING = "tests/home/watch/test_fetching.py"
FILES = "tests/home/watch/test_files.py"
ALARMS = "moderation/people/alarms.py"
POSTED = "tests/social/test_post_watch.py"
TOLD = "tests/moderation/people/test_alarms.py"
ASKING = f"{FETCHING}::test_a_phone_and_a_robot_ask_and_both_once_more_from_a_second_address"

WATCH = [
    Removal(
        "watch: every byte of a page",
        "home/watch/comparing.py::_compare_bodies",
        (f"{FETCHING}::test_every_byte_counts_and_each_difference_is_named",),
        new="yield from ()",
    ),
    Removal(
        "watch: headers",
        "home/watch/comparing.py::_compare_headers",
        (f"{FETCHING}::test_a_header_that_tells_browsers_something_else_is_a_difference",),
        new="yield from ()",
    ),
    Removal(
        "watch: files that pages load",
        f"{LOOKING}::Look.compare_assets",
        (f"{FILES}::test_files_that_pages_load_are_those_on_the_disk",),
    ),
    Removal(
        "watch: as a robot too",
        "home/watch/agents.py::list_agents",
        (ASKING,),
        old=', Agent("sebagai mesin pencari", ROBOT)]',
        new="]",
    ),
    Removal(
        "watch: from a second address",
        "home/watch/agents.py::list_agents",
        (ASKING,),
        old="    if second:",
        new="    if False:",
    ),
    Removal(
        "watch: addresses of the folder",
        "home/watch/addresses.py::_list_kept",
        (f"{FILES}::test_only_what_the_store_keeps_may_lie_in_the_folder_of_pages",),
        new="return []",
    ),
    Removal(
        "watch: a site that is down",
        f"{LOOKING}::Look.answers",
        (f"{FETCHING}::test_a_site_that_does_not_answer_is_found",),
        new="return True",
    ),
    Removal(
        "watch: foreign pages",
        "home/watch/folders.py::_walk_pages",
        (f"{FILES}::test_only_what_the_store_keeps_may_lie_in_the_folder_of_pages",),
        new="yield from ()",
    ),
    Removal(
        "watch: foreign media",
        "home/watch/folders.py::_walk_media",
        (f"{FILES}::test_only_what_the_store_keeps_may_lie_in_the_folder_of_pages",),
        new="yield from ()",
    ),
    Removal(
        "watch: foreign files of a store",
        "home/watch/folders.py::_list_in_store",
        ("tests/home/backup/test_media_store.py::TestTwoMachines::test_from_the_upload_to_the_withdrawal",),
        new="yield from ()",
    ),
    Removal(
        "watch: files of the program",
        "home/watch/manifest.py::find_changed",
        (f"{FILES}::test_changed_added_and_removed_files_are_named",),
        new="return []",
    ),
    Removal(
        "watch: a forged manifest",
        "home/watch/manifest.py::_find_forged",
        (f"{FILES}::test_a_manifest_that_no_line_of_the_log_names_is_forged",),
    ),
    Removal(
        "watch: the alarm",
        f"{ALARMS}::raise_alarm",
        (f"{TOLD}::test_one_alarm_for_each_difference_and_one_when_it_is_mended",),
    ),
    Removal(
        "watch: one alarm for one change",
        f"{ALARMS}::settle",
        (f"{TOLD}::test_the_same_change_of_many_pages_is_one_alarm_until_the_last_is_mended",),
        old=" if each.place not in of_known]",
        new="]",
    ),
    Removal(
        "watch: posts as they were ordered",
        "news/social/post_watch.py::_judge",
        (f"{POSTED}::test_a_post_that_was_changed_or_removed_on_the_network_is_told_once",),
    ),
    Removal(
        "watch: posts that the ledger does not know",
        "news/social/post_watch.py::_read_list",
        (f"{POSTED}::test_a_post_that_the_ledger_does_not_know_is_not_of_the_sop",),
    ),
]
