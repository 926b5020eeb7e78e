"""The rows of I9: a post leaves only after its version is live, only to ordered channels, and once."""

from ..removal import BOTH, Removal

LEASES = "news/social/models/leases.py"
SENDING = "news/social/outbox/sending.py"
RENEWAL = "news/social/accounts/token_refresh.py"

OUTBOX = "tests/social/outbox/test_outbox.py"
DISPATCHER = "tests/social/worker/test_dispatcher.py"
WORKER = "tests/social/worker/test_worker.py"
PLACES = "tests/social/sharing/test_places.py"
HELD = "tests/social/outbox/test_leases.py"
RENEWED = "tests/social/accounts/test_token_refresh.py"

POSTS = [
    Removal(
        "I9: ordered channels alone",
        "news/social/outbox/enqueue.py::on_page_went_live",
        (f"{OUTBOX}::test_only_ordered_channels_get_a_delivery_and_only_at_go_live",),
        old="Account.objects.filter(key__in=permit.channels)",
        new="Account.objects.all()",
    ),
    Removal(
        "I9: a take-down cancels what waits",
        "news/social/outbox/enqueue.py::on_page_taken_down",
        (f"{OUTBOX}::test_taking_down_cancels_what_was_not_sent",),
    ),
    Removal(
        "I9: no worker posts where a person does",
        "news/social/outbox/enqueue.py::_write",
        (f"{PLACES}::TestTask::test_an_order_makes_a_task_with_exactly_the_sealed_text",),
        old="Delivery.State.TASK if account.is_by_hand else Delivery.State.PENDING",
        new="Delivery.State.PENDING",
    ),
    Removal(
        "I9: what a person shared is the text in force",
        "news/social/ledger/decisions.py::decide",
        (f"{PLACES}::TestAfterwards::test_a_ralat_before_it_is_shared_changes_the_task_and_refuses_a_mark_of_the_old",),
        old="if decision.asks_proof and seal != stored.seal:",
        new="if False:",
    ),
    Removal(
        "I9: only what is live is sent",
        f"{SENDING}::Post.admit",
        (f"{OUTBOX}::test_a_page_that_is_no_longer_live_is_not_posted_even_without_the_signal",),
        old="if not row.still_live:\n            with",
        new="if False:\n            with",
    ),
    Removal(
        "I9: only what is young is sent",
        f"{SENDING}::Post.admit",
        ("tests/social/outbox/test_age_limit.py::test_after_an_outage_an_old_post_waits_for_a_person",),
        old="if age_limit.is_too_old(row, now):",
        new="if False:",
    ),
    Removal(
        "I9: the words of the order in force",
        f"{SENDING}::Post.get_pin",
        (f"{DISPATCHER}::test_a_ralat_between_reading_and_taking_is_never_overtaken_by_the_old_words",),
        new="return super().get_pin(row)",
    ),
    Removal(
        "I9: as it was read",
        "news/social/outbox/work.py::Work.get_pin",
        (f"{DISPATCHER}::test_what_another_worker_tried_between_reading_and_taking_is_not_taken",),
        new='return {"pk": row.pk}',
    ),
    Removal(
        "I9: one probe of a parked account",
        "news/social/outbox/work.py::Work.claim",
        (f"{DISPATCHER}::test_of_a_parked_account_a_claim_takes_one_row_of_many_and_no_other_claim_another",),
        old="if circuit_breaker.needs_probe(account):",
        new="if False:",
    ),
    Removal(
        "I9: never a blind second post",
        "news/social/outbox/reconciliation.py::_may_repeat",
        (f"{WORKER}::test_x_after_a_lost_answer_is_one_post_or_a_question",),
        new="return True",
    ),
    Removal(
        "I9: a dead worker's post is looked for",
        "news/social/outbox/reconciliation.py::recover_lost",
        (f"{WORKER}::test_a_lease_that_ran_out_is_never_a_second_post",),
        new="return 0",
    ),
    Removal(
        "I9: a late answer proves a post, no more",
        f"{SENDING}::_record_late",
        (f"{WORKER}::test_a_slow_worker_cannot_overwrite_a_newer_finding",),
        old=", state=State.UNCERTAIN, closed_at=None)",
        new=")",
    ),
    Removal(
        "lease: only a free row is taken",
        f"{LEASES}::LeasedQuerySet.take",
        (f"{HELD}::test_a_row_in_hand_is_not_taken",),
        old="self.filter(lease_until=None).update",
        new="self.update",
        databases=BOTH,
    ),
    Removal(
        "lease: renewed by its worker alone",
        f"{LEASES}::Claim.hold",
        (f"{HELD}::test_a_claim_that_was_lost_renews_nothing",),
        old="self._get_row().update",
        new="type(self.row)._default_manager.filter(pk=self.row.pk).update",
        databases=BOTH,
    ),
    Removal(
        "lease: ended by its worker alone",
        f"{LEASES}::Claim.end",
        (f"{HELD}::test_a_claim_that_was_lost_ends_nothing",),
        old="self._get_row().update",
        new="type(self.row)._default_manager.filter(pk=self.row.pk).update",
        databases=BOTH,
    ),
    Removal(
        "lease: every write of a claim",
        f"{LEASES}::Claim._get_row",
        (f"{DISPATCHER}::test_a_request_leaves_only_while_enough_of_the_lease_is_left",),
        old=", worker=self.worker)",
        new=")",
    ),
    Removal(
        "lease: time enough before a request",
        f"{LEASES}::Claim.is_safe",
        (f"{DISPATCHER}::test_a_request_leaves_only_while_enough_of_the_lease_is_left",),
        new="return True",
    ),
    Removal(
        "lease: results of many, by their worker alone",
        f"{LEASES}::end_all",
        (f"{HELD}::test_of_many_results_none_is_written_to_a_row_of_another",),
        old="Q(pk=claim.row.pk, worker=claim.worker)",
        new="Q(pk=claim.row.pk)",
        databases=BOTH,
    ),
    Removal(
        "lease: results of many, all or none",
        f"{SENDING}::Post.record",
        (f"{DISPATCHER}::test_one_of_many_results_is_late_and_the_others_are_written",),
        old="if leases.end_all([claim for claim, _answer in results], changes):",
        new="if leases.end_all([claim for claim, _answer in results], changes) or True:",
    ),
    Removal(
        "lease: lost when it ran out, not before",
        f"{LEASES}::end_lost",
        (f"{HELD}::test_a_lease_is_lost_only_when_it_has_run_out",),
        old=", lease_until__lt=now)",
        new=")",
        databases=BOTH,
    ),
    Removal(
        "lease: lost by the worker that had it",
        f"{LEASES}::end_lost",
        (f"{HELD}::test_a_lease_of_another_is_not_lost_with_the_old_one",),
        old="worker=row.worker, ",
        new="",
        databases=BOTH,
    ),
    Removal(
        "lease: the renewal of a token asks once",
        f"{RENEWAL}::_claim",
        (f"{RENEWED}::test_whoever_comes_when_it_is_done_does_not_ask_again",),
        old="Account.objects.filter(pk=account.pk, refresh_at__lte=now).take(now + LEASE)",
        new="Account.objects.filter(pk=account.pk).take(now + LEASE)",
    ),
    Removal(
        "lease: a token given meanwhile wins",
        f"{RENEWAL}::_save",
        (f"{RENEWED}::test_who_connects_again_meanwhile_wins",),
        old="if stored.version != claim.row.version:",
        new="if False:",
    ),
    Removal(
        "lease: a lost renewal pauses only its own",
        f"{RENEWAL}::_give_up",
        (f"{HELD}::test_a_renewal_that_was_taken_over_pauses_nothing",),
        old="if claim.end():",
        new="if claim.end() or True:",
    ),
    Removal(
        "lease: a follow-up is recorded by its worker alone",
        "news/social/follow_ups/execution.py::_record",
        (f"{HELD}::test_a_follow_up_that_was_taken_over_is_not_recorded",),
        old="if not claim.end(**changes):",
        new="if not claim.end(**changes) and False:",
    ),
]
