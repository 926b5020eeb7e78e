"""Three clicks on "Tayangkan sekarang" at the same instant: one publication, one set of posts to send.

``make races`` runs every kind; here are a few of them, and what its judge sees.
"""

import pytest

from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.models import AuditEntry
from news.social.models import Delivery
from tests.load import races
from tests.moderation.chain.test_concurrency import at_once, winners

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_double_click_on_publish_writes_one_delivery_for_each_channel(networks, office):
    item = office.bring_to("ordered", channels=["x", "mastodon"])
    results = at_once(*[lambda: take(item, "publish", office.staf1, expected_version=item.version)] * 3)
    assert len(winners(results)) == 1
    assert sorted(Delivery.objects.values_list("account__key", flat=True)) == ["mastodon", "x"]
    assert AuditEntry.objects.filter(action="publish").count() == 1


def test_a_publication_that_races_a_take_down_of_the_order_leaves_no_post_without_a_live_page(networks, office):
    item = office.bring_to("ordered", channels=["x"])
    results = at_once(
        lambda: take(item, "publish", office.staf1),
        lambda: take(item, "return_to_correction", office.sekretaris, {"comment": "Judul keliru."}),
    )
    assert len(winners(results)) == 1
    item.refresh_from_db()
    assert Delivery.objects.count() == (1 if item.state == "live" else 0)
    assert item.get_page().live == (item.state == "live")


@pytest.fixture
def stations(configure, tmp_path):
    """The accounts that ``make races`` orders."""
    options = {"path": str(tmp_path / "outbox.jsonl")}
    configure(**{key: {"kind": "console", "label": key, "options": options} for key in races.CHANNELS})


def test_a_few_of_the_many_kinds(stations, office):
    kinds = {str(kind): kind for kind in races.list_kinds()}
    assert len(kinds) >= 60
    for name in (
        "ordered: publish sekretaris / publish sekretaris2 / publish sekretaris",
        "ordered, ralat: publish sekretaris / take_down sekretaris2",
        "awaiting_verification: verify bidang / close bidang",
        "scheduled: due / cancel ppid / due",
    ):
        assert races.race(office, kinds[name]) == []


def test_the_judge_of_races_sees_a_second_line_and_a_post_too_few(stations, office):
    item = office.bring_to("live", channels=list(races.CHANNELS))
    last = AuditEntry.objects.latest("sequence").sequence
    seen = item.state, item.version
    assert races.judge(item, last, least=0) == []
    [too_few] = races.judge(item, last, least=1)
    assert too_few.startswith("0 lines")
    assert any(problem.startswith("2 lines") for problem in races.judge(item, last - 2, least=1, seen=seen))
    triggers.drop_all()
    Delivery.objects.first().delete()
    assert any(problem.startswith("posts") for problem in races.judge(item, last, least=0))
