"""Meta's Graph API and a Facebook Page on loopback: checks proofs and bearers, answers Meta's codes."""

import hashlib
import hmac
import io
import json
import time
from collections import deque
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import urlopen

from PIL import Image

from news.social.channels.meta.versions import USED, find_used

from .base import FAULTS, LoopbackNetwork, Post, read_form

#: Answer of an edge: status and JSON.
Reply = tuple[int, dict]


def graph_error(code: int, subcode: int | None = None, message: str = "No", **more) -> Reply:
    """Return an error in Meta's form, nearly always with HTTP 400."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2", **more}
    return 400, {"error": error | ({"error_subcode": subcode} if subcode else {})}


def gone(name: str) -> Reply:
    """Return Meta's error for an object that does not exist."""
    return graph_error(100, 33, f"Unsupported get request. Object with ID '{name}' does not exist")


def draw(width: int = 1200, height: int = 800, kind: str = "JPEG") -> bytes:
    """Return a picture of this size."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (20, 90, 60)).save(file, kind)
    return file.getvalue()


class GraphServer(LoopbackNetwork):
    """Base of Meta's networks. Faults hit publications; ``hinder`` hits the requests before them."""

    versions = ("v25.0", "v26.0")
    app_id, app_secret = "10001", "app-secret-for-tests"
    scopes: tuple[str, ...] = ()
    needs_proof = True

    def __init__(self):
        super().__init__()
        self.token = "page-token-for-tests"
        self.user_token = "user-token-for-tests"
        self.expires_at = int(time.time()) + 60 * 86400
        self.data_expires_at = int(time.time()) + 90 * 86400
        self.granted = list(self.scopes)
        self.usage = {"call_count": 12, "total_time": 3, "total_cputime": 2}
        #: Files served to everybody, as the site serves its pictures.
        self.pictures = {"foto.jpg": draw()}
        self.addresses: list[str] = []
        self._number = 7000

    @property
    def picture_url(self) -> str:
        return f"{self.url}/pictures/foto.jpg"

    def handle(self, request, body):
        url = urlsplit(request.path)
        self.addresses.append(request.path)
        if url.path.startswith("/pictures/"):
            self._serve_picture(request, url.path.removeprefix("/pictures/"))
        elif self.publishes(request.command, self._get_path(request)):
            super().handle(request, body)
        elif self._hindrances:
            self.requests.append(f"{request.command} {request.path}")
            self._hinder(request, body, self._hindrances.popleft())
        else:
            self.requests.append(f"{request.command} {request.path}")
            with self._lock:
                status, answer = self.answer(request, body)
            self.reply(request, status, answer, self._get_headers(request))

    def _hinder(self, request, body, fault):
        if isinstance(fault, tuple):
            status, headers, answer = fault
            self.reply(request, status, answer, headers)
            return
        answer = None
        if FAULTS[fault]:
            with self._lock:
                _, answer = self.answer(request, body)
        self.break_off(request, fault, answer)

    def publishes(self, method: str, path: str) -> bool:
        """Say whether a request changes what citizens see."""
        raise NotImplementedError

    def get_faults(self, request) -> deque:
        """Return the faults that wait for a request of this sort."""
        return self._faults if self.publishes(request.command, self._get_path(request)) else self._hindrances

    def answer(self, request, body) -> Reply:
        """Check the token and let the edge answer."""
        path, params = self._get_path(request), self._get_params(request, body)
        if (used := {*find_used(params)}) != used & USED:
            return graph_error(3, None, f"New applications cannot use {', '.join(used)}")
        if path.endswith("oauth/access_token"):
            return self.exchange(params)
        refusal = self.refuse(request, params)
        if refusal:
            return refusal
        if path == "debug_token":
            return self.inspect(params.get("input_token"))
        return self.act(request.command, path, params, self._get_bearer(request))

    def create(self, request, body):
        return self.answer(request, body)

    remove = change = create

    def act(self, method: str, path: str, params: dict, bearer: str) -> Reply:
        """Answer one edge."""
        raise NotImplementedError

    def refuse(self, request, params) -> Reply | None:
        """Check the bearer and the proof that belongs to it."""
        bearer = self._get_bearer(request)
        if bearer not in (self.token, self.user_token, f"{self.app_id}|{self.app_secret}"):
            return graph_error(190, 467, "Error validating access token: The session is invalid.")
        proof = hmac.new(self.app_secret.encode(), bearer.encode(), hashlib.sha256).hexdigest()
        if self.needs_proof and not hmac.compare_digest(params.get("appsecret_proof", ""), proof):
            return graph_error(100, None, "API calls from the server require an appsecret_proof argument")
        return None

    def exchange(self, params) -> Reply:
        """Exchange a code or a short-lived token; requires the application's secret."""
        if (params.get("client_id"), params.get("client_secret")) != (self.app_id, self.app_secret):
            return graph_error(1, None, "Error validating client secret.")
        return 200, {"access_token": self.user_token, "token_type": "bearer", "expires_in": 5183944}

    def inspect(self, token) -> Reply:
        """Answer /debug_token."""
        if token != self.token:
            problem = {"code": 190, "message": "The session has been invalidated."}
            return 200, {"data": {"is_valid": False, "scopes": [], "error": problem}}
        return 200, {
            "data": {
                "app_id": self.app_id,
                "is_valid": True,
                "expires_at": self.expires_at,
                "data_access_expires_at": self.data_expires_at,
                "scopes": self.granted,
                "granular_scopes": self.get_granular_scopes(),
            }
        }

    def get_granular_scopes(self) -> list[dict]:
        return [{"scope": scope} for scope in self.granted]

    def paginate(self, path: str, items: list[dict], params: dict) -> Reply:
        """Return one page of a list and the next one's URL, which contains the token, as at Meta."""
        size, start = int(params.get("limit", "25")), int(params.get("after", "0"))
        page = items[start : start + size]
        paging = {"cursors": {"before": str(start), "after": str(start + len(page))}}
        if start + size < len(items):
            paging["next"] = f"{self.url}/{path}?" + urlencode({"access_token": self.token, "after": start + size})
        return 200, {"data": page, "paging": paging} if page else {"data": []}

    def fetch(self, address: str) -> bytes:
        """Fetch a picture from the site."""
        with urlopen(address, timeout=2) as answer:
            return answer.read()

    def next_number(self) -> str:
        self._number += 1
        return str(self._number)

    def _serve_picture(self, request, name):
        content = self.pictures.get(name)
        request.send_response(200 if content else 404)
        request.send_header("Content-Type", "image/jpeg")
        request.send_header("Content-Length", str(len(content or b"")))
        request.end_headers()
        request.wfile.write(content or b"")

    def _get_headers(self, request) -> dict[str, str]:
        asked = urlsplit(request.path).path.split("/")[1]
        served = asked if asked in self.versions else self.versions[0]
        return {"facebook-api-version": served, "x-app-usage": json.dumps(self.usage)}

    @staticmethod
    def _get_path(request) -> str:
        """Return the path without the version."""
        first, _, rest = urlsplit(request.path).path.lstrip("/").partition("/")
        return rest if first.startswith("v") and first[1:2].isdigit() else f"{first}/{rest}".rstrip("/")

    @staticmethod
    def _get_bearer(request) -> str:
        return request.headers.get("Authorization", "").removeprefix("Bearer ")

    @staticmethod
    def _get_params(request, body) -> dict:
        params = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
        return params | read_form(request, body) if body else params


class FacebookServer(GraphServer):
    """A Page with link posts and photo posts: refuses repetitions, wraps links in l.facebook.com."""

    page_id = "20002"
    scopes = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")

    def __init__(self):
        super().__init__()
        self.tasks = ["ANALYZE", "CREATE_CONTENT", "MODERATE"]
        #: Link or photo of each post, by its number.
        self.links: dict[str, str] = {}
        self.attached: dict[str, dict] = {}
        self.photos: dict[str, dict] = {}

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        credentials = {"app_id": self.app_id, "app_secret": self.app_secret, "access_token": self.token}
        options = {"page_id": self.page_id}
        return {
            "kind": "facebook",
            "label": "Facebook",
            "base_url": self.url,
            "credentials": credentials,
            "options": options,
        }

    def publishes(self, method, path):
        return method == "DELETE" or (method == "POST" and (path.endswith("/feed") or path.partition("_")[2] != ""))

    def get_granular_scopes(self):
        return [{"scope": scope, "target_ids": [self.page_id]} for scope in self.granted]

    def act(self, method, path, params, bearer):
        node, _, edge = path.partition("/")
        if path == "me/accounts":
            page = {"id": self.page_id, "name": "Kecamatan Mojogedang", "access_token": self.token, "tasks": self.tasks}
            return self.paginate(path, [page], params) if bearer == self.user_token else graph_error(100)
        if node == self.page_id and edge == "":
            return 200, {"id": self.page_id, "name": "Kecamatan Mojogedang"}
        if node == self.page_id and (method, edge) == ("POST", "photos"):
            return self._upload(params)
        if node == self.page_id and (method, edge) == ("POST", "feed"):
            return self._publish(params)
        if node == self.page_id and edge == "published_posts":
            since = int(params["since"])
            shown = [post for post in self.list_shown() if post.created_at.timestamp() >= since]
            return self.paginate(path, [self._show(post, params["fields"]) for post in shown], params)
        return self._act_on_post(method, node, params)

    def _upload(self, params) -> Reply:
        if params.get("published") != "false":
            return graph_error(100, None, "This server takes photos for posts only")
        with Image.open(io.BytesIO(params["source"])) as picture:
            if picture.format not in ("JPEG", "PNG") or len(params["source"]) > 4_000_000:
                return graph_error(1366046, None, "Your photos couldn't be uploaded.")
        number = self.next_number()
        self.photos[number] = {"alt": params.get("alt_text_custom", ""), "content": params["source"]}
        return 200, {"id": number}

    def _publish(self, params) -> Reply:
        text, link = params.get("message", ""), params.get("link", "")
        attached = json.loads(params.get("attached_media[0]", "{}")).get("media_fbid", "")
        if attached and (link or attached not in self.photos):
            return graph_error(100, None, "Invalid parameter")
        if not text and not link and not attached:
            return graph_error(197, None, "The post is empty.")
        if sum(1 for _ in text) > 63_206:
            return graph_error(100, None, "The status you are trying to publish is too long.")
        if self.posts and (text, link) == (self.posts[-1].text, self.links.get(self.posts[-1].id, "")):
            return graph_error(506, None, "Duplicate status message")
        post = self.create_post(text, link)
        if attached:
            self.attached[post.id] = self.photos.pop(attached)
        return 200, {"id": post.id}

    def create_post(self, text, link="") -> Post:
        """Store a post, as the network does or as somebody does at its own screen."""
        self.posts.append(Post(f"{self.page_id}_{self.next_number()}", text))
        if link:
            self.links[self.posts[-1].id] = link
        return self.posts[-1]

    def _act_on_post(self, method, name, params) -> Reply:
        post = self.get_post(name)
        if post is None:
            return gone(name)
        if method == "DELETE":
            self.posts.remove(post)
            return 200, {"success": True}
        if method == "POST":
            post.text = params["message"]
            return 200, {"success": True}
        return 200, self._show(post, params["fields"])

    def _show(self, post, fields) -> dict:
        number = post.id.partition("_")[2]
        address = f"https://www.facebook.com/{self.page_id}/posts/{number}"
        shown = {"id": post.id, "message": post.text, "permalink_url": address}
        link = self.links.get(post.id)
        if link and "attachments" in fields:
            wrapped = f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h=AT0"
            attachment = {"unshimmed_url": link} if "unshimmed_url" in fields else {"url": wrapped}
            shown["attachments"] = {"data": [attachment]}
        return shown
