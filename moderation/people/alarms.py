"""Raise an alarm when a watch finds a difference outside the database: once for each, and again when it is mended."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.models import Discrepancy, Watch
from moderation.models.roles import users_with_role

from .notifications import tell

ALARMED_ROLES = (sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS)
#: Differences of one watch that are kept open; more say no more.
KEPT = 300
#: Differences described in one mail; the rest are counted.
TOLD = 5
#: Characters of each version that are kept, and that a mail shows.
LONGEST, SHOWN = 4000, 600


@dataclass(frozen=True)
class Found:
    """A difference as a watch finds it; the fields are those of ``Discrepancy``."""

    place: str
    aspect: str
    expected: str = ""
    received: str = ""
    seen_as: str = ""

    def trim(self) -> "Found":
        """Return it as the database takes it: no longer than its fields, without null characters."""
        lengths = {"place": 600, "aspect": 60, "expected": LONGEST, "received": LONGEST, "seen_as": 200}
        parts = {name: getattr(self, name)[:length] for name, length in lengths.items()}
        return Found(**{name: part.replace("\x00", "\N{REPLACEMENT CHARACTER}") for name, part in parts.items()})

    @property
    def fingerprint(self) -> str:
        """Return the same for the same change in another place: what came there, or else what is missing."""
        return hashlib.sha256(f"{self.aspect}\n{self.received or self.expected}".encode()).hexdigest()


def raise_alarm(subject: str, body: str) -> None:
    """Mail everyone who holds a role in ``ALARMED_ROLES``, with a link to the screen Keutuhan."""
    people = {user.pk: user for role in ALARMED_ROLES for user in users_with_role(role)}
    for user in people.values():
        tell(user, subject, body, address=reverse("moderation:integrity"))


@transaction.atomic
def settle(watch: Watch, places: Collection[str], found: Iterable[Found]) -> None:
    """Record what a look at these places found; what is open there and was not found again is mended."""
    Watch.objects.select_for_update().get(pk=watch.pk)
    now = timezone.now()
    by_key = {(each.place, each.aspect): each for each in (each.trim() for each in found)}
    open_rows = {(row.place, row.aspect): row for row in watch.discrepancies.filter(mended_at=None)}
    known = {row.fingerprint for row in open_rows.values()}
    fresh = [each for key, each in by_key.items() if key not in open_rows]
    looked_at = {place[:600] for place in places}
    mended = [row for key, row in open_rows.items() if row.place in looked_at and key not in by_key]
    for row in mended:
        row.mended_at = now
    Discrepancy.objects.bulk_update(mended, ["mended_at"])
    room = max(0, KEPT - len(open_rows) + len(mended))
    Discrepancy.objects.bulk_create(_make_row(watch, each, now) for each in fresh[:room])
    # The same change in one more place is no new alarm, and no end of it while another place has it.
    of_known = {each.place for each in fresh if each.fingerprint in known}
    news = [each for each in fresh[:room] if each.place not in of_known]
    still = {row.fingerprint for row in open_rows.values() if row.mended_at is None}
    still |= {each.fingerprint for each in fresh[:room]}
    of_still = {row.place for row in mended if row.fingerprint in still}
    over = [row for row in mended if row.place not in of_still]
    if news:
        raise_alarm(f"Peringatan: {_SUBJECTS[Watch.Part(watch.part)]}", _describe_news(watch, news))
    if over:
        raise_alarm(f"Pulih: {watch.get_part_display()}", _describe_mended(over))


_SUBJECTS = {
    Watch.Part.SITE: "yang diterima warga berbeda dari yang diverifikasi",
    Watch.Part.CHANNELS: "unggahan di kanal berbeda dari yang diperintahkan",
}


def _make_row(watch, found: Found, now) -> Discrepancy:
    return Discrepancy(
        watch=watch,
        place=found.place,
        aspect=found.aspect,
        expected=found.expected,
        received=found.received,
        seen_as=found.seen_as,
        fingerprint=found.fingerprint,
        found_at=now,
    )


def _describe_news(watch, news: list[Found]) -> str:
    """Return the mail's body: both versions of each difference, one below the other, as phones show them best."""
    one_each = _take_first(news)
    lines = [f"{watch.get_part_display()}: {len(news)} perbedaan baru."]
    for each in one_each[:TOLD]:
        others = sum(other.fingerprint == each.fingerprint for other in news) - 1
        lines += ["", f"{each.place}{f' dan {others} tempat lain' if others else ''}", f"Yang berbeda: {each.aspect}"]
        lines += [f"Dilihat {each.seen_as}"] if each.seen_as else []
        lines += [f"SEHARUSNYA: {_show(each.expected)}", f"DITERIMA: {_show(each.received)}"]
    if len(one_each) > TOLD:
        lines += ["", f"Dan {len(one_each) - TOLD} macam perbedaan lain; semuanya tercantum di layar Keutuhan."]
    return "\n".join([*lines, "", "Beri tahu pengelola situs sebelum menayangkan berita baru."])


def _describe_mended(rows: list[Discrepancy]) -> str:
    lines = [
        f"- {row.place}: {row.aspect}, ditemukan {timezone.localtime(row.found_at):%d-%m-%Y %H.%M}"
        for row in _take_first(rows)
    ]
    return "\n".join(["Perbedaan ini tidak ditemukan lagi:", "", *lines[:20]])


def _take_first(found: Iterable) -> list:
    """Return the first of each fingerprint, in their order."""
    firsts: dict = {}
    for each in found:
        firsts.setdefault(each.fingerprint, each)
    return list(firsts.values())


def _show(text: str) -> str:
    """Return a version for a mail: on one line, with addresses that no mail program makes a link of."""
    return " ".join(text.split())[:SHOWN].replace("http", "hxxp") or "(tidak ada)"
