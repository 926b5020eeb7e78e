"""Shared by the tests of Meta's networks: a full draft, an adapter, and sending."""

from datetime import UTC, datetime, timedelta

from news.social.channels import Card, Draft, Image, build
from tests.social.servers.graph import draw

LINK = "https://mojogedang.example.go.id/berita/musrenbang/"
KEY = "6a7f4c4e-0000-4000-8000-000000000002"
JUST_NOW = datetime.now(UTC) - timedelta(minutes=1)
GRAPH = "https://graph.facebook.com/v26.0"


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
