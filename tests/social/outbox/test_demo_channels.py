"""The demo never posts to a real account."""

import pytest

from home.demo import people, replay
from home.demo.content import read_items
from home.starter import make_categories
from moderation.models import PublicationPermit
from moderation.ports import channels
from news.social.accounts.service import sync_accounts


@pytest.mark.django_db
def test_posts_of_invented_news_go_to_the_console_alone(settings):
    x = {"kind": "x", "label": "X", "base_url": "https://x.invalid", "credentials": {}}
    settings.SOCIAL_CHANNELS = settings.SOCIAL_CHANNELS | {"x": x}
    sync_accounts()
    assert {choice.kind for choice in channels.get_choices()} == {"console", "x"}
    items = [item for item in read_items() if item.title.startswith("Musrenbang")]
    replay.replay(items, people.make_people(), make_categories())
    assert PublicationPermit.objects.get().channels == ["console"]
