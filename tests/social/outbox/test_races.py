"""Three clicks on "Tayangkan sekarang" at the same instant: one publication, one set of posts to send."""

import pytest

from moderation.chain.transitions import take
from moderation.models import AuditEntry
from news.social.models import Delivery
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
