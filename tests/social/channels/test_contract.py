"""Contract of every adapter, tested with its network on loopback.

To add a network, add its server to ``every_network.SERVERS``.
"""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from news.social.account_screens import forms
from news.social.channels import BY_HAND, KINDS, Composed, Image, build, mastodon
from news.social.channels.base import (
    ChannelError,
    Comparison,
    Duplicate,
    Lookalike,
    NotSent,
    Rejected,
    Throttled,
    Unknown,
)
from news.social.channels.comparing import compare
from news.social.channels.http import hosts, transport
from news.social.channels.meta import containers
from tests.social.servers.base import FAULTS
from tests.social.servers.graph import draw

from .every_network import LINK, REFUSALS, REMOTE, SERVERS, TEXT, list_throttles, make_draft

pytestmark = pytest.mark.db_agnostic
KEY = "6a7f4c4e-0000-4000-8000-000000000001"
#: Long timeouts for a busy machine; short ones where a network hangs on purpose.
PATIENT, IMPATIENT = (5, 10), (5, 0.5)
OTHER_KEY = "6a7f4c4e-0000-4000-8000-000000000002"
LEAD = (
    "Kecamatan Mojogedang menggelar Musyawarah Perencanaan Pembangunan di aula kecamatan – dihadiri 13 kepala desa, "
    "tokoh masyarakat #musrenbang dan perwakilan perangkat daerah. Café, naïve, 👩‍👩‍👧 dan “usulan”. "
)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", PATIENT)
    monkeypatch.setattr(containers, "WAITS", (0, 0, 0))
    monkeypatch.setattr(mastodon, "WAITS", (0, 0, 0))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(params=SERVERS)
def network(request):
    with SERVERS[request.param]() as server:
        yield server


@pytest.fixture(params=REMOTE)
def remote(request):
    with SERVERS[request.param]() as server:
        yield server


def post(network, **draft):
    """Return the adapter, the composed post and its prepared state."""
    channel = build(network.config)
    composed = channel.compose(make_draft(network, **draft))
    return channel, composed, channel.prepare(composed, {}, lambda state: None)


def just_now():
    return datetime.now(UTC) - timedelta(minutes=1)


def test_every_kind_has_its_network_here():
    # A place where a person posts has none: tests/social/sharing/test_places.py.
    assert {*SERVERS, BY_HAND} == set(KINDS)
    assert set(REFUSALS) == set(REMOTE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_an_account_needs(kind):
    channel = build(kind)
    fields = [*channel.settings_fields, *channel.credentials_fields]
    assert len({field.name for field in fields}) == len(fields)
    for field in fields:
        build(kind, {field.name: field.default} if field.default != "" else {field.name: "1"})
    assert all(field.secret or ("secret" not in field.name and "token" not in field.name) for field in fields)
    assert channel.label
    assert channel.capabilities.read_back_delays == tuple(sorted(channel.capabilities.read_back_delays))


def test_composing_is_pure_and_the_stored_post_is_drawn_as_its_preview(network):
    channel, draft = build(network.config), make_draft(network)
    composed = channel.compose(draft)
    assert composed == channel.compose(draft)
    assert composed.length == channel.count(composed.text)
    assert LINK in (composed.link, composed.text.split("\n")[-1])
    stored = channel.illustrate(Composed(composed.text, composed.link, 0, None), draft.image, draft.card)
    assert (stored.image, stored.card) == (composed.image, composed.card)


#: Networks whose accounts are read every day only when the office accepts the price.
PAID = {"x"}


def test_an_account_lists_what_stands_in_it(network):
    channel, composed, state = post(network)
    kind = channel.kind
    assert channel.capabilities.watchable == (kind not in PAID)
    sent = channel.deliver(composed, KEY, state)
    [posted] = build(network.config).list_posted(just_now())
    assert posted.url == sent.url
    # Telegram's preview names the channel, the API its number.
    assert posted.remote_id == sent.remote_id or kind == "telegram"
    assert compare(posted.text, composed.text) == Comparison.SAME
    network.posts.clear()
    assert kind == "console" or list(channel.list_posted(just_now())) == []


@pytest.mark.parametrize("repeats", [1, 2, 4, 40])
def test_a_long_text_is_cut_between_words_and_fits_by_the_networks_own_count(network, repeats):
    channel, composed, state = post(network, text=LEAD * repeats)
    assert composed.limit is None or composed.length <= composed.limit
    whole = set(LEAD.split()) | {"#DesaWisata", "#Musrenbang", LINK}
    whole |= {word.rstrip(",;:–-") + "…" for word in LEAD.split()}
    assert set(composed.text.split()) <= whole
    channel.deliver(composed, KEY, state)
    assert network.texts == [composed.text]


def test_a_text_that_does_not_fit_beside_its_link_says_by_how_much(network):
    channel = build(network.config)
    if channel.capabilities.max_length is None:
        assert post(network, text="a" * 100_000)[1].excess == 0
        return
    link, many = LINK + "x" * 120, channel.capabilities.max_length + 100
    room = many - channel.compose(make_draft(network, "a" * many, link)).excess
    assert room > 100
    for extra in (0, 1, 9):
        composed = channel.compose(make_draft(network, "a" * (room + extra), link))
        assert composed.excess == extra
        assert composed.text.startswith("a" * room) == (extra == 0)


def test_excess_is_what_has_to_go(network):
    channel = build(network.config)
    limit = channel.capabilities.max_length
    room = 100_000 if limit is None else limit - channel.link_reserve
    assert channel.excess("a" * room) == 0
    assert channel.excess("a" * (room + 7)) == (0 if limit is None else 7)


def test_preparing_again_makes_nothing_again(network):
    channel = build(network.config)
    composed, saved = channel.compose(make_draft(network)), []
    state = channel.prepare(composed, {}, saved.append)
    assert not saved or saved[-1] == state
    made = [request for request in getattr(network, "requests", []) if request.startswith("POST")]
    again = build(network.config).prepare(composed, state, saved.append)
    remade = [request for request in getattr(network, "requests", []) if request.startswith("POST")][len(made) :]
    assert again == state
    assert not [request for request in remade if "createSession" not in request]
    assert network.posts == []


def test_a_post_is_stored_as_composed_and_found_again(network):
    channel, composed, state = post(network)
    since = just_now()
    assert channel.find(composed, KEY, since, state) is None
    sent = channel.deliver(composed, KEY, state)
    assert network.texts == [composed.text]
    assert (sent.remote_id, len(network.posts)) == (network.posts[0].id, 1)
    found = channel.find(composed, KEY, since, state)
    assert found.url == sent.url
    # A public channel of Telegram is named by its number or its name.
    assert found.remote_id in (sent.remote_id, channel.read_id(sent.url))
    # Also where another database posted it, under a key that this one never had.
    assert channel.find_by_words(composed, OTHER_KEY, since).url == sent.url
    _, other, other_state = post(network, text="Berita lain", link=f"{LINK}lain/")
    assert channel.find_by_words(other, OTHER_KEY, since) is None
    assert channel.find(other, OTHER_KEY, since, other_state) is None


@pytest.mark.parametrize("kind", ["bluesky", "console"])
def test_by_words_a_post_with_the_same_link_and_other_words_is_not_taken_for_ours(kind):
    with SERVERS[kind]() as network:
        channel, other, state = post(network, text="Mari hadir semua!")
        channel.deliver(other, KEY, state)
        with pytest.raises(Lookalike, match="unggahan lain dengan tautan yang sama"):
            channel.find_by_words(post(network)[1], OTHER_KEY, just_now())


@pytest.mark.parametrize("kind", ["x", "mastodon", "facebook", "telegram"])
def test_a_post_with_the_same_link_and_other_words_is_not_taken_for_ours(kind):
    with SERVERS[kind]() as network:
        since = just_now()
        network.create_post(f"Mari hadir semua! {LINK}")
        channel, composed, state = post(network)
        with pytest.raises(Lookalike, match="unggahan lain dengan tautan yang sama"):
            channel.find(composed, KEY, since, state)
        sent = channel.deliver(composed, KEY, state)
        assert channel.find(composed, KEY, since, state).url == sent.url


def test_the_posts_address_leads_back_to_it(network):
    channel, composed, state = post(network)
    sent = channel.deliver(composed, KEY, state)
    assert sent.url == "" or channel.owns_address(sent.url)
    assert not sent.url.startswith("http://127") or channel.read_id(sent.url) == sent.remote_id


def test_reading_back_tells_same_different_and_missing(network):
    channel, composed, state = post(network)
    sent = channel.deliver(composed, KEY, state)
    assert channel.verify(sent, composed).comparison is Comparison.SAME
    network.forge(network.posts[0], "Sama sekali lain")
    verdict = channel.verify(sent, composed)
    assert (verdict.comparison, verdict.text) == (Comparison.DIFFERENT, "Sama sekali lain")
    channel.delete(sent.remote_id, OTHER_KEY)
    assert channel.verify(sent, composed).comparison is Comparison.MISSING


def test_deleting_twice_is_deleting_once(network):
    channel, composed, state = post(network)
    sent = channel.deliver(composed, KEY, state)
    for _ in range(2):
        assert channel.delete(sent.remote_id, OTHER_KEY).remote_id == sent.remote_id
    assert network.posts == []


def test_editing_twice_is_editing_once(network):
    channel, composed, state = post(network)
    sent = channel.deliver(composed, KEY, state)
    new = channel.compose(make_draft(network, text="RALAT: jumlah peserta 52 orang."))
    if not channel.capabilities.can_edit:
        with pytest.raises(Rejected):
            channel.edit(sent.remote_id, new, OTHER_KEY)
        return
    for _ in range(2):
        channel.edit(sent.remote_id, new, OTHER_KEY)
    assert network.texts == [new.text]


def test_replacing_the_picture_twice_is_replacing_it_once(network):
    channel, composed, state = post(network)
    sent = channel.deliver(composed, KEY, state)
    other = draw(900, 600)
    image = Image(lambda: other, "image/jpeg", 900, 600, "Foto yang benar", getattr(network, "picture_url", ""))
    new = channel.compose(replace(make_draft(network, text="RALAT: foto diganti."), image=image))
    if not channel.capabilities.can_edit_media:
        with pytest.raises(Rejected):
            channel.edit_media(sent.remote_id, new, OTHER_KEY)
        return
    for _ in range(2):
        channel.edit_media(sent.remote_id, new, OTHER_KEY)
    assert network.texts == [new.text]
    if channel.kind != "console":
        assert [picture.content for picture in network.posts[0].pictures] == [other]


def test_a_reply_stands_below_its_post_and_is_found(network):
    channel, composed, state = post(network)
    sent, since = channel.deliver(composed, KEY, state), just_now()
    note = channel.compose(make_draft(network, text="RALAT: jumlah peserta 52 orang."))
    if not channel.capabilities.can_reply:
        with pytest.raises(Rejected):
            channel.reply(sent.remote_id, note, OTHER_KEY)
        return
    assert channel.find_reply(sent.remote_id, note, OTHER_KEY, since) is None
    answer = channel.reply(sent.remote_id, note, OTHER_KEY)
    assert network.posts[-1].answers == sent.remote_id
    assert channel.find_reply(sent.remote_id, note, OTHER_KEY, since).remote_id == answer.remote_id
    assert channel.find(composed, KEY, since, state).remote_id == sent.remote_id


def test_checking_names_the_account_and_posts_nothing(network):
    health = build(network.config).check()
    assert health.account_name
    assert health.problems == ()
    assert network.posts == []
    if health.learned:
        config = network.config
        build({**config, "options": {**config.get("options", {}), **health.learned}})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lost_answer_is_unknown_and_never_loses_or_doubles_the_post(remote, fault, monkeypatch):
    channel, composed, state = post(remote)
    since = just_now()
    remote.fail(fault)
    monkeypatch.setattr(transport, "TIMEOUT", IMPATIENT if "hang" in fault else PATIENT)
    with pytest.raises(Unknown) as caught:
        channel.deliver(composed, KEY, state)
    monkeypatch.setattr(transport, "TIMEOUT", PATIENT)
    assert caught.value.message.endswith(".")
    assert (remote.texts == [composed.text]) == FAULTS[fault]
    if channel.capabilities.readable:
        assert (channel.find(composed, KEY, since, state) is not None) == FAULTS[fault]
    if channel.capabilities.idempotent_for:
        # The network's promise: one post for a key, however often it is sent.
        with contextlib.suppress(Duplicate, Rejected, Unknown):
            channel.deliver(composed, KEY, state)
        assert remote.texts == [composed.text]


@pytest.mark.parametrize("fault", ["reset before", "hang before", "500 before", "html", "truncated"])
def test_what_fails_before_the_post_is_made_up_for(remote, fault, monkeypatch):
    channel = build(remote.config)
    composed, kept = channel.compose(make_draft(remote)), [{}]
    remote.hinder(fault)
    monkeypatch.setattr(transport, "TIMEOUT", IMPATIENT if "hang" in fault else PATIENT)
    with contextlib.suppress(NotSent, Unknown):
        channel.prepare(composed, {}, kept.append)
    monkeypatch.setattr(transport, "TIMEOUT", PATIENT)
    assert remote.posts == []
    channel = build(remote.config)
    state = channel.prepare(composed, kept[-1], kept.append)
    channel.deliver(composed, KEY, state)
    assert remote.texts == [composed.text]


@pytest.mark.parametrize("number", range(3))
def test_throttling_says_until_when_in_the_networks_own_dialect(remote, number):
    channel, composed, state = post(remote)
    before = datetime.now(UTC).replace(microsecond=0)
    later = before + timedelta(minutes=9)
    dialects = list_throttles(channel.kind, later)
    for dialect in dialects[number::3]:
        remote.fail(dialect)
        with pytest.raises(Throttled) as caught:
            channel.deliver(composed, KEY, state)
        assert timedelta(seconds=-20) < caught.value.until - later < datetime.now(UTC) - before + timedelta(seconds=20)
    assert remote.posts == []


def test_each_refusal_has_its_class(remote):
    channel, composed, state = post(remote)
    for fault, expected in REFUSALS[channel.kind]:
        remote.fail(fault)
        with pytest.raises(expected) as caught:
            channel.deliver(composed, KEY, state)
        assert type(caught.value) is expected, fault
        assert caught.value.message.endswith((".", "No", "long", "blank", "Request", "action.", "credits"))
    assert remote.posts == []


def test_no_secret_is_in_what_is_prepared_said_or_shown(remote):
    config = remote.config
    secrets = [value for value in config["credentials"].values() if value]
    channel, composed, state = post(remote)
    remote.fail("reset before")
    with pytest.raises(Unknown) as caught:
        channel.deliver(composed, KEY, state)
    chain = [caught.value]
    while chain[-1].__cause__ or chain[-1].__context__:
        chain.append(chain[-1].__cause__ or chain[-1].__context__)
    told = " ".join([repr(state), repr(channel), repr(composed), *(f"{error!s} {error!r}" for error in chain)])
    assert not [secret for secret in secrets if secret in told]


def test_wrong_credentials_pause_the_account_and_are_not_repeated(remote):
    config = remote.config
    wrong = {name: f"9{value[1:-1]}9" for name, value in config["credentials"].items()}
    channel = build({**config, "credentials": wrong})
    composed = channel.compose(make_draft(remote))
    with pytest.raises(ChannelError) as caught:
        channel.deliver(composed, KEY, channel.prepare(composed, {}, lambda state: None))
    assert type(caught.value).__name__ == "AuthDead"
    assert not [value for value in wrong.values() if value in str(caught.value)]
    assert remote.posts == []


def test_the_text_is_that_of_the_page(network):
    _channel, composed, _ = post(network)
    assert composed.text.startswith(TEXT)


@pytest.mark.parametrize("kind", REMOTE)
def test_the_servers_of_every_network_can_be_replaced_through_its_form(kind, monkeypatch):
    with SERVERS[kind]() as network:
        channel, config = KINDS[kind], network.config
        asked, secrets = forms.get_asked(channel, None), forms.get_secrets(channel, None)
        typed = {field.name: field.default for field in asked}
        typed |= {"label": "Uji coba", "base_url": network.url, **config.get("options", {}), **config["credentials"]}
        form = forms.AccountForm(typed, asked=asked, secrets=secrets)
        assert form.is_valid(), form.errors
        assert form.values["base_url"] == network.url
        assert build(kind, form.values, form.given).check().account_name == build(config).check().account_name
        # Without the switch a network's own servers stand, whatever a form sends.
        monkeypatch.setattr(hosts.Policy, "allow_loopback", False)
        settings = {field.name for field in channel.settings_fields}
        assert {field.name for field in forms.get_asked(channel, None)} == settings
        closed = forms.AccountForm(typed, asked=forms.get_asked(channel, None), secrets=secrets)
        assert not closed.is_valid() if "base_url" in settings else "base_url" not in closed.fields
