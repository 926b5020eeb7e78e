"""The bounds of anonymous requests, a row for each kind of address; nginx's rules and Django's come from here.

Every kind has two: one for each subscriber and one for all together. ``per_minute`` leaves room for a village behind
one address of its carrier: what many phones read is kept as files, which nginx gives out without counting, and sixty
phones that each search every quarter of a minute make 240 searches. ``together`` is so much that a kind at its worst
takes about half of one processor, by what its dearest request costs (``make abuse``); beyond it nginx spaces what
comes, so that no more than one or two processes of the program work for one kind, and a flood of one kind slows no
other. At the desk it spares devices on which somebody has signed in before, since strangers must not keep the office
out.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings

from home.authenticity.qr import LARGEST_FILE

#: Seconds after which whoever was refused may try again; every bucket has room by then.
RETRY_AFTER = 30
#: Bytes of a form without files, its field names included.
_FORM = 64 * 1024
#: Of a form of few fields; ten thousand take ten times as long to read.
_SMALL_FORM = 16 * 1024


@dataclass(frozen=True)
class Bounds:
    """What one kind of address may cost.

    ``starts``: how its paths begin, without the first slash; None for the row of everything else. ``per_minute`` and
    ``burst``: requests of one subscriber, on average and at once. ``unspaced``: how many of the burst nginx passes on
    at once before it spaces the rest; None for half. ``together``: requests a minute of all subscribers.
    ``at_once``: how many of those pass together before the rest is spaced; None for as many as one may send.
    ``spares_devices``: whether a known device is left out of that. ``body``: bytes of a request. ``queries``: of the
    worst request. ``forms``: the rows of forms of nobody who is signed in, the smaller first, where those cost more
    than what else is asked; Django alone can tell them from the office's.
    """

    name: str
    starts: tuple[str, ...] | None
    per_minute: int
    burst: int
    queries: int
    together: int
    unspaced: int | None = None
    at_once: int | None = None
    body: int = _FORM
    spares_devices: bool = False
    forms: tuple["Bounds", ...] = ()

    def matches(self, path: str) -> bool:
        """Say whether a path, without its first slash, is of this kind."""
        return self.starts is None or path.startswith(self.starts)

    def find_form(self, length: int) -> "Bounds":
        """Return the row of a form of so many bytes that nobody who is signed in sends."""
        return next((row for row in self.forms if length <= row.body), self)

    @property
    def pattern(self) -> str:
        """The paths as a regular expression, for nginx, which may have rewritten the path to a kept file."""
        starts = "|".join(re.escape(start) for start in self.starts or ("",))
        return rf"^(?:/(?:pages|nowhere))?/(?:{starts})"

    @property
    def delay_after(self) -> int:
        """How many requests at once nginx passes on before it spaces the rest of the burst."""
        return self.burst // 2 if self.unspaced is None else self.unspaced

    @property
    def together_burst(self) -> int:
        """What all subscribers may ask at once: ten seconds' worth, so long does nginx let a request wait."""
        return self.together // 6

    @property
    def together_delay(self) -> int:
        """How many requests of all subscribers at once nginx passes on: as many as one may send, so that nobody alone
        delays the others; fewer where few ask, or each holds a process of the program for long."""
        return min(self.at_once or self.burst, self.together_burst)


def get_table() -> list[Bounds]:
    """Return the rows; the first that matches counts."""
    return _make_table(settings.ADMIN_PATH, settings.MAX_REQUEST_BYTES)


@cache
def _make_table(admin: str, largest: int) -> list[Bounds]:
    return [
        Bounds(
            "sign_in",
            (
                f"{admin}login/",
                f"{admin}password_reset/",
                "_util/",
                "dokumen/authenticate_with_password/",
            ),
            per_minute=30,
            burst=30,
            unspaced=4,
            together=90,
            at_once=1,
            spares_devices=True,
            queries=20,
        ),
        # Whoever is signed in is not counted by Django; nginx counts an office of many people as one subscriber.
        Bounds(
            "desk",
            (admin,),
            per_minute=1800,
            burst=300,
            unspaced=20,
            together=1200,
            at_once=20,
            spares_devices=True,
            queries=5,
            body=largest,
            forms=_list_forms(admin, largest),
        ),
        Bounds(
            "authenticity",
            ("asli-atau-hoaks/",),
            per_minute=30,
            burst=6,
            unspaced=1,
            together=60,
            at_once=2,
            queries=30,
            body=LARGEST_FILE + 1024 * 1024,
        ),
        # A link for a quoted person, asked and answered once; guesses are refused by the signature alone.
        Bounds(
            "confirmation",
            ("narasumber/",),
            per_minute=30,
            burst=6,
            unspaced=2,
            together=60,
            at_once=2,
            queries=60,
            body=_SMALL_FORM,
        ),
        Bounds("search", ("cari/",), per_minute=240, burst=8, unspaced=3, together=960, queries=48),
        # A whole list costs a quarter of a millisecond a row: one at a time.
        Bounds("list_file", ("ppid/unduh/",), per_minute=6, burst=3, unspaced=1, together=20, at_once=1, queries=25),
        Bounds(
            "open_data",
            ("api/v1/", "ppid/", "data-terbuka/"),
            per_minute=120,
            burst=8,
            unspaced=2,
            together=480,
            at_once=3,
            queries=25,
        ),
        Bounds("card", ("berita/kartu/",), per_minute=120, burst=12, unspaced=3, together=240, at_once=4, queries=15),
        Bounds(
            "feed",
            (
                "berita/atom.xml",
                "berita/rss.xml",
                "berita/kategori/",
                "berita/tag/",
                "agenda/",
                "sitemap",
                "robots.txt",
            ),
            per_minute=300,
            burst=30,
            unspaced=10,
            together=1200,
            at_once=10,
            queries=20,
        ),
        Bounds(
            "file",
            ("media/", "dokumen/", "lambang/"),
            per_minute=1800,
            burst=60,
            unspaced=30,
            together=4800,
            at_once=20,
            queries=15,
        ),
        Bounds("page", None, per_minute=1200, burst=15, unspaced=5, together=2400, queries=45),
    ]


def _list_forms(admin: str, largest: int) -> tuple[Bounds, ...]:
    """Return the rows of forms whose session ended: the whole form is read, and given back.

    An open screen sends small ones by itself, and goes on after its session. Those of all together are few, since the
    office's devices are known: a large one holds a process for half a second, so only one passes at once.
    """
    small = Bounds(
        "desk_form",
        (admin,),
        per_minute=120,
        burst=20,
        together=30,
        spares_devices=True,
        queries=5,
        body=_SMALL_FORM,
    )
    large = replace(small, name="desk_large_form", per_minute=20, burst=4, together=6, body=largest)
    return small, large


def find_bounds(path: str) -> Bounds:
    """Return the row of a request's path."""
    return next(row for row in get_table() if row.matches(path.removeprefix("/")))
