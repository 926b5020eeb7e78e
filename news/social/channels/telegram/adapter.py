"""Telegram: a bot that is administrator of the office's channel; no OAuth.

The bot's token is part of every URL, so errors never carry the URL. A bot cannot read its channel
back: that of a public channel is read on its preview page, a private one has to be looked at by a person.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import requests
from oauthlib.oauth2 import is_secure_transport

from news.social.channels.base import (
    AuthDead,
    Capabilities,
    Card,
    Channel,
    Comparison,
    Composed,
    Field,
    Health,
    Image,
    Lookalike,
    NoRight,
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
from news.social.channels.comparing import compare, text_of
from news.social.channels.http.retry_after import is_before, reset_at
from news.social.channels.http.transport import Answer, http, prepare
from news.social.channels.links import links_in, same_link

from .preview import Message, read_messages

LIMIT = 4096
#: Maximum pages of 20 messages of the preview that are read.
PAGES = 10
NO_PREVIEW = "Bot Telegram tidak dapat membaca kanalnya, dan https://t.me/s/{name} tidak menampilkan pratinjau."
#: Maximum caption of a picture; a longer text is sent with the link's preview instead.
CAPTION_LIMIT = 1024
_POST_ADDRESS = re.compile(
    r"https://(?:t\.me|telegram\.me)/(?:(?P<name>[A-Za-z]\w{3,})|c/(?P<chat>\d+))/(?P<id>\d+)/?(?:\?.*)?"
)
_TOKEN = re.compile(r"\d+:[\w-]{20,}")
#: Messages of the API, which has one code for all errors of a request.
_NO_CHANNEL = ("chat not found", "chat_write_forbidden", "have no rights to send")
_NO_RIGHTS = ("not enough rights", "need administrator rights", "chat_admin_required")
_SAME_ALREADY = "message is not modified"
_HAS_NO_TEXT = "there is no text in the message to edit"
_GONE = ("message to delete not found", "message_id_invalid")
_RIGHTS = {
    "can_post_messages": "mengirim unggahan",
    "can_edit_messages": "mengubah unggahan",
    "can_delete_messages": "menghapus unggahan",
}


class TelegramChannel(Channel):
    """Posts to one Telegram channel."""

    kind = "telegram"
    label = "Telegram"
    link_reserve = 100 + len("\n\n")
    capabilities = Capabilities(
        max_length=LIMIT,
        readable=False,
        can_edit=True,
        can_edit_media=True,
        can_delete=True,
        image="upload",
        image_max_bytes=10_000_000,
        image_ratio=(1 / 20, 20),
        # Telegram has no alt text; the ledger keeps it.
        alt_length=1024,
    )
    settings_fields = (
        Field("chat_id", "Kanal", help="Nama kanal, misalnya @namakecamatan, atau nomornya (-100…)."),
        Field("image", "Sertakan foto utama", type="yesno", default=True, required=False),
    )
    credentials_fields = (
        Field("bot_token", "Token bot", secret=True, help="Dari @BotFather. Bot harus menjadi administrator kanal."),
    )

    def __init__(
        self,
        *,
        base_url: str = "https://api.telegram.org",
        web_url: str = "https://t.me",
        chat_id: str = "",
        image: bool = True,
        bot_token: str = "",
    ):
        self.base_url, self.web_url = base_url.rstrip("/"), web_url.rstrip("/")
        self.chat_id = str(chat_id)
        #: Name of a public channel, "" of a private one.
        self.name = self.chat_id.removeprefix("@") if self.chat_id.startswith("@") else ""
        can = replace(self.capabilities, readable=bool(self.name), watchable=bool(self.name))
        self.capabilities = can if image else replace(can, image="none")
        self._token = bot_token

    def count(self, text: str) -> int:
        """Return the number of UTF-16 units; an emoji has 2 or more."""
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    def illustrate(self, composed: Composed, image: Image | None, card: Card | None) -> Composed:
        """Add the picture where the text fits its caption; else the link's preview shows it."""
        fits = self.count(composed.text) <= CAPTION_LIMIT
        return super().illustrate(composed, image if fits else None, card)

    def session(self) -> requests.Session:
        """Return a plain session; the token is part of each URL."""
        if not self.chat_id or not _TOKEN.fullmatch(self._token):
            raise AuthDead("Nama kanal atau token bot Telegram belum diisi dengan benar.")
        if not is_secure_transport(self.base_url):
            raise AuthDead("Alamat API kanal ini salah. Periksa pengaturan akun.")
        return prepare(requests.Session())

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Make the post. Without an idempotency key, a lost answer stays unknown."""
        text = _mark_up(composed)
        if composed.image:
            fields = {"chat_id": self.chat_id, "caption": text, "parse_mode": "HTML"}
            files = {"photo": ("foto", self.read_image(composed.image), composed.image.mime)}
            answer = self._ask("sendPhoto", data=fields, files=files)
        else:
            answer = self._ask("sendMessage", json={"chat_id": self.chat_id, "text": text, **_options(composed)})
        return _read_sent(answer)

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Read the public preview since then and match the words, links among them."""
        lookalike = ""
        for message in self._list_messages(since):
            address = f"https://t.me/{self.name}/{message.number}"
            if compare(text_of(message.html), composed.text) is Comparison.SAME:
                return Sent(f"@{self.name}:{message.number}", address, 200)
            if any(same_link(link, composed.link) for link in links_in(message.html)):
                lookalike = address
        if lookalike:
            raise Lookalike(lookalike)
        return None

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Compare the words of a post on the public preview; a private channel is left to a person."""
        number = int(sent.remote_id.rpartition(":")[2])
        messages = self._read_preview(before=number + 1) if self.name else None
        if messages is None:
            return Verdict(Comparison.UNREADABLE)
        found = next((message for message in messages if message.number == number), None)
        if found is None:
            return Verdict(Comparison.MISSING)
        text = text_of(found.html)
        return Verdict(compare(text, composed.text), text)

    def list_posted(self, since: datetime) -> Iterator[Posted]:
        """Yield the messages of the public preview, whoever of the channel's administrators sent them."""
        for message in self._list_messages(since):
            if not is_before(message.moment, since):
                address = f"https://t.me/{self.name}/{message.number}"
                yield Posted(f"@{self.name}:{message.number}", text_of(message.html), address)

    def _list_messages(self, since: datetime) -> Iterator[Message]:
        """Yield the messages of the public preview, newest first, back to shortly before ``since``."""
        early, before = since - timedelta(minutes=5), None
        for _ in range(PAGES):
            messages = self._read_preview(before)
            if messages is None:
                raise Undecided(NO_PREVIEW.format(name=self.name))
            yield from reversed(messages)
            if not messages or is_before(messages[0].moment, early) or messages[0].number == before:
                return
            before = messages[0].number
        raise Undecided(f"Kanal https://t.me/{self.name} memuat terlalu banyak unggahan baru.")

    def _read_preview(self, before: int | None) -> list[Message] | None:
        """Return one page of the public preview, None where the channel shows none."""
        params = {} if before is None else {"before": str(before)}
        session = prepare(requests.Session())
        session.headers["Accept"] = "text/html"
        try:
            answer = http(session, "GET", f"{self.web_url}/s/{self.name}", params=params)
        except Unknown as error:
            raise NotSent(error.message) from error
        if answer.status == 429 or answer.status >= 500:
            raise NotSent("Pratinjau kanal Telegram sedang tidak dapat dibaca.", status=answer.status)
        return read_messages(answer.text) if answer.status == 200 else None

    def check(self) -> Health:
        """Ask for the names of bot and channel, and for the bot's rights there."""
        me = self._ask("getMe")
        chat = self._ask("getChat", json={"chat_id": self.chat_id})
        bot_id, title = me.get("result", "id"), chat.get("result", "title")
        if not isinstance(bot_id, int) or not isinstance(title, str):
            raise NotSent("Jawaban Telegram tidak terbaca.", status=chat.status)
        member = self._ask("getChatMember", json={"chat_id": self.chat_id, "user_id": bot_id})
        may_all = member.get("result", "status") == "creator"
        rights = tuple(name for name in _RIGHTS if may_all or member.get("result", name) is True)
        missing = tuple(name for name in _RIGHTS if name not in rights)
        wanted = tuple(f"Bot belum boleh {_RIGHTS[name]}. Ubah haknya sebagai administrator kanal." for name in missing)
        blocks = "can_post_messages" in missing
        return Health(
            f"{title} (bot @{me.get('result', 'username')})",
            scopes=rights,
            missing_scopes=missing,
            limits={"Panjang unggahan": f"{LIMIT} karakter", "Teks di bawah foto": f"{CAPTION_LIMIT} karakter"},
            problems=wanted if blocks else (),
            warnings=() if blocks else wanted,
        )

    def edit(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace the text, else the picture's caption: only the answer tells which the post has."""
        place, text = _place(remote_id), _mark_up(composed)
        answer = self._call("editMessageText", json={**place, "text": text, **_options(composed)})
        if _says(answer, _HAS_NO_TEXT):
            if self.count(composed.text) > CAPTION_LIMIT:
                raise Rejected("Teks baru terlalu panjang untuk unggahan berfoto. Perbarui langsung di Telegram.")
            answer = self._call("editMessageCaption", json={**place, "caption": text, "parse_mode": "HTML"})
        if _says(answer, _SAME_ALREADY):
            return Sent(remote_id, status=answer.status)
        _raise_for(answer)
        return _read_sent(answer)

    def edit_media(self, remote_id: str, composed: Composed, key: str) -> Sent:
        """Replace the picture and its caption, or add one to a text; a picture cannot be taken away.

        Source: core.telegram.org/bots/api#editmessagemedia.
        """
        if composed.image is None:
            raise Rejected("Telegram tidak dapat menghapus foto dari unggahan. Hapus unggahan, lalu unggah ulang.")
        media = {"type": "photo", "media": "attach://foto", "caption": _mark_up(composed), "parse_mode": "HTML"}
        answer = self._call(
            "editMessageMedia",
            data={**_place(remote_id), "media": json.dumps(media)},
            files={"foto": ("foto", self.read_image(composed.image), composed.image.mime)},
        )
        if _says(answer, _SAME_ALREADY):
            return Sent(remote_id, status=answer.status)
        _raise_for(answer)
        return _read_sent(answer)

    def delete(self, remote_id: str, key: str) -> Sent:
        """Delete a post; Telegram allows a bot that for 48 hours."""
        answer = self._call("deleteMessage", json=_place(remote_id))
        if not any(_says(answer, words) for words in _GONE):
            _raise_for(answer)
            if answer.get("result") is not True:
                raise Unknown("Jawaban Telegram tidak terbaca.", status=answer.status)
        return Sent(remote_id, status=answer.status)

    def read_id(self, url: str) -> str:
        """Return channel and number of the post in a URL of Telegram."""
        found = _POST_ADDRESS.fullmatch(url)
        if not found:
            return ""
        chat = f"@{found['name']}" if found["name"] else f"-100{found['chat']}"
        return f"{chat}:{found['id']}"

    def _ask(self, method: str, **kwargs: Any) -> Answer:
        answer = self._call(method, **kwargs)
        _raise_for(answer)
        return answer

    def _call(self, method: str, **kwargs: Any) -> Answer:
        return http(self.session(), "POST", f"{self.base_url}/bot{self._token}/{method}", hides_address=True, **kwargs)


def _mark_up(composed: Composed) -> str:
    """Return the text as Telegram's HTML, with an explicit link for the page's URL, whatever its host."""
    text, link = escape(composed.text, quote=False), escape(composed.link, quote=False)
    if not link:
        return text
    before, found, after = text.rpartition(link)
    return f'{before}<a href="{escape(composed.link)}">{link}</a>{after}' if found else text


def _options(composed: Composed) -> dict[str, Any]:
    preview = {"url": composed.link, "prefer_large_media": True} if composed.link else {"is_disabled": True}
    return {"parse_mode": "HTML", "link_preview_options": preview}


def _place(remote_id: str) -> dict[str, Any]:
    """Return channel and number of a post; the account may post to another channel by now."""
    chat, _, number = remote_id.rpartition(":")
    if not chat or not number.isdigit():
        raise Rejected("Nomor unggahan Telegram ini tidak dikenal.")
    return {"chat_id": chat if chat.startswith("@") else int(chat), "message_id": int(number)}


def _read_sent(answer: Answer) -> Sent:
    number, chat = answer.get("result", "message_id"), answer.get("result", "chat")
    if not isinstance(number, int) or not isinstance(chat, Mapping) or not isinstance(chat.get("id"), int):
        raise Unknown("Jawaban Telegram tidak terbaca.", status=answer.status)
    name = chat.get("username")
    place = name if isinstance(name, str) and name else f"c/{str(chat['id']).removeprefix('-100')}"
    return Sent(f"{chat['id']}:{number}", f"https://t.me/{place}/{number}", answer.status)


def _says(answer: Answer, words: str) -> bool:
    return answer.status == 400 and words in str(answer.get("description") or "").lower()


def _raise_for(answer: Answer) -> None:
    status = answer.status
    if status == 200 and answer.get("ok") is True:
        return
    detail = str(answer.get("description") or "")
    if status == 429:
        wait = answer.get("parameters", "retry_after")
        headers = {"Retry-After": str(wait)} if isinstance(wait, int) else answer.headers
        raise Throttled(reset_at(headers, datetime.now(UTC)), "Batas kiriman Telegram tercapai.", status=status)
    if any(_says(answer, words) for words in _NO_RIGHTS):
        raise NoRight(
            "Bot Telegram belum diberi hak untuk tindakan ini. Ubah haknya sebagai administrator kanal.", status=status
        )
    # An invalid token makes a URL that does not exist.
    if status in (401, 403, 404) or any(_says(answer, words) for words in _NO_CHANNEL):
        raise AuthDead(
            "Telegram menolak bot ini atau haknya di kanal. Periksa token dan hak administrator bot, lalu lanjutkan.",
            status=status,
        )
    if 400 <= status < 500 and status != 408:
        raise Rejected(f"Telegram menolak: {detail or f'kode {status}'}", status=status)
    raise Unknown(f"Telegram mengalami gangguan (kode {status}).", status=status)
