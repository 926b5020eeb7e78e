"""Two or three people at one item at the same instant, in every combination of steps: ``make races``.

Real threads with connections of their own post the worksheet's forms, on SQLite and on PostgreSQL. Beside the steps
stand what else can happen at that instant: an actor's account is closed or loses its roles, the editor saves, the
worker carries out a due order, posts leave. After each race the records of the item must tell one outcome: one line
of the log, one order in force, one set of deliveries, no answer of 500 or more.

Ends with one line of JSON, and with exit code 1 when a race ended otherwise.
"""

import argparse
import itertools
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest import mock

#: Whoever else holds the role of a person.
SECOND = {"sekretaris": "sekretaris2", "bidang": "bidang2", "staf1": "staf2"}
#: Steps of the Staf to whom the item was assigned.
PERSONAL = ("compose", "hand_over", "ask_assessment")
CHANNELS = ("radio", "warta")
LATER = timedelta(days=2)
#: The lead that the editor saves.
SAVED = "Saat yang sama."


@dataclass(frozen=True)
class Move:
    """One of those that race: a step of the worksheet, or one of ``_OTHERS``."""

    name: str
    person: str = ""

    @property
    def is_step(self) -> bool:
        return self.name not in _OTHERS

    def __str__(self):
        return f"{self.name} {self.person}".strip()


@dataclass(frozen=True)
class Kind:
    """One kind of race: where the item is, and who moves."""

    situation: str
    moves: tuple[Move, ...]

    @property
    def least(self) -> int:
        """Return the fewest steps that may be taken.

        None where the only actor is closed first, or the text is saved first: a step is for the text that was seen.
        """
        is_free = any(move.is_step or move.name == "due" for move in self.moves)
        return int(is_free and not any(move.name in ("close", "strip", "save") for move in self.moves))

    def __str__(self):
        return f"{self.situation}: {' / '.join(map(str, self.moves))}"


def list_kinds() -> list[Kind]:
    """Return every kind: each step twice, each two steps of a situation, each step beside what is no step."""
    from tests.moderation.chain.test_matrix import PAPER

    kinds, closed = [], set()
    for situation, cells in PAPER.items():
        by = {}
        for person, codes in cells.items():
            for code in sorted(codes):
                by.setdefault(code, person)
        for code, person in by.items():
            other = _find_other(code, person, code, person)
            kinds.append(Kind(situation, (Move(code, person), Move(code, other), Move(code, person))))
            if code not in closed:
                closed.add(code)
                kinds += [Kind(situation, (Move(code, person), Move(way, person))) for way in ("close", "strip")]
        pairs = itertools.combinations(by.items(), 2)
        kinds += [Kind(situation, (Move(*one), Move(two[0], _find_other(*one, *two)))) for one, two in pairs]
    kinds += [
        Kind(situation, (Move(code, person), Move("save", writer)))
        for situation, code, person, writer in (
            ("composing", "hand_over", "staf1", "staf1"),
            ("composing", "cancel", "ppid", "staf1"),
            ("returned_to_staf", "hand_over", "staf1", "staf1"),
            ("awaiting_correction", "declare_corrected", "sekretaris", "sekretaris2"),
            ("awaiting_correction", "return_to_staf", "sekretaris", "sekretaris2"),
            ("returned", "declare_corrected", "sekretaris", "sekretaris"),
            ("composing, ralat", "drop_correction", "ppid", "staf1"),
        )
    ]
    for code, person in (("cancel", "ppid"), ("return_to_correction", "sekretaris"), ("publish", "sekretaris")):
        kinds.append(Kind("scheduled", (Move("due"), Move(code, person), Move("due"))))
    kinds.append(Kind("scheduled", (Move("due"), Move("due"))))
    for code in ("take_down", "open_correction"):
        kinds.append(Kind("live", (Move("send"), Move(code, "sekretaris"), Move("send"))))
    return kinds


def _find_other(_code: str, person: str, code: str, by: str) -> str:
    """Return who takes the second step: a colleague of whoever takes the first, where the text is not one person's."""
    return SECOND.get(by, by) if by == person and code not in PERSONAL else by


def _post(office, client, item, move) -> int:
    """Post the step's form of the worksheet."""
    from django.urls import reverse

    from moderation.ports.seal import compute_seal
    from moderation.records.item_history import get_shown_page
    from tests.moderation.chain.test_matrix import fill_in

    page = get_shown_page(item)
    data = {"action": move.name, "version": item.version, "seal": compute_seal(page) if page else ""}
    data |= fill_in(office, move.name)
    return lambda: client.post(reverse("moderation:step", args=[item.pk]), data).status_code


def _close(office, client, item, move) -> Callable:
    """Close the account of a person, as the screen of accounts does."""
    from django.contrib.auth import get_user_model

    def close():
        user = get_user_model().objects.get(pk=office.people[move.person].pk)
        user.is_active = False
        user.save()

    return close


def _strip(office, client, item, move) -> Callable:
    return lambda: office.people[move.person].groups.clear()


def _save(office, client, item, move) -> Callable:
    """Save the draft in the editor."""
    from django.urls import reverse

    from tests.moderation.evidence.test_publish_paths import editor_data

    address, data = reverse("wagtailadmin_pages:edit", args=[item.page_id]), editor_data(item, lead=SAVED)
    return lambda: client.post(address, data).status_code


def _due(office, client, item, move) -> Callable:
    from moderation.management.jobs.scheduling import publish_due

    return publish_due


def _send(office, client, item, move) -> Callable:
    from news.social.worker.dispatcher import drain

    return drain


_OTHERS = {"close": _close, "strip": _strip, "save": _save, "due": _due, "send": _send}


def prepare(office, situation: str):
    """Bring an item into the situation through the real steps, with posts ordered wherever there is an order."""
    from django.utils import timezone

    from tests.moderation.chain.test_matrix import build, read

    state, correcting, is_early, _blocked = read(situation)
    order = {"channels": list(CHANNELS)}
    if correcting:
        return office.bring_to(state, office.open_ralat(office.bring_to("live", **order)))
    if state == "live":
        return office.bring_to("live", **order)
    if state == "ordered" and not is_early:
        return office.bring_to("ordered", **order)
    if is_early:
        item = office.bring_to("ordered", go_live_at=(timezone.localtime() + timedelta(days=1)).isoformat(), **order)
        return office._take(item, "schedule", "staf1", {}) if state == "scheduled" else item
    return build(office, situation)


def race(office, kind: Kind) -> list[str]:
    """Run one race; return what is wrong afterwards."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from moderation.models import AuditEntry

    item = prepare(office, kind.situation)
    groups = {name: list(user.groups.all()) for name, user in office.people.items()}
    calls = []
    for move in kind.moves:
        client = Client(raise_request_exception=False)
        if move.person:
            client.force_login(office.people[move.person])
        calls.append(_OTHERS.get(move.name, _post)(office, client, item, move))
    before = AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True).last()
    with _in_two_days() if any(move.name == "due" for move in kind.moves) else _now():
        answers = _at_once(calls)
    problems = [f"{move}: {answer}" for move, answer in zip(kind.moves, answers, strict=True) if _is_error(answer)]
    problems += judge(item, before, least=kind.least)
    if any(move.name == "save" for move in kind.moves):
        steps = AuditEntry.objects.filter(disposition_id=item.pk, sequence__gt=before)
        if not steps.exists() and item.get_draft().lead != SAVED:
            problems.append("neither a step nor a save")
    for name, user in office.people.items():
        get_user_model().objects.filter(pk=user.pk).update(is_active=True)
        user.groups.set(groups[name])
    return problems


def _is_error(answer) -> bool:
    return isinstance(answer, Exception) or (type(answer) is int and answer >= 500)


@contextmanager
def _now():
    yield


@contextmanager
def _in_two_days():
    from django.utils import timezone

    now = timezone.now
    with mock.patch.object(timezone, "now", side_effect=lambda: now() + LATER):
        yield


def _at_once(calls) -> list:
    """Run the calls in threads that start together; return what each returned or raised."""
    from django.db import connections

    gate = threading.Barrier(len(calls))
    answers: list = [None] * len(calls)

    def run(number, call):
        try:
            gate.wait(timeout=30)
            answers[number] = call()
        except Exception as error:  # noqa: BLE001 - told as the answer
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads), "a race hangs"
    return answers


def judge(item, before: int, *, least: int, seen: tuple | None = None) -> list[str]:
    """Compare the item's records with each other; return each disagreement.

    At least so many and at most one step may have been taken since the line ``before``; ``seen``: state and version
    then, where the item was read again since.
    """
    from wagtail.models import TaskState

    from moderation import sop
    from moderation.management.proof import live
    from moderation.models import AuditEntry, PublicationPermit
    from news.models import NewsPage
    from news.social.models import Delivery

    problems = []
    seen = seen or (item.state, item.version)
    item.refresh_from_db()
    steps = [action.code for action in sop.ACTIONS]
    lines = AuditEntry.objects.filter(disposition_id=item.pk, sequence__gt=before, action__in=steps)
    lines = list(lines.values_list("action", flat=True))
    if not least <= len(lines) <= 1:
        problems.append(f"{len(lines)} lines: {lines}")
    if bool(lines) != ((item.state, item.version) != seen):
        problems.append(f"lines {lines}, but from {seen} to {(item.state, item.version)}")
    page = NewsPage.objects.filter(pk=item.page_id).first() if item.page_id else None
    if page is None:
        return problems
    in_force = list(PublicationPermit.objects.executed().filter(page=page))
    if len(in_force) != int(page.live) or (page.live and page.live_revision_id != in_force[0].revision_id):
        problems.append(f"live: {page.live}, orders in force: {len(in_force)}")
    if PublicationPermit.objects.filter(page=page, executed_at=None, revoked_at=None).count() > 1:
        problems.append("two open orders")
    posts = Counter(Delivery.objects.filter(page=page, superseded_at=None).values_list("account__key", flat=True))
    ordered = {
        key
        for permit in PublicationPermit.objects.filter(page=page).exclude(executed_at=None)
        for key in permit.channels
    }
    if posts != Counter(ordered):
        problems.append(f"posts {dict(posts)} of {sorted(ordered)}")
    running = TaskState.objects.filter(workflow_state__object_id=str(page.pk), status="in_progress").count()
    step = sop.step_of(item.state)
    if running != int(step is not None and (step.is_task or step.code == sop.StepCode.EXEMPTION)):
        problems.append(f"{running} running tasks at {item.state}")
    difference = live.find_difference(NewsPage, page.pk) if page.live else None
    if difference:
        problems.append(f"live text: {difference}")
    return problems


def main() -> int:
    """Run on each database in a process of its own, and add up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1, help="how often each kind is run")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both", "here"), default="both")
    parser.add_argument("--only", default="", help="kinds whose name holds this")
    arguments = parser.parse_args()
    if arguments.database == "here":
        print(json.dumps(_run_here(arguments)))
        return 0
    from tests.load.databases import NAMES, make_environment

    total = Counter({"races": 0, "wrong": 0, "server_errors": 0})
    for name in NAMES if arguments.database == "both" else (arguments.database,):
        with make_environment(name) as environment:
            places = {key: str(Path(environment["TEST_DATA_DIR"]) / f"{key}.jsonl") for key in CHANNELS}
            channels = {key: {"kind": "console", "label": key, "options": {"path": at}} for key, at in places.items()}
            command = [sys.executable, "-m", "tests.load.races", "--database=here", f"--rounds={arguments.rounds}"]
            done = subprocess.run(
                [*command, f"--only={arguments.only}"],
                env=environment | {"LOAD_CHANNELS": json.dumps(channels)},
                stdout=subprocess.PIPE,
                text=True,
            )
        if done.returncode:
            print(f"{name}: broke off", flush=True)
            return 1
        counts = json.loads(done.stdout.splitlines()[-1])
        kinds = counts.pop("kinds")
        total.update(counts)
        print(f"{name}: {kinds} kinds, {', '.join(f'{number} {word}' for word, number in counts.items())}", flush=True)
    print(json.dumps({"kinds": kinds} | total))
    return 1 if total["wrong"] else 0


def _run_here(arguments) -> dict:
    import django

    django.setup()
    from news.social.accounts import service
    from tests.support.audit_log import find_first_break
    from tests.support.factories import Office

    service.sync_accounts()
    office, counts = Office.open(), Counter({"kinds": 0, "races": 0, "wrong": 0, "server_errors": 0})
    for kind in list_kinds():
        if arguments.only not in str(kind):
            continue
        counts["kinds"] += 1
        for _round in range(arguments.rounds):
            problems = race(office, kind)
            counts["races"] += 1
            counts["wrong"] += bool(problems)
            counts["server_errors"] += sum(problem[-3:].isdigit() and problem[-3] == "5" for problem in problems)
            for problem in problems:
                print(f"{kind}: {problem}", file=sys.stderr, flush=True)
    broken = find_first_break()
    if broken:
        print(f"log: {broken}", file=sys.stderr)
        counts["wrong"] += 1
    return dict(counts)


if __name__ == "__main__":
    sys.exit(main())
