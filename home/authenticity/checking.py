"""Compares what a citizen has with what the office published, and says what came of it.

"Asli" is said only where every line stands word for word in one version that was live: a changed
number or a missing "tidak" is what a forgery consists of.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from home.search.words import STOPWORDS
from moderation.chain import corrections
from moderation.models import Withdrawal
from moderation.review.changes.results import TextChange
from moderation.review.changes.texts import Comparison
from moderation.review.changes.words import Budget
from news.models import NewsPage

from . import addresses, candidates
from .addresses import Foreign, Place
from .cutting import cut_out
from .passages import Passage
from .reading import Reading
from .versions import TITLE, Version, list_versions

#: Fewer words stand in many texts and prove nothing, unless they are a whole title.
FEWEST_WORDS = 5
#: From which share of its telling words on a text counts as like an item.
LIKENESS = 0.6
REGISTER_NUMBER = "nomor register"


class Verdict(StrEnum):
    """What is said of the whole; the value names the template's part."""

    GENUINE = "asli"
    CORRECTED = "diralat"
    WITHDRAWN = "diturunkan"
    LIKE_WITHDRAWN = "mirip-diturunkan"
    SIMILAR = "mirip"
    #: The address is the office's, the words beside it are not.
    ONLY_LINK = "tautan-saja"
    #: A page of the site that is no item.
    OFFICE_PAGE = "halaman-resmi"
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
    foreign: tuple[Foreign, ...] = ()
    #: Words with letters of another script, and whether signs turn the order of what is seen.
    disguised: tuple[str, ...] = ()
    is_turned: bool = False
    #: What citizens were told of corrections of the item, the newest first.
    corrections: tuple = ()
    #: Words stand beside the link that nothing was said of.
    is_only_link_checked: bool = False
    is_our_address: bool = False
    has_words: bool = True

    @property
    def is_title_only(self) -> bool:
        return self.places == (TITLE,)


def check(text: str) -> Finding:
    """Say what a pasted text, or the link in it, is."""
    reading = Reading(text)
    ours = [address for address in reading.addresses if addresses.is_ours(address)]
    foreign = [address for address in dict.fromkeys(reading.addresses) if address not in ours]
    place = addresses.look_up(ours[0]) if ours else addresses.look_up_post(foreign) if foreign else Place()
    if place == Place() and not reading.addresses:
        place = addresses.look_up_number(text.strip())
    finding = _check_words(reading, place)
    if finding.verdict in (Verdict.UNKNOWN, Verdict.TOO_SHORT):
        finding = _check_place(place, reading, finding)
    if finding.verdict == Verdict.TOO_SHORT and (ours or foreign):
        finding = replace(finding, verdict=Verdict.UNKNOWN)
    return _add_warnings(finding, reading, foreign, is_our_address=bool(ours))


def _check_words(reading: Reading, place: Place) -> Finding:
    """Say in which version of which item the words stand, or which one they are like."""
    lines = reading.lines
    if not lines:
        return Finding(Verdict.TOO_SHORT)
    keys = candidates.find_live(reading.stems) + ([place.page.pk] if place.page else [])
    live = NewsPage.objects.live().for_cards().in_bulk(keys)
    gone_keys = [key for key in candidates.find_past(reading.stems) if key not in live]
    gone_keys += [place.withdrawal.page_id] if place.withdrawal else []
    gone = Withdrawal.objects.filter(page_id__in=gone_keys, page__live=False).order_by("at", "pk")
    gone = {found.page_id: found for found in gone}
    versions = list_versions([*live, *gone])
    is_short = reading.length < FEWEST_WORDS
    for page_id in [*live, *gone]:
        for age, version in enumerate(versions.get(page_id, ())):
            places = version.find_all(lines)
            if not places or (is_short and lines != [version.title]):
                continue
            if page_id in gone:
                return Finding(Verdict.WITHDRAWN, withdrawal=gone[page_id])
            verdict = Verdict.CORRECTED if age else Verdict.GENUINE
            return Finding(verdict, live[page_id], version, places)
    return Finding(Verdict.TOO_SHORT) if is_short else _find_nearest(reading, live, gone, versions)


def _find_nearest(reading, live, gone, versions) -> Finding:
    """Say which item the text is most like; of one that was withdrawn nothing is shown."""
    asked = {word for line in reading.lines for word in line.split()} - STOPWORDS
    best, nearest = Finding(Verdict.UNKNOWN), LIKENESS
    for page_id in [*live, *gone]:
        for version in versions.get(page_id, ()):
            likeness = max(_measure(asked, passage) for passage in version.statements)
            if likeness > nearest or (likeness == nearest and best.verdict == Verdict.UNKNOWN):
                nearest = likeness
                if page_id in gone:
                    best = Finding(Verdict.LIKE_WITHDRAWN, withdrawal=gone[page_id])
                else:
                    best = Finding(Verdict.SIMILAR, live[page_id], version)
    if best.verdict != Verdict.SIMILAR:
        return best
    # What holds now is what a reader needs, also where the text is from an earlier version.
    current = versions[best.page.pk][0]
    version = current if max(_measure(asked, each) for each in current.statements) >= LIKENESS else best.version
    official = max(version.statements, key=lambda passage: (_measure(asked, passage), -len(passage.text)))
    cut = cut_out(official.text, reading.lines)
    change = Comparison(Budget()).compare_plain("Perbedaan", cut, reading.words.strip())
    return replace(best, version=version, change=change)


def _check_place(place: Place, reading: Reading, finding: Finding) -> Finding:
    """Say what the address alone tells; words beside it that were not found are not vouched for."""
    is_alone = finding.verdict == Verdict.TOO_SHORT or place.is_number
    has_more = bool(reading.lines) and not place.is_number
    if place.page is not None:
        versions = list_versions([place.page.pk]).get(place.page.pk)
        verdict = Verdict.GENUINE if is_alone else Verdict.ONLY_LINK
        where = REGISTER_NUMBER if place.is_number else "unggahan kantor" if place.is_post else "alamat di situs"
        version = versions[0] if versions else None
        return Finding(verdict, place.page, version, (where,), is_only_link_checked=has_more)
    if place.withdrawal is not None:
        verdict = Verdict.WITHDRAWN if is_alone else Verdict.ONLY_LINK
        return Finding(verdict, withdrawal=place.withdrawal, is_only_link_checked=has_more)
    if place.is_page:
        verdict = Verdict.OFFICE_PAGE if is_alone else Verdict.ONLY_LINK
        return Finding(verdict, is_only_link_checked=has_more)
    return finding


def _add_warnings(finding: Finding, reading: Reading, foreign: list[str], *, is_our_address: bool) -> Finding:
    """Add what a reader must know whatever was found; a text with a disguise in it is never called genuine."""
    named = finding.version.addresses if finding.version else ()
    shown = [address for address in foreign if address not in named and not _is_post(address, finding)]
    verdict = finding.verdict
    if (reading.disguised or reading.is_turned) and verdict in (Verdict.GENUINE, Verdict.CORRECTED) and reading.lines:
        verdict = Verdict.SIMILAR
    return replace(
        finding,
        verdict=verdict,
        foreign=tuple(addresses.judge_foreign(address) for address in shown),
        disguised=reading.disguised,
        is_turned=reading.is_turned,
        corrections=tuple(corrections.find_public(finding.page)) if finding.page is not None else (),
        is_our_address=is_our_address,
        has_words=bool(reading.lines),
    )


def _measure(asked: set[str], passage: Passage) -> float:
    """Return the share of the telling words that stand in a text."""
    return len(asked & passage.words) / len(asked) if asked else 0.0


def _is_post(address: str, finding: Finding) -> bool:
    """Say whether an address is that of the item's own post."""
    if finding.page is None and finding.withdrawal is None:
        return False
    page_id = finding.page.pk if finding.page is not None else finding.withdrawal.page_id
    return addresses.is_post_of(address, page_id)
