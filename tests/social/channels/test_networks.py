"""Peculiarities of X, Mastodon, Telegram and Bluesky."""

import logging
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from news.social.channels import Composed, Draft, Image, build, mastodon
from news.social.channels.base import AuthDead, Comparison, NotSent, Rejected, Undecided, Unknown
from news.social.channels.bluesky.text import count_graphemes, get_facets, new_record_name
from news.social.channels.comparing import compare, text_of
from news.social.channels.http import transport
from news.social.channels.x.errors import CLOCK
from tests.social.servers.base import Post
from tests.social.servers.bluesky import BlueskyServer
from tests.social.servers.mastodon import MastodonServer
from tests.social.servers.telegram import TelegramServer
from tests.social.servers.x import XServer

from .every_network import LINK, PHOTO, TEXT, make_draft

pytestmark = pytest.mark.db_agnostic
KEY = "6a7f4c4e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", (5, 10))
    monkeypatch.setattr(mastodon, "WAITS", (0, 0, 0))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def x():
    with XServer() as server:
        yield server


@pytest.fixture
def server():
    with MastodonServer() as server:
        yield server


@pytest.fixture
def telegram():
    with TelegramServer() as server:
        yield server


@pytest.fixture
def bluesky():
    with BlueskyServer() as server:
        yield server


def configured(network, **options):
    """Return the adapter of the network with more settings."""
    return build({**network.config, "options": {**network.config.get("options", {}), **options}})


def send(network, channel=None, **draft):
    channel = channel or build(network.config)
    composed = channel.compose(make_draft(network, **draft))
    return channel.deliver(composed, KEY, channel.prepare(composed, {}, lambda state: None)), composed


def just_now():
    return datetime.now(UTC) - timedelta(minutes=1)


class TestPictures:
    @pytest.mark.parametrize("network_class", [XServer, MastodonServer, BlueskyServer])
    def test_the_post_has_its_picture_with_its_alt_text(self, network_class):
        with network_class() as network:
            send(network)
            (picture,) = network.posts[0].pictures
            assert (picture.content, picture.alt) == (PHOTO, "Peserta di aula")

    @pytest.mark.parametrize("network_class", [XServer, MastodonServer, BlueskyServer, TelegramServer])
    def test_the_office_can_leave_the_picture_out(self, network_class):
        with network_class() as network:
            _, composed = send(network, configured(network, image=False))
            assert (composed.image, network.posts[0].pictures) == (None, [])

    @pytest.mark.parametrize("network_class", [XServer, MastodonServer, BlueskyServer, TelegramServer])
    def test_a_picture_that_the_network_would_not_take_is_refused_here(self, network_class):
        with network_class() as network:
            channel = build(network.config)
            for image in (
                Image(lambda: b"0" * 20_000_000, "image/jpeg", 1200, 800, "Foto"),
                Image(lambda: PHOTO, "image/tiff", 1200, 800, "Foto"),
            ):
                composed = channel.compose(Draft(TEXT, LINK, image=image))
                with pytest.raises(Rejected):
                    channel.deliver(composed, KEY, channel.prepare(composed, {}, lambda state: None))
            assert network.posts == []

    def test_an_upload_that_grew_old_is_made_anew(self, x):
        channel = build(x.config)
        composed = channel.compose(make_draft(x))
        old = channel.prepare(composed, {}, lambda state: None)
        yesterday = (datetime.now(UTC) - timedelta(hours=21)).isoformat()
        new = channel.prepare(composed, {**old, "uploaded_at": yesterday}, lambda state: None)
        assert new["media_id"] != old["media_id"]

    def test_a_picture_that_is_never_ready_is_not_sent(self, server):
        server.slowness, channel = 99, build(server.config)
        saved = []
        with pytest.raises(NotSent):
            channel.prepare(channel.compose(make_draft(server)), {}, saved.append)
        assert saved[-1]["ready"] is False


class TestX:
    def test_oauth2_posts_reads_and_is_refused_like_oauth1(self, x):
        config = {**x.config, "credentials": {"bearer_token": x.bearer}}
        channel = build(config)
        sent, composed = send(x, channel)
        assert channel.find(composed, KEY, just_now(), {}).remote_id == sent.remote_id
        assert channel.check().learned == {"user_id": x.user_id}
        with pytest.raises(AuthDead):
            build({**config, "credentials": {"bearer_token": "revoked"}}).check()

    def test_the_flow_that_was_used_last_decides_which_token_is_used(self, x):
        both = {**x.credentials, "bearer_token": x.bearer}
        for auth, dead in (("oauth2", "access_token"), ("oauth1", "bearer_token")):
            config = {**x.config, "credentials": {**both, dead: "revoked-token"}, "options": {"auth": auth}}
            assert build(config).check().account_name == "@kecamatan"

    def test_a_wrong_clock_is_named_and_nothing_is_posted(self, x):
        x.clock = timedelta(minutes=11)
        with pytest.raises(AuthDead) as caught:
            send(x)
        assert caught.value.message == CLOCK
        assert x.posts == []

    def test_a_token_that_only_reads_is_a_problem(self, x):
        x.access_level = "read"
        assert len(build(x.config).check().problems) == 1

    def test_without_links_the_post_is_found_by_its_words(self, x):
        channel = configured(x, link=False)
        sent, composed = send(x, channel)
        assert (composed.link, composed.warnings) == ("", ())
        assert LINK not in x.texts[0]
        assert channel.find(composed, KEY, just_now(), {}).remote_id == sent.remote_id
        assert channel.verify(sent, composed).comparison is Comparison.SAME
        other = channel.compose(make_draft(x, text="Berita lain"))
        assert channel.find(other, KEY, just_now(), {}) is None

    @pytest.mark.parametrize("words", ["Lihat kecamatan.go.id.", "Lihat https://a.go.id/1", "Lihat WWW.BPS.GO.ID/x"])
    def test_a_link_in_the_words_costs_as_much_as_any_other(self, x, words):
        channel = configured(x, link=False)
        composed = channel.compose(make_draft(x, text=words))
        assert "0,20 US$" in composed.warnings[0]
        assert channel.get_cost(composed.text) == Decimal("0.20")

    @pytest.mark.parametrize("title", ["M.Si", "S.Ag", "A.Md"])
    @pytest.mark.parametrize("link", [True, False])
    def test_a_title_that_becomes_a_link_is_named_with_a_form_that_does_not(self, x, title, link):
        channel = configured(x, link=link)
        warning = channel.compose(make_draft(x, text=f"Camat Budi, {title}, hadir di kecamatan.go.id")).warnings[-1]
        offered = title.replace(".", ". ")
        assert f"“{title}”" in warning
        assert f"“{offered}”" in warning
        assert channel.compose(make_draft(x, text=f"Camat Budi, {offered}, hadir")).warnings == ()

    def test_an_address_in_the_words_is_no_title(self, x):
        assert configured(x, link=True).compose(make_draft(x, text="Lihat WWW.BPS.GO.ID dan bps.go.id")).warnings == ()

    def test_the_prices_are_the_offices(self, x):
        channel = configured(x, price="0.01", price_with_link=0.5)
        assert channel.get_cost("Tanpa tautan 1.500 orang") == Decimal("0.01")
        assert channel.get_cost(f"Dengan {LINK}") == Decimal("0.5")

    def test_a_bare_domain_comes_back_as_it_was_posted(self, x):
        channel = build(x.config)
        sent, composed = send(x, channel, text="Daftar di kecamatan.go.id sekarang & besok")
        assert channel.verify(sent, composed).comparison is Comparison.SAME

    def test_the_timeline_is_read_page_by_page(self, x):
        x.page_size = 5
        sent, composed = send(x)
        for number in range(12):
            x.create_post(f"Unggahan lain {number}")
        assert build(x.config).find(composed, KEY, just_now(), {}).remote_id == sent.remote_id

    def test_a_post_that_the_timeline_shows_later_is_found_later(self, x):
        sent, composed = send(x)
        x.lag, channel = 1, build(x.config)
        assert channel.find(composed, KEY, just_now(), {}) is None
        assert channel.find(composed, KEY, just_now(), {}).remote_id == sent.remote_id


class TestMastodon:
    def test_the_servers_limits_are_learned_and_kept(self, server):
        server.max_characters, server.reserved = 5000, 256
        learned = build(server.config).check().learned
        channel = configured(server, **learned)
        assert channel.capabilities.max_length == 5000
        assert channel.count(LINK) == 256

    def test_an_old_server_is_asked_in_its_own_way(self):
        with MastodonServer(speaks_v2=False) as server:
            assert build(server.config).check().learned["max_length"] == 500
            send(server)
            assert len(server.posts[0].pictures) == 1

    @pytest.mark.parametrize("in_full", [True, False])
    @pytest.mark.parametrize("link", [LINK + "x" * 90, "https://a.go.id/1"])
    def test_the_larger_of_both_counts_fits_every_server(self, in_full, link):
        with MastodonServer(counts_links_in_full=in_full) as server:
            send(server, text="kata " * 200, link=link)
            assert server.texts[0].endswith(link)

    def test_missing_rights_are_a_problem(self, server):
        server.scopes = ["read", "write:statuses"]
        health = build(server.config).check()
        assert health.missing_scopes == ("write:media",)
        assert len(health.problems) == 1

    def test_a_ralat_keeps_the_picture(self, server):
        channel = build(server.config)
        sent, _ = send(server, channel)
        channel.edit(sent.remote_id, channel.compose(make_draft(server, text="RALAT")), KEY)
        assert [picture.alt for picture in server.posts[0].pictures] == ["Peserta di aula"]

    def test_a_server_that_turns_no_page_is_read_once_and_tells_nothing_of_what_lies_below(self):
        with MastodonServer(turns_pages=False) as server:
            channel = build(server.config)
            _, composed = send(server, channel)
            assert channel.find(composed, KEY, just_now(), {}).remote_id == server.posts[0].id
            for number in range(45):
                server.posts.append(Post(str(220_000_000_000_000_000 + number), f"Pengumuman {number}"))
            server.requests.clear()
            with pytest.raises(NotSent, match="terlalu panjang"):
                channel.find(composed, KEY, just_now(), {})
            assert sum("/statuses?" in request for request in server.requests) == 2

    def test_an_edited_post_with_another_number_is_the_same_post(self):
        with MastodonServer(renumbers_edits=True) as server:
            channel = build(server.config)
            sent, _ = send(server, channel)
            edited = channel.edit(sent.remote_id, channel.compose(make_draft(server, text="RALAT")), KEY)
            assert edited.remote_id == server.posts[0].id != sent.remote_id

    def test_a_post_below_a_hundred_others_is_found(self, server):
        sent, composed = send(server)
        for number in range(100):
            server.create_post(f"Unggahan {number}")
        channel = build(server.config)
        assert channel.find(composed, KEY, just_now(), {}).remote_id == sent.remote_id
        server.posts[0].text = "lain"
        before = len(server.requests)
        assert channel.find(composed, KEY, datetime.now(UTC) + timedelta(hours=1), {}) is None
        assert len(server.requests) - before == 2

    def test_html_is_read_as_the_words_that_were_posted(self):
        html = (
            '<p>A &amp; B <a class="hashtag" href="/t">#<span>Desa</span></a><br>x</p><p><a href="https://a.go.id/1">'
        )
        assert text_of(html + "<span>https://</span>a.go…</a></p>").split() == [
            "A",
            "&",
            "B",
            "#Desa",
            "x",
            "https://a.go.id/1",
        ]
        assert compare("a b", "a  b\n") is Comparison.SAME
        assert compare("a b", "a b c") is Comparison.DIFFERENT


class TestTelegram:
    @pytest.mark.parametrize(("length", "pictures"), [(900, 1), (1500, 0), (6000, 0)])
    def test_the_picture_is_sent_where_the_words_fit_below_it(self, telegram, length, pictures):
        _, composed = send(telegram, text="🎉kata " * (length // 7))
        assert telegram.texts == [composed.text]
        assert len(telegram.posts[0].pictures) == pictures
        assert telegram.links[telegram.posts[0].id] == [LINK]

    def test_what_looks_like_markup_is_posted_as_it_is(self, telegram):
        text = '<b>bukan</b> & "tanda" <a href="https://b.example">x</a> &amp;'
        send(telegram, text=text, link="http://localhost/a?b=1&c=2")
        assert telegram.texts[0].startswith(text)
        assert telegram.links[telegram.posts[0].id] == ["http://localhost/a?b=1&c=2"]

    def test_the_words_below_a_picture_can_be_changed_and_not_made_too_long(self, telegram):
        channel = build(telegram.config)
        sent, _ = send(telegram, channel)
        channel.edit(sent.remote_id, channel.compose(make_draft(telegram, text="RALAT")), KEY)
        assert telegram.texts[0].startswith("RALAT")
        with pytest.raises(Rejected):
            channel.edit(sent.remote_id, Composed("kata " * 300, "", 1500, None), KEY)

    def test_a_post_too_old_to_be_deleted_is_left_to_a_person(self, telegram):
        sent, _ = send(telegram)
        telegram.is_too_old = True
        with pytest.raises(Rejected):
            build(telegram.config).delete(sent.remote_id, KEY)

    def test_the_check_names_the_rights_that_are_missing(self, telegram):
        telegram.rights["can_delete_messages"] = False
        health = build(telegram.config).check()
        assert (health.problems, len(health.warnings)) == ((), 1)
        telegram.rights["can_post_messages"] = False
        assert len(build(telegram.config).check().problems) == 2

    def test_a_private_channel_is_looked_at_by_a_person(self, telegram):
        config = telegram.config
        private = build({**config, "options": {**config["options"], "chat_id": "-1001234567890"}})
        sent, composed = send(telegram)
        assert not private.capabilities.readable
        assert private.verify(sent, composed).comparison is Comparison.UNREADABLE

    def test_a_channel_without_a_preview_is_looked_at_by_a_person(self, telegram):
        channel = build(telegram.config)
        sent, composed = send(telegram, channel)
        telegram.has_preview = False
        assert channel.verify(sent, composed).comparison is Comparison.UNREADABLE
        with pytest.raises(Undecided, match="tidak menampilkan pratinjau"):
            channel.find(composed, KEY, just_now(), {})

    def test_the_preview_is_read_page_by_page(self, telegram):
        channel = build(telegram.config)
        sent, composed = send(telegram, channel)
        for number in range(45):
            telegram.create_post(f"Pengumuman {number}")
        assert channel.find(composed, KEY, just_now(), {}).url == sent.url

    def test_an_address_that_a_person_gives_leads_to_the_post(self, telegram):
        channel = build(telegram.config)
        sent, _ = send(telegram, channel)
        assert channel.read_id("https://t.me/c/1234567890/41") == sent.remote_id
        assert channel.read_id(sent.url) == f"{telegram.chat}:41"
        assert channel.read_id("https://t.me/joinchat") == ""
        assert channel.delete(channel.read_id(sent.url), KEY)

    def test_the_token_is_in_no_log_and_no_error(self, telegram, caplog):
        caplog.set_level(logging.DEBUG)
        send(telegram)
        telegram.fail("reset before")
        with pytest.raises(Unknown) as caught:
            send(telegram, text="lain")
        refused = build({**telegram.config, "base_url": "http://127.0.0.1:9"})
        with pytest.raises(NotSent) as also_caught:
            refused.check()
        for error in (caught.value, also_caught.value):
            assert error.__cause__ is None
            assert error.__context__ is None
        assert telegram.token not in caplog.text

    def test_a_token_is_not_sent_over_plain_http(self, telegram, monkeypatch):
        monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT")
        with pytest.raises(AuthDead):
            send(telegram)
        assert telegram.requests == []


class TestBluesky:
    def test_links_and_tags_are_marked_by_bytes(self, bluesky):
        send(bluesky, text="Café “naïve” 🎉 (https://b.go.id/x). #Musrenbang2027, #2027")
        (record,) = bluesky.records.values()
        marked = [facet["features"][0].get("uri") or facet["features"][0]["tag"] for facet in record["facets"]]
        assert marked == ["https://b.go.id/x", LINK, "Musrenbang2027", "DesaWisata", "Musrenbang"]
        assert get_facets("Alamatnya https://... menyusul, juga https:// dan http://…") == []
        for facet in get_facets("é https://a.go.id/1…"):
            assert facet["index"] == {"byteStart": 3, "byteEnd": 20}

    def test_without_a_picture_the_links_card_is_sent(self, bluesky):
        _, composed = send(bluesky, configured(bluesky, image=False))
        (record,) = bluesky.records.values()
        assert record["embed"]["external"] == {
            "uri": LINK,
            "title": composed.card.title,
            "description": composed.card.description,
        }

    @pytest.mark.parametrize("sign", ["👩‍👩‍👧‍👦", "𝕄", "é"])
    def test_graphemes_and_bytes_both_fit(self, bluesky, sign):
        channel = build(bluesky.config)
        composed = channel.compose(Draft(sign * 290, ""))
        assert count_graphemes(composed.text) <= 300
        assert len(composed.text.encode()) <= 3000
        channel.deliver(composed, KEY, channel.prepare(composed, {}, lambda state: None))
        assert bluesky.texts == [composed.text]

    def test_a_token_that_ended_early_is_replaced_without_a_second_post(self, bluesky):
        channel = build(bluesky.config)
        composed = channel.compose(make_draft(bluesky))
        state = channel.prepare(composed, {}, lambda state: None)
        bluesky.access = "another"
        channel.deliver(composed, KEY, state)
        assert len(bluesky.posts) == 1

    def test_tokens_are_renewed_and_used_instead_of_the_password(self, bluesky):
        grant = build(bluesky.config).refresh()
        config = {**bluesky.config, "options": {**bluesky.config["options"], **grant.settings}}
        config["credentials"] = {**config["credentials"], **grant.credentials}
        bluesky.requests.clear()
        send(bluesky, build(config))
        assert not [request for request in bluesky.requests if "Session" in request]
        again = build(config).refresh()
        assert [request for request in bluesky.requests if "Session" in request] == [
            "POST /xrpc/com.atproto.server.refreshSession"
        ]
        assert again.credentials != grant.credentials
        # The old refresh token is invalid and the new one may be lost; the app password remains.
        assert build(config).refresh().account_id == bluesky.did
        bluesky.hinder("reset after")
        assert build(config).refresh().account_id == bluesky.did
        assert grant.refresh_at > datetime.now(UTC) + timedelta(minutes=90)

    def test_a_lost_answer_to_a_session_is_no_doubt_about_the_post(self, bluesky):
        bluesky.hinder("reset before")
        with pytest.raises(NotSent):
            send(bluesky)
        bluesky.password = "changed"
        with pytest.raises(AuthDead):
            build({**bluesky.config, "credentials": {"app_password": "old"}}).check()

    def test_names_of_records_sort_by_time(self):
        names = [new_record_name() for _ in range(50)]
        assert [name[:9] for name in names] == sorted(name[:9] for name in names)
        assert len(set(names)) == 50
