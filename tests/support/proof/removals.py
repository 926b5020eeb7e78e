"""What `make prove-tests` takes away, and the tests that must notice it; a plugin of pytest, too.

Each removal replaces one part by what lets everything through (docs/invariants.md names the parts).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

#: The name of the removal under which a run of pytest stands.
VARIABLE = "TAKEN_AWAY"

CHAIN = "tests/moderation/chain"
EVIDENCE = "tests/moderation/evidence"
JOBS = "tests/moderation/jobs"
OUTBOX = "tests/social/outbox"


@dataclass(frozen=True)
class Removal:
    """One part: how it is taken away, and which files of tests are meant to notice."""

    name: str
    take_away: Callable[[], None]
    tests: tuple[str, ...]


def let_through(path: str, answer=None) -> Callable[[], None]:
    """Replace ``module:name`` or ``module:Class.name`` by a function that always gives ``answer``."""

    def take_away():
        owner, name = _find(path)
        setattr(owner, name, lambda *args, **kwargs: answer)

    return take_away


def replace(path: str, make) -> Callable[[], None]:
    """Replace ``module:name`` by what ``make`` makes of it."""

    def take_away():
        owner, name = _find(path)
        setattr(owner, name, make(getattr(owner, name)))

    return take_away


def _find(path: str):
    module, _colon, names = path.partition(":")
    *owners, name = names.split(".")
    owner = import_module(module)
    for step in owners:
        owner = getattr(owner, step)
    return owner, name


def without_triggers(*prefixes: str) -> Callable[[], None]:
    """Leave out every trigger whose name begins so; one that is not there is an error."""

    def make(get_triggers):
        def get_fewer(vendor):
            triggers = get_triggers(vendor)
            for prefix in prefixes:
                assert any(trigger.name.startswith(prefix) for trigger in triggers), f"no trigger {prefix}"
            return [trigger for trigger in triggers if not trigger.name.startswith(prefixes)]

        return get_fewer

    return replace("moderation.evidence.triggers:get_triggers", make)


def _take_any_step(_on_action):
    def on_action(self, task_state, user, action_name, **data):
        from moderation.models.task import _disposition_of
        from moderation.ports import engine

        disposition = _disposition_of(task_state.workflow_state.content_object)
        engine.get().take(disposition, action_name, user, data)
        return disposition.get_absolute_url()

    return on_action


def _use_stock_tester(_permissions_for_user):
    from wagtail.models import PagePermissionTester

    return lambda self, user: PagePermissionTester(self, user)


def _believe_form(_clean_data):
    def clean_data(action, data):
        from moderation.chain.forms import get_action_form_class

        form = get_action_form_class(action.code)(data or {})
        form.is_valid()
        return form.get_data()

    return clean_data


def _take_whatever(_take):
    def take(self, until, **begun):
        from news.social.models.leases import new_worker_name

        worker = new_worker_name()
        return worker, self.update(worker=worker, lease_until=until, **begun)

    return take


def _admit_all(_admit):
    return lambda self, row, now: row


GUARDS = "moderation.evidence.guards"
EFFECTS = "moderation.chain.effects"
POLICY = "moderation.chain.policy"
PATHS = f"{EVIDENCE}/test_publish_paths.py"
ATTACKS = f"{EVIDENCE}/test_attacks.py"
DUTIES = f"{CHAIN}/test_duties.py"
FILES = f"{EVIDENCE}/test_files.py"
REDIRECTS = "tests/home/serving/test_redirects.py"
LAYERS = f"{EVIDENCE}/test_layers.py"
INTEGRITY = f"{JOBS}/test_integrity.py"

REMOVALS = [
    # The layers of the guard.
    Removal("layer: policy", let_through(f"{POLICY}:Authority.why_not"), (DUTIES,)),
    Removal(
        "layer: permission tester",
        replace("moderation.models.page:ModeratedPage.permissions_for_user", _use_stock_tester),
        (LAYERS, PATHS),
    ),
    Removal(
        "layer: admin lockdown",
        let_through("moderation.chain.workflow.admin_lockdown:DenyAllPolicy.user_has_permission", True),
        (PATHS,),
    ),
    Removal("layer: pre_save guards", let_through(f"{GUARDS}:on_pre_save"), (LAYERS,)),
    Removal("layer: pre_delete guards", let_through(f"{GUARDS}:guard_deletion"), (DUTIES, ATTACKS)),
    Removal(
        "layer: recheck in on_action",
        replace("moderation.models.task:SopTask.on_action", _take_any_step),
        (DUTIES,),
    ),
    Removal("layer: seal", let_through("moderation.ports.seal:compute_seal", "0" * 64), (f"{EVIDENCE}/test_seal.py",)),
    Removal("guard: page", let_through(f"{GUARDS}:guard_page"), (LAYERS, PATHS)),
    Removal("guard: access", let_through(f"{GUARDS}:guard_access"), (ATTACKS,)),
    Removal("guard: revision", let_through(f"{GUARDS}:guard_revision"), (DUTIES, ATTACKS)),
    Removal("guard: workflow", let_through(f"{GUARDS}:guard_workflow"), (ATTACKS, PATHS)),
    Removal("guard: media", let_through(f"{GUARDS}:guard_media"), (FILES,)),
    Removal("guard: deletion of media", let_through(f"{GUARDS}:guard_media_deletion"), (FILES,)),
    Removal("guard: deletion of what a draft names", let_through(f"{GUARDS}:guard_named_deletion"), (FILES,)),
    Removal("guard: collections", let_through(f"{GUARDS}:guard_collection"), (FILES,)),
    Removal(
        "guard: closed collections",
        let_through("moderation.evidence.media_guards:find_refusal_to_close", ""),
        (FILES,),
    ),
    Removal("uses: drafts", let_through("moderation.evidence.uses:_walk_drafts", ()), (FILES,)),
    Removal("uses: kept versions", let_through("moderation.evidence.uses:_walk_log", ()), (FILES,)),
    Removal("uses: orders", let_through("moderation.evidence.uses:_walk_permits", ()), (FILES,)),
    Removal(
        "form: files after the commit",
        let_through("moderation.desk.library.forms:VersionedFileForm._refuse_change"),
        (FILES,),
    ),
    Removal("proof: missing files", let_through("moderation.chain.completeness:find_missing_files", ()), (FILES,)),
    Removal("proof: closed files", let_through("moderation.evidence.media_guards:list_closed", ()), (FILES,)),
    Removal("publication: closed files", let_through("moderation.chain.permits:find_closed", ""), (FILES,)),
    Removal("redirects: guard", let_through("home.serving.redirects:find_refusal", {}), (REDIRECTS,)),
    Removal("redirects: at the answer", let_through("home.serving.redirects:_may_lead", True), (REDIRECTS,)),
    Removal("redirects: clean-up", let_through("home.serving.redirects:drop_own_redirects"), (REDIRECTS,)),
    Removal("triggers: collections", without_triggers("collection_"), (FILES,)),
    Removal("guard: child rows", let_through(f"{GUARDS}:guard_child"), (ATTACKS, PATHS)),
    Removal("guard: disposition", let_through(f"{GUARDS}:guard_disposition"), (DUTIES,)),
    Removal("guard: permit", let_through(f"{GUARDS}:guard_permit"), (ATTACKS,)),
    Removal(
        "guard: finding decision",
        let_through(f"{GUARDS}:guard_finding_decision"),
        ("tests/moderation/privacy/test_gate.py", "tests/moderation/privacy/test_records.py"),
    ),
    # The sets of triggers.
    Removal("triggers: page", without_triggers("page_"), (PATHS, LAYERS)),
    Removal("triggers: access", without_triggers("page_above", "restriction_"), (PATHS,)),
    Removal("triggers: content", without_triggers("newspage_"), (PATHS,)),
    Removal("triggers: media", without_triggers("photo_", "attachment_"), (FILES,)),
    Removal("triggers: permit", without_triggers("permit_"), (PATHS, ATTACKS)),
    Removal("triggers: revision", without_triggers("revision_"), (PATHS, ATTACKS)),
    Removal("triggers: audit", without_triggers("audit_"), (f"{EVIDENCE}/test_audit.py",)),
    Removal("triggers: register", without_triggers("register_"), (PATHS,)),
    Removal("triggers: take-down", without_triggers("withdrawal_"), (f"{CHAIN}/test_take_down.py", ATTACKS)),
    Removal("triggers: exemption", without_triggers("exempt_"), (f"{CHAIN}/test_classification.py",)),
    Removal("triggers: deliveries", without_triggers("delivery_"), (f"{OUTBOX}/test_triggers.py",)),
    # The checks of the invariants.
    Removal(
        "I1: text unchanged at each step",
        replace(f"{EFFECTS}:_require_unchanged", lambda _old: import_module(EFFECTS)._seal_draft),
        (f"{EVIDENCE}/test_seal.py", DUTIES),
    ),
    Removal(
        "I1: nightly comparison", let_through("moderation.management.jobs.integrity:find_difference"), (INTEGRITY,)
    ),
    Removal("I2: separation of duties", let_through(f"{POLICY}:Authority._why_not_this_person"), (DUTIES,)),
    Removal(
        "I3: whoever is next is told",
        let_through("moderation.people.notifications:tell_next"),
        ("tests/moderation/people/test_notifications.py",),
    ),
    Removal(
        "I4: the text is frozen",
        let_through(f"{POLICY}:Authority.may_write_text", True),
        (DUTIES, "tests/moderation/desk/test_stale_editor.py"),
    ),
    Removal(
        "I4: verification of this round",
        let_through(f"{EFFECTS}:_require_verified"),
        (f"{CHAIN}/test_correction.py", ATTACKS),
    ),
    Removal("I5: an order waits", let_through("moderation.chain.permits:revoke_pending"), (f"{CHAIN}/test_chain.py",)),
    Removal(
        "I6: page classes",
        let_through("moderation.chain.workflow.checks:_may_hold_moderated", False),
        (f"{EVIDENCE}", "tests/moderation/sop"),
    ),
    Removal(
        "I7: the register's rows",
        let_through("moderation.records.register:get_rows", ()),
        ("tests/moderation/desk/test_register.py",),
    ),
    Removal(
        "I8: form of the verification",
        replace("moderation.chain.transitions:clean_data", _believe_form),
        (f"{CHAIN}/test_classification.py", f"{CHAIN}/test_chain.py"),
    ),
    Removal(
        "I9: only what is live is sent",
        replace("news.social.outbox.sending:Post.admit", _admit_all),
        (f"{OUTBOX}/test_outbox.py", f"{OUTBOX}/test_age_limit.py"),
    ),
    Removal(
        "I9: lease of the claim",
        replace("news.social.models.leases:LeasedQuerySet.take", _take_whatever),
        ("tests/social/worker/test_dispatcher.py", f"{OUTBOX}/test_races.py"),
    ),
    Removal(
        "I10: reasons",
        replace("moderation.chain.transitions:clean_data", _believe_form),
        (f"{CHAIN}/test_chain.py", f"{CHAIN}/test_take_down.py"),
    ),
    Removal(
        "I11: the chain of the log",
        let_through("moderation.evidence.audit:_find_break"),
        (f"{EVIDENCE}/test_audit.py", INTEGRITY),
    ),
    Removal(
        "I12: altered triggers are named",
        let_through("moderation.management.jobs.integrity:find_altered", []),
        (INTEGRITY,),
    ),
]


def pytest_sessionstart(session):
    """Take away the part that the environment names, once Django stands."""
    if name := os.environ.get(VARIABLE):
        next(removal for removal in REMOVALS if removal.name == name).take_away()
