"""``make chaos`` with few rounds: real workers killed at random moments."""

import json
import random

import pytest

from news.social.models import Delivery
from tests.load.killed import chaos


@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_random_moments_lose_and_double_nothing(office, run_manage, patient):
    environment = run_manage("worker", DJANGO_SETTINGS_MODULE="tests.load.settings")["env"]
    counts = chaos.run(office, 6, environment, random.Random())
    assert list(counts) == ["rounds", "lost", "doubled", "uncertain"]
    assert (counts["rounds"], counts["lost"], counts["doubled"]) == (6, 0, 0)


@pytest.mark.django_db
@pytest.mark.db_agnostic
def test_the_judge_sees_what_is_lost_and_what_is_doubled(networks, publish, x):
    delivery = publish("x")["x"]
    cases = [
        ("sent", False, 1, None),
        ("sent", False, 0, "lost"),
        ("pending", False, 0, "lost"),
        ("failed", False, 1, "lost"),
        ("sent", False, 2, "doubled"),
        ("uncertain", True, 2, "doubled"),
        ("uncertain", True, 0, "uncertain"),
        ("uncertain", True, 1, "uncertain"),
    ]
    for state, needs_person, posts, word in cases:
        Delivery.objects.filter(pk=delivery.pk).update(state=state, needs_person=needs_person)
        x.posts.clear()
        for _number in range(posts):
            x.create_post(delivery.request_text)
        counts = {name: int(name == word) for name in ("lost", "doubled", "uncertain")}
        assert json.dumps(chaos._judge({"x": x}, Delivery.objects.all())) == json.dumps(counts), (
            state,
            needs_person,
            posts,
        )
