"""X: POST /2/tweets with OAuth 1.0a or OAuth 2, weighted length, pictures with alt text.

X has no idempotency key and wraps links in t.co, so after a lost answer the timeline is read back
and matched by the expanded link, or by the words where the account posts no links.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests_oauthlib import OAuth1Session, OAuth2Session

from news.social.channels.base import (
    AuthDead,
    Capabilities,
    Channel,
    Comparison,
    Composed,
    Draft,
    Field,
    Health,
    Lookalike,
    NotSent,
    Posted,
    Sent,
    State,
    Unknown,
    Verdict,
)
from news.social.channels.comparing import compare
from news.social.channels.http.retry_after import is_fresh
from news.social.channels.http.transport import Answer, http, prepare
from news.social.channels.links import same_link, web_address
from news.social.channels.oauth import Grant

from .errors import is_gone, raise_for
from .oauth import FLOWS, OAUTH2
from .weighing import TITLE, find_links, weigh

LIMIT = 280
_POST_ADDRESS = re.compile(r"https?://(?P<host>[^/]+)/[^/]+(?:/web)?/status/(?P<id>\d+)/?(?:[?#].*)?")
_HOSTS = ("x.com", "twitter.com")
#: Weighted length of every link.
LINK_WEIGHT = 23
#: X keeps an upload for 24 hours.
UPLOAD_LIFE = timedelta(hours=20)
MAY_NOT_WRITE = "Aplikasi X ini hanya boleh membaca. Ubah hak aplikasi menjadi baca dan tulis, lalu hubungkan kembali."


def _find_titles(text: str) -> list[str]:
    """Return academic titles that X takes for addresses: "M.Si" lies under a domain of Slovenia, "A.Md" of Moldova."""
    return [link for link in find_links(text) if TITLE.fullmatch(link)]


def _warn_of_title(title: str) -> str:
    return f"X menjadikan “{title}” tautan ke situs lain. Tulis “{title.replace('.', '. ')}” agar tetap teks."


class XChannel(Channel):
    """Posts to one X account."""

    kind = "x"
    label = "X"
    link_reserve = LINK_WEIGHT + len("\n\n")
    capabilities = Capabilities(
        max_length=LIMIT,
        readable=True,
        can_reply=True,
        can_delete=True,
        image="upload",
        image_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        image_max_bytes=5_000_000,
        alt_length=1000,
    )
    hidden_on_card = frozenset({"description"})
    oauth = FLOWS
    first_refresh = timedelta(0)
    price: Decimal
    currency = "US$"
    settings_fields = (
        Field("link", "Sertakan tautan berita", type="yesno", default=True, required=False),
        Field("image", "Sertakan foto utama", type="yesno", default=True, required=False),
        Field("price", "Harga satu unggahan (US$)", type="number", default="0.015", required=False),
        Field("price_with_link", "Harga unggahan dengan tautan (US$)", type="number", default="0.20", required=False),
        Field(
            "read_back",
            "Baca kembali setiap hari",
            type="yesno",
            default=False,
            required=False,
            help="Keutuhan membandingkan setiap unggahan di akun dengan yang diperintahkan. X memungut sekitar "
            "0,001 US$ untuk setiap unggahan yang dibaca, setiap hari.",
        ),
        Field(
            "monthly_limit",
            "Batas biaya sebulan (US$)",
            type="number",
            required=False,
            help="Sekretaris diberi tahu bila biaya bulan berjalan mencapai batas ini. Unggahan tetap dikirim.",
        ),
    )
    credentials_fields = (
        Field("client_key", "Kunci API", required=False, help="Untuk OAuth 1.0a (disarankan). Di X: API Key."),
        Field("client_secret", "Rahasia kunci API", secret=True, required=False),
        Field("access_token", "Token akses", secret=True, required=False),
        Field("access_token_secret", "Rahasia token akses", secret=True, required=False),
        Field("client_id", "ID aplikasi", required=False, help="Untuk OAuth 2. Di X: Client ID."),
        Field("client_id_secret", "Rahasia aplikasi", secret=True, required=False),
        Field("bearer_token", "Token OAuth 2", secret=True, required=False),
        Field("refresh_token", "Token pembaruan OAuth 2", secret=True, required=False),
    )

    def __init__(
        self,
        *,
        base_url: str = "https://api.x.com",
        web_url: str = "https://x.com",
        auth: str = "",
        user_id: str = "",
        link: bool = True,
        image: bool = True,
        price: str = "0.015",
        price_with_link: str = "0.20",
        read_back: bool = False,
        monthly_limit: str = "",
        client_key: str = "",
        client_secret: str = "",
        access_token: str = "",
        access_token_secret: str = "",
        client_id: str = "",
        client_id_secret: str = "",
        bearer_token: str = "",
        refresh_token: str = "",
    ):
        self._credentials = (client_key, client_secret, access_token, access_token_secret)
        self._bearer = bearer_token
        self._app = {"client_id": client_id, "client_id_secret": client_id_secret, "refresh_token": refresh_token}
        self._uses_bearer = auth == "oauth2" or (auth == "" and bool(bearer_token) and not access_token)
        self.base_url = base_url.rstrip("/")
        self.web_url = web_url.rstrip("/")
        self.user_id = user_id
        self.with_link = link
        can = replace(self.capabilities, watchable=read_back)
        self.capabilities = can if image else replace(can, image="none")
        self.price, self.price_with_link = Decimal(str(price)), Decimal(str(price_with_link))
        self.monthly_limit = Decimal(str(monthly_limit)) if monthly_limit else None
        if not link:
            self.link_reserve = 0

    def refresh(self) -> Grant | None:
        """Renew an OAuth 2 token with its refresh token; OAuth 1.0a tokens do not expire."""
        if not self._uses_bearer or not self._app["refresh_token"]:
            return None
        return OAUTH2.refresh({"base_url": self.base_url, "web_url": self.web_url}, self._app)

    def count(self, text: str) -> int:
        """Return the weighted length; a link counts 23, an emoji 2."""
        return weigh(text)

    def compose(self, draft: Draft) -> Composed:
        """Omit the link where the office does not pay for links; name what X makes a link of in the text."""
        if self.with_link:
            composed = super().compose(draft)
            return replace(composed, warnings=tuple(map(_warn_of_title, _find_titles(composed.text))))
        composed = super().compose(replace(draft, link="", card=None))
        links = find_links(composed.text)
        if not links:
            return composed
        price = str(self.price_with_link).replace(".", ",")
        warning = f"X menghitung “{links[0]}” sebagai tautan: unggahan ini berbiaya {price} US$."
        return replace(composed, warnings=(warning, *map(_warn_of_title, _find_titles(composed.text))))

    def get_cost(self, text: str) -> Decimal:
        """Return the price of the post; a bare domain in its text counts as a link."""
        return self.price_with_link if find_links(text) else self.price

    def session(self) -> requests.Session:
        """Return a new signing session; it refreshes nothing."""
        if self._uses_bearer:
            if not self._bearer:
                raise AuthDead("Token akun X belum ada. Hubungkan akun ini.")
            return prepare(OAuth2Session(token={"access_token": self._bearer, "token_type": "Bearer"}))
        if not all(self._credentials):
            raise AuthDead("Kredensial akun X belum diisi lengkap.")
        client_key, client_secret, access_token, access_token_secret = self._credentials
        return prepare(
            OAuth1Session(
                client_key,
                client_secret=client_secret,
                resource_owner_key=access_token,
                resource_owner_secret=access_token_secret,
            )
        )

    def prepare(self, composed: Composed, state: State, save: Callable[[State], None]) -> dict[str, Any]:
        """Upload the picture, then set its alt text; save each, so that neither is repeated."""
        if composed.image is None:
            return {}
        if not is_fresh(state.get("uploaded_at"), UPLOAD_LIFE):
            content = self.read_image(composed.image)
            answer = self._ask(
                "POST",
                "/2/media/upload",
                files={"media": ("foto", content, composed.image.mime)},
                data={"media_category": "tweet_image"},
            )
            media_id = answer.get("data", "id")
            if not isinstance(media_id, str):
                raise NotSent("X tidak menerima foto unggahan.", status=answer.status)
            state = {"media_id": media_id, "uploaded_at": datetime.now(UTC).isoformat()}
            save(state)
        if composed.image.alt and not state.get("described"):
            text = composed.image.alt[: self.capabilities.alt_length]
            described = {"id": state["media_id"], "metadata": {"alt_text": {"text": text}}}
            self._ask("POST", "/2/media/metadata", json=described)
            state = {**state, "described": True}
            save(state)
        return state

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Make the post; find the existing one when X refuses it as a duplicate."""
        media = {"media": {"media_ids": [state["media_id"]]}} if state.get("media_id") else {}
        return self._post({"text": composed.text, **media})

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Read the account's newest posts and match the words, with the page's link expanded."""
        lookalikes: list[str] = []

        def is_wanted(post: dict[str, Any]) -> bool:
            if _replied_to(post):
                return False
            if compare(_expand(post), composed.text) is Comparison.SAME:
                return True
            if _has_link(post, composed.link):
                lookalikes.append(self._address(str(post["id"])))
            return False

        found = self._search(since, is_wanted)
        if found is None and lookalikes:
            raise Lookalike(lookalikes[0])
        return found

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read the post and compare its text, with links as posted."""
        answer = http(
            self.session(), "GET", self._post_url(sent.remote_id), params={"tweet.fields": "entities,created_at"}
        )
        if is_gone(answer):
            return Verdict(Comparison.MISSING)
        raise_for(answer)
        post = answer.get("data")
        if not isinstance(post, dict):
            raise NotSent("Unggahan X tidak dapat dibaca.", status=answer.status)
        text = _expand(post)
        return Verdict(compare(text, composed.text), text)

    def check(self) -> Health:
        """Ask X for the token's owner and whether it may write."""
        answer = self._ask("GET", "/2/users/me")
        name, user_id = answer.get("data", "username"), answer.get("data", "id")
        if not isinstance(name, str) or not isinstance(user_id, str):
            raise NotSent("Akun X tidak dapat dikenali.", status=answer.status)
        headers = {header.lower(): value for header, value in answer.headers.items()}
        problems = (MAY_NOT_WRITE,) if headers.get("x-access-level") == "read" else ()
        limits = {"Panjang unggahan": f"{LIMIT} karakter", "Unggahan": "100 dalam 15 menit"}
        return Health(f"@{name}", limits=limits, problems=problems, learned={"user_id": user_id})

    def reply(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Reply to a post of this account."""
        return self._post({"text": composed.text, "reply": {"in_reply_to_tweet_id": remote_id}})

    def find_reply(self, remote_id: str, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Read the account's newest posts and match the post they reply to, and their words."""
        words = _get_words(composed.text)
        return self._search(
            since, lambda post: _replied_to(post) == remote_id and _get_words(post.get("text", "")) == words
        )

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete a post; one that X reports as missing counts as deleted."""
        answer = http(self.session(), "DELETE", self._post_url(remote_id))
        if not is_gone(answer):
            raise_for(answer)
            if answer.get("data", "deleted") is not True:
                raise Unknown("Jawaban X tidak terbaca.", status=answer.status)
        return Sent(remote_id, status=answer.status)

    def read_id(self, url: str) -> str:
        """Return the number of the post in a URL of X."""
        found = _POST_ADDRESS.fullmatch(url)
        hosts = (*_HOSTS, urlsplit(self.web_url).netloc)
        if found is None or not any(f".{found['host'].lower()}".endswith(f".{host}") for host in hosts):
            return ""
        return found["id"]

    def _post(self, body: dict[str, Any]) -> Sent:
        answer = self._ask("POST", "/2/tweets", json=body)
        remote_id = answer.get("data", "id")
        if not isinstance(remote_id, str):
            raise Unknown("Jawaban X tidak terbaca.", status=answer.status)
        return Sent(remote_id, self._address(remote_id), answer.status)

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield the account's posts; X charges for each."""
        for post in self._list_posts(since):
            yield Posted(str(post["id"]), _expand(post), self._address(post["id"]))

    def _search(self, since: datetime, is_wanted: Callable[[dict[str, Any]], bool]) -> Sent | None:
        """Return the first post since then that matches."""
        found = next(filter(is_wanted, self._list_posts(since)), None)
        return Sent(str(found["id"]), self._address(found["id"]), 200) if found else None

    def _list_posts(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield the posts since then, newest first, page by page."""
        path = f"/2/users/{self._get_user_id()}/tweets"
        token: dict[str, str] = {}
        while True:
            answer = self._ask(
                "GET",
                path,
                params={
                    "max_results": "100",
                    "tweet.fields": "entities,created_at,referenced_tweets",
                    "start_time": _moment(since),
                    **token,
                },
            )
            if answer.status != 200 or not isinstance(answer.data, dict) or "errors" in answer.data:
                raise NotSent("Linimasa akun X tidak dapat dibaca.", status=answer.status)
            yield from answer.get("data") or []
            next_token = answer.get("meta", "next_token")
            if not next_token or next_token == token.get("pagination_token"):
                return
            token = {"pagination_token": next_token}

    def _get_user_id(self) -> str:
        """Return the account's number from the access token, else ask for it."""
        number = self.user_id or self._credentials[2].partition("-")[0]
        if number.isdigit():
            return number
        answer = self._ask("GET", "/2/users/me")
        number = answer.get("data", "id")
        if not isinstance(number, str):
            raise NotSent("Akun X tidak dapat dikenali.", status=answer.status)
        return number

    def _ask(self, method: str, path: str, **kwargs: Any) -> Answer:
        answer = http(self.session(), method, f"{self.base_url}{path}", **kwargs)
        raise_for(answer)
        return answer

    def _post_url(self, remote_id: str) -> str:
        return f"{self.base_url}/2/tweets/{quote(remote_id, safe='')}"

    def _address(self, remote_id: str) -> str:
        return web_address(f"{self.web_url}/i/web/status/{remote_id}")


def _has_link(post: dict[str, Any], link: str) -> bool:
    links = [url.get("expanded_url") or "" for url in _urls(post)] + str(post.get("text", "")).split()
    return any(same_link(found, link) for found in links)


def _urls(post: dict[str, Any]) -> list[dict[str, Any]]:
    return (post.get("entities") or {}).get("urls") or []


def _expand(post: dict[str, Any]) -> str:
    """Return the post's text with the posted links in place of t.co, without those of pictures."""
    text = unescape(str(post.get("text", "")))
    for url in _urls(post):
        posted = "" if url.get("media_key") else str(url.get("expanded_url") or "")
        text = text.replace(str(url.get("url")), posted)
    return text.strip()


def _replied_to(post: dict[str, Any]) -> str:
    """Return the number of the post that this one replies to, "" for none."""
    for reference in post.get("referenced_tweets") or []:
        if reference.get("type") == "replied_to":
            return str(reference.get("id") or "")
    return ""


def _get_words(text: str) -> list[str]:
    """Return the text of a post without links, which X shortens, and with entities unescaped."""
    return [word for word in unescape(text).split() if not web_address(word)]


def _moment(since: datetime) -> str:
    """Format ``since`` for X, with a margin because clocks differ."""
    early = since.astimezone(UTC) - timedelta(minutes=5)
    return early.strftime("%Y-%m-%dT%H:%M:%SZ")
