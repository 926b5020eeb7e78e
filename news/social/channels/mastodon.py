"""Mastodon: OAuth 2 bearer tokens, JSON, one Idempotency-Key for each delivery.

Not every server with this API honours the key, so the account is read back after a lost answer;
only a post that stays absent is repeated, with the same key.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from requests_oauthlib import OAuth2Session

from .base import (
    AuthDead,
    Capabilities,
    Channel,
    Comparison,
    Composed,
    Field,
    Health,
    Lookalike,
    NoRight,
    NotSent,
    Posted,
    Rejected,
    Sent,
    State,
    Throttled,
    Unknown,
    Verdict,
)
from .comparing import compare, text_of
from .http.retry_after import is_before, is_fresh, reset_at
from .http.transport import Answer, http, prepare
from .links import links_in, same_link, web_address
from .oauth import OAuth2Flow

LIMIT = 500
#: Characters that Mastodon counts for each link.
LINK_LENGTH = 23
#: Error text of a server for a post that does not exist any more.
_GONE = (404, 410)
_POST_ADDRESS = re.compile(r"(?P<server>https?://[^/]+)/.*?(?P<id>[^/?#]+)/?")
#: Servers delete an unused upload after a day.
UPLOAD_LIFE = timedelta(hours=20)
#: Seconds between two polls of a picture's processing.
WAITS = (0.5, 1, 2, 4)
PAGE = 40
#: Maximum pages read back: more than an office posts in ten minutes.
PAGES = 25
SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")


class MastodonChannel(Channel):
    """Posts to one account on a server with the Mastodon API."""

    kind = "mastodon"
    label = "Mastodon"
    # Some servers count the whole URL, which is unknown before publication.
    link_reserve = 100 + len("\n\n")
    server_fields = ()
    settings_fields = (
        Field("base_url", "Alamat server", type="url", help="Contoh: https://mastodon.social"),
        Field(
            "visibility",
            "Keterlihatan",
            type="choice",
            default="public",
            required=False,
            choices=(("public", "Publik"), ("unlisted", "Publik tanpa lini masa umum")),
        ),
        Field("image", "Sertakan foto utama", type="yesno", default=True, required=False),
    )
    credentials_fields = (
        Field("client_id", "ID aplikasi", required=False),
        Field("client_secret", "Rahasia aplikasi", secret=True, required=False),
        Field("access_token", "Token akses", secret=True),
    )
    oauth = OAuth2Flow(
        label="Hubungkan lewat layar persetujuan server",
        authorize_url="{base_url}/oauth/authorize",
        token_url="{base_url}/oauth/token",  # noqa: S106
        registration_url="{base_url}/api/v1/apps",
        scopes=SCOPES,
        needs=("base_url",),
    )

    def __init__(
        self,
        *,
        base_url: str = "",
        access_token: str = "",
        client_id: str = "",
        client_secret: str = "",
        visibility: str = "public",
        language: str = "id",
        image: bool = True,
        max_length: int = LIMIT,
        link_length: int = LINK_LENGTH,
        image_max_bytes: int = 8_000_000,
        alt_length: int = 1500,
    ):
        self.base_url = base_url.rstrip("/")
        self._access_token = access_token
        self.visibility = visibility
        self.language = language
        self.link_length = link_length
        # Servers keep a key for an hour; leave a margin for clocks and slow answers.
        self.capabilities = Capabilities(
            max_length=max_length,
            readable=True,
            idempotent_for=timedelta(minutes=50),
            can_edit=True,
            can_edit_media=True,
            can_delete=True,
            watchable=True,
            image="upload" if image else "none",
            image_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
            image_max_bytes=image_max_bytes,
            alt_length=alt_length,
        )

    def count(self, text: str) -> int:
        """Return the larger of the two counts in use: links in full, or at the fixed length."""
        words = [word for word in text.split() if web_address(word)]
        fixed = len(text) + sum(self.link_length - len(word) for word in words)
        return max(len(text), fixed)

    def session(self) -> OAuth2Session:
        """Return a new bearer session; it refreshes nothing."""
        if not self.base_url or not self._access_token:
            raise AuthDead("Alamat server atau token akun Mastodon belum diisi.")
        token = {"access_token": self._access_token, "token_type": "Bearer"}
        return prepare(OAuth2Session(token=token))

    def prepare(self, composed: Composed, state: State, save: Callable[[State], None]) -> dict[str, Any]:
        """Upload the picture with its alt text, and wait for its processing."""
        if composed.image is None:
            return {}
        if not is_fresh(state.get("uploaded_at"), UPLOAD_LIFE):
            answer = self._upload("/api/v2/media", composed)
            if answer.status == 404:
                answer = self._upload("/api/v1/media", composed)
            _raise_for(answer)
            media_id = answer.get("id")
            if not isinstance(media_id, str):
                raise NotSent("Server Mastodon tidak menerima foto unggahan.", status=answer.status)
            state = {
                "media_id": media_id,
                "uploaded_at": datetime.now(UTC).isoformat(),
                "ready": answer.status in (200, 201),
            }
            save(state)
        if not state.get("ready"):
            self._wait_for(state["media_id"])
            state = {**state, "ready": True}
            save(state)
        return state

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Make the post under the delivery's key."""
        body: dict[str, Any] = {"status": composed.text, "visibility": self.visibility, "language": self.language}
        if state.get("media_id"):
            body["media_ids"] = [state["media_id"]]
        answer = self._ask("POST", "/api/v1/statuses", json=body, headers={"Idempotency-Key": key})
        remote_id = answer.get("id")
        if not isinstance(remote_id, str):
            raise Unknown("Jawaban server Mastodon tidak terbaca.", status=answer.status)
        return Sent(remote_id, web_address(answer.get("url")), answer.status)

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Read the account's posts since then and match the words of their HTML, links among them."""
        lookalike = None
        for post in self._list_posts(since):
            content = str(post.get("content", ""))
            if compare(text_of(content), composed.text) is Comparison.SAME:
                return Sent(str(post["id"]), web_address(post.get("url")), 200)
            if any(same_link(link, composed.link) for link in links_in(content)):
                lookalike = post
        if lookalike is not None:
            raise Lookalike(web_address(lookalike.get("url")))
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

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield the account's posts, without what it boosted."""
        for post in self._list_posts(since):
            if not is_before(post.get("created_at"), since):
                yield Posted(str(post["id"]), text_of(str(post.get("content", ""))), web_address(post.get("url")))

    def check(self) -> Health:
        """Ask the server for the token's owner and scopes, and for the limits of posts."""
        me = self._ask("GET", "/api/v1/accounts/verify_credentials")
        name = me.get("acct") or me.get("username")
        if not isinstance(name, str):
            raise NotSent("Akun Mastodon tidak dapat dikenali.", status=me.status)
        app = http(self.session(), "GET", f"{self.base_url}/api/v1/apps/verify_credentials")
        scopes = app.get("scopes") if app.status == 200 else None
        scopes = tuple(map(str, scopes)) if isinstance(scopes, list) else ()
        missing = [scope for scope in SCOPES if scopes and not {scope, scope.partition(":")[0]} & set(scopes)]
        learned = self._read_limits()
        return Health(
            f"@{name}",
            scopes=scopes,
            missing_scopes=tuple(missing),
            limits={
                "Panjang unggahan": f"{learned.get('max_length', self.capabilities.max_length)} karakter",
                "Setiap tautan dihitung": f"{learned.get('link_length', self.link_length)} karakter atau lebih",
            },
            problems=("Token tidak memuat semua hak yang diperlukan. Hubungkan kembali akun ini.",) if missing else (),
            warnings=() if learned else ("Server tidak menyebutkan batasnya. Dipakai batas umum Mastodon.",),
            learned=learned,
        )

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace the text; name the pictures again, because the server drops others."""
        before = self._ask("GET", self._post_path(remote_id))
        pictures = before.get("media_attachments") or []
        return self._change(before, remote_id, composed, [str(picture["id"]) for picture in pictures])

    def edit_media(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Upload the new picture and name it alone; the server drops the old one with its alt text."""
        before = self._ask("GET", self._post_path(remote_id))
        state = self.prepare(composed, {}, lambda state: None)
        return self._change(before, remote_id, composed, [state["media_id"]] if state else [])

    def _change(self, before: Answer, remote_id: str, composed: Composed, pictures: list[str]) -> Sent:
        body: dict[str, Any] = {"status": composed.text, "language": self.language}
        if pictures or before.get("media_attachments"):
            body["media_ids"] = pictures
        answer = self._ask("PUT", self._post_path(remote_id), json=body)
        new_id, uri = answer.get("id"), answer.get("uri")
        # Some servers give an edited post another number (snac 2.75); its address says that it is the same.
        is_same = new_id == remote_id or (isinstance(uri, str) and uri == before.get("uri"))
        if not isinstance(new_id, str) or not is_same:
            raise Unknown("Jawaban server Mastodon tidak terbaca.", status=answer.status)
        return Sent(new_id, web_address(answer.get("url")), answer.status)

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete the post."""
        answer = http(self.session(), "DELETE", self._post_url(remote_id))
        # Require the API's own words: a wrong URL is answered 404 too.
        if answer.status not in _GONE or not isinstance(answer.data, dict):
            _raise_for(answer)
        return Sent(remote_id, status=answer.status)

    def read_id(self, url: str) -> str:
        """Return the last part of the URL if it is of this server, else ""."""
        found = _POST_ADDRESS.fullmatch(url)
        return found["id"] if found and same_link(found["server"], self.base_url) else ""

    def _upload(self, path: str, composed: Composed) -> Answer:
        image = self.require_image(composed)
        return http(
            self.session(),
            "POST",
            f"{self.base_url}{path}",
            files={"file": ("foto", self.read_image(image), image.mime)},
            data={"description": image.alt[: self.capabilities.alt_length]},
        )

    def _wait_for(self, media_id: str) -> None:
        """Poll until the picture is processed; 206 means not yet."""
        for wait in WAITS:
            answer = self._ask("GET", f"/api/v1/media/{quote(media_id, safe='')}", also=(202, 206))
            if answer.status == 200:
                return
            time.sleep(wait)
        raise NotSent("Server Mastodon masih memproses foto unggahan.")

    def _list_posts(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield the account's own posts, newest first, until one is older than ``since``."""
        me = self._ask("GET", "/api/v1/accounts/verify_credentials")
        account_id = me.get("id")
        if not isinstance(account_id, str):
            raise NotSent("Akun Mastodon tidak dapat dikenali.", status=me.status)
        early = since - timedelta(minutes=5)
        params: dict[str, str] = {}
        seen: set[str] = set()
        for _ in range(PAGES):
            answer = self._ask(
                "GET",
                f"/api/v1/accounts/{account_id}/statuses",
                params={"limit": str(PAGE), "exclude_reblogs": "true", **params},
            )
            if not isinstance(answer.data, list):
                raise NotSent("Linimasa akun Mastodon tidak dapat dibaca.", status=answer.status)
            new = [post for post in answer.data if str(post["id"]) not in seen]
            if answer.data and not new:
                # Some servers ignore max_id (snac 2.75) and give the same page again.
                break
            seen.update(str(post["id"]) for post in new)
            yield from new
            # Pinned or restored posts may be out of order, so only the last one of a page ends the reading.
            if not answer.data or is_before(answer.data[-1].get("created_at"), early):
                return
            params = {"max_id": str(answer.data[-1]["id"])}
        if len(seen) >= PAGE:
            raise NotSent("Linimasa akun Mastodon terlalu panjang untuk dibaca.")

    def _read_limits(self) -> dict[str, int]:
        """Return the server's limits under the constructor's names."""
        for path in ("/api/v2/instance", "/api/v1/instance"):
            answer = http(self.session(), "GET", f"{self.base_url}{path}")
            if answer.status == 200 and isinstance(answer.data, dict):
                found = {
                    "max_length": answer.get("configuration", "statuses", "max_characters")
                    or answer.get("max_toot_chars"),
                    "link_length": answer.get("configuration", "statuses", "characters_reserved_per_url"),
                    "image_max_bytes": answer.get("configuration", "media_attachments", "image_size_limit"),
                    "alt_length": answer.get("configuration", "media_attachments", "description_limit"),
                }
                return {name: value for name, value in found.items() if type(value) is int and value > 0}
        return {}

    def _post_path(self, remote_id: str) -> str:
        return f"/api/v1/statuses/{quote(remote_id, safe='')}"

    def _post_url(self, remote_id: str) -> str:
        return f"{self.base_url}{self._post_path(remote_id)}"

    def _ask(self, method: str, path: str, also: tuple[int, ...] = (), **kwargs: Any) -> Answer:
        answer = http(self.session(), method, f"{self.base_url}{path}", **kwargs)
        if answer.status not in also:
            _raise_for(answer)
        return answer


def _raise_for(answer: Answer) -> None:
    status = answer.status
    if status in (200, 201, 202):
        return
    detail = str(answer.get("error") or "")
    if status == 429:
        raise Throttled(
            reset_at(answer.headers, datetime.now(UTC)),
            "Batas kiriman server Mastodon tercapai.",
            status=status,
        )
    if status == 403 and "scope" in detail.lower():
        message = "Token akun Mastodon tidak memuat hak untuk tindakan ini. Hubungkan kembali akun."
        raise NoRight(message, status=status)
    if status == 401 or (400 <= status < 500 and "token" in detail.lower()):
        raise AuthDead(
            "Server Mastodon menolak token akun ini. Hubungkan kembali akun, lalu lanjutkan.",
            status=status,
        )
    if 400 <= status < 500 and status != 408:
        raise Rejected(f"Server Mastodon menolak: {detail or f'kode {status}'}", status=status)
    raise Unknown(f"Server Mastodon mengalami gangguan (kode {status}).", status=status)
