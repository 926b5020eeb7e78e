"""Fixtures: the office, networks on loopback, and a clock that tests advance."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from wagtail.models import Site

from news.social.accounts import service
from news.social.channels.http import transport
from news.social.models import Account, Delivery
from news.social.models.leases import Claim
from news.social.outbox.sending import POST
from news.social.outbox.work import Work
from news.social.worker.dispatcher import drain
from tests.support.replay import replay

from .servers import MastodonServer, XServer, get_timeouts


@pytest.fixture
def patient():
    """Allow plain HTTP, and a busy machine to answer late."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport, "TIMEOUT", get_timeouts())
        patch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        yield


@pytest.fixture
def x(patient):
    with XServer() as server:
        yield server


@pytest.fixture
def mastodon(patient):
    with MastodonServer() as server:
        yield server


@pytest.fixture
def configure(db):
    """Configure the office's accounts and sync them."""
    # Change one value in place, so that other overrides of the test may end in any order.
    with pytest.MonkeyPatch.context() as patch:

        def _configure(**channels):
            patch.setattr(settings, "SOCIAL_CHANNELS", channels)
            # A walk through the SOP reads everything of an account except its network's URL.
            with replay.aside(*sorted((key, *_without_addresses(channel)) for key, channel in channels.items())):
                service.sync_accounts()

        yield _configure


def _without_addresses(channel) -> list[str]:
    facts = {**channel, **channel.get("options", {})}
    facts.pop("options", None)
    own = (f"{name}={value!r}" for name, value in facts.items() if name != "path")
    return sorted(fact for fact in own if "127.0.0.1" not in fact)


@pytest.fixture
def networks(configure, x, mastodon, tmp_path):
    """All three kinds of accounts, each with a place to send to."""
    console = {"kind": "console", "label": "Konsol", "options": {"path": str(tmp_path / "outbox.jsonl")}}
    configure(x=x.config, mastodon=mastodon.config, console=console)
    return {"x": x, "mastodon": mastodon}


@pytest.fixture
def publish(office):
    """Publish an item with an order for these channels and return its deliveries by account."""

    def _publish(*keys):
        item = office.bring_to("live", channels=list(keys))
        return {delivery.account.key: delivery for delivery in item.deliveries.select_related("account")}

    return _publish


def pass_time(**filters):
    """End every wait: of deliveries, leases and throttled accounts."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(**filters).update(next_attempt_at=past)
    Delivery.objects.exclude(lease_until=None).update(lease_until=past)
    Account.objects.exclude(not_before=None).update(not_before=past)


def work(passes=1):
    """Let a worker do what is due, in passes with enough time in between."""
    for number in range(passes):
        if number:
            pass_time()
        drain()


def claim(row, work: Work = POST) -> Claim | None:
    """Claim one row as a worker does; None when that is impossible."""
    return next(work.claim([row.pk]), None)


def give_public_address() -> None:
    """Give the site a public address; networks do not recognise localhost as a link."""
    site = Site.objects.get(is_default_site=True)
    site.hostname, site.port = "mojogedang.karanganyarkab.go.id", 443
    site.save()
