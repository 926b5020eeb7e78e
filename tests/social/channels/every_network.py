"""All kinds of channels with their networks on loopback, for the tests that all have to pass."""

import json
from datetime import UTC, datetime, timedelta

from news.social.channels import Card, Draft, Image
from news.social.channels.base import AuthDead, Duplicate, NoFunds, NoRight, Rejected
from tests.social.servers.bluesky import BlueskyServer
from tests.social.servers.console import ConsoleServer
from tests.social.servers.containers import InstagramServer, ThreadsServer
from tests.social.servers.graph import FacebookServer, draw
from tests.social.servers.mastodon import MastodonServer
from tests.social.servers.telegram import TelegramServer
from tests.social.servers.x import XServer

SERVERS = {
    "facebook": FacebookServer,
    "instagram": InstagramServer,
    "x": XServer,
    "threads": ThreadsServer,
    "mastodon": MastodonServer,
    "telegram": TelegramServer,
    "bluesky": BlueskyServer,
    "console": ConsoleServer,
}
#: Networks over HTTP, whose answers can be lost.
REMOTE = [kind for kind in SERVERS if kind != "console"]
META = ("facebook", "instagram", "threads")

LINK = "https://mojogedang.example.go.id/berita/musrenbang/"
TEXT = "Musrenbang “Mojogedang” digelar… 🎉 Usulan <3 & rencana 2027."
PHOTO = draw()


def make_draft(network, text=TEXT, link=LINK) -> Draft:
    """Return a draft with all fields filled in."""
    card = Card("Musrenbang Mojogedang", "Usulan 13 desa dibahas.", "mojogedang.example.go.id")
    image = Image(lambda: PHOTO, "image/jpeg", 1200, 800, "Peserta di aula", getattr(network, "picture_url", ""))
    return Draft(text, link, ("desa wisata", "musrenbang"), card, image)


def list_throttles(kind: str, until: datetime) -> list[tuple[int, dict, dict]]:
    """Return each answer with which this network throttles."""
    seconds, epoch = str(int((until - datetime.now(UTC)).total_seconds())), str(int(until.timestamp()))
    plain = [(429, {"Retry-After": seconds}, {}), (429, {"Retry-After": f"{until:%a, %d %b %Y %H:%M:%S GMT}"}, {})]
    if kind in META:
        minutes = (until - datetime.now(UTC)) / timedelta(minutes=1)
        usage = json.dumps({"20002": [{"type": "pages", "estimated_time_to_regain_access": minutes}]})
        headers = {"X-Business-Use-Case-Usage": usage}
        codes = (4, 17, 32, 613, 80001)
        return [(400, headers, {"error": {"message": "Limit", "code": code}}) for code in codes]
    own = {
        "x": [(429, {"x-rate-limit-reset": epoch}, {"title": "Too Many Requests"})],
        "mastodon": [(429, {"X-RateLimit-Reset": until.isoformat()}, {"error": "Too many requests"})],
        "telegram": [(429, {}, {"ok": False, "error_code": 429, "parameters": {"retry_after": int(seconds)}})],
        "bluesky": [(429, {"RateLimit-Reset": epoch}, {"error": "RateLimitExceeded"})],
    }
    return plain + own[kind]


def _graph(code, subcode=None, **more):
    error = {"message": "No", "code": code, "error_subcode": subcode, **more}
    return (400, {}, {"error": error})


def _telegram(code, words):
    return (code, {}, {"ok": False, "error_code": code, "description": words})


_PROBLEM = "https://api.x.com/2/problems/"
_META_REFUSALS = [
    *((_graph(190, subcode), AuthDead) for subcode in (458, 459, 460, 463, 464, 467)),
    (_graph(102), AuthDead),
    (_graph(10), NoRight),
    (_graph(200), NoRight),
    (_graph(100), Rejected),
    (_graph(197), Rejected),
]
#: Refusals of each network with their outcome: revoked, expired, unpaid, never, twice.
REFUSALS = {
    "facebook": [*_META_REFUSALS, (_graph(506), Duplicate)],
    "instagram": _META_REFUSALS,
    "threads": _META_REFUSALS,
    "x": [
        ((401, {}, {"title": "Unauthorized", "status": 401}), AuthDead),
        ((402, {}, {"title": "CreditsDepleted", "type": f"{_PROBLEM}credits"}), NoFunds),
        ((402, {}, {"errors": [{"message": "depleted", "type": f"{_PROBLEM}credits-depleted"}]}), NoFunds),
        ((403, {}, {"detail": "No credits", "type": f"{_PROBLEM}credits-depleted"}), NoFunds),
        ((403, {}, {"title": "Unsupported Authentication"}), AuthDead),
        ((403, {}, {"title": "Forbidden", "type": f"{_PROBLEM}oauth1-permissions"}), AuthDead),
        ((403, {}, {"title": "Client Forbidden", "type": f"{_PROBLEM}client-forbidden"}), AuthDead),
        ((403, {}, {"detail": "You are not allowed to create a Tweet with duplicate content."}), Duplicate),
        ((403, {}, {"detail": "You are not permitted to perform this action."}), Rejected),
        ((400, {}, {"title": "Invalid Request"}), Rejected),
    ],
    "mastodon": [
        ((401, {}, {"error": "The access token was revoked"}), AuthDead),
        ((401, {}, {"error": "The access token expired"}), AuthDead),
        ((400, {}, {"error": "Invalid Bearer token"}), AuthDead),
        ((403, {}, {"error": "This action is outside the authorized scopes"}), NoRight),
        ((422, {}, {"error": "Validation failed: Text can't be blank"}), Rejected),
    ],
    "telegram": [
        (_telegram(401, "Unauthorized"), AuthDead),
        (_telegram(404, "Not Found"), AuthDead),
        (_telegram(403, "Forbidden: bot was kicked from the channel chat"), AuthDead),
        (_telegram(400, "Bad Request: chat not found"), AuthDead),
        (_telegram(400, "Bad Request: not enough rights to send text messages to the chat"), NoRight),
        (_telegram(400, "Bad Request: message is too long"), Rejected),
    ],
    "bluesky": [
        ((401, {}, {"error": "AuthMissing"}), AuthDead),
        ((400, {}, {"error": "AccountTakedown"}), AuthDead),
        ((400, {}, {"error": "InvalidRequest", "message": "Record/text is too long"}), Rejected),
    ],
}
