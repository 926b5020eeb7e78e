"""Instagram and Threads on loopback: containers, each published once."""

import io
import re
from datetime import UTC, datetime
from urllib.error import URLError

from PIL import Image

from .base import Post
from .graph import GraphServer, Reply, gone, graph_error


class ContainerServer(GraphServer):
    """Containers that are in progress first, can be published once, and expire."""

    account_id = "30003"
    create_edge = publish_edge = list_edge = quota_edge = reply_edge = ""
    status_field = text_field = ""
    #: Scopes of the acts on posts.
    delete_scope = reply_scope = ""

    def __init__(self):
        super().__init__()
        self.containers: dict[str, dict] = {}
        #: Number of polls that find a new container in progress.
        self.slowness = 1
        self.quota = (3, 50)
        #: The container of each post.
        self.details: dict[str, dict] = {}

    def publishes(self, method, path):
        seen = (f"{self.account_id}/{self.publish_edge}", self.reply_edge)
        return method == "DELETE" or (method == "POST" and path.endswith(seen))

    def expire(self):
        """Let every container that was not published grow older than a day."""
        for container in self.containers.values():
            if container["status"] != "PUBLISHED":
                container["status"] = "EXPIRED"

    def act(self, method, path, params, bearer):
        node, _, edge = path.partition("/")
        if node in (self.account_id, "me") and edge == "":
            return 200, {"id": self.account_id, "username": "kec.mojogedang"}
        if node == self.account_id and method == "POST":
            return self._create(params) if edge == self.create_edge else self._publish(params)
        if node == self.account_id and edge == self.quota_edge:
            config = {"quota_total": self.quota[1], "quota_duration": 86400}
            return 200, {"data": [{"quota_usage": self.quota[0], "config": config}]}
        if node == self.account_id and edge == self.list_edge:
            shown = [self._show(post) for post in self.list_shown() if not post.answers]
            return self.paginate(path, shown, params)
        if node in self.containers:
            return self._tell(self.containers[node], node)
        post = self.get_post(node)
        if post is None:
            return gone(node)
        return self.act_on_post(method, post)

    def act_on_post(self, method: str, post: Post) -> Reply:
        if method != "DELETE":
            return 200, self._show(post)
        if self.delete_scope not in self.granted:
            return self.lacks_right()
        self.posts.remove(post)
        return 200, {"success": True}

    @staticmethod
    def lacks_right() -> Reply:
        """Return Meta's error for a right that the token was not given."""
        return graph_error(10, None, "Application does not have permission for this action")

    def answer_post(self, post_id: str, text: str) -> Reply:
        """Store what the account itself writes below a post."""
        if self.reply_scope not in self.granted:
            return self.lacks_right()
        self.posts.append(Post(self.next_number(), text, answers=post_id))
        self.details[self.posts[-1].id] = {}
        return 200, {"id": self.posts[-1].id}

    def find_fault(self, params) -> Reply | None:
        """Return the error in a container's parameters, or None."""
        raise NotImplementedError

    def look_at_picture(self, address) -> Reply | None:
        """Fetch the picture as Meta does; refuse all but a JPEG in an allowed ratio."""
        try:
            content = self.fetch(address)
        except (URLError, ValueError):
            return graph_error(9004, 2207052, "The media could not be fetched from this URI")
        with Image.open(io.BytesIO(content)) as picture:
            ratio = picture.width / picture.height
            if picture.format != "JPEG":
                return graph_error(36001, 2207005, "The image format is not supported.")
        if len(content) > 8 * 1024 * 1024:
            return graph_error(36000, 2207004, "The image size is too large.")
        if not 0.8 <= round(ratio, 3) <= 1.91:
            return graph_error(36003, 2207009, "The aspect ratio is not supported.")
        return None

    def _create(self, params) -> Reply:
        fault = self.find_fault(params)
        if fault:
            return fault
        number = self.next_number()
        self.containers[number] = {"status": "IN_PROGRESS", "asked": 0, "params": params}
        return 200, {"id": number}

    def _tell(self, container, number) -> Reply:
        container["asked"] += 1
        if container["status"] == "IN_PROGRESS" and container["asked"] > self.slowness:
            container["status"] = "FINISHED"
        return 200, {"id": number, self.status_field: container["status"]}

    def _publish(self, params) -> Reply:
        container = self.containers.get(params.get("creation_id"))
        if container is None or container["status"] == "EXPIRED":
            return graph_error(24, 2207008, "The requested resource does not exist")
        if container["status"] == "IN_PROGRESS":
            return graph_error(9007, 2207027, "The media is not ready for publishing")
        if container["status"] == "PUBLISHED":
            return graph_error(100, None, "The container is published already")
        if self.quota[0] >= self.quota[1]:
            return graph_error(9, 2207042, "You reached maximum number of posts")
        container["status"] = "PUBLISHED"
        self.quota = (self.quota[0] + 1, self.quota[1])
        return 200, {"id": self.create_post(container["params"]).id}

    def create_post(self, params) -> Post:
        """Store a post, as the network does or as somebody does in its app."""
        self.posts.append(Post(self.next_number(), params[self.text_field]))
        self.details[self.posts[-1].id] = params
        return self.posts[-1]

    def _show(self, post) -> dict:
        shown = {
            "id": post.id,
            self.text_field: post.text,
            "permalink": f"https://{self.host}/p/{post.id}/",
            "timestamp": post.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        }
        link = self.details[post.id].get("link_attachment")
        return shown | ({"link_attachment_url": link} if link else {})


class InstagramServer(ContainerServer):
    """A professional account behind a Page."""

    host = "www.instagram.com"
    scopes = (
        "instagram_basic",
        "instagram_content_publish",
        "pages_show_list",
        "pages_read_engagement",
        "instagram_manage_contents",
        "instagram_manage_comments",
    )
    delete_scope, reply_scope, reply_edge = "instagram_manage_contents", "instagram_manage_comments", "/comments"
    create_edge, publish_edge, list_edge = "media", "media_publish", "media"
    quota_edge = "content_publishing_limit"
    status_field, text_field = "status_code", "caption"

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        credentials = {"app_id": self.app_id, "app_secret": self.app_secret, "access_token": self.token}
        return {
            "kind": "instagram",
            "label": "Instagram",
            "base_url": self.url,
            "credentials": credentials,
            "options": {"account_id": self.account_id, "may_delete": True, "may_reply": True},
        }

    def get_granular_scopes(self):
        return [
            {"scope": scope, "target_ids": [self.account_id if scope.startswith("instagram") else "20002"]}
            for scope in self.granted
        ]

    def act(self, method, path, params, bearer):
        if path == "me/accounts":
            account = {"id": self.account_id, "username": "kec.mojogedang"}
            page = {"id": "20002", "name": "Kecamatan", "access_token": self.token, "tasks": ["CREATE_CONTENT"]}
            other = {"id": "20003", "name": "Tanpa Instagram", "access_token": self.token, "tasks": ["CREATE_CONTENT"]}
            return self.paginate(path, [{**page, "instagram_business_account": account}, other], params)
        post_id, _, edge = path.partition("/")
        if edge == "comments" and method == "POST":
            return self.answer_post(post_id, params["message"])
        if edge == "comments":
            found = [post for post in self.list_shown() if post.answers == post_id]
            comments = [{**self._show(post), "text": post.text, "username": self.get_author(post)} for post in found]
            return self.paginate(path, comments, params)
        return super().act(method, path, params, bearer)

    def get_author(self, post: Post) -> str:
        """Return who wrote a comment: the account itself, but for those a test gives to somebody else."""
        return self.details[post.id].get("username", "kec.mojogedang")

    def find_fault(self, params):
        caption = params.get("caption", "")
        if sum(2 if ord(char) > 0xFFFF else 1 for char in caption) > 2200:
            return graph_error(36004, 2207010, "The caption is too long.")
        if len(re.findall(r"#\w+", caption)) > 30 or len(re.findall(r"@\w", caption)) > 20:
            return graph_error(100, 2207040, "Cannot use more than 20 tags per created media.")
        return self.look_at_picture(params.get("image_url", ""))


#: Ranges of emoji, independent of the library that the adapter uses.
_EMOJI_RANGES = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B05, 0x2B55), (0x1F1E6, 0x1F1FF))
#: Parts that follow an emoji: joiner, variation selector, keycap.
_EMOJI_PARTS = {0x200D, 0xFE0F, 0x20E3}


def count_threads(text: str) -> int:
    """Count as Threads does, independently of the adapter's library."""
    return sum(
        len(char.encode())
        if ord(char) in _EMOJI_PARTS or any(low <= ord(char) <= high for low, high in _EMOJI_RANGES)
        else 1
        for char in text
    )


class ThreadsServer(ContainerServer):
    """A Threads profile."""

    host = "www.threads.com"
    account_id = "40004"
    needs_proof = False
    scopes = (
        "threads_basic",
        "threads_content_publish",
        "threads_delete",
        "threads_manage_replies",
        "threads_read_replies",
    )
    delete_scope, reply_scope, reply_edge = "threads_delete", "threads_manage_replies", "/threads_publish"
    create_edge, publish_edge, list_edge = "threads", "threads_publish", "threads"
    quota_edge = "threads_publishing_limit"
    status_field, text_field = "status", "text"

    def __init__(self):
        super().__init__()
        self.token = "threads-token-for-tests"
        self.may_publish = True

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        credentials = {"client_id": self.app_id, "client_secret": self.app_secret, "access_token": self.token}
        return {
            "kind": "threads",
            "label": "Threads",
            "base_url": self.url,
            "credentials": credentials,
            "options": {"account_id": self.account_id, "may_delete": True, "may_reply": True},
        }

    def act(self, method, path, params, bearer):
        if path in ("access_token", "refresh_access_token"):
            return self._lengthen(path, params)
        if path.endswith(self.quota_edge) and not self.may_publish:
            return self.lacks_right()
        wanted = {"delete_quota_usage": self.delete_scope, "reply_quota_usage": self.reply_scope}
        if path.endswith(self.quota_edge) and wanted.get(params.get("fields"), "threads_basic") not in self.granted:
            return self.lacks_right()
        if path == f"{self.account_id}/replies" and "threads_read_replies" not in self.granted:
            return self.lacks_right()
        if path == f"{self.account_id}/replies":
            replies = [
                {**self._show(post), "replied_to": {"id": post.answers}} for post in self.list_shown() if post.answers
            ]
            return self.paginate(path, replies, params)
        return super().act(method, path, params, bearer)

    def create_post(self, params):
        post = super().create_post(params)
        post.answers = params.get("reply_to_id", "")
        return post

    def find_fault(self, params):
        text, link = params.get("text", ""), params.get("link_attachment", "")
        if params.get("reply_to_id") and self.reply_scope not in self.granted:
            return self.lacks_right()
        if count_threads(text) > 500:
            return graph_error(100, None, "Param text must be at most 500 characters long.")
        if len({*re.findall(r"https?://\S+", text), *([link] if link else [])}) > 5:
            return graph_error(100, None, "THREADS_API__LINK_LIMIT_EXCEEDED")
        if params.get("media_type") == "IMAGE":
            return graph_error(100) if link else self.look_at_picture(params.get("image_url", ""))
        return None if params.get("media_type") == "TEXT" else graph_error(100)

    def _lengthen(self, path, params) -> Reply:
        wanted = {"access_token": "th_exchange_token", "refresh_access_token": "th_refresh_token"}[path]
        if params.get("grant_type") != wanted:
            return graph_error(100)
        if path == "access_token" and params.get("client_secret") != self.app_secret:
            return graph_error(1, None, "Error validating client secret.")
        self.token = f"{self.token}-{datetime.now(UTC):%H%M%S%f}"
        return 200, {"access_token": self.token, "token_type": "bearer", "expires_in": 5183944}
