"""What is Meta's own: proofs, codes, versions, photo posts, containers, the way through Facebook Login."""

import logging
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from news.social.channels import Draft, Image, build, containers, transport
from news.social.channels.base import (
    AuthDead,
    Card,
    Comparison,
    Duplicate,
    NotSent,
    Rejected,
    Throttled,
    Unknown,
)
from news.social.channels.graph import Graph
from news.social.channels.graph_errors import raise_for
from news.social.channels.graph_versions import ENDS, find_warnings
from news.social.channels.transport import Answer

from .servers_containers import InstagramServer, ThreadsServer, count_threads
from .servers_graph import FacebookServer, draw

pytestmark = pytest.mark.db_agnostic

LINK = "https://mojogedang.example.go.id/berita/musrenbang/"
KEY = "6a7f4c4e-0000-4000-8000-000000000002"
JUST_NOW = datetime.now(UTC) - timedelta(minutes=1)
GRAPH = "https://graph.facebook.com/v26.0"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", (5, 5))
    monkeypatch.setattr(containers, "WAITS", (0, 0, 0))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def facebook():
    with FacebookServer() as server:
        yield server


@pytest.fixture
def instagram():
    with InstagramServer() as server:
        yield server


@pytest.fixture
def threads():
    with ThreadsServer() as server:
        yield server


@pytest.fixture(params=[FacebookServer, InstagramServer, ThreadsServer], ids=lambda server: server.__name__)
def network(request):
    with request.param() as server:
        yield server


def open_channel(network, **options):
    config = network.config
    return build({**config, "options": {**config["options"], **options}})


def draft(network, text="Musrenbang “Mojogedang” digelar… 🎉", tags=("desa wisata",), picture=True):
    image = Image(draw, "image/jpeg", 1200, 800, "Warga duduk di balai desa", network.picture_url)
    return Draft(text, LINK, tags, Card("Musrenbang"), image if picture else None)


def send(channel, composed, state=None):
    saved = []
    state = channel.prepare(composed, state or {}, saved.append)
    return channel.deliver(composed, KEY, state), state


# --- What all three share ----------------------------------------------------------------------


def test_a_post_is_made_found_and_the_same(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    sent, state = send(channel, composed)

    assert network.texts == [composed.text]
    assert sent.remote_id == network.posts[0].id
    assert sent.url.startswith("https://www.")
    assert channel.find(composed, KEY, JUST_NOW, state) == sent
    assert channel.verify(sent, composed).comparison == Comparison.SAME


def test_no_token_and_no_secret_is_ever_in_an_address(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    sent, state = send(channel, composed)
    channel.find(composed, KEY, JUST_NOW, state)
    channel.check()
    for address in network.addresses:
        assert network.token not in address
        assert network.app_secret not in address


def test_the_next_page_is_asked_for_without_the_token_that_meta_puts_into_its_address(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    sent, state = send(channel, composed)
    for number in range(110):
        made = {"text": f"Lain {number}", "caption": f"Lain {number}"}
        network.create_post(f"Lain {number}" if isinstance(network, FacebookServer) else made)

    assert channel.find(composed, KEY, JUST_NOW, state).remote_id == sent.remote_id
    assert any("after=" in address for address in network.addresses)
    assert not any("access_token" in address for address in network.addresses)


def test_a_wrong_secret_or_token_is_auth_dead_and_stays_out_of_the_message(network):
    for name in ("access_token", "app_secret"):
        config = network.config
        if name not in config["credentials"]:
            continue
        config["credentials"][name] = "salah-sekali"
        channel = build(config)
        with pytest.raises((AuthDead, Rejected)) as caught:
            send(channel, channel.compose(draft(network)))
        assert "salah-sekali" not in caught.value.message
    assert network.posts == []


@pytest.mark.parametrize(
    ("code", "subcode", "error"),
    [
        (190, 460, AuthDead),
        (190, 463, AuthDead),
        (102, None, AuthDead),
        (10, None, AuthDead),
        (200, None, AuthDead),
        (299, None, AuthDead),
        (2635, None, AuthDead),
        (4, None, Throttled),
        (17, None, Throttled),
        (32, None, Throttled),
        (341, None, Throttled),
        (613, None, Throttled),
        (80001, None, Throttled),
        (80014, None, Throttled),
        (368, None, Throttled),
        (4, 2207051, Throttled),
        (9, 2207042, Throttled),
        (506, None, Duplicate),
        (1609005, None, NotSent),
        (9007, 2207027, NotSent),
        (-2, 2207020, NotSent),
        (1, None, Unknown),
        (2, None, Unknown),
        (-1, 2207001, Unknown),
        (100, None, Rejected),
        (197, None, Rejected),
        (36003, 2207009, Rejected),
        (9004, 2207052, Rejected),
    ],
)
def test_each_code_has_its_class(code, subcode, error):
    body = {"error": {"message": "No", "code": code, "error_subcode": subcode}}
    with pytest.raises(error) as caught:
        raise_for(Answer(400, {}, body), "Facebook", changes=True)
    assert type(caught.value) is error
    assert caught.value.message.endswith((".", "No"))


def test_a_code_reaches_the_outbox_as_its_class_and_leaves_no_post(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    state = channel.prepare(composed, {}, lambda state: None)
    for code, error in [(190, AuthDead), (4, Throttled), (506, Duplicate), (2, Unknown), (100, Rejected)]:
        network.fail((400, {}, {"error": {"message": "No", "code": code}}))
        with pytest.raises(error):
            channel.deliver(composed, KEY, state)
    network.fail((400, {}, {"error": {"message": "x", "code": 99, "is_transient": True}}))
    with pytest.raises(Unknown):
        channel.deliver(composed, KEY, state)
    assert network.posts == []


def test_a_lost_answer_to_a_question_is_asked_again_and_never_unknown(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    sent, state = send(channel, composed)
    for status, body in [(500, "<h1>"), (200, "<h1>"), (400, {"error": {"code": 2, "message": "x"}}), (408, {})]:
        network.hinder((status, {}, body))
        with pytest.raises(NotSent):
            channel.find(composed, KEY, JUST_NOW, state)


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"X-Business-Use-Case-Usage": '{"20002":[{"call_count":100,"estimated_time_to_regain_access":23}]}'}, 23),
        ({"X-App-Usage": '{"call_count":100,"total_time":9,"total_cputime":5}'}, 60),
        ({"X-App-Usage": '{"call_count":40}'}, 15),
        ({"X-App-Usage": "broken"}, 15),
        ({"X-Business-Use-Case-Usage": '{"20002":[{"estimated_time_to_regain_access":0}]}'}, 15),
    ],
)
def test_throttling_is_a_400_and_its_headers_count_minutes(facebook, headers, minutes):
    channel = open_channel(facebook)
    facebook.fail((400, headers, {"error": {"message": "x", "code": 32}}))
    with pytest.raises(Throttled) as caught:
        channel.deliver(channel.compose(draft(facebook)), KEY, {})
    expected = datetime.now(UTC) + timedelta(minutes=minutes)
    assert abs(caught.value.until - expected) < timedelta(seconds=5)


def test_an_account_under_suspicion_waits_for_hours(facebook):
    channel = open_channel(facebook)
    facebook.fail((400, {}, {"error": {"message": "x", "code": 368}}))
    with pytest.raises(Throttled) as caught:
        channel.deliver(channel.compose(draft(facebook)), KEY, {})
    assert caught.value.until > datetime.now(UTC) + timedelta(hours=5)
    assert "Masuk ke akun" in caught.value.message


def test_the_check_tells_token_scopes_limits_and_posts_nothing(network):
    health = open_channel(network).check()
    assert health.account_name in ("Kecamatan Mojogedang", "@kec.mojogedang")
    assert health.missing_scopes == ()
    assert health.problems == ()
    assert "karakter" in health.limits["Panjang unggahan"]
    assert network.posts == []
    if not isinstance(network, ThreadsServer):
        assert abs(health.expires_at.timestamp() - network.expires_at) < 2
        assert abs(health.data_expires_at.timestamp() - network.data_expires_at) < 2
        assert health.limits["Kuota panggilan API terpakai"] == "12 persen"


def test_the_check_names_what_was_not_granted(network):
    if isinstance(network, ThreadsServer):
        network.may_publish = False
        assert open_channel(network).check().missing_scopes == ("threads_content_publish",)
        return
    missing = next(scope for scope in network.granted if scope.endswith(("manage_posts", "content_publish")))
    network.granted.remove(missing)
    assert open_channel(network).check().missing_scopes == (missing,)


def test_a_scope_for_another_page_is_missing(facebook, monkeypatch):
    other = [{"scope": scope, "target_ids": ["999"]} for scope in facebook.granted]
    monkeypatch.setattr(facebook, "get_granular_scopes", lambda: other)
    assert open_channel(facebook).check().missing_scopes == facebook.scopes


def test_a_token_that_meta_calls_invalid_is_a_problem(facebook):
    facts = Graph(
        "Facebook",
        base_url=facebook.url,
        version="v26.0",
        token=f"{facebook.app_id}|{facebook.app_secret}",
        app_secret=facebook.app_secret,
    ).inspect("token-lain")
    assert facts.describe_problem() == ("Token tidak berlaku. The session has been invalidated.",)


# --- Versions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "today", "words"),
    [
        ("v26.0", date(2026, 11, 23), None),
        ("v21.0", date(2026, 11, 23), "berakhir pada 21 Januari 2027. Rencanakan"),
        ("v21.0", date(2027, 1, 21), "berakhir pada 21 Januari 2027. Ganti"),
        ("v22.0", date(2026, 11, 18), None),
        ("v22.0", date(2026, 11, 23), "20 Mei 2027"),
        ("v19.0", date(2026, 11, 23), "sudah berakhir"),
        ("v99.0", date(2026, 11, 23), None),
        ("salah", date(2026, 11, 23), "sudah berakhir"),
    ],
)
def test_a_version_is_warned_about_half_a_year_before_its_end(version, today, words):
    warnings = find_warnings(version, {"facebook-api-version": version}, today)
    assert (not warnings) if words is None else (words in warnings[0])


def test_the_answer_itself_says_when_a_version_has_ended(facebook):
    health = open_channel(facebook, version="v23.0").check()
    assert "Meta menjawab dengan v25.0" in health.warnings[0]
    assert open_channel(facebook, version="v26.0").check().warnings == ()


def test_the_table_of_versions_is_in_order():
    assert list(ENDS.values()) == sorted(ENDS.values())


# --- Facebook ----------------------------------------------------------------------------------


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


# --- Containers --------------------------------------------------------------------------------


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


# --- Threads -----------------------------------------------------------------------------------


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
    sent, state = send(channel, composed)
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


# --- The way through the consent screens --------------------------------------------------------


def consent(network, kind):
    flow = build(kind).oauth
    settings = {"base_url": network.url, "dialog_url": network.url}
    credentials = {flow.app_fields[0]: network.app_id, flow.app_fields[1]: network.app_secret}
    started = flow.start(settings, credentials, "https://kantor.example/kembali/")
    answer = {"code": "kode-sekali-pakai", "state": started.state}
    grants = flow.finish(settings, credentials, "https://kantor.example/kembali/", started.secret, answer)
    return started, grants


def test_facebook_login_leads_to_the_pages_that_may_be_posted_to(facebook):
    started, grants = consent(facebook, "facebook")
    query = parse_qs(urlsplit(started.address).query)
    assert query["scope"] == ["pages_show_list,pages_read_engagement,pages_manage_posts"]
    assert "/v26.0/dialog/oauth" in started.address
    [grant] = grants
    assert grant.settings == {"page_id": facebook.page_id}
    assert grant.credentials == {"access_token": facebook.token}
    assert (grant.account_name, grant.account_id) == ("Kecamatan Mojogedang", facebook.page_id)
    assert abs(grant.expires_at.timestamp() - facebook.expires_at) < 2
    assert abs(grant.data_expires_at.timestamp() - facebook.data_expires_at) < 2
    addresses = "".join(facebook.addresses)
    assert facebook.user_token not in addresses
    assert facebook.app_secret not in addresses


def test_a_person_without_the_task_is_told_so(facebook):
    facebook.tasks = ["ANALYZE"]
    with pytest.raises(Rejected, match="tugas membuat konten"):
        consent(facebook, "facebook")


def test_facebook_login_leads_to_the_instagram_account_of_a_page(instagram):
    _, [grant] = consent(instagram, "instagram")
    assert grant.settings == {"account_id": instagram.account_id}
    assert grant.account_name == "@kec.mojogedang"


def test_threads_login_ends_with_a_long_token_and_a_name(threads):
    threads.user_token = threads.token
    started, [grant] = consent(threads, "threads")
    assert "scope=threads_basic%2Cthreads_content_publish" in started.address
    assert grant.credentials == {"access_token": threads.token}
    assert grant.settings == {"account_id": threads.account_id}
    assert grant.account_name == "@kec.mojogedang"


@responses.activate
def test_a_lost_exchange_prints_no_secret(caplog):
    secret = KEY[::-1]
    address = f"https://graph.threads.net/access_token?client_secret={secret}"
    responses.get("https://graph.threads.net/access_token", body=requests.exceptions.ConnectionError(address))
    channel = build("threads", {}, {"access_token": "t"})
    try:
        channel.ask_for_token("access_token", "th_exchange_token", client_secret=secret)
    except NotSent:
        logging.getLogger("test").exception("failed")
    assert "NotSent" in caplog.text
    assert secret not in caplog.text


@responses.activate
def test_a_version_and_its_host_are_settings():
    responses.post("https://graph.facebook.com/v27.0/20002/feed", json={"id": "20002_1"})
    names = {"app_id": "1", "app_secret": "s", "access_token": "t"}
    channel = build("facebook", {"page_id": "20002", "version": "v27.0"}, names)
    composed = channel.compose(Draft("Halo", LINK))
    assert channel.deliver(composed, KEY, {}).url == "https://www.facebook.com/20002/posts/1"
    body = parse_qs(responses.calls[0].request.body)
    assert body["link"] == [LINK]
    assert len(body["appsecret_proof"][0]) == 64


@pytest.mark.parametrize("answer", [{}, {"id": 12}, {"data": []}])
@responses.activate
def test_an_answer_without_a_number_is_unknown(answer):
    responses.post(f"{GRAPH}/20002/feed", json=answer)
    names = {"app_id": "1", "app_secret": "s", "access_token": "t"}
    channel = build("facebook", {"page_id": "20002"}, names)
    with pytest.raises(Unknown):
        channel.deliver(channel.compose(Draft("Halo", LINK)), KEY, {})


@responses.activate
def test_what_an_upload_lost_was_never_a_post():
    responses.post(f"{GRAPH}/20002/photos", body=requests.exceptions.ReadTimeout())
    names = {"app_id": "1", "app_secret": "s", "access_token": "t"}
    channel = build("facebook", {"page_id": "20002", "post_as": "photo"}, names)
    image = Image(draw, "image/jpeg", 1200, 800, "Alt")
    with pytest.raises(NotSent):
        channel.prepare(channel.compose(Draft("Halo", LINK, image=image)), {}, lambda state: None)
