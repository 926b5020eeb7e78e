"""Facebook: post to a Page, as a link with its card or as a picture.

Facebook has no idempotency key but refuses the same text twice in a row (506). After a lost answer
the Page's posts are read back and matched by the link, which Facebook wraps in its own.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from news.social.channels.base import (
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
    Undecided,
    Unknown,
    Verdict,
)
from news.social.channels.comparing import compare
from news.social.channels.http.retry_after import is_fresh
from news.social.channels.links import same_link, web_address
from news.social.channels.oauth import Grant

from . import versions
from .graph import BASE_URL, Graph, TokenFacts, describe_usage
from .login import make_flow, make_grant

LIMIT = 63_206
#: Facebook deletes an unused picture after a day.
PICTURE_LIFE = timedelta(hours=22)
SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
_FIELDS = "id,message,permalink_url,attachments{unshimmed_url}"
#: Maximum posts read back: more than an office makes between two attempts.
_PAGES, _PAGE_SIZE = 3, 100
_POST_PATH = re.compile(r"/(?P<page>\d+)/posts/(?:[^/]*/)?(?P<post>\d+)/?")


def _choose(page: Mapping[str, Any], facts: TokenFacts) -> Grant:
    return make_grant(page, facts, name=str(page["name"]), account_id=str(page["id"]), setting="page_id")


class FacebookChannel(Channel):
    """Posts to one Facebook Page."""

    kind = "facebook"
    label = "Facebook"
    web_hosts = ("facebook.com",)
    link_reserve = 0
    capabilities = Capabilities(
        max_length=LIMIT, readable=True, can_edit=True, can_delete=True, watchable=True, image="none", link="param"
    )
    settings_fields = (
        Field("page_id", "ID Halaman", help="Nomor Halaman Facebook kantor."),
        Field(
            "post_as",
            "Bentuk unggahan",
            type="choice",
            default="link",
            choices=(("link", "Tautan dengan kartu pratinjau"), ("photo", "Foto utama dengan tautan di dalam teks")),
            help="Berita tanpa foto utama selalu diunggah sebagai tautan.",
        ),
        Field("version", "Versi Graph API", default=versions.DEFAULT, help="Misalnya v26.0."),
    )
    credentials_fields = (
        Field("app_id", "ID aplikasi", help="Nomor aplikasi kantor pada Meta for Developers."),
        Field("app_secret", "Rahasia aplikasi", secret=True),
        Field("access_token", "Token Halaman", secret=True),
    )
    oauth = make_flow(
        "Hubungkan lewat layar persetujuan Facebook",
        SCOPES,
        _choose,
        "Tidak ada Halaman yang boleh Anda isi. Mintalah tugas membuat konten kepada pengelola Halaman.",
    )

    def __init__(
        self,
        *,
        base_url: str = BASE_URL,
        web_url: str = "https://www.facebook.com",
        version: str = versions.DEFAULT,
        page_id: str = "",
        post_as: str = "link",
        app_id: str = "",
        app_secret: str = "",
        access_token: str = "",
    ):
        self.page_id, self.version = page_id, version
        self.web_url = web_url.rstrip("/")
        self._base_url, self._token, self._app = base_url, access_token, (app_id, app_secret)
        if post_as == "photo":
            self.capabilities = _PHOTO
            # With a picture the link is in the text; its length is unknown before publication.
            self.link_reserve = 100 + len("\n\n")

    def count(self, text: str) -> int:
        """Return the number of characters."""
        return len(text)

    def compose(self, draft: Draft) -> Composed:
        """Put the link into the text only beside a picture, where there is no card."""
        has_picture = self.capabilities.image == "upload" and draft.image is not None
        post = self.write(draft, draft.tags, draft.link if has_picture else "")
        return self.illustrate(post, draft.image, draft.card)

    def prepare(self, composed: Composed, state: State, save: Callable[[State], None]) -> dict[str, Any]:
        """Upload the picture, unpublished; a later attempt reuses it until it expires."""
        if not _is_photo_post(composed) or ("photo" in state and is_fresh(state.get("photo_at"), PICTURE_LIFE)):
            return state
        image = self.require_image(composed)
        files = {"source": ("foto.jpg", self.read_image(image), image.mime)}
        data = {"published": "false", "alt_text_custom": image.alt[: self.capabilities.alt_length]}
        answer = self.graph().prepare(f"{self.page_id}/photos", data, files)
        photo = answer.get("id")
        if not isinstance(photo, str):
            raise NotSent("Facebook tidak menyebut nomor foto yang diunggah.", status=answer.status)
        state = {**state, "photo": photo, "photo_at": datetime.now(UTC).isoformat()}
        save(state)
        return state

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Make the post; find the existing one when Facebook refuses it as a duplicate."""
        if _is_photo_post(composed):
            attached = {"attached_media[0]": json.dumps({"media_fbid": state["photo"]})}
        else:
            attached = {"link": composed.link}
        answer = self.graph().change(f"{self.page_id}/feed", {"message": composed.text, **attached})
        remote_id = answer.get("id")
        if not isinstance(remote_id, str):
            raise Unknown("Jawaban Facebook tidak terbaca.", status=answer.status)
        return Sent(remote_id, self._address(remote_id), answer.status)

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Read the Page's newest posts and match the link, unwrapped or in the text, and the words."""
        lookalike = None
        for post in self._list_posts(since):
            if not any(same_link(link, composed.link) for link in [*_get_links(post), *_get_message(post).split()]):
                continue
            remote_id = str(post.get("id", ""))
            found = Sent(remote_id, web_address(post.get("permalink_url")) or self._address(remote_id), 200)
            if compare(_get_message(post), composed.text) is Comparison.SAME:
                return found
            lookalike = found
        if lookalike is not None:
            raise Lookalike(lookalike.url)
        return None

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read the post and compare its text and its card's link."""
        answer = self.graph().find(sent.remote_id, fields=_FIELDS)
        if answer is None:
            return Verdict(Comparison.MISSING)
        text, links = _get_message(answer.data), _get_links(answer.data)
        if _is_photo_post(composed) or any(same_link(link, composed.link) for link in links):
            return Verdict(compare(text, composed.text), text)
        return Verdict(Comparison.DIFFERENT, "\n\n".join(part for part in (text, *links) if part))

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield the Page's posts, whoever of its editors made them."""
        for post in self._list_posts(since):
            remote_id = str(post.get("id", ""))
            yield Posted(
                remote_id, _get_message(post), web_address(post.get("permalink_url")) or self._address(remote_id)
            )

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace the text; the card stays."""
        answer = self.graph().change(remote_id, {"message": composed.text})
        if answer.get("success") is not True:
            raise Unknown("Jawaban Facebook tidak terbaca.", status=answer.status)
        return Sent(remote_id, self._address(remote_id), answer.status)

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete the post."""
        return Sent(remote_id, status=self.graph().delete(remote_id).status)

    def read_id(self, url: str) -> str:
        """Return Page and number of the post; newer URLs with a short name have none, so "" for them."""
        parts = urlsplit(url)
        if not f".{parts.hostname}".endswith(".facebook.com"):
            return ""
        query = parse_qs(parts.query)
        found = _POST_PATH.fullmatch(parts.path)
        page, post = (found["page"], found["post"]) if found else (_first(query, "id"), _first(query, "story_fbid"))
        return f"{page}_{post}" if page.isdigit() and post.isdigit() else ""

    def check(self) -> Health:
        """Ask for the Page's name, the token's scopes and expiry, and the usage of calls."""
        page = self.graph().get(self.page_id, fields="name")
        facts = self._open("|".join(self._app) if all(self._app) else "").inspect(self._token)
        return Health(
            account_name=str(page.get("name") or ""),
            scopes=facts.scopes,
            missing_scopes=facts.find_missing(SCOPES, self.page_id),
            expires_at=facts.expires_at,
            data_expires_at=facts.data_expires_at,
            limits={"Panjang unggahan": "63.206 karakter", **describe_usage(page.headers)},
            problems=facts.describe_problem(),
            warnings=versions.find_warnings(self.version, page.headers, datetime.now(UTC).date()),
        )

    def graph(self) -> Graph:
        """Return the API client of this Page."""
        return self._open(self._token)

    def _open(self, token: str) -> Graph:
        return Graph(self.label, base_url=self._base_url, version=self.version, token=token, app_secret=self._app[1])

    def _list_posts(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield the posts made after ``since``, with a margin because clocks differ.

        Pages by cursor, because Facebook's own next URL contains the token.
        """
        params = {
            "fields": _FIELDS,
            "limit": str(_PAGE_SIZE),
            "since": str(int((since - timedelta(minutes=5)).timestamp())),
        }
        for _ in range(_PAGES):
            answer = self.graph().get(f"{self.page_id}/published_posts", **params)
            posts = answer.get("data")
            if not isinstance(posts, list):
                raise NotSent("Unggahan Halaman Facebook tidak dapat dibaca.", status=answer.status)
            yield from posts
            after = answer.get("paging", "cursors", "after")
            if not after or len(posts) < _PAGE_SIZE:
                return
            params["after"] = str(after)
        raise Undecided("Halaman Facebook memuat terlalu banyak unggahan baru untuk dibaca seluruhnya.")

    def _address(self, remote_id: str) -> str:
        page, _, post = remote_id.partition("_")
        return web_address(f"{self.web_url}/{page}/posts/{post}" if post else f"{self.web_url}/{page}")


# The documentation says 10 MB, but servers refused more than 4.
_PHOTO = replace(FacebookChannel.capabilities, image="upload", image_max_bytes=4_000_000, link="inline")


def _is_photo_post(composed: Composed) -> bool:
    """Say whether the post is a picture, with its link in the text."""
    return composed.image is not None and composed.link in composed.text.split()


def _get_message(post: dict[str, Any]) -> str:
    return str(post.get("message") or "")


def _get_links(post: dict[str, Any]) -> list[str]:
    """Return the card links of a post, unwrapped."""
    attachments = (post.get("attachments") or {}).get("data") or []
    return [str(attachment["unshimmed_url"]) for attachment in attachments if attachment.get("unshimmed_url")]


def _first(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0]
