"""Upgrading a database whose items went live before their texts were stored: each is stored, signed and found."""

import pytest
from django.core.management import call_command
from django.db import connection

from home.authenticity.checking import check
from home.authenticity.models import PublishedVersion
from moderation.chain.transitions import take
from moderation.models import PublicationPermit

pytestmark = pytest.mark.django_db(transaction=True)

LEAD = "Bantuan langsung tunai disalurkan kepada {} keluarga di Desa Pendem tanpa potongan biaya apa pun."


@pytest.fixture
def without_versions():
    """Migrate the app back to before its table; the newest state follows in the end."""
    yield lambda: call_command("migrate", "authenticity", "zero", verbosity=0)
    call_command("migrate", "authenticity", verbosity=0)


def test_what_was_ever_live_is_stored_signed_and_found(office, without_versions):
    items = {}
    for number in (51, 52, 53):
        items[number] = office.bring_to("composing")
        office.write(items[number], lead=LEAD.format(number))
        office.bring_to("live", items[number])
    office.bring_to("done", office.open_ralat(items[52], lead=LEAD.format(62)))
    take(items[53], "take_down", office.sekretaris, {"comment": "Keliru."})
    office.write(office.bring_to("composing"), lead=LEAD.format(54))
    corrected = items[52].page_id
    before = list(PublishedVersion.objects.exclude(page_id=corrected).order_by("pk").values())

    without_versions()
    assert PublishedVersion._meta.db_table not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)

    stored = list(PublishedVersion.objects.order_by("pk"))
    assert {row.pk for row in stored} == set(
        PublicationPermit.objects.exclude(executed_at=None).values_list("pk", flat=True)
    )
    assert all(row.is_own() for row in stored)
    # As when they went live, in Indonesian; only the note of a later ralat is new, beside the older text.
    assert [row for row in PublishedVersion.objects.order_by("pk").values() if row["page_id"] != corrected] == before
    verdicts = {number: str(check(LEAD.format(number)).verdict) for number in (51, 52, 62, 53, 54)}
    assert verdicts == {51: "asli", 52: "diralat", 62: "asli", 53: "diturunkan", 54: "mirip"}
