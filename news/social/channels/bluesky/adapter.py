"""Bluesky: a record under a key chosen here, so that writing it again makes no second post.

The app password opens a session; its tokens last two hours and are renewed with the refresh
token. Links and tags are marked by UTF-8 offsets; lengths count in graphemes and in bytes.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from requests_oauthlib import OAuth2Session

from news.social.channels.base import (
    FOREVER,
    AuthDead,
    Capabilities,
    Channel,
    Comparison,
    Composed,
    Field,
    Health,
    Lookalike,
    NotSent,
    Posted,
    Rejected,
    Sent,
    State,
    Throttled,
    Unknown,
    Verdict,
)
from news.social.channels.comparing import compare
from news.social.channels.http.retry_after import is_before, is_fresh, reset_at
from news.social.channels.http.transport import Answer, http, prepare
from news.social.channels.oauth import Grant

from .records import match
from .text import count_bytes, count_graphemes, get_facets, new_record_name

LIMIT = 300
BYTE_LIMIT = 3000
#: Pages of records read back, 100 each.
PAGES = 20
POSTS = "app.bsky.feed.post"
#: Bluesky deletes an unused upload after an hour or more.
UPLOAD_LIFE = timedelta(minutes=50)
REFRESH_BEFORE = timedelta(minutes=15)
_RECORD = re.compile(r"at://(?P<repo>did:[\w:.%-]+)/" + re.escape(POSTS) + r"/(?P<name>[\w.:~-]+)")
_POST_ADDRESS = re.compile(r"https://bsky\.app/profile/(?P<who>[\w.:-]+)/post/(?P<name>[\w.:~-]+)/?(?:\?.*)?")
_EXPIRED = ("ExpiredToken", "InvalidToken")
_ACCOUNT = ("AuthenticationRequired", "AuthMissing", "AccountTakedown", "AccountDeactivated", "RepoDeactivated")
TWO_FACTORS = (
    "Akun Bluesky ini meminta kode tambahan. Buat sandi aplikasi di pengaturan Bluesky, lalu hubungkan kembali."
)


class BlueskyChannel(Channel):
    """Posts to one Bluesky account.

    bsky.app does not show a changed record, so a ralat is a reply, not an edit.
    """

    kind = "bluesky"
    label = "Bluesky"
    link_reserve = 100 + len("\n\n")
    hidden_on_card = frozenset({"image", "image_alt"})
    server_fields = ()
    settings_fields = (
        Field("identifier", "Nama akun", help="Contoh: kecamatan.bsky.social"),
        Field(
            "base_url",
            "Alamat server",
            type="url",
            default="https://bsky.social",
            required=False,
            help="Kosongkan bila akun terdaftar di Bluesky.",
        ),
        Field("image", "Sertakan foto utama", type="yesno", default=True, required=False),
    )
    first_refresh = timedelta(0)
    credentials_fields = (
        Field("app_password", "Sandi aplikasi", secret=True, help="Bukan sandi akun: buat di pengaturan Bluesky."),
    )

    def __init__(
        self,
        *,
        base_url: str = "https://bsky.social",
        identifier: str = "",
        did: str = "",
        language: str = "id",
        image: bool = True,
        app_password: str = "",
        access_jwt: str = "",
        refresh_jwt: str = "",
    ):
        self.base_url = base_url.rstrip("/")
        self.identifier = identifier.removeprefix("@")
        self.did = did
        self.language = language
        self._password = app_password
        self._access, self._refresh = access_jwt, refresh_jwt
        self.capabilities = Capabilities(
            max_length=LIMIT,
            readable=True,
            idempotent_for=FOREVER,
            can_reply=True,
            can_delete=True,
            watchable=True,
            image="upload" if image else "none",
            image_types=("image/jpeg", "image/png", "image/webp"),
            image_max_bytes=1_000_000,
            alt_length=2000,
            sends_card=True,
            link="facet",
        )

    def count(self, text: str) -> int:
        """Return the number of graphemes, raised above the limit when the bytes exceed theirs."""
        return max(count_graphemes(text), -(-count_bytes(text) * LIMIT // BYTE_LIMIT))

    def prepare(self, composed: Composed, state: State, save: Callable[[State], None]) -> dict[str, Any]:
        """Choose the record's key once, and upload the picture."""
        self._open_session()
        if "record" not in state:
            state = {**state, "record": new_record_name(), "created_at": _now()}
            save(state)
        if composed.image and not is_fresh(state.get("uploaded_at"), UPLOAD_LIFE):
            content = self.read_image(composed.image)
            answer = self._ask("POST", "com.atproto.repo.uploadBlob", content=content, mime=composed.image.mime)
            blob = answer.get("blob")
            if not isinstance(blob, dict):
                raise NotSent("Bluesky tidak menerima foto unggahan.", status=answer.status)
            state = {**state, "blob": blob, "uploaded_at": _now()}
            save(state)
        return state

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Write the record under its key; repeating changes nothing."""
        record = self._make_record(composed.text, state["created_at"])
        embed = _make_embed(composed, state.get("blob"))
        return self._put(state["record"], record | ({"embed": embed} if embed else {}))

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Read the record by its key."""
        if "record" not in state:
            return None
        answer = self._get_record(self._get_did(), state["record"])
        return self._read_sent(answer) if answer else None

    def find_by_words(self, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Read all records and match the words, or the link of text and card; their times are the writers' claims."""
        same, alike = match(self._list_records(pages=PAGES), composed, most=PAGES * 100)
        if same:
            return self._as_sent(same, 200)
        if alike:
            raise Lookalike(self._as_sent(alike, 200).url)
        return None

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read the record and compare its text."""
        answer = self._get_record(*_split(sent.remote_id))
        if answer is None:
            return Verdict(Comparison.MISSING)
        text = answer.get("value", "text")
        if not isinstance(text, str):
            raise NotSent("Unggahan Bluesky tidak dapat dibaca.", status=answer.status)
        return Verdict(compare(text, composed.text), text)

    def reply(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Reply to a post of this account, which has to be referenced by its CID too."""
        answer = self._get_record(*_split(remote_id))
        if answer is None:
            raise Rejected("Unggahan yang akan dibalas tidak ada lagi di Bluesky.")
        parent = {"uri": answer.get("uri"), "cid": answer.get("cid")}
        record = self._make_record(composed.text, _now()) | {"reply": {"root": parent, "parent": parent}}
        return self._put(new_record_name(), record)

    def find_reply(self, remote_id: str, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Read the newest records and match the post they reply to, and their words."""
        for record in self._list_records(pages=1):
            value = record.get("value") or {}
            parent = ((value.get("reply") or {}).get("parent") or {}).get("uri")
            if parent == remote_id and compare(str(value.get("text")), composed.text) is Comparison.SAME:
                return self._as_sent(str(record.get("uri")), 200)
        return None

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield the account's posts and replies; their times are what the writer claims, so all pages are read."""
        for record in self._list_records(pages=PAGES):
            value, uri = record.get("value") or {}, str(record.get("uri"))
            if not is_before(value.get("createdAt"), since):
                yield Posted(uri, str(value.get("text")), self._as_sent(uri, 200).url)

    def _list_records(self, pages: int) -> Iterator[dict[str, Any]]:
        """Yield the account's records, those with the newest keys first, 100 a page."""
        params = {"repo": self._get_did(), "collection": POSTS, "limit": "100"}
        for _ in range(pages):
            answer = self._ask("GET", "com.atproto.repo.listRecords", params)
            records = answer.get("records")
            if not isinstance(records, list):
                raise NotSent("Akun Bluesky tidak dapat dibaca.", status=answer.status)
            yield from records
            cursor = answer.get("cursor")
            if not cursor or not records:
                return
            params = {**params, "cursor": str(cursor)}

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete the record; Bluesky answers the same for one that is gone."""
        repo, name = _split(remote_id)
        self._open_session()
        body = {"repo": repo, "collection": POSTS, "rkey": name}
        answer = self._ask("POST", "com.atproto.repo.deleteRecord", body=body)
        return Sent(remote_id, status=answer.status)

    def read_id(self, url: str) -> str:
        """Return the AT URI of the record at a web URL, "" unless it is this account's."""
        found = _POST_ADDRESS.fullmatch(url)
        if not found or found["who"] not in (self.identifier, self.did):
            return ""
        return f"at://{self._get_did()}/{POSTS}/{found['name']}"

    def check(self) -> Health:
        """Open a new session, ignoring kept tokens."""
        session = self._create_session()
        handle = session.get("handle")
        problems = () if session.get("active") is not False else ("Akun Bluesky ini tidak aktif.",)
        limits = {"Panjang unggahan": f"{LIMIT} karakter", "Foto": "1 MB"}
        return Health(f"@{handle}", limits=limits, problems=problems, learned={"did": self.did})

    def refresh(self) -> Grant:
        """Return new tokens from the refresh token, else from the app password."""
        answer = self._renew_session() or self._create_session()
        ends = _read_end(self._access)
        return Grant(
            {"access_jwt": self._access, "refresh_jwt": self._refresh},
            {"did": self.did},
            f"@{answer.get('handle')}",
            self.did,
            refresh_at=ends - REFRESH_BEFORE if ends else None,
        )

    def _make_record(self, text: str, created_at: str) -> dict[str, Any]:
        record = {"$type": POSTS, "text": text, "createdAt": created_at, "langs": [self.language]}
        facets = get_facets(text)
        return record | ({"facets": facets} if facets else {})

    def _put(self, name: str, record: dict[str, Any]) -> Sent:
        body = {"repo": self._get_did(), "collection": POSTS, "rkey": name, "record": record}
        return self._read_sent(self._ask("POST", "com.atproto.repo.putRecord", body=body))

    def _read_sent(self, answer: Answer) -> Sent:
        uri = answer.get("uri")
        if not isinstance(uri, str) or not _RECORD.fullmatch(uri):
            raise Unknown("Jawaban Bluesky tidak terbaca.", status=answer.status)
        return self._as_sent(uri, answer.status)

    def _as_sent(self, uri: str, status: int) -> Sent:
        repo, name = _split(uri)
        return Sent(uri, f"https://bsky.app/profile/{repo}/post/{name}", status)

    def _get_record(self, repo: str, name: str) -> Answer | None:
        """Return one record from the account's own server, which knows the newest; None when absent."""
        self._open_session()
        params = {"repo": repo, "collection": POSTS, "rkey": name}
        answer = self._talk("GET", "com.atproto.repo.getRecord", params)
        if answer.status == 400 and answer.get("error") == "RecordNotFound":
            return None
        _raise_for(answer)
        return answer

    def _get_did(self) -> str:
        self._open_session()
        return self.did

    def _open_session(self) -> None:
        """Ensure a valid token of this account; reuse a kept one."""
        ends = _read_end(self._access) if self._access and self.did else None
        if ends is None or ends < datetime.now(UTC) + timedelta(minutes=1):
            self._create_session()

    def _create_session(self) -> Answer:
        """Open a session with the app password; a lost answer is NotSent, because no post depends on it."""
        if not self.identifier or not self._password:
            raise AuthDead("Nama akun atau sandi aplikasi Bluesky belum diisi.")
        body = {"identifier": self.identifier, "password": self._password}
        try:
            answer = self._call("POST", "com.atproto.server.createSession", body=body)
            _raise_for(answer)
            self._keep_session(answer)
        except Unknown as error:
            raise NotSent(error.message, status=error.status) from error
        return answer

    def _renew_session(self) -> Answer | None:
        """Return a session from the refresh token, None where the app password has to open another."""
        if not self._refresh:
            return None
        try:
            answer = self._call("POST", "com.atproto.server.refreshSession", self._refresh)
            _raise_for(answer)
            self._keep_session(answer)
        except (AuthDead, Rejected, Unknown):
            return None
        return answer

    def _keep_session(self, answer: Answer) -> None:
        values = [answer.get(name) for name in ("accessJwt", "refreshJwt", "did")]
        if not all(isinstance(value, str) and value for value in values):
            raise Unknown("Jawaban Bluesky tidak terbaca.", status=answer.status)
        self._access, self._refresh, self.did = values

    def _ask(self, method: str, name: str, params: dict[str, Any] | None = None, **kwargs: Any) -> Answer:
        answer = self._talk(method, name, params, **kwargs)
        _raise_for(answer)
        return answer

    def _talk(self, method: str, name: str, params: dict[str, Any] | None = None, **kwargs: Any) -> Answer:
        """Return the answer; replace a token that expired early once, because the refused request had no effect."""
        answer = self._call(method, name, self._access, params, **kwargs)
        if answer.status in (400, 401) and answer.get("error") in _EXPIRED and self._password:
            self._create_session()
            answer = self._call(method, name, self._access, params, **kwargs)
        return answer

    def _call(
        self,
        method: str,
        name: str,
        token: str = "",
        params: dict[str, Any] | None = None,
        *,
        body: dict[str, Any] | None = None,
        content: bytes = b"",
        mime: str = "",
    ) -> Answer:
        bearer = {"access_token": token, "token_type": "Bearer"} if token else None
        session = prepare(OAuth2Session(token=bearer))
        sent = {"data": content, "headers": {"Content-Type": mime}} if content else {"json": body}
        return http(session, method, f"{self.base_url}/xrpc/{name}", params=params, **sent)


def _make_embed(composed: Composed, blob: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the embed of the post: its picture, else the link's card."""
    if composed.image and blob:
        size = {"width": composed.image.width, "height": composed.image.height}
        return {
            "$type": "app.bsky.embed.images",
            "images": [{"image": blob, "alt": composed.image.alt, "aspectRatio": size}],
        }
    if composed.card and composed.link:
        card = {"uri": composed.link, "title": composed.card.title, "description": composed.card.description}
        return {"$type": "app.bsky.embed.external", "external": card}
    return None


def _split(uri: str) -> tuple[str, str]:
    """Return the account and the record key of an AT URI."""
    found = _RECORD.fullmatch(uri)
    if not found:
        raise Rejected("Alamat unggahan Bluesky ini tidak dikenal.")
    return found["repo"], found["name"]


def _read_end(token: str) -> datetime | None:
    """Return the expiry in a token, None when it has none."""
    try:
        claims = token.split(".")[1]
        data = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return datetime.fromtimestamp(data["exp"], UTC)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError):
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _raise_for(answer: Answer) -> None:
    status, code = answer.status, answer.get("error")
    if status == 200:
        return
    detail = str(answer.get("message") or code or f"kode {status}")
    if status == 429:
        raise Throttled(reset_at(answer.headers, datetime.now(UTC)), "Batas kiriman Bluesky tercapai.", status=status)
    if code == "AuthFactorTokenRequired":
        raise AuthDead(TWO_FACTORS, status=status)
    if status in (401, 403) or code in _EXPIRED + _ACCOUNT:
        raise AuthDead(
            "Bluesky menolak sandi aplikasi akun ini. Hubungkan kembali akun, lalu lanjutkan.", status=status
        )
    if 400 <= status < 500 and status != 408:
        raise Rejected(f"Bluesky menolak: {detail}", status=status)
    raise Unknown(f"Bluesky mengalami gangguan (kode {status}).", status=status)
