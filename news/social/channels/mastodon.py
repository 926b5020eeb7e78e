"""Mastodon: OAuth 2 bearer, JSON, one Idempotency-Key for each delivery.

Not every server that speaks this API honours the key, so after a lost answer the account is read
back first; only a post that is absent to the end is repeated, with the same key.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from requests_oauthlib import OAuth2Session

from .base import (
    AuthDead,
    Capabilities,
    Channel,
    Comparison,
    Composed,
    Health,
    NotSent,
    Rejected,
    Sent,
    Throttled,
    Unknown,
    Verdict,
)
from .comparing import compare, text_of
from .links import links_in, same_link, web_address
from .resets import reset_at
from .transport import Answer, http, prepare

LIMIT = 500
#: What a server says of a post that does not exist any more.
_GONE = (404, 410)
_POST_ADDRESS = re.compile(r"(?P<server>https?://[^/]+)/.*?(?P<id>[^/?#]+)/?")
#: What Mastodon itself reserves for each link.
LINK_LENGTH = 23


class MastodonChannel(Channel):
    """Posts to one account on a server that speaks the Mastodon API."""

    kind = "mastodon"
    label = "Mastodon"
    # Some servers count the whole address, and it is not known before the page has one.
    link_reserve = 100 + len("\n\n")

    def __init__(
        self,
        *,
        base_url: str = "",
        access_token: str = "",
        visibility: str = "public",
        language: str = "id",
        max_length: int = LIMIT,
        link_length: int = LINK_LENGTH,
    ):
        self.base_url = base_url.rstrip("/")
        self._access_token = access_token
        self.visibility = visibility
        self.language = language
        self.link_length = link_length
        # The server keeps a key for an hour; the margin is for clocks and slow answers.
        self.capabilities = Capabilities(
            max_length=max_length,
            readable=True,
            idempotent_for=timedelta(minutes=50),
            can_edit=True,
            can_delete=True,
        )

    def count(self, text: str) -> int:
        """Return the larger of both counts in use: links in full, or each at its fixed length."""
        words = [word for word in text.split() if web_address(word)]
        fixed = len(text) + sum(self.link_length - len(word) for word in words)
        return max(len(text), fixed)

    def session(self) -> OAuth2Session:
        """Return a bearer session; each request gets its own and nothing is refreshed in it."""
        if not self.base_url or not self._access_token:
            raise AuthDead("Alamat server atau token akun Mastodon belum diisi.")
        token = {"access_token": self._access_token, "token_type": "Bearer"}
        return prepare(OAuth2Session(token=token))

    def deliver(self, composed: Composed, key: str, state: dict) -> Sent:
        """Make the post under the delivery's own key."""
        answer = http(
            self.session(),
            "POST",
            f"{self.base_url}/api/v1/statuses",
            json={
                "status": composed.text,
                "visibility": self.visibility,
                "language": self.language,
            },
            headers={"Idempotency-Key": key},
        )
        _raise_for(answer)
        remote_id = answer.get("id")
        if not isinstance(remote_id, str):
            raise Unknown("Jawaban server Mastodon tidak terbaca.", status=answer.status)
        return Sent(remote_id, web_address(answer.get("url")), answer.status)

    def find(self, composed: Composed, key: str, since: datetime, state: dict) -> Sent | None:
        """Read the account's newest posts and match the page's link in their HTML."""
        me = self._read("/api/v1/accounts/verify_credentials")
        account_id = me.get("id")
        if not isinstance(account_id, str):
            raise NotSent("Akun Mastodon tidak dapat dikenali.", status=me.status)
        answer = self._read(f"/api/v1/accounts/{account_id}/statuses", limit="40", exclude_reblogs="true")
        if not isinstance(answer.data, list):
            raise NotSent("Linimasa akun Mastodon tidak dapat dibaca.", status=answer.status)
        for post in answer.data:
            if _matches(post, composed):
                return Sent(str(post["id"]), web_address(post.get("url")), answer.status)
        return None

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read the post and compare the words of its HTML."""
        answer = http(self.session(), "GET", self._post_url(sent.remote_id))
        if answer.status in _GONE and isinstance(answer.data, dict):
            return Verdict(Comparison.MISSING)
        _raise_for(answer)
        content = answer.get("content")
        if not isinstance(content, str):
            raise NotSent("Unggahan Mastodon tidak dapat dibaca.", status=answer.status)
        text = text_of(content)
        return Verdict(compare(text, composed.text), text)

    def check(self) -> Health:
        """Ask the server whose token this is."""
        me = self._read("/api/v1/accounts/verify_credentials")
        name = me.get("username")
        if not isinstance(name, str):
            raise NotSent("Akun Mastodon tidak dapat dikenali.", status=me.status)
        return Health(account_name=f"@{name}")

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace the text; whoever shared the post is told by the server."""
        answer = http(
            self.session(),
            "PUT",
            self._post_url(remote_id),
            json={"status": composed.text, "language": self.language},
        )
        _raise_for(answer)
        if answer.get("id") != remote_id:
            raise Unknown("Jawaban server Mastodon tidak terbaca.", status=answer.status)
        return Sent(remote_id, web_address(answer.get("url")), answer.status)

    def delete(self, remote_id: str, key: str) -> Sent:
        """Remove the post."""
        answer = http(self.session(), "DELETE", self._post_url(remote_id))
        # Only an answer in the API's own words says so: a wrong address is answered 404 as well.
        if answer.status not in _GONE or not isinstance(answer.data, dict):
            _raise_for(answer)
        return Sent(remote_id, status=answer.status)

    def read_id(self, url: str) -> str:
        """Return the last part of the address, where the server is this one."""
        found = _POST_ADDRESS.fullmatch(url)
        return found["id"] if found and same_link(found["server"], self.base_url) else ""

    def _post_url(self, remote_id: str) -> str:
        return f"{self.base_url}/api/v1/statuses/{quote(remote_id, safe='')}"

    def _read(self, path: str, **params) -> Answer:
        answer = http(self.session(), "GET", f"{self.base_url}{path}", params=params)
        _raise_for(answer)
        return answer


def _raise_for(answer: Answer) -> None:
    status = answer.status
    if status in (200, 201):
        return
    detail = str(answer.get("error") or "")
    if status == 429:
        raise Throttled(
            reset_at(answer.headers, datetime.now(UTC)),
            "Batas kiriman server Mastodon tercapai.",
            status=status,
        )
    if status == 401 or (400 <= status < 500 and "token" in detail.lower()):
        raise AuthDead(
            "Server Mastodon menolak token akun ini. Hubungkan kembali akun, lalu lanjutkan.",
            status=status,
        )
    if 400 <= status < 500 and status != 408:
        raise Rejected(f"Server Mastodon menolak: {detail or f'kode {status}'}", status=status)
    raise Unknown(f"Server Mastodon mengalami gangguan (kode {status}).", status=status)


def _matches(post: dict, composed: Composed) -> bool:
    return any(same_link(link, composed.link) for link in links_in(str(post.get("content", ""))))
