"""Role × action × state: every cell tried through the real URL.

``generate`` derives from ``sop`` who may do what in each situation; ``PAPER`` says the same by
hand. Both must agree with each other and with the server's answer to each POST.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.chain.transitions import take
from moderation.models import Disposition
from moderation.ports.official_step import official_step
from moderation.ports.seal import compute_seal
from moderation.records.item_history import get_shown_page
from tests.support.factories import EXEMPTION, ROLES, verdict

pytestmark = pytest.mark.db_agnostic

PEOPLE = ("ppid", "sekretaris", "sekretariat", "staf1", "staf2", "bidang", "pemantau", "admin")
NIK = "3313151202900001"

#: Allowed actions by situation and person; nothing is allowed to people not named.
#: The item is assigned to staf1.
PAPER = {
    "disposed": {
        "ppid": {"recall", "cancel"},
        "sekretaris": {"forward", "cancel"},
    },
    "forwarded": {
        "ppid": {"cancel"},
        "sekretaris": {"recall_forwarding", "cancel"},
        "sekretariat": {"receive"},
    },
    "received": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "sekretariat": {"assign"},
    },
    "assigned": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "sekretariat": {"recall_assignment", "reassign"},
        "staf1": {"compose"},
    },
    "composing": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "sekretariat": {"reassign"},
        "staf1": {"hand_over"},
    },
    "composing, blocked by a finding": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "sekretariat": {"reassign"},
        "staf1": {"ask_assessment"},
    },
    "returned_to_staf": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "sekretariat": {"reassign"},
        "staf1": {"hand_over"},
    },
    "awaiting_correction": {
        "ppid": {"cancel"},
        "sekretaris": {"declare_corrected", "return_to_staf", "cancel"},
    },
    "returned": {
        "ppid": {"cancel"},
        "sekretaris": {"declare_corrected", "return_to_staf", "cancel"},
    },
    "awaiting_verification": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "bidang": {"verify", "return_to_sekretaris", "mark_exempt"},
    },
    "held_exempt": {
        "ppid": {"confirm_exempt", "release_exempt", "cancel"},
        "sekretaris": {"cancel"},
    },
    "verified": {
        "ppid": {"cancel"},
        "sekretaris": {"order", "return_to_correction", "cancel"},
    },
    "ordered": {
        "ppid": {"cancel"},
        "sekretaris": {"publish", "return_to_correction", "cancel"},
        "staf1": {"publish"},
        "staf2": {"publish"},
    },
    "ordered, for later": {
        "ppid": {"cancel"},
        "sekretaris": {"publish", "schedule", "return_to_correction", "cancel"},
        "staf1": {"schedule"},
        "staf2": {"schedule"},
    },
    "scheduled": {
        "ppid": {"cancel"},
        "sekretaris": {"publish", "return_to_correction", "cancel"},
    },
    "live": {"sekretaris": {"open_correction", "take_down"}},
    "done": {"sekretaris": {"open_correction", "take_down"}},
    "exempted": {},
    "cancelled": {},
    "taken_down": {"sekretaris": {"open_correction"}},
    "composing, ralat": {
        "ppid": {"drop_correction"},
        "sekretaris": {"drop_correction", "take_down"},
        "sekretariat": {"reassign"},
        "staf1": {"hand_over"},
    },
    "awaiting_correction, ralat": {
        "ppid": {"drop_correction"},
        "sekretaris": {"declare_corrected", "return_to_staf", "drop_correction", "take_down"},
    },
    "awaiting_verification, ralat": {
        "ppid": {"drop_correction"},
        "sekretaris": {"drop_correction", "take_down"},
        "bidang": {"verify", "return_to_sekretaris"},
    },
    "verified, ralat": {
        "ppid": {"drop_correction"},
        "sekretaris": {"order", "return_to_correction", "drop_correction", "take_down"},
    },
    "ordered, ralat": {
        "ppid": {"drop_correction"},
        "sekretaris": {"publish", "return_to_correction", "drop_correction", "take_down"},
        "staf1": {"publish"},
        "staf2": {"publish"},
    },
}


def read(situation: str) -> tuple[str, bool, bool, bool]:
    """Parse a situation's name: state, in a ralat, ordered for later, blocked."""
    state, _comma, more = situation.partition(", ")
    return state, more == "ralat", more == "for later" or state == "scheduled", more.startswith("blocked")


def generate(situation: str) -> dict[str, set[str]]:
    """Derive from the table who may do what; conditions on the person are added here."""
    state, correcting, is_early, blocked = read(situation)
    cells = {}
    for name in PEOPLE:
        roles = set(ROLES.get(name, ()))
        codes = {
            action.code for action in sop.ACTIONS if action.is_offered_at(state, correcting) and roles & set(action.by)
        }
        if name == "staf2":
            codes -= {"compose", "hand_over"}  # Only the assigned Staf may change the text.
        if not is_early:
            codes -= {"schedule"}
        elif sop.Role.STAF in roles:
            codes -= {"publish"}  # The ordered time binds the Staf.
        codes -= {"assess_finding"}  # No assessment was requested, or there is nothing to assess.
        if not blocked or name != "staf1":
            codes -= {"ask_assessment"}  # The holder of the text requests it, about a finding.
        if blocked:
            codes -= {"hand_over"}
        if codes:
            cells[name] = codes
    return cells


def test_every_state_of_the_table_is_a_situation():
    assert {read(situation)[0] for situation in PAPER} == {state.code for state in sop.STATES}


@pytest.mark.parametrize("situation", PAPER)
def test_the_table_says_what_the_paper_says(situation):
    assert generate(situation) == PAPER[situation]


def build(office, situation: str) -> Disposition:
    """Bring an item into the situation through the real steps."""
    state, correcting, is_early, blocked = read(situation)
    if correcting:
        item = office.open_ralat(office.bring_to("done"))
        return office.bring_to(state, item)
    if state == "returned_to_staf":
        item = office.bring_to("awaiting_correction")
        return take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi."})
    if state == "returned":
        item = office.bring_to("awaiting_verification")
        return take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka tidak cocok."})
    if is_early:
        later = timezone.localtime() + timedelta(days=1)
        return office.bring_to(state, go_live_at=later.isoformat())
    if state == "live":
        # Without a channel an item is closed when it is live; with one it waits here.
        item = office.bring_to("done")
        with official_step():
            Disposition.objects.filter(pk=item.pk).update(state="live")
        item.refresh_from_db()
        return item
    if state == "done":
        return office.bring_to("live")
    if state == "cancelled":
        return take(office.bring_to("composing"), "cancel", office.ppid, {"comment": "Tidak jadi."})
    if state == "taken_down":
        return take(office.bring_to("done"), "take_down", office.sekretaris, {"comment": "Keliru."})
    item = office.bring_to(state)
    if blocked:
        office.write(item, lead=f"Data warga dengan NIK {NIK} diperbarui.")
    return item


def fill_in(office, code: str) -> dict:
    """Return the complete form of an action, so that only permission decides."""
    forms = {
        "assign": {"staf": office.staf2.pk},
        "reassign": {"staf": office.staf2.pk},
        "verify": verdict(),
        "order": {"left_out_reason": "Cukup di website."},
        "mark_exempt": EXEMPTION,
        "assess_finding": {"finding": "1", "decision": "false_positive", "sentence": "Nomor contoh."},
    }
    return {"comment": "Alasan yang cukup jelas.", **forms.get(code, {})}


def try_cell(client, item, code: str, form: dict) -> bool:
    """POST the action, return whether it was taken, and roll it back."""
    data = {"action": code, "version": item.version, **form}
    with transaction.atomic():
        client.post(reverse("moderation:step", args=[item.pk]), data, headers={"x-requested-with": "XMLHttpRequest"})
        after = Disposition.objects.values_list("version", "state").get(pk=item.pk)
        transaction.set_rollback(True)
    return after != (item.version, item.state)


@pytest.mark.django_db
@pytest.mark.parametrize("situation", PAPER)
def test_the_server_does_what_the_paper_says(office, client, situation):
    item = build(office, situation)
    page = get_shown_page(item)
    seal = compute_seal(page) if page is not None else ""
    forms = {action.code: {"seal": seal, **fill_in(office, action.code)} for action in sop.ACTIONS}
    taken = {}
    for name in PEOPLE:
        client.force_login(office.people[name])
        codes = {code for code, form in forms.items() if try_cell(client, item, code, form)}
        if codes:
            taken[name] = codes
    assert taken == PAPER[situation]
