"""Instagram: a picture with a caption on a professional account; a later post can be commented and deleted.

Meta fetches the picture from the site, as a JPEG in an allowed ratio. The link in the caption is
not clickable; readers can copy it, and ``find`` matches it.
Comments: developers.facebook.com/docs/instagram-platform/comment-moderation. Deletion of media came on
3 December 2025; Meta's page of it was not seen, so ``instagram_manage_contents`` is asked for in the first
of two consent screens only, and a refusal leaves the deletion to a person.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from news.social.channels.base import (
    API_ADDRESS,
    Capabilities,
    Comparison,
    Composed,
    Draft,
    Field,
    Health,
    Sent,
    Unknown,
)
from news.social.channels.comparing import compare
from news.social.channels.fitting import hashtags
from news.social.channels.oauth import Grant

from . import versions
from .containers import CONTAINER_LIFE, ContainerChannel
from .graph import BASE_URL, Graph, TokenFacts, describe_usage
from .login import make_flow, make_grant
from .rights import describe_rights

LIMIT = 2200
MOST_TAGS, MOST_MENTIONS = 30, 20
SCOPES = ("instagram_basic", "instagram_content_publish")
#: Scopes of take-down and ralat; without them these are a person's task.
DELETE_SCOPE, COMMENT_SCOPE = "instagram_manage_contents", "instagram_manage_comments"
#: Scopes needed to find the account of a Page; granted for Pages, not for the account.
PAGE_SCOPES = ("pages_show_list", "pages_read_engagement")
_TAG = re.compile(r"(?<!\w)#\w+")
_COMMENT_FIELDS = "id,text,username,timestamp"
_NO_ACCOUNT = (
    "Tidak ada akun profesional Instagram pada Halaman yang boleh Anda isi. "
    "Hubungkan akun Instagram dengan Halaman, dan mintalah tugas membuat konten."
)
_MENTION = re.compile(r"(?<![\w.])@\w")


def _choose(page: Mapping[str, Any], facts: TokenFacts) -> Grant | None:
    account = page.get("instagram_business_account")
    if not account:
        return None
    return make_grant(
        page, facts, name=f"@{account.get('username', '')}", account_id=str(account["id"]), setting="account_id"
    )


class InstagramChannel(ContainerChannel):
    """Posts to one professional account, with the token of its Page."""

    kind = "instagram"
    label = "Instagram"
    web_hosts = ("instagram.com",)
    # Reserve for a URL that is not known yet, and the line break before it.
    link_reserve = 100 + len("\n\n")
    hidden_on_card = None
    capabilities = Capabilities(
        max_length=LIMIT,
        readable=True,
        watchable=True,
        # A container is published once, however often that is requested.
        idempotent_for=CONTAINER_LIFE,
        image="required",
        image_types=("image/jpeg",),
        image_max_bytes=8_000_000,
        image_ratio=(4 / 5, 1.91),
        link="inline",
    )
    server_fields = (API_ADDRESS,)
    settings_fields = (
        Field("account_id", "ID akun Instagram", help="Nomor akun profesional, bukan nama penggunanya."),
        Field("version", "Versi Graph API", default=versions.DEFAULT, help="Misalnya v26.0."),
    )
    credentials_fields = (
        Field("app_id", "ID aplikasi", help="Nomor aplikasi kantor pada Meta for Developers."),
        Field("app_secret", "Rahasia aplikasi", secret=True),
        Field("access_token", "Token Halaman", secret=True, help="Token Halaman Facebook yang terhubung dengan akun."),
    )
    oauth = (
        make_flow(
            "Hubungkan lewat layar persetujuan Facebook",
            (*SCOPES, *PAGE_SCOPES, DELETE_SCOPE, COMMENT_SCOPE),
            _choose,
            _NO_ACCOUNT,
        ),
        make_flow(
            "Hubungkan tanpa hak menghapus dan berkomentar",
            (*SCOPES, *PAGE_SCOPES),
            _choose,
            _NO_ACCOUNT,
            only_posts=True,
        ),
    )
    create_edge, publish_edge, list_edge = "media", "media_publish", "media"
    quota_edge = "content_publishing_limit"
    status_field, trouble_field = "status_code", "status"
    text_field = "caption"

    def __init__(
        self,
        *,
        base_url: str = BASE_URL,
        version: str = versions.DEFAULT,
        account_id: str = "",
        app_id: str = "",
        app_secret: str = "",
        access_token: str = "",
        may_delete: bool = False,
        may_reply: bool = False,
    ):
        """``may_delete``, ``may_reply``: rights of the token, as ``check`` learned them."""
        self.capabilities = replace(type(self).capabilities, can_delete=may_delete, can_reply=may_reply)
        self.account_id, self.version = account_id, version
        self._base_url, self._token, self._app = base_url, access_token, (app_id, app_secret)

    def count(self, text: str) -> int:
        """Return the length in UTF-16 units, the largest count: Meta does not document its own."""
        return len(text.encode("utf-16-le")) // 2

    def compose(self, draft: Draft) -> Composed:
        """Limit the tags to what a caption may have."""
        room = max(0, MOST_TAGS - len(_TAG.findall(draft.text)))
        tags = hashtags(draft.tags, draft.text)[:room]
        return super().compose(replace(draft, tags=tuple(tag.removeprefix("#") for tag in tags)))

    def find_text_problems(self, text: str) -> tuple[str, ...]:
        """Refuse too many tags or mentions."""
        found = []
        if (tags := len(_TAG.findall(text))) > MOST_TAGS:
            found.append(f"Teks Instagram memuat {tags} tagar. Paling banyak {MOST_TAGS}.")
        if (names := len(_MENTION.findall(text))) > MOST_MENTIONS:
            found.append(f"Teks Instagram menyebut {names} akun. Paling banyak {MOST_MENTIONS}.")
        return tuple(found)

    def describe_container(self, composed: Composed) -> dict[str, str]:
        """Pass the picture's URL, which Meta fetches when it creates the container."""
        image = self.require_image(composed)
        return {"image_url": image.url, "caption": composed.text, "alt_text": image.alt}

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete the picture, or a comment."""
        return Sent(remote_id, status=self.graph().delete(remote_id).status)

    def reply(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Comment on the picture."""
        answer = self.graph().change(f"{remote_id}/comments", {"message": composed.text})
        comment_id = answer.get("id")
        if not isinstance(comment_id, str):
            raise Unknown("Jawaban Instagram tidak terbaca.", status=answer.status)
        return Sent(comment_id, status=answer.status)

    def find_reply(self, remote_id: str, composed: Composed, key: str, since: datetime) -> Sent | None:
        """Read the comments since then; match the account's own name and the words."""
        name = self.graph().get(self.account_id, fields="username").get("username")
        for comment in self.list_posts(since, f"{remote_id}/comments", _COMMENT_FIELDS):
            is_same = compare(str(comment.get("text") or ""), composed.text) is Comparison.SAME
            if is_same and comment.get("username") == name:
                return Sent(str(comment.get("id", "")), status=200)
        return None

    def check(self) -> Health:
        """Ask for the account's name, the token's scopes and expiry, and the quota."""
        account = self.graph().get(self.account_id, fields="username")
        facts = self._open("|".join(self._app) if all(self._app) else "").inspect(self._token)
        ungranted = facts.find_missing((DELETE_SCOPE, COMMENT_SCOPE))
        rights = describe_rights(self.label, ungranted, DELETE_SCOPE, (COMMENT_SCOPE,))
        missing = facts.find_missing(SCOPES, self.account_id) + facts.find_missing(PAGE_SCOPES)
        return Health(
            account_name=f"@{account.get('username') or ''}",
            scopes=facts.scopes,
            missing_scopes=missing + rights.missing,
            expires_at=facts.expires_at,
            data_expires_at=facts.data_expires_at,
            limits={"Panjang unggahan": "2.200 karakter", **self.describe_quota(), **describe_usage(account.headers)},
            problems=facts.describe_problem(),
            warnings=versions.find_warnings(self.version, account.headers, datetime.now(UTC).date()) + rights.warnings,
            learned=rights.learned,
        )

    def graph(self) -> Graph:
        """Return the API client of the account's Page."""
        return self._open(self._token)

    def _open(self, token: str) -> Graph:
        return Graph(self.label, base_url=self._base_url, version=self.version, token=token, app_secret=self._app[1])
