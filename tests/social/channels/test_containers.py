"""Instagram and Threads: containers, pictures that Meta fetches, counts, links, tokens."""

from datetime import UTC, datetime, timedelta

import pytest

from news.social.channels import Draft, build
from news.social.channels.base import (
    AuthDead,
    Comparison,
    Duplicate,
    NoRight,
    NotSent,
    Rejected,
    Throttled,
    Unknown,
    get_flows,
)
from news.social.channels.http import transport
from news.social.channels.meta import containers
from tests.social.servers.containers import InstagramServer, ThreadsServer, count_threads
from tests.social.servers.graph import draw, graph_error

from .meta import JUST_NOW, KEY, LINK, draft, open_channel, send

pytestmark = pytest.mark.db_agnostic


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", (5, 5))
    monkeypatch.setattr(containers, "WAITS", (0, 0, 0))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def instagram():
    with InstagramServer() as server:
        yield server


@pytest.fixture
def threads():
    with ThreadsServer() as server:
        yield server


@pytest.fixture(params=[InstagramServer, ThreadsServer], ids=lambda server: server.__name__)
def boxed(request):
    with request.param() as server:
        yield server


def test_a_container_is_made_once_saved_at_once_and_used_again(boxed):
    channel = open_channel(boxed)
    composed = channel.compose(draft(boxed))
    saved = []
    boxed.slowness = 99
    with pytest.raises(NotSent):
        channel.prepare(composed, {}, saved.append)
    assert len(saved) == len(boxed.containers) == 1
    boxed.slowness = 0
    state = channel.prepare(composed, saved[0], saved.append)
    assert len(boxed.containers) == 1
    channel.deliver(composed, KEY, state)
    assert boxed.texts == [composed.text]


def test_an_expired_container_is_made_anew(boxed):
    channel = open_channel(boxed)
    composed = channel.compose(draft(boxed))
    state = channel.prepare(composed, {}, lambda state: None)
    boxed.expire()
    with pytest.raises(NotSent):
        channel.deliver(composed, KEY, state)
    assert channel.find(composed, KEY, JUST_NOW, state) is None
    newer = channel.prepare(composed, state, lambda state: None)
    assert newer["container"] != state["container"]
    channel.deliver(composed, KEY, newer)
    assert len(boxed.posts) == 1


def test_after_a_lost_answer_the_container_says_whether_it_was_published(boxed):
    channel = open_channel(boxed)
    composed = channel.compose(draft(boxed))
    state = channel.prepare(composed, {}, lambda state: None)
    boxed.fail("500 before", "500 after")
    with pytest.raises(Unknown):
        channel.deliver(composed, KEY, state)
    somebody_else = {"text": composed.text, "caption": composed.text, "link_attachment": LINK}
    boxed.create_post(somebody_else)
    assert channel.find(composed, KEY, JUST_NOW, state) is None
    boxed.posts.clear()
    with pytest.raises(Unknown):
        channel.deliver(composed, KEY, state)
    boxed.lag = 1
    with pytest.raises(NotSent, match="sudah terbit"):
        channel.find(composed, KEY, JUST_NOW, state)
    assert channel.find(composed, KEY, JUST_NOW, state).remote_id == boxed.posts[0].id


def test_a_published_container_is_never_published_again(boxed):
    channel = open_channel(boxed)
    composed = channel.compose(draft(boxed))
    _, state = send(channel, composed)
    for known in (state, channel.prepare(composed, state, lambda state: None)):
        with pytest.raises(Duplicate):
            channel.deliver(composed, KEY, known)
    assert len(boxed.posts) == len(boxed.containers) == 1


def test_the_days_posts_are_asked_for_before_a_container_is_made(boxed):
    boxed.quota = (50, 50)
    channel = open_channel(boxed)
    with pytest.raises(Throttled, match="50 unggahan"):
        channel.prepare(channel.compose(draft(boxed)), {}, lambda state: None)
    assert boxed.containers == {}
    assert channel.check().limits["Unggahan dalam 24 jam"] == "50 dari 50"


def test_the_address_of_the_post_is_worth_no_failure(boxed):
    channel = open_channel(boxed)
    composed = channel.compose(draft(boxed))
    state = channel.prepare(composed, {}, lambda state: None)
    boxed.hinder((500, {}, "<h1>"))
    assert channel.deliver(composed, KEY, state).url == ""


def test_an_error_of_the_container_is_told(boxed):
    channel = open_channel(boxed)
    composed = channel.compose(draft(boxed))
    boxed.slowness = 99
    state = {}

    def save(new):
        state.update(new)
        boxed.containers[new["container"]]["status"] = "ERROR"

    with pytest.raises(Rejected, match="tidak dapat menyiapkan"):
        channel.prepare(composed, {}, save)
    assert channel.find(composed, KEY, JUST_NOW, state) is None


@pytest.mark.parametrize(
    ("size", "kind"), [((500, 1000), "JPEG"), ((2000, 1000), "JPEG"), ((1000, 1000), "PNG"), (None, None)]
)
def test_a_picture_that_meta_cannot_use_is_rejected_before_the_post(instagram, size, kind):
    instagram.pictures["foto.jpg"] = draw(*size, kind) if size else None
    channel = open_channel(instagram)
    with pytest.raises(Rejected, match="gambar"):
        channel.prepare(channel.compose(draft(instagram)), {}, lambda state: None)


def test_instagram_says_in_the_editor_what_it_would_refuse(instagram):
    channel = open_channel(instagram)
    without = channel.compose(draft(instagram, picture=False))
    assert "memerlukan foto" in channel.find_problems(without)[0]
    with pytest.raises(Rejected, match="memerlukan foto"):
        channel.prepare(without, {}, lambda state: None)
    tags = " ".join(f"#tagar{number}" for number in range(31))
    assert "31 tagar" in channel.find_problems(channel.compose(draft(instagram, text=tags)))[0]
    names = " ".join(f"@akun{number}" for number in range(21))
    assert "21 akun" in channel.find_problems(channel.compose(draft(instagram, text=names)))[0]
    assert channel.find_problems(channel.compose(draft(instagram, text="Surel: a@b.go.id"))) == ()
    assert channel.find_text_problems(tags) == channel.find_problems(channel.compose(draft(instagram, text=tags)))


def test_tags_of_the_page_never_make_a_caption_too_full(instagram):
    channel = open_channel(instagram)
    text = " ".join(f"#tagar{number}" for number in range(29))
    composed = channel.compose(draft(instagram, text=text, tags=("Desa Wisata", "Gotong royong")))
    assert "#DesaWisata" in composed.text
    assert "#GotongRoyong" not in composed.text
    assert channel.find_problems(composed) == ()
    send(channel, composed)


def test_a_long_caption_is_cut_to_what_the_server_takes(instagram):
    channel = open_channel(instagram)
    composed = channel.compose(draft(instagram, text="Kerja bakti 👨‍👩‍👧 " * 400))
    assert 2150 < composed.length <= 2200
    assert composed.text.endswith(LINK)
    send(channel, composed)
    assert len(instagram.posts) == 1


@pytest.mark.parametrize(
    "text",
    ["Halo", "Selamat 🎉", "👨‍👩‍👧 keluarga", "🇮🇩 merdeka", "👍🏽 baik", "1️⃣ pertama", "é – “kutip” …", "❤️", "日本"],
)
def test_threads_counts_emoji_by_their_bytes(text):
    assert build("threads").count(text) == count_threads(text)


def test_a_text_full_of_emoji_is_cut_to_what_the_server_takes(threads):
    channel = open_channel(threads)
    composed = channel.compose(draft(threads, text="Merdeka 🇮🇩 🎉 👨‍👩‍👧 " * 60))
    assert 450 < composed.length <= 500
    send(channel, composed)
    assert threads.texts == [composed.text]


def test_threads_takes_five_links_that_of_the_card_among_them(threads):
    channel = open_channel(threads)
    links = [f"https://contoh.example/{number}" for number in range(5)]
    too_many = channel.compose(draft(threads, text=" ".join(links)))
    assert "6 tautan" in channel.find_problems(too_many)[0]
    with pytest.raises(Rejected, match="6 tautan"):
        channel.prepare(too_many, {}, lambda state: None)
    for text in (" ".join(links[:4]), " ".join([*links[:4], LINK])):
        composed = channel.compose(draft(threads, text=text))
        assert channel.find_problems(composed) == ()
        send(channel, composed)


def test_a_photo_on_threads_has_its_link_in_the_text(threads):
    channel = open_channel(threads, post_as="photo")
    composed = channel.compose(draft(threads))
    sent, _state = send(channel, composed)
    made = threads.details[sent.remote_id]
    assert (made["media_type"], made["alt_text"]) == ("IMAGE", "Warga duduk di balai desa")
    assert composed.text.endswith(LINK)
    assert channel.verify(sent, composed).comparison == Comparison.SAME
    card = channel.compose(draft(threads, picture=False))
    assert threads.details[send(channel, card)[0].remote_id]["media_type"] == "TEXT"


def test_a_card_with_another_link_is_another_post(threads):
    channel = open_channel(threads)
    composed = channel.compose(draft(threads))
    sent, _ = send(channel, composed)
    threads.details[sent.remote_id]["link_attachment"] = "https://lain.example/"
    assert channel.verify(sent, composed).comparison == Comparison.DIFFERENT


def test_a_post_on_threads_is_removed(threads):
    channel = open_channel(threads)
    sent, _ = send(channel, channel.compose(draft(threads)))
    channel.delete(sent.remote_id, KEY)
    assert threads.posts == []
    channel.delete(sent.remote_id, KEY)


@pytest.mark.parametrize("fault", ["500 before", "reset after"])
def test_an_answer_below_a_post_is_looked_for_when_its_own_answer_was_lost(boxed, fault):
    channel = open_channel(boxed)
    sent, _ = send(channel, channel.compose(draft(boxed)))
    note = channel.compose(Draft("RALAT: jumlah peserta 52 orang.", LINK))
    boxed.fail(fault)
    with pytest.raises(Unknown):
        channel.reply(sent.remote_id, note, KEY)
    found = channel.find_reply(sent.remote_id, note, KEY, JUST_NOW)
    assert (found is not None) == (fault == "reset after")
    assert channel.find_reply("1", note, KEY, JUST_NOW) is None


def test_the_same_words_of_somebody_else_are_not_our_comment(instagram):
    channel = open_channel(instagram)
    sent, _ = send(channel, channel.compose(draft(instagram)))
    note = channel.compose(Draft("RALAT: jumlah peserta 52 orang.", LINK))
    comment = channel.reply(sent.remote_id, note, KEY)
    instagram.details[comment.remote_id]["username"] = "warga"
    assert channel.find_reply(sent.remote_id, note, KEY, JUST_NOW) is None


def test_a_missing_right_fails_its_act_alone_and_the_check_names_it(boxed):
    channel = open_channel(boxed)
    sent, _ = send(channel, channel.compose(draft(boxed)))
    for scope in (boxed.delete_scope, boxed.reply_scope):
        boxed.granted.remove(scope)
    note = channel.compose(Draft("RALAT: jumlah peserta 52 orang.", LINK))
    for act in (lambda: channel.delete(sent.remote_id, KEY), lambda: channel.reply(sent.remote_id, note, KEY)):
        with pytest.raises(NoRight, match="tidak diberi hak untuk tindakan ini"):
            act()
    health = channel.check()
    assert health.problems == ()
    assert health.missing_scopes == (boxed.delete_scope, boxed.reply_scope)
    assert boxed.delete_scope in health.warnings[0]
    able = open_channel(boxed, **health.learned).capabilities
    assert (able.can_delete, able.can_reply) == (False, False)


def test_a_quota_that_threads_does_not_know_says_nothing_of_a_right(threads):
    channel = open_channel(threads)
    asked = threads.act
    threads.act = lambda method, path, params, bearer: (
        graph_error(100) if params.get("fields") == "delete_quota_usage" else asked(method, path, params, bearer)
    )
    assert channel.check().learned == {"may_delete": True, "may_reply": True}


def test_the_second_consent_screen_asks_for_no_more_than_posting_needs(boxed):
    whole, posting = get_flows(open_channel(boxed))
    assert {boxed.delete_scope, boxed.reply_scope} == set(whole.scopes) - set(posting.scopes) - {"threads_read_replies"}
    assert (whole.code, posting.code) == ("oauth2", "oauth2-posting")


def test_a_token_is_renewed_for_sixty_days_with_half_of_them_to_spare(threads):
    old = threads.token
    grant = open_channel(threads).refresh()
    assert grant.credentials == {"access_token": threads.token}
    assert threads.token != old
    assert grant.expires_at > datetime.now(UTC) + timedelta(days=59)
    assert timedelta(days=29) < grant.refresh_at - datetime.now(UTC) < timedelta(days=31)
    assert old not in "".join(threads.addresses)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {}, {"error": {"code": 190, "message": "x"}}), AuthDead),
        ((400, {}, {"error": {"code": 4, "message": "x"}}), Throttled),
        ((503, {}, "<h1>"), NotSent),
        ((200, {}, "<h1>"), NotSent),
    ],
)
def test_a_failed_renewal_says_whether_the_old_token_lives_on(threads, answer, error):
    threads.hinder(answer)
    with pytest.raises(error):
        open_channel(threads).refresh()
