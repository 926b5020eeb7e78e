"""One person who verifies and orders, and two accounts that look like one person."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from moderation import sop
from moderation.chain import policy
from moderation.chain.transitions import take
from moderation.models import AuditEntry, OfficeProcedure, PublicationPermit
from moderation.ports.exceptions import StepRefused
from moderation.records.papers import case_file
from tests.support.factories import make_user, verdict

pytestmark = pytest.mark.django_db

ORDER = {"channels": [], "left_out_reason": "Cukup di website."}


@pytest.fixture
def both(office):
    """A person who is Bidang and Sekretaris."""
    return make_user("sri", sop.Role.BIDANG, sop.Role.SEKRETARIS, first_name="Sri", last_name="Lestari")


@pytest.fixture
def item(office, both):
    """Verified by the person who could order it, too."""
    return take(office.bring_to("awaiting_verification"), "verify", both, verdict())


def ask_for_two() -> None:
    procedure = OfficeProcedure.load()
    procedure.verifier_may_not_order = True
    procedure.save()


def print_notes(item) -> str:
    """Return the last section of the case file: the log and its notes."""
    return str(case_file.build(item).blocks[-30:])


class TestVerifierAndOrder:
    def test_where_the_office_wants_two_another_orders(self, office, both, item):
        ask_for_two()
        assert policy.Authority(item, both).why_not(sop.get_action("order")) == policy.OWN_VERIFICATION
        with pytest.raises(StepRefused, match="orang lain daripada yang memverifikasi"):
            take(item, "order", both, ORDER)
        item = take(item, "order", office.sekretaris, ORDER)
        assert item.state == "ordered"
        assert "Satu orang" not in print_notes(item)

    def test_a_version_that_another_verified_is_free(self, office, both, item):
        ask_for_two()
        item = take(item, "return_to_correction", office.sekretaris, {"comment": "Angka keliru."})
        item = take(item, "declare_corrected", office.sekretaris, {"warnings_checked": True})
        item = office.bring_to("verified", item)
        assert take(item, "order", both, ORDER).state == "ordered"

    def test_nor_past_the_application(self, office, both, item):
        order = PublicationPermit(
            page_id=item.page_id,
            revision_id=item.get_draft().latest_revision_id,
            disposition=item,
            seal=AuditEntry.objects.get(action="verify").seal,
            number="PT-9",
            ordered_at=item.state_since,
            ordered_by=both,
        )
        ask_for_two()
        with pytest.raises(IntegrityError, match="tidak memerintahkan tayang"), transaction.atomic():
            PublicationPermit.objects.bulk_create([order])
        OfficeProcedure.objects.update(verifier_may_not_order=False)
        PublicationPermit.objects.bulk_create([order])

    def test_by_default_one_person_may_and_the_case_file_says_so(self, office, both, item):
        assert not OfficeProcedure.load().verifier_may_not_order
        item = take(take(item, "order", both, ORDER), "publish", both)
        lines = [AuditEntry.objects.get(action=name).sequence for name in ("verify", "order", "publish")]
        assert (
            "Satu orang, Sri Lestari, memverifikasi (baris {}), memerintahkan tayang (baris {}) dan menayangkan "
            "(baris {}) versi yang sama.".format(*lines)
        ) in print_notes(item)

    def test_the_rule_is_set_on_the_screen_of_the_procedure_and_logged(self, office, item, log_in):
        client = log_in(office.admin)
        address = reverse("wagtailsettings:edit", args=["moderation", "officeprocedure"])
        address = client.get(address, follow=True).request["PATH_INFO"]
        form = client.get(address).context["form"]
        data = {name: value for name, value in form.initial.items() if value not in (None, False)}
        client.post(address, data | {"verifier_may_not_order": "on"})
        assert OfficeProcedure.load().verifier_may_not_order
        line = AuditEntry.objects.get(action="procedure_changed")
        assert line.actor_name == "admin"
        assert line.reason == "pejabat yang memverifikasi tidak memerintahkan tayang: ya"


class TestNamesakes:
    def name(self, user, **facts):
        type(user).objects.filter(pk=user.pk).update(**facts)

    def read(self, item, user) -> str:
        client = Client()
        client.force_login(user)
        return client.get(item.get_absolute_url()).content.decode()

    @pytest.mark.parametrize(
        ("author", "verifier", "what"),
        [
            ({"first_name": "Sri", "last_name": "Lestari"}, {"first_name": "SRI  LESTARI, S.Sos."}, "nama yang sama"),
            ({"first_name": "Drs. Joko", "last_name": "Santoso"}, {"first_name": "Joko Santoso"}, "nama yang sama"),
            ({"email": "sri@contoh.go.id"}, {"email": "Sri@Contoh.go.id"}, "alamat surel yang sama"),
        ],
    )
    def test_ppid_and_sekretaris_are_told_and_the_case_file_says_so(self, office, author, verifier, what):
        self.name(office.staf1, **author)
        self.name(office.bidang, **verifier)
        item = office.bring_to("awaiting_verification")
        sentence = f"Akun penyusun “staf1” dan akun verifikator “bidang” memakai {what}."
        # Before the verdict, too: the verifier has the role.
        assert sentence in self.read(item, office.sekretaris)
        item = office.bring_to("verified", item)
        for user in (office.sekretaris, office.ppid):
            assert sentence in self.read(item, user)
        for user in (office.staf1, office.bidang2, office.pemantau):
            assert sentence not in self.read(item, user)
        assert sentence in print_notes(item)
        # A name that was changed after the verdict is in the log.
        self.name(office.bidang, first_name="Nama", last_name="Lain", email="")
        assert (sentence in self.read(item, office.sekretaris)) is ("nama" in what)

    def test_two_people_are_two_people(self, office):
        self.name(office.staf1, first_name="Sri", last_name="Lestari", email="sri@contoh.go.id")
        self.name(office.bidang, first_name="Sri", last_name="Rahayu", email="")
        self.name(office.bidang2, first_name="", last_name="", email="")
        item = office.bring_to("verified")
        assert "Akun penyusun" not in self.read(item, office.sekretaris)
        assert "Akun penyusun" not in print_notes(item)
