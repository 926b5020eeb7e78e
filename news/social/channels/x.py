"""X: OAuth 1.0a user context, POST /2/tweets, length in X's own weights.

X has no idempotency key and hides links behind t.co: after a lost answer the account's timeline
is read back and matched by the expanded link.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import quote

from requests_oauthlib import OAuth1Session
from twitter_text import parse_tweet

from .base import (
    AuthDead,
    Capabilities,
    Channel,
    Comparison,
    Composed,
    Duplicate,
    Health,
    NoFunds,
    NotSent,
    Rejected,
    Sent,
    Throttled,
    Unknown,
    Verdict,
)
from .comparing import compare
from .links import same_link, web_address
from .resets import reset_at
from .transport import Answer, http, prepare

LIMIT = 280
_POST_ADDRESS = re.compile(r"https?://[^/]+/[^/]+(?:/web)?/status/(?P<id>\d+)/?(?:[?#].*)?")
#: Every link weighs this, however long it is.
LINK_WEIGHT = 23


class XChannel(Channel):
    """Posts to one X account."""

    kind = "x"
    label = "X"
    link_reserve = LINK_WEIGHT + len("\n\n")
    capabilities = Capabilities(max_length=LIMIT, readable=True, can_reply=True, can_delete=True)
    hidden_on_card = frozenset({"description"})

    def __init__(
        self,
        *,
        base_url: str = "https://api.x.com",
        client_key: str = "",
        client_secret: str = "",
        access_token: str = "",
        access_token_secret: str = "",
        web_url: str = "https://x.com",
    ):
        self._credentials = (client_key, client_secret, access_token, access_token_secret)
        self.base_url = base_url.rstrip("/")
        self.web_url = web_url.rstrip("/")

    def count(self, text: str) -> int:
        """Return the weighted length, in which a link weighs 23 and an emoji 2."""
        return parse_tweet(text).weightedLength

    def session(self) -> OAuth1Session:
        """Return a signing session; each request gets its own."""
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

    def deliver(self, composed: Composed, key: str, state: dict) -> Sent:
        """Make the post. X knows no key: what it refuses as a duplicate is looked for instead."""
        return self._post({"text": composed.text})

    def find(self, composed: Composed, key: str, since: datetime, state: dict) -> Sent | None:
        """Read the account's newest posts and match the page's link in its unshortened form."""
        return self._search(since, lambda post: not _replied_to(post) and _matches(post, composed))

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read the post; X answers 200 with ``errors`` for one that is gone."""
        answer = http(
            self.session(),
            "GET",
            f"{self.base_url}/2/tweets/{quote(sent.remote_id, safe='')}",
            params={"tweet.fields": "entities"},
        )
        if answer.status == 404 or (answer.status == 200 and answer.get("data") is None and answer.get("errors")):
            return Verdict(Comparison.MISSING)
        _raise_for(answer)
        post = answer.get("data")
        if not isinstance(post, dict):
            raise NotSent("Unggahan X tidak dapat dibaca.", status=answer.status)
        text = _expand(post)
        return Verdict(compare(text, composed.text), text)

    def check(self) -> Health:
        """Ask X whose token this is."""
        answer = http(self.session(), "GET", f"{self.base_url}/2/users/me")
        _raise_for(answer)
        name = answer.get("data", "username")
        if not isinstance(name, str):
            raise NotSent("Akun X tidak dapat dikenali.", status=answer.status)
        return Health(account_name=f"@{name}")

    def reply(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Post below a post of the account's own."""
        return self._post({"text": composed.text, "reply": {"in_reply_to_tweet_id": remote_id}})

    def find_reply(self, remote_id: str, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Read the account's newest posts and match what they answer to, and their words."""
        words = _get_words(composed.text)
        return self._search(
            since, lambda post: _replied_to(post) == remote_id and _get_words(post.get("text", "")) == words
        )

    def delete(self, remote_id: str, key: str) -> Sent:
        """Remove a post. X says of one that is gone that it does not exist."""
        answer = http(self.session(), "DELETE", f"{self.base_url}/2/tweets/{quote(remote_id, safe='')}")
        # Only an answer in X's own words says so: a wrong address is answered 404 as well.
        if answer.status != 404 or not isinstance(answer.data, dict):
            _raise_for(answer)
            if answer.get("data", "deleted") is not True:
                raise Unknown("Jawaban X tidak terbaca.", status=answer.status)
        return Sent(remote_id, status=answer.status)

    def read_id(self, url: str) -> str:
        """Return the number of the post in an address of X."""
        found = _POST_ADDRESS.fullmatch(url)
        return found["id"] if found else ""

    def _post(self, body: dict) -> Sent:
        answer = http(self.session(), "POST", f"{self.base_url}/2/tweets", json=body)
        _raise_for(answer)
        remote_id = answer.get("data", "id")
        if not isinstance(remote_id, str):
            raise Unknown("Jawaban X tidak terbaca.", status=answer.status)
        return Sent(remote_id, self._address(remote_id), answer.status)

    def _search(self, since: datetime, is_wanted: Callable[[dict], bool]) -> Sent | None:
        answer = http(
            self.session(),
            "GET",
            f"{self.base_url}/2/users/{self._user_id()}/tweets",
            params={
                "max_results": "100",
                "tweet.fields": "entities,created_at,referenced_tweets",
                "start_time": _moment(since),
            },
        )
        _raise_for(answer)
        if answer.status != 200 or not isinstance(answer.data, dict) or "errors" in answer.data:
            raise NotSent("Linimasa akun X tidak dapat dibaca.", status=answer.status)
        for post in answer.get("data") or []:
            if is_wanted(post):
                return Sent(str(post["id"]), self._address(post["id"]), answer.status)
        return None

    def _user_id(self) -> str:
        """Return the account's number, which begins the access token; otherwise ask for it."""
        number = self._credentials[2].partition("-")[0]
        if number.isdigit():
            return number
        answer = http(self.session(), "GET", f"{self.base_url}/2/users/me")
        _raise_for(answer)
        number = answer.get("data", "id")
        if not isinstance(number, str):
            raise NotSent("Akun X tidak dapat dikenali.", status=answer.status)
        return number

    def _address(self, remote_id: str) -> str:
        return web_address(f"{self.web_url}/i/web/status/{remote_id}")


def _raise_for(answer: Answer) -> None:
    status = answer.status
    if status in (200, 201):
        return
    detail = answer.get("detail") or answer.get("title") or ""
    reason = f"X menolak: {detail}" if detail else f"X menolak (kode {status})."
    if status == 429:
        raise Throttled(reset_at(answer.headers, datetime.now(UTC)), "Batas kiriman X tercapai.", status=status)
    if status == 402:
        raise NoFunds("Saldo kredit X sudah habis. Isi kredit, lalu lanjutkan akun.", status=status)
    if status == 401 or (status == 403 and _is_permission(answer)):
        raise AuthDead("X menolak izin akun ini. Hubungkan kembali akun, lalu lanjutkan.", status=status)
    if status == 403 and "duplicate" in str(answer.data).lower():
        raise Duplicate("X menyatakan unggahan yang sama sudah ada.", status=status)
    if 400 <= status < 500 and status != 408:
        raise Rejected(reason, status=status)
    raise Unknown(f"X mengalami gangguan (kode {status}).", status=status)


def _is_permission(answer: Answer) -> bool:
    """Tell a dead permission from a refused text: both are 403."""
    kind = str(answer.get("type") or "")
    title = str(answer.get("title") or "")
    return "oauth1-permissions" in kind or title == "Unsupported Authentication"


def _matches(post: dict, composed: Composed) -> bool:
    urls = (post.get("entities") or {}).get("urls") or []
    links = [url.get("expanded_url") or "" for url in urls] + str(post.get("text", "")).split()
    return any(same_link(link, composed.link) for link in links)


def _expand(post: dict) -> str:
    """Return the post's words with the links that were posted in place of X's own."""
    text = unescape(str(post.get("text", "")))
    for url in (post.get("entities") or {}).get("urls") or []:
        text = text.replace(str(url.get("url")), str(url.get("expanded_url") or ""))
    return text


def _replied_to(post: dict) -> str:
    """Return the number of the post that this one answers, "" when it answers none."""
    for reference in post.get("referenced_tweets") or []:
        if reference.get("type") == "replied_to":
            return str(reference.get("id") or "")
    return ""


def _get_words(text: str) -> list[str]:
    """Return the words of a post without its links, which X shortens, and its entities, which X escapes."""
    return [word for word in unescape(text).split() if not web_address(word)]


def _moment(since: datetime) -> str:
    """Return ``since`` as X wants it, a little earlier because clocks differ."""
    early = since.astimezone(UTC) - timedelta(minutes=5)
    return early.strftime("%Y-%m-%dT%H:%M:%SZ")
