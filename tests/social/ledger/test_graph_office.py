"""Meta's networks on screen: a card without a photo, warnings before a version ends, an alarm."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from PIL import Image

from moderation.people.notifications import send_due_notifications
from news.social.accounts import health_checks
from news.social.accounts.token_refresh import get_channel
from news.social.channels.base import Throttled
from news.social.channels.http import transport
from news.social.channels.meta import containers
from news.social.models import Account, Delivery
from news.social.models.fields import Secret
from news.social.outbox import circuit_breaker
from news.social.outbox.composing import compose, get_post
from news.social.provider import SocialProvider
from tests.social.conftest import work
from tests.social.servers.containers import InstagramServer
from tests.social.servers.graph import FacebookServer
from tests.support.factories import make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", (5, 5))
    monkeypatch.setattr(containers, "WAITS", (0, 0))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def instagram(configure):
    with InstagramServer() as server:
        configure(instagram=server.config)
        yield server


@pytest.fixture
def facebook():
    with FacebookServer() as server:
        yield server


def connect(server, **settings):
    """Store an account as connecting it would."""
    config = server.config
    return Account.objects.create(
        key="halaman",
        kind=config["kind"],
        label="Halaman kantor",
        settings={"base_url": server.url, **config["options"], **settings},
        credentials=Secret.hide(config["credentials"]),
        from_settings=False,
    )


def test_news_without_a_photo_goes_to_instagram_with_a_card_of_its_words(instagram, office, client, settings):
    item = office.bring_to("ordered", channels=["instagram"])
    draft = item.get_draft()
    account = Account.objects.get(key="instagram")
    assert draft.main_image is None
    preview = compose(draft, account.get_composer()).image
    assert draft.title in preview.alt
    assert "/admin/" in preview.url, "nothing of it is public before it is live"
    assert SocialProvider().previews(draft, ["instagram"])[0].problems == ()

    item = office.bring_to("live", item)
    delivery = item.deliveries.get()
    image = get_post(delivery, get_channel(account)).image
    assert (image.mime, image.width, image.height) == ("image/jpeg", 1080, 1080)
    answer = client.get(urlsplit(image.url).path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    fetched = b"".join(answer) if answer.streaming else answer.content
    assert fetched == image.content()
    assert Image.open(BytesIO(fetched)).format == "JPEG"

    settings.SITE_URL = f"{instagram.url}/pictures"
    instagram.pictures[urlsplit(image.url).path.lstrip("/")] = fetched
    work()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT, delivery.last_error
    assert instagram.texts == [delivery.request_text]
    assert instagram.details[delivery.remote_id]["alt_text"] == delivery.alt == image.alt


def test_the_photo_that_meta_fetches_answers_while_the_news_is_live_and_not_before(instagram, office, client):
    item = office.bring_to("composing")
    office.write(item, main_image=make_photo(), main_image_alt="Saluran irigasi", main_image_credit="Staf")
    item = office.bring_to("ordered", item, channels=["instagram"])
    channel = get_channel(Account.objects.get(key="instagram"))
    path = urlsplit(compose(item.get_draft(), channel).image.url).path
    assert client.get(path).status_code in (302, 403, 404)

    delivery = office.bring_to("live", item).deliveries.get()
    image = get_post(delivery, channel).image
    assert (urlsplit(image.url).path, image.alt) == (path, "Saluran irigasi")
    answer = client.get(path)
    assert answer.status_code == 200
    assert (b"".join(answer) if answer.streaming else answer.content) == image.content()


def test_an_account_under_suspicion_is_told_of_once_and_not_paused(facebook, office, mailoutbox):
    account = connect(facebook)
    now = timezone.now()
    blocked = Throttled(now + timedelta(hours=6), "Facebook membatasi akun ini.", needs_person=True)
    later = Throttled(now + timedelta(hours=7), "Batas tercapai.")
    for answer in (blocked, blocked, later):
        circuit_breaker.note(account.pk, answer, now, None)
    send_due_notifications()
    account.refresh_from_db()
    assert account.paused_at is None
    assert account.not_before == now + timedelta(hours=7)
    mails = [mail for mail in mailoutbox if mail.subject == "Kanal Halaman kantor dibatasi"]
    assert {tuple(mail.to) for mail in mails} == {(office.sekretaris.email,), (office.sekretaris2.email,)}
    assert len(mails) == 2
    assert "Facebook membatasi akun ini." in mails[0].body


def test_the_daily_check_tells_once_that_a_version_ends(facebook, office, mailoutbox, monkeypatch):
    account = connect(facebook, version="v25.0")
    monkeypatch.setattr(facebook, "versions", ("v24.0", "v25.0"))
    near_its_end = {"v25.0": timezone.localdate() + timedelta(days=30)}
    monkeypatch.setattr("news.social.channels.meta.versions.ENDS", near_its_end)
    for _ in range(2):
        Account.objects.filter(pk=account.pk).update(checked_at=timezone.now() - timedelta(days=2))
        health_checks.watch()
    send_due_notifications()
    mails = [mail for mail in mailoutbox if "Graph API v25.0" in mail.body]
    assert len(mails) == 2, "one for each Sekretaris"
    account.refresh_from_db()
    assert "Graph API v25.0 berakhir pada" in account.last_health["warnings"][0]
    assert account.account_name == "Kecamatan Mojogedang"
    assert abs(account.expires_at.timestamp() - facebook.expires_at) < 2
    assert abs(account.data_expires_at.timestamp() - facebook.data_expires_at) < 2
    assert facebook.posts == []


def test_the_editor_refuses_what_the_network_would():
    texts = {
        "instagram": " ".join(f"#tagar{number}" for number in range(31)),
        "threads": " ".join(f"https://contoh.example/{number}" for number in range(6)),
    }
    for kind, text in texts.items():
        assert "Paling banyak" in SocialProvider().text_problem(kind, text)
        assert SocialProvider().text_problem(kind, "Musyawarah desa #musrenbang") is None
