"""Link posts and photo posts on a Page, and their read-back."""

from datetime import UTC, datetime, timedelta

import pytest

from news.social.channels import build
from news.social.channels.base import (
    Comparison,
    Duplicate,
    Rejected,
)
from news.social.channels.http import transport
from news.social.channels.meta import containers
from tests.social.servers.graph import FacebookServer, draw

from .meta import JUST_NOW, KEY, LINK, draft, open_channel, send

pytestmark = pytest.mark.db_agnostic


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", (5, 5))
    monkeypatch.setattr(containers, "WAITS", (0, 0, 0))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def facebook():
    with FacebookServer() as server:
        yield server


def test_a_link_post_has_its_link_beside_the_text_and_a_photo_post_in_it(facebook):
    link_post = open_channel(facebook).compose(draft(facebook))
    assert LINK not in link_post.text
    assert link_post.card is not None
    assert link_post.image is None

    channel = open_channel(facebook, post_as="photo")
    photo_post = channel.compose(draft(facebook))
    assert photo_post.text.endswith(LINK)
    assert photo_post.card is None
    sent, state = send(channel, photo_post)
    stored = facebook.attached[sent.remote_id]
    assert stored["alt"] == "Warga duduk di balai desa"
    assert stored["content"] == draw()
    assert channel.find(photo_post, KEY, JUST_NOW, state).remote_id == sent.remote_id
    assert channel.verify(sent, photo_post).comparison == Comparison.SAME

    without = channel.compose(draft(facebook, picture=False))
    assert LINK not in without.text
    assert facebook.links[send(channel, without)[0].remote_id] == LINK


def test_a_photo_is_uploaded_once_while_it_lives(facebook):
    channel = open_channel(facebook, post_as="photo")
    composed = channel.compose(draft(facebook))
    states = []
    state = channel.prepare(composed, {}, states.append)
    assert states == [state]
    assert channel.prepare(composed, state, states.append) == state
    assert len(facebook.photos) == 1
    old = {**state, "photo_at": (datetime.now(UTC) - timedelta(hours=23)).isoformat()}
    assert channel.prepare(composed, old, states.append)["photo"] != state["photo"]


def test_the_same_words_twice_are_a_duplicate_and_one_post(facebook):
    channel = open_channel(facebook)
    composed = channel.compose(draft(facebook))
    send(channel, composed)
    with pytest.raises(Duplicate):
        send(channel, composed)
    assert len(facebook.posts) == 1


def test_a_card_that_leads_elsewhere_or_is_gone_is_another_post(facebook):
    channel = open_channel(facebook)
    composed = channel.compose(draft(facebook))
    sent, _ = send(channel, composed)
    facebook.links[sent.remote_id] = "https://lain.example/"
    verdict = channel.verify(sent, composed)
    assert verdict.comparison == Comparison.DIFFERENT
    assert "https://lain.example/" in verdict.text
    del facebook.links[sent.remote_id]
    assert channel.verify(sent, composed).comparison == Comparison.DIFFERENT
    facebook.posts.clear()
    assert channel.verify(sent, composed).comparison == Comparison.MISSING


def test_a_post_is_edited_and_removed_and_what_is_gone_counts_as_removed(facebook):
    channel = open_channel(facebook)
    composed = channel.compose(draft(facebook))
    sent, _ = send(channel, composed)
    ralat = channel.compose(draft(facebook, text="RALAT: 52 peserta."))
    assert channel.edit(sent.remote_id, ralat, KEY).remote_id == sent.remote_id
    assert channel.verify(sent, ralat).comparison == Comparison.SAME
    assert channel.delete(sent.remote_id, KEY).remote_id == sent.remote_id
    assert facebook.posts == []
    assert channel.delete(sent.remote_id, KEY).status == 400
    facebook.fail((400, {}, {"error": {"message": "No", "code": 100}}))
    with pytest.raises(Rejected):
        channel.delete(sent.remote_id, KEY)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.facebook.com/20002/posts/7001", "20002_7001"),
        ("https://www.facebook.com/20002/posts/judul-berita/7001/", "20002_7001"),
        ("https://m.facebook.com/permalink.php?story_fbid=7001&id=20002", "20002_7001"),
        ("https://www.facebook.com/mojogedang/posts/pfbid02abc", ""),
        ("https://facebook.com.example/20002/posts/7001", ""),
        ("https://palsufacebook.com/20002/posts/7001", ""),
    ],
)
def test_the_number_of_a_post_is_read_from_its_address(address, name):
    assert build("facebook").read_id(address) == name
