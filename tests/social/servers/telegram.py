"""The Bot API on loopback: token in the URL, HTML, one error code; the channel's public preview."""

import json
import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from .base import LoopbackNetwork, Picture, Post, read_form

CHAT = -1001234567890
_MUTATING = ("sendMessage", "sendPhoto", "editMessageText", "editMessageCaption", "editMessageMedia", "deleteMessage")


class _Entities(HTMLParser):
    """Parses the HTML that parse_mode=HTML allows; anything else is an error."""

    def __init__(self):
        super().__init__()
        self.text, self.links = "", []

    def handle_starttag(self, tag, attrs):
        if tag != "a":
            raise ValueError(f"Unsupported start tag {tag}")
        self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        self.text += data


def parse_entities(marked: str) -> tuple[str, list[str]]:
    """Return the visible text and the link targets."""
    if re.search(r"<(?!a href=\"|/a>)|&(?!lt;|gt;|amp;|quot;)", marked):
        raise ValueError("can't parse entities")
    parser = _Entities()
    parser.feed(marked)
    parser.close()
    return parser.text, parser.links


def count_units(text: str) -> int:
    """Count UTF-16 units, independently of the adapter."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def refuse(code, description, **parameters):
    return code, {"ok": False, "error_code": code, "description": description, "parameters": parameters}


def accept(result):
    return 200, {"ok": True, "result": result}


class TelegramServer(LoopbackNetwork):
    """One public channel and one bot, which is its administrator."""

    def __init__(self):
        super().__init__()
        self.token = "123456789:AAE-token-for-tests-0123456789abcd"
        self.chat = "@kecamatanmojogedang"
        self.rights = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
        #: Whether the posts are too old for a bot to delete.
        self.is_too_old = False
        #: Whether anybody may read the channel in a browser.
        self.has_preview = True
        self.links: dict[str, list[str]] = {}
        self._number = 40

    @property
    def config(self):
        """The entry of SOCIAL_CHANNELS that points here."""
        return {
            "kind": "telegram",
            "label": "Telegram",
            "base_url": self.url,
            "credentials": {"bot_token": self.token},
            "options": {"chat_id": self.chat, "web_url": self.url},
        }

    def read(self, request):
        url = urlsplit(request.path)
        if url.path != f"/s/{self.chat[1:]}" or not self.has_preview:
            return 404, "<h1>Telegram</h1>"
        before = int(parse_qs(url.query).get("before", ["1000000"])[0])
        posts = [post for post in self.list_shown() if int(post.id.rpartition(":")[2]) < before]
        shown = "".join(map(self._draw, reversed(posts[:20])))
        return 200, f'<main class="tgme_main"><section class="tgme_channel_history">{shown}</section></main>'

    def _draw(self, post) -> str:
        text = re.sub(r"(https?://\S+)", r'<a href="\1" target="_blank">\1</a>', escape(post.text, quote=False))
        text = re.sub(r"#(\w+)", r'<a href="?q=%23\1">#\1</a>', text)
        text = text.replace("🎉", '<i class="emoji" style="x"><b>🎉</b></i>').replace("\n", "<br/>")
        number = post.id.rpartition(":")[2]
        return (
            f'<div class="tgme_widget_message" data-post="{self.chat[1:]}/{number}">'
            f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
            f'<a class="tgme_widget_message_date"><time datetime="{post.created_at.isoformat()}">07:15</time></a></div>'
        )

    def publishes(self, method, path):
        return path.rpartition("/")[2] in _MUTATING

    def create(self, request, body):
        bot, _, method = urlsplit(request.path).path.lstrip("/").partition("/")
        if bot != f"bot{self.token}":
            return refuse(404, "Not Found") if ":" not in bot else refuse(401, "Unauthorized")
        order = read_form(request, body) if body else {}
        if method == "getMe":
            return accept({"id": 123456789, "is_bot": True, "username": "mojogedang_bot"})
        if order.get("chat_id") not in (self.chat, CHAT, str(CHAT)):
            return refuse(400, "Bad Request: chat not found")
        return getattr(self, f"_{method}")(order)

    def _getChat(self, order):
        return accept({"id": CHAT, "title": "Kecamatan Mojogedang", "type": "channel", "username": self.chat[1:]})

    def _getChatMember(self, order):
        return accept({"status": "administrator", **self.rights})

    def _sendMessage(self, order):
        return self._store(order["text"], 4096)

    def _sendPhoto(self, order):
        return self._store(order["caption"], 1024, Picture(order["photo"]))

    def _store(self, marked, limit, picture=None):
        if not self.rights["can_post_messages"]:
            return refuse(403, "Forbidden: bot is not a member of the channel chat")
        try:
            text, links = parse_entities(marked)
        except ValueError as error:
            return refuse(400, f"Bad Request: {error}")
        if not text:
            return refuse(400, "Bad Request: message text is empty")
        if count_units(text) > limit:
            return refuse(400, "Bad Request: message is too long")
        self._number += 1
        post = Post(f"{CHAT}:{self._number}", text)
        post.pictures = [picture] if picture else []
        self.links[post.id] = links
        self.posts.append(post)
        return accept(self._show(post))

    def _editMessageText(self, order):
        post = self._find(order)
        if post and post.pictures:
            return refuse(400, "Bad Request: there is no text in the message to edit")
        return self._rewrite(post, order["text"], 4096)

    def _editMessageCaption(self, order):
        return self._rewrite(self._find(order), order["caption"], 1024)

    def _editMessageMedia(self, order):
        post, media = self._find(order), json.loads(order["media"])
        if post and post.pictures and post.pictures[0].content == order["foto"]:
            return self._rewrite(post, media["caption"], 1024)
        if post:
            post.pictures = [Picture(order["foto"])]
        return self._rewrite(post, media["caption"], 1024, is_new=True)

    def _rewrite(self, post, marked, limit, is_new=False):
        if post is None:
            return refuse(400, "Bad Request: message to edit not found")
        text, _ = parse_entities(marked)
        if text == post.text and not is_new:
            return refuse(400, "Bad Request: message is not modified: specified new message content is the same")
        if count_units(text) > limit:
            return refuse(400, "Bad Request: MESSAGE_TOO_LONG")
        post.text = text
        return accept(self._show(post))

    def _deleteMessage(self, order):
        post = self._find(order)
        if post is None:
            return refuse(400, "Bad Request: message to delete not found")
        if self.is_too_old:
            return refuse(400, "Bad Request: message can't be deleted for everyone")
        self.posts.remove(post)
        return accept(True)

    def _find(self, order):
        return self.get_post(f"{CHAT}:{order['message_id']}")

    def _show(self, post):
        return {"message_id": int(post.id.rpartition(":")[2]), "chat": {"id": CHAT, "username": self.chat[1:]}}

    def create_post(self, text) -> Post:
        """Store a post as somebody does at the network's own screen."""
        self._number += 1
        self.posts.append(Post(f"{CHAT}:{self._number}", text))
        return self.posts[-1]
