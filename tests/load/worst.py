"""The worst legal request of each kind of address (home/serving/bounds/table.py), for ``make abuse``.

Usage: python -m tests.load.worst SERVER COUNT — grows the corpus of the database to so many items.
"""

import io
import os
import re
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from PIL import Image

from tests.bench.public import corpus

FEED = "/berita/atom.xml"
TURN = "urutanke"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Request:
    """One request, as ``http.client`` takes it; ``TURN`` in its path is another word each time."""

    method: str
    path: str
    body: bytes | None = None
    headers: dict = field(default_factory=dict)


def list_articles(front) -> list[str]:
    """Return the paths of the newest items, as soon as the site answers with its feed."""
    deadline = time.monotonic() + 120
    while not (found := re.findall(r'<entry>.*?<link href="https?://[^/]+(/[^"]+)"', front.get(FEED).text, re.DOTALL)):
        assert time.monotonic() < deadline, "the feed is empty"
        time.sleep(1)
    return found


def list_worst(front) -> dict[str, Request]:
    """Return a request for each kind, of some kinds several, which cost differently.

    Those that take words send others each time, so that nothing remembered answers them.
    """
    page = front.get(list_articles(front)[0]).text
    words = re.sub(r"<[^>]+>", " ", page)
    card = re.search(r"/berita/kartu/[0-9a-f]{12}/kotak\.jpg", page)
    picture = re.search(r"/media/images/[^\s\"']+\.(?:webp|jpg|jpeg|png)", page)
    return {
        "sign_in": _make_guess(front),
        "desk": Request("GET", "/admin/pages/1/edit/"),
        "desk (small form)": _post("/admin/pages/1/edit/", {f"{number}": "" for number in range(2_800)}, front),
        "desk (large form)": _send_fields(front),
        "authenticity (text)": _post("/asli-atau-hoaks/", {"text": (words * 100)[:50_000]}),
        "authenticity (picture)": _send_picture(),
        "confirmation": _post("/narasumber/tidak.dikenal/", {"answer": "ubah", "words": (words * 10)[:2_000]}),
        "search": _ask("/cari/", {"q": f"{TURN} " + "kerjja bakit salurn irigsi desaa " * 5, "halaman": 999}),
        "list_file": Request("GET", "/ppid/unduh/daftar-publikasi.json"),
        "open_data": _ask("/api/v1/materi/", {"halaman": 9999, "q": TURN}),
        "card": Request("GET", f"{card[0] if card else '/berita/kartu/0123456789ab/kotak.jpg'}?x=1"),
        "feed": _ask("/agenda/", {"tahun": 2025, "q": TURN}),
        "file": Request("GET", f"{picture[0] if picture else '/media/images/tiada.webp'}?x=1"),
        "page": _ask("/berita/", {"halaman": 150, "q": TURN}),
    }


def _ask(path: str, values: dict) -> Request:
    return Request("GET", f"{path}?{urlencode(values)}")


def _post(path: str, values: dict, front=None) -> Request:
    """Return a form; ``front``: the site on which it stood, which then gives it back."""
    return Request("POST", path, urlencode(values).encode(), _FORM | (_come_from(front) if front else {}))


def _come_from(front) -> dict[str, str]:
    return {"Origin": f"https://127.0.0.1:{front.port}", "Referer": f"https://127.0.0.1:{front.port}/admin/"}


def _send_fields(front) -> Request:
    """Return a form of the editor, whose session ended, with as many parts as are read."""
    line = "batas-isian"
    parts = "".join(
        f'--{line}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\nKata demi kata\r\n' for n in range(9_990)
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={line}"}
    return Request("POST", "/admin/pages/1/edit/", f"{parts}--{line}--\r\n".encode(), kind | _come_from(front))


def _make_guess(front) -> Request:
    """Return a guess at a password, with the token that the form asks for."""
    page = front.get("/admin/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    cookie = page.headers["set-cookie"].split(";")[0]
    values = {"csrfmiddlewaretoken": token, "login": "tidak.ada", "password": "bukan sandi siapa pun"}
    guess = _post("/admin/login/", values)
    return Request(
        "POST", guess.path, guess.body, _FORM | {"Cookie": cookie, "Referer": f"https://127.0.0.1:{front.port}/"}
    )


def _send_picture() -> Request:
    """Return a question with a picture of as many pixels as are read, without a code in it."""
    side = Image.frombytes("L", (3000, 2000), os.urandom(6_000_000))
    file = io.BytesIO()
    side.save(file, "JPEG", quality=40)
    line = "batas-isian"
    head = [f"--{line}", 'Content-Disposition: form-data; name="picture"; filename="a.jpg"', "Content-Type: image/jpeg"]
    body = "\r\n".join([*head, "", ""]).encode() + file.getvalue() + f"\r\n--{line}--\r\n".encode()
    return Request("POST", "/asli-atau-hoaks/", body, {"Content-Type": f"multipart/form-data; boundary={line}"})


if __name__ == "__main__":
    corpus.grow(sys.argv[1], int(sys.argv[2]))
