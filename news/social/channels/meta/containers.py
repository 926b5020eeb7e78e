"""Base of networks that post in two steps: an invisible container, then its publication.

A container can be published once and reports whether it was, so after a lost answer its status is
read, and publishing it again makes no second post.
"""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from news.social.channels.base import (
    Channel,
    ChannelError,
    Comparison,
    Composed,
    Duplicate,
    NotSent,
    Posted,
    Rejected,
    Sent,
    State,
    Throttled,
    Undecided,
    Unknown,
    Verdict,
)
from news.social.channels.comparing import compare
from news.social.channels.http.retry_after import is_before
from news.social.channels.http.transport import Answer
from news.social.channels.links import same_link, web_address

from .graph import Graph

#: An unpublished container expires after a day; leaves a margin for clocks and slow answers.
CONTAINER_LIFE = timedelta(hours=23)
#: Seconds between two polls of the container's status; pictures take one or two.
WAITS = (0.5, 1, 2, 4, 8)
#: Wait for the quota of 24 hours; the network does not say when the oldest post leaves it.
QUOTA_WAIT = timedelta(hours=1)

_FINISHED, _PUBLISHED = "FINISHED", "PUBLISHED"
#: States of a container that was not and cannot be published.
_DEAD = ("EXPIRED", "ERROR")
_PAGES, _PAGE_SIZE = 3, 50


class ContainerChannel(Channel):
    """Base of Instagram and Threads; subclasses name the edges and fields."""

    account_id: str
    #: Edges of the account: create, publish, list, and the quota of the day.
    create_edge: str
    publish_edge: str
    list_edge: str
    quota_edge: str
    #: Fields of a container: status and error.
    status_field: str
    trouble_field: str
    #: Fields of a post: text, and its card's link where there is one.
    text_field: str
    link_field: str = ""

    @abstractmethod
    def graph(self) -> Graph:
        """Return the API client of this account."""

    @abstractmethod
    def describe_container(self, composed: Composed) -> dict[str, str]:
        """Return the request parameters of the post."""

    def prepare(self, composed: Composed, state: State, save: Callable[[State], None]) -> dict[str, Any]:
        """Create the container, or reuse an earlier attempt's, and wait until it is ready."""
        for problem in self.find_problems(composed):
            raise Rejected(problem)
        status = self._read_status(state["container"]) if "container" in state else None
        if status == _PUBLISHED:
            return {**state, "published": True}
        if status is None or status in _DEAD:
            state = self._create(composed)
            save(state)
        self._wait_for(state["container"])
        return state

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Publish the container; find the post of one that is published already."""
        if state.get("published"):
            raise Duplicate(f"{self.label} menyatakan unggahan ini sudah terbit.")
        try:
            answer = self.graph().change(f"{self.account_id}/{self.publish_edge}", {"creation_id": state["container"]})
        except Rejected as error:
            if self._read_status(state["container"]) == _PUBLISHED:
                raise Duplicate(f"{self.label} menyatakan unggahan ini sudah terbit.") from error
            raise
        return self._read_sent(answer)

    def publish(self, described: dict[str, str]) -> Sent:
        """Make and publish a container at once, for an answer to a post: only its publication can be seen."""
        container = self._make(described)
        self._wait_for(container)
        return self._read_sent(
            self.graph().change(f"{self.account_id}/{self.publish_edge}", {"creation_id": container})
        )

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Read the container's status; search the account only if it was published."""
        status = self._read_status(state["container"]) if "container" in state else None
        if status is not None and status != _PUBLISHED:
            return None
        for post in self.list_posts(since):
            if self.compare(post, composed) == Comparison.SAME:
                return Sent(str(post.get("id", "")), web_address(post.get("permalink")), 200)
        if status == _PUBLISHED:
            raise NotSent(f"{self.label} menyatakan unggahan sudah terbit, tetapi belum menampilkannya.")
        return None

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Read the post and compare its text, and its link where the text has none."""
        answer = self.graph().find(sent.remote_id, fields=self.post_fields)
        if answer is None:
            return Verdict(Comparison.MISSING)
        return Verdict(self.compare(answer.data, composed), str(answer.get(self.text_field) or ""))

    def read_quota(self) -> tuple[int, int] | None:
        """Return used and allowed posts of 24 hours, None when the network does not say."""
        answer = self.graph().get(f"{self.account_id}/{self.quota_edge}", fields="quota_usage,config")
        data = answer.get("data")
        first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
        used, total = first.get("quota_usage"), (first.get("config") or {}).get("quota_total")
        return (used, total) if isinstance(used, int) and isinstance(total, int) else None

    def describe_quota(self) -> dict[str, str]:
        """Return the quota in words."""
        quota = self.read_quota()
        return {"Unggahan dalam 24 jam": f"{quota[0]} dari {quota[1]}"} if quota else {}

    @property
    def post_fields(self) -> str:
        """Return the fields of a post to ask for."""
        return ",".join(name for name in ("id", "permalink", self.text_field, self.link_field) if name)

    def _create(self, composed: Composed) -> dict[str, Any]:
        quota = self.read_quota()
        if quota is not None and quota[0] >= quota[1]:
            message = f"Batas {quota[1]} unggahan {self.label} dalam 24 jam tercapai."
            raise Throttled(datetime.now(UTC) + QUOTA_WAIT, message)
        return {"container": self._make(self.describe_container(composed))}

    def _make(self, described: dict[str, str]) -> str:
        answer = self.graph().prepare(f"{self.account_id}/{self.create_edge}", described)
        container = answer.get("id")
        if not isinstance(container, str):
            raise NotSent(f"Jawaban {self.label} tidak terbaca.", status=answer.status)
        return container

    def _read_sent(self, answer: Answer) -> Sent:
        remote_id = answer.get("id")
        if not isinstance(remote_id, str):
            raise Unknown(f"Jawaban {self.label} tidak terbaca.", status=answer.status)
        return Sent(remote_id, self._read_address(remote_id), answer.status)

    def _wait_for(self, container: str) -> None:
        for seconds in (0, *WAITS):
            time.sleep(seconds)
            answer = self.graph().get(container, fields=f"{self.status_field},{self.trouble_field}")
            status = answer.get(self.status_field)
            if status == _FINISHED:
                return
            if status in _DEAD:
                trouble = str(answer.get(self.trouble_field) or "")[:300]
                raise Rejected(f"{self.label} tidak dapat menyiapkan unggahan. {trouble}".strip(), status=answer.status)
        raise NotSent(f"{self.label} belum selesai menyiapkan unggahan.")

    def _read_status(self, container: str) -> str | None:
        """Return the container's status, None when it no longer exists."""
        answer = self.graph().find(container, fields=self.status_field)
        if answer is None:
            return None
        status = answer.get(self.status_field)
        if not isinstance(status, str):
            raise NotSent(f"Status unggahan {self.label} tidak terbaca.", status=answer.status)
        return status

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield the account's posts with their text."""
        for post in self.list_posts(since):
            text, address = str(post.get(self.text_field) or ""), web_address(post.get("permalink"))
            yield Posted(str(post.get("id", "")), text, address)

    def list_posts(self, since: datetime, path: str = "", fields: str = "") -> Iterator[dict[str, Any]]:
        """Yield what the account posted, newest first, back to shortly before ``since``, as clocks differ.

        Pages by cursor, because the network's own next URL contains the token.
        ``path``: the list, the account's posts where it is "".
        """
        params = {"fields": f"{fields or self.post_fields},timestamp", "limit": str(_PAGE_SIZE)}
        early = since - timedelta(minutes=5)
        for _ in range(_PAGES):
            answer = self.graph().get(path or f"{self.account_id}/{self.list_edge}", **params)
            posts = answer.get("data")
            if not isinstance(posts, list):
                raise NotSent(f"Unggahan akun {self.label} tidak dapat dibaca.", status=answer.status)
            yield from (post for post in posts if not is_before(post.get("timestamp"), early))
            after = answer.get("paging", "cursors", "after")
            if not after or len(posts) < _PAGE_SIZE or is_before(posts[-1].get("timestamp"), early):
                return
            params["after"] = str(after)
        raise Undecided(f"Akun {self.label} memuat terlalu banyak unggahan baru untuk dibaca seluruhnya.")

    def _read_address(self, remote_id: str) -> str:
        """Return the post's URL, "" when the request fails: the post exists anyway."""
        try:
            return web_address(self.graph().get(remote_id, fields="permalink").get("permalink"))
        except ChannelError:
            return ""

    def compare(self, post: dict[str, Any], composed: Composed) -> Comparison:
        """Compare a post that was read back with what was sent."""
        words = compare(str(post.get(self.text_field) or ""), composed.text)
        if composed.link in composed.text.split() or not self.link_field:
            return words
        is_linked = same_link(str(post.get(self.link_field) or ""), composed.link)
        return words if is_linked else Comparison.DIFFERENT
