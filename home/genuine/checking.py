"""Compares what a citizen has with what the office published, and says what came of it.

"Asli" is said only where every line stands word for word in one version that was live: a changed
number or a missing "tidak" is what a forgery consists of.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

from home.search import query
from home.search.words import STOPWORDS, clean, split
from moderation import channels
from moderation.changes.results import TextChange
from moderation.changes.texts import Comparison
from moderation.changes.words import Budget
from moderation.models import Disposition, Withdrawal
from news.models import NewsPage

from .versions import Version, join, list_versions

#: Fewer words stand in many texts and prove nothing.
FEWEST_WORDS = 5
#: From which share of its telling words on a text counts as like an item.
LIKENESS = 0.6
CANDIDATES = 12
#: Take-downs that a text is compared with: what spreads now was withdrawn lately.
WITHDRAWALS = 20
#: So many neighbouring telling words make a question to the search.
_WINDOW, _WINDOWS = 4, 8
_ADDRESS = re.compile(r"https?://[^\s<>\"']+|\bwww\.[^\s<>\"']+", re.IGNORECASE)
_HASHTAG = re.compile(r"#\w+")


class Verdict(StrEnum):
    """What is said of the whole; the value names the template's part."""

    GENUINE = "asli"
    CORRECTED = "diralat"
    WITHDRAWN = "diturunkan"
    SIMILAR = "mirip"
    UNKNOWN = "tidak-ditemukan"
    TOO_SHORT = "terlalu-pendek"


@dataclass(frozen=True)
class Finding:
    """The answer: the item as it is live now, the version the text is from, and what differs."""

    verdict: Verdict
    page: object = None
    version: Version | None = None
    places: tuple[str, ...] = ()
    change: TextChange | None = None
    withdrawal: Withdrawal | None = None
    #: Addresses in the text that are not the office's.
    foreign: tuple[str, ...] = ()


def check(text: str) -> Finding:
    """Say what a pasted text, or the link in it, is."""
    addresses = [found.rstrip(".,;:!?)") for found in _ADDRESS.findall(text)]
    ours = [address for address in addresses if _is_ours(address)]
    foreign = tuple(dict.fromkeys(address for address in addresses if not _is_ours(address)))
    words = _HASHTAG.sub(" ", _ADDRESS.sub(" ", clean(text)))
    lines = [line for line in map(join, words.splitlines()) if line]
    if sum(len(line.split()) for line in lines) >= FEWEST_WORDS:
        finding = _check_words(words, lines)
    elif ours:
        finding = _check_address(ours[0])
    elif foreign:
        finding = _check_post(foreign)
    else:
        return Finding(Verdict.TOO_SHORT)
    shown = tuple(address for address in foreign if not _is_post(address, finding))
    return Finding(**{**vars(finding), "foreign": shown})


def _check_words(words: str, lines: list[str]) -> Finding:
    live = NewsPage.objects.live().for_cards().in_bulk(_find_candidates(words))
    best = Finding(Verdict.UNKNOWN)
    nearest = LIKENESS
    for page_id, versions in list_versions(live).items():
        for place, version in enumerate(versions):
            found = [version.find(line) for line in lines]
            if all(found):
                verdict = Verdict.CORRECTED if place else Verdict.GENUINE
                return Finding(verdict, live[page_id], version, tuple(dict.fromkeys(found)))
            likeness = _measure_likeness(lines, version)
            if likeness >= nearest:
                nearest, best = likeness, Finding(Verdict.SIMILAR, live[page_id], version)
    if best.verdict == Verdict.UNKNOWN:
        return _check_withdrawn(lines) or best
    version = best.version
    official = max((text for _place, text in version.texts), key=lambda text: (_measure_text(lines, text), -len(text)))
    change = Comparison(Budget()).compare_plain("Perbedaan", _cut_out(official, lines), words.strip())
    return Finding(Verdict.SIMILAR, best.page, version, change=change)


def _check_withdrawn(lines: list[str]) -> Finding | None:
    """Say that a text was taken down; what it said is not repeated."""
    latest = {found.page_id: found for found in Withdrawal.objects.filter(page__live=False)[:WITHDRAWALS]}
    for page_id, versions in list_versions(latest).items():
        if any(all(version.find(line) for line in lines) for version in versions):
            return Finding(Verdict.WITHDRAWN, withdrawal=latest[page_id])
    return None


def _check_address(address: str) -> Finding:
    """Say what stands at an address of this site now."""
    slug = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    path = f"{urlsplit(address).path.rstrip('/')}/"
    page = next((found for found in NewsPage.objects.live().for_cards().filter(slug=slug) if found.url == path), None)
    if page is not None:
        versions = list_versions([page.pk]).get(page.pk)
        return Finding(Verdict.GENUINE, page, versions[0] if versions else None, ("alamat di situs",))
    gone = Withdrawal.objects.filter(page__slug=slug, page__live=False).select_related("page")
    withdrawal = next((found for found in gone if found.page.url_path.endswith(path)), None)
    return Finding(Verdict.WITHDRAWN, withdrawal=withdrawal) if withdrawal else Finding(Verdict.UNKNOWN)


def _check_post(addresses) -> Finding:
    """Say whether an address is that of a post of the office."""
    disposition_id = next(filter(None, map(channels.find_post, addresses)), None)
    item = Disposition.objects.filter(pk=disposition_id).first()
    page = NewsPage.objects.live().for_cards().filter(pk=item.page_id).first() if item else None
    if page is None:
        return Finding(Verdict.UNKNOWN)
    versions = list_versions([page.pk]).get(page.pk)
    return Finding(Verdict.GENUINE, page, versions[0] if versions else None, ("unggahan kantor",))


def _find_candidates(words: str) -> list[int]:
    """Return the live items in which stretches of the text stand together, the newest first."""
    stems = [word.stem for word in split(words) if word.plain not in STOPWORDS]
    last = max(0, len(stems) - _WINDOW)
    starts = sorted({round(last * turn / (_WINDOWS - 1)) for turn in range(_WINDOWS)})
    stretches = {tuple(dict.fromkeys(stems[start : start + _WINDOW])) for start in starts}
    found = (query.Results(query.Question(stretch))[0:CANDIDATES] for stretch in sorted(stretches) if stretch)
    counted: dict[int, int] = {}
    for page_ids in found:
        for page_id in page_ids:
            counted[page_id] = counted.get(page_id, 0) + 1
    return sorted(counted, key=lambda page_id: (-counted[page_id], -page_id))[:CANDIDATES]


def _cut_out(official: str, lines: list[str]) -> str:
    """Return the part of the official text that the lines are about: where most of their pairs of words stand."""
    asked = [word for line in lines for word in line.split()]
    pairs = set(pairwise(asked))
    official = clean(official)
    words = list(split(official))
    hits = [place for place, (one, two) in enumerate(pairwise(words)) if (one.plain, two.plain) in pairs]
    if not hits:
        return official
    reach = len(asked) + len(asked) // 4
    begin = max(range(len(hits)), key=lambda turn: bisect_right(hits, hits[turn] + reach) - turn)
    last = bisect_right(hits, hits[begin] + reach) - 1
    return official[words[hits[begin]].start : words[hits[last] + 1].end]


def _measure_likeness(lines, version: Version) -> float:
    return max(_measure_text(lines, text) for _place, text in version.texts)


def _measure_text(lines, text: str) -> float:
    """Return the share of the telling words of the lines that stand in a text."""
    asked = {word for line in lines for word in line.split()} - STOPWORDS
    return len(asked & set(join(text).split())) / len(asked) if asked else 0.0


def _is_ours(address: str) -> bool:
    host = (urlsplit(address if "://" in address else f"//{address}").hostname or "").lower()
    known = set(Site.objects.values_list("hostname", flat=True)) | {urlsplit(settings.SITE_URL).hostname}
    return host in known


def _is_post(address: str, finding: Finding) -> bool:
    """Say whether an address is that of the item's own post."""
    found = channels.find_post(address)
    return found is not None and finding.page is not None and found == finding.page.disposition.pk
