"""From the consent screens of Facebook and Threads to lasting tokens."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from news.social.channels import build
from news.social.channels.base import (
    NotSent,
    Rejected,
    get_flows,
)
from news.social.channels.http import transport
from news.social.channels.meta import containers
from tests.social.servers.containers import InstagramServer, ThreadsServer
from tests.social.servers.graph import FacebookServer

from .meta import KEY

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


@pytest.fixture
def instagram():
    with InstagramServer() as server:
        yield server


@pytest.fixture
def threads():
    with ThreadsServer() as server:
        yield server


def consent(network, kind):
    flow = get_flows(build(kind))[0]
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
