"""What ``make abuse`` asks for is legal, and there is a request for each kind of address that has a bound."""

import pytest

from home.serving.bounds.table import find_bounds, get_table
from tests.load.abuse import MANY, TARGET, Read, Stretch, ask, ask_on
from tests.load.worst import list_worst

pytestmark = [pytest.mark.nginx, pytest.mark.db_agnostic]


class OneRound:
    """Stops an abuser after each address has asked once."""

    def __init__(self):
        self.left = 8

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0

    def wait(self, seconds) -> None:
        """Ask on at once."""


def test_each_kind_has_a_worst_request_that_is_legal(front, office):
    office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu"))
    worst = list_worst(front)
    assert {find_bounds(request.path).name for request in worst.values()} == {row.name for row in get_table()}
    answers = {kind: ask(front, request, "198.51.100.9")[0] for kind, request in worst.items()}
    assert answers["file"] in {200, 404}, "this item has no picture"
    del answers["file"]
    refused = {"desk (small form)": 403, "desk (large form)": 403, "confirmation": 404}
    assert answers == dict.fromkeys(answers, 200) | refused | {"desk": 302, "card": answers["card"]}
    assert answers["card"] in {200, 404}
    counted = []
    ask_on(front, worst["page"], 0, MANY, counted, OneRound())
    assert counted == [200] * 8


def test_who_asks_the_flooded_kind_is_counted_apart():
    slow, quick = Read("search", 429, 9.0), Read("kept", 200, 0.01)
    others, same = Stretch([slow, *[quick] * 99]).split("search")
    assert (len(others.reads), others.turned_away, same.reads, same.turned_away) == (99, 0, [slow], 1)
    assert others.p99 < TARGET * 10
