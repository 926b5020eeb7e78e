"""Threads: text with a link card, or a picture with the link in the text.

An emoji counts as its UTF-8 bytes. Posts can be answered and deleted, not changed.
Sources: developers.facebook.com/docs/threads/posts/delete-posts (``threads_delete``, 100 a day) and
/docs/threads/reply-management (``threads_manage_replies``, ``threads_read_replies``).
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import regex
from requests_oauthlib import OAuth2Session

from news.social.channels.base import (
    API_ADDRESS,
    AuthDead,
    Capabilities,
    ChannelError,
    Comparison,
    Composed,
    Draft,
    Field,
    Health,
    NoRight,
    NotSent,
    Rejected,
    Sent,
    Unknown,
)
from news.social.channels.http.transport import http, prepare
from news.social.channels.links import same_link, web_address
from news.social.channels.oauth import Grant, OAuth2Flow, PostingFlow, Token, Values, read_token

from .containers import CONTAINER_LIFE, ContainerChannel
from .errors import raise_for
from .graph import Graph
from .rights import describe_rights

BASE_URL = "https://graph.threads.net"
VERSION = "v1.0"
LIMIT = 500
MOST_LINKS = 5
#: Threads allows one topic tag a post.
MOST_TAGS = 1
SCOPES = ("threads_basic", "threads_content_publish")
#: Scopes of take-down and ralat; without them these are a person's task.
DELETE_SCOPE = "threads_delete"
REPLY_SCOPES = ("threads_manage_replies", "threads_read_replies")
#: Remaining lifetime at which to renew first; a token of 60 days is renewable from its second day.
REFRESH_BEFORE = timedelta(days=30)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")


def _complete(settings: Values, credentials: Values, token: Token) -> list[Grant]:
    channel = ThreadsChannel(base_url=settings.get("base_url") or BASE_URL, access_token=token.access_token)
    secret = credentials["client_secret"]
    long_lived = channel.ask_for_token("access_token", "th_exchange_token", client_secret=secret)
    profile = channel.graph().get("me", fields="id,username")
    return [channel.make_grant(long_lived, str(profile.get("id") or ""), f"@{profile.get('username') or ''}")]


def _make_flow(kind: type[OAuth2Flow], label: str, scopes: tuple[str, ...]) -> OAuth2Flow:
    return kind(
        label=label,
        authorize_url="{dialog_url}/oauth/authorize",
        token_url="{base_url}/oauth/access_token",  # noqa: S106
        scopes=scopes,
        scope_separator=",",
        defaults={"base_url": BASE_URL, "dialog_url": "https://threads.net"},
        complete=_complete,
    )


class ThreadsChannel(ContainerChannel):
    """Posts to one Threads profile."""

    kind = "threads"
    label = "Threads"
    web_hosts = ("threads.net", "threads.com")
    link_reserve = 0
    capabilities = Capabilities(
        max_length=LIMIT,
        readable=True,
        idempotent_for=CONTAINER_LIFE,
        can_delete=True,
        watchable=True,
        image="none",
        link="param",
    )
    server_fields = (API_ADDRESS,)
    settings_fields = (
        Field("account_id", "ID profil Threads"),
        Field(
            "post_as",
            "Bentuk unggahan",
            type="choice",
            default="link",
            choices=(("link", "Teks dengan kartu tautan"), ("photo", "Foto utama dengan tautan di dalam teks")),
            help="Berita tanpa foto utama selalu diunggah dengan kartu tautan.",
        ),
    )
    #: Threads does not renew a token younger than a day.
    first_refresh = timedelta(hours=25)
    credentials_fields = (
        Field("client_id", "ID aplikasi Threads", help="Berbeda dari ID aplikasi Facebook."),
        Field("client_secret", "Rahasia aplikasi Threads", secret=True),
        Field("access_token", "Token akses", secret=True, help="Token berumur panjang (60 hari)."),
    )
    oauth = (
        _make_flow(OAuth2Flow, "Hubungkan lewat layar persetujuan Threads", (*SCOPES, DELETE_SCOPE, *REPLY_SCOPES)),
        _make_flow(PostingFlow, "Hubungkan tanpa hak menghapus dan membalas", SCOPES),
    )
    create_edge, publish_edge, list_edge = "threads", "threads_publish", "threads"
    quota_edge = "threads_publishing_limit"
    status_field, trouble_field = "status", "error_message"
    text_field, link_field = "text", "link_attachment_url"

    def __init__(
        self,
        *,
        base_url: str = BASE_URL,
        account_id: str = "me",
        post_as: str = "link",
        client_id: str = "",
        client_secret: str = "",
        access_token: str = "",
        may_delete: bool = True,
        may_reply: bool = False,
    ):
        """``may_delete``, ``may_reply``: rights of the token, as ``check`` learned them."""
        self.base_url, self.account_id = base_url.rstrip("/"), account_id
        self._token = access_token
        if post_as == "photo":
            self.capabilities = _PHOTO
            # With a picture the link is in the text; its length is unknown before publication.
            self.link_reserve = 100 + len("\n\n")
        self.capabilities = replace(self.capabilities, can_delete=may_delete, can_reply=may_reply)

    def count(self, text: str) -> int:
        """Return the number of characters; an emoji counts as its UTF-8 bytes."""
        return sum(
            len(cluster.encode()) if _EMOJI.search(cluster) else len(cluster) for cluster in regex.findall(r"\X", text)
        )

    def compose(self, draft: Draft) -> Composed:
        """Put the link into the text only beside a picture, where there is no card."""
        has_picture = self.capabilities.image != "none" and draft.image is not None
        tags = () if "#" in draft.text else draft.tags[:MOST_TAGS]
        post = self.write(draft, tags, draft.link if has_picture else "")
        return self.illustrate(post, draft.image, draft.card)

    def find_problems(self, composed: Composed) -> tuple[str, ...]:
        """Count the card's link among those of the text."""
        return self.find_text_problems(f"{composed.text} {composed.link}")

    def find_text_problems(self, text: str) -> tuple[str, ...]:
        """Refuse more than five links."""
        links: list[str] = []
        for link in _LINK.findall(text):
            if not any(same_link(link, other) for other in links):
                links.append(link)
        if len(links) <= MOST_LINKS:
            return ()
        return (f"Unggahan Threads memuat {len(links)} tautan. Paling banyak {MOST_LINKS}.",)

    def describe_container(self, composed: Composed) -> dict[str, str]:
        """Return the text with the link as a card, or with the picture's URL."""
        if composed.image is not None and composed.link in composed.text.split():
            picture = {"image_url": composed.image.url, "alt_text": composed.image.alt}
            return {"media_type": "IMAGE", "text": composed.text, **picture}
        return {"media_type": "TEXT", "text": composed.text, "link_attachment": composed.link}

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete the post."""
        return Sent(remote_id, status=self.graph().delete(remote_id).status)

    def reply(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Publish a container that answers the post."""
        return self.publish({**self.describe_container(composed), "reply_to_id": remote_id})

    def find_reply(self, remote_id: str, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Read the profile's own replies; match the post they answer, and their words."""
        for reply in self.list_posts(since, f"{self.account_id}/replies", f"{self.post_fields},replied_to"):
            is_there = str((reply.get("replied_to") or {}).get("id")) == remote_id
            if is_there and self.compare(reply, composed) is Comparison.SAME:
                return Sent(str(reply.get("id", "")), web_address(reply.get("permalink")), 200)
        return None

    def check(self) -> Health:
        """Ask for the profile's name, the quota, which needs a token that may post, and what the acts on posts need."""
        profile = self.graph().get("me", fields="username")
        limits = {"Panjang unggahan": "500 karakter"}
        name = f"@{profile.get('username') or ''}"
        try:
            limits |= self.describe_quota()
        except AuthDead:
            return Health(account_name=name, missing_scopes=SCOPES[1:], limits=limits)
        rights = describe_rights(self.label, self._find_missing(), DELETE_SCOPE, REPLY_SCOPES)
        return Health(
            account_name=name,
            missing_scopes=rights.missing,
            limits=limits,
            warnings=rights.warnings,
            learned=rights.learned,
        )

    def _find_missing(self) -> tuple[str, ...]:
        """Return the scopes of acts on posts that are missing, each shown by a reading that needs it.

        Threads tells scopes for a token in the address alone, where no token of ours stands.
        """
        quota, probes = f"{self.account_id}/{self.quota_edge}", []
        probes.append((DELETE_SCOPE, quota, "delete_quota_usage"))
        probes.append((REPLY_SCOPES[0], quota, "reply_quota_usage"))
        probes.append((REPLY_SCOPES[1], f"{self.account_id}/replies", "id"))
        return tuple(scope for scope, path, field in probes if self._lacks_right(path, field))

    def _lacks_right(self, path: str, field: str) -> bool:
        try:
            self.graph().get(path, fields=field)
        except NoRight:
            return True
        except Rejected:
            # A field that this version does not know says nothing of the right.
            return False
        return False

    def refresh(self) -> Grant:
        """Exchange the token for a new one of 60 days; the old one stays valid to its end."""
        return self.make_grant(self.ask_for_token("refresh_access_token", "th_refresh_token"), self.account_id)

    def ask_for_token(self, edge: str, grant_type: str, **params: str) -> Token:
        """Ask for a longer token; Threads allows only a GET, with the application's secret in the URL."""
        session = prepare(OAuth2Session(token={"access_token": self._token, "token_type": "Bearer"}))
        try:
            answer = http(session, "GET", f"{self.base_url}/{edge}", params={"grant_type": grant_type, **params})
        except ChannelError as error:
            # The cause names the URL, which must not reach a log. Asking again does no harm.
            raise (NotSent(error.message) if isinstance(error, Unknown) else error) from None
        raise_for(answer, self.label, changes=False)
        return read_token(answer)

    def make_grant(self, token: Token, account_id: str, name: str = "") -> Grant:
        """Return the grant of a new token."""
        return Grant(
            {"access_token": token.access_token},
            {"account_id": account_id},
            account_name=name,
            account_id=account_id,
            scopes=token.scopes,
            expires_at=token.expires_at,
            refresh_at=token.expires_at - REFRESH_BEFORE if token.expires_at else None,
        )

    def graph(self) -> Graph:
        """Return the API client of this profile; Threads takes no proof of the application's secret."""
        return Graph(self.label, base_url=self.base_url, version=VERSION, token=self._token, app_secret=None)


_PHOTO = replace(
    ThreadsChannel.capabilities, image="url", image_types=("image/jpeg",), image_max_bytes=8_000_000, link="inline"
)
