"""Compare a citizen's text or link with what the office published.

The verdict is "asli" only where every sentence is unchanged in one version that was live, because a forgery
may change a single number or drop a "tidak". The cost of a check is bounded for any input.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from home.search.words import STOPWORDS
from moderation.chain import corrections
from moderation.models import Withdrawal
from moderation.review.changes.results import TextChange
from moderation.review.changes.texts import Comparison
from moderation.review.changes.word_matching import Budget
from news.memo import cached_until_change
from news.models import NewsPage

from . import addresses, candidates
from .addresses import MOST_ADDRESSES, Foreign, Identity, Place
from .comparison.cutting import cut_out
from .comparison.differences import Difference, find_differences
from .comparison.matching import FEWEST_WORDS, Extent, Match, Matcher
from .comparison.passages import Effort, Passage
from .comparison.reading import Reading
from .comparison.tokens import normalise_address
from .version_passages import TITLE
from .versions import Version, load

#: Minimum share of a text's distinctive words to count as similar to an item.
LIKENESS = 0.6
REGISTER_NUMBER = "nomor register"
#: Maximum additions shown, and characters of each.
_MOST_ADDITIONS, _LONGEST_ADDITION = 10, 400
#: Maximum characters of a text whose differences are shown word by word.
_LONGEST_COMPARED = 12_000
#: What is shown of an item.
_FIELDS = ("title", "lead", "slug", "path", "depth", "url_path", "live", "first_published_at", "locale_id")
#: Marks that may be missing at the end of the last sentence.
_FULL_STOPS = ".! \n"


class Verdict(StrEnum):
    """Verdict on the whole; the value names the part of the template."""

    GENUINE = "asli"
    #: All official sentences, with other words around them.
    ADDED = "ditambah"
    #: Some official sentences, unchanged.
    PART = "sebagian"
    CORRECTED = "diralat"
    WITHDRAWN = "diturunkan"
    LIKE_WITHDRAWN = "mirip-diturunkan"
    SIMILAR = "mirip"
    #: The URL is the office's, the words beside it are not.
    ONLY_LINK = "tautan-saja"
    #: A page of the site other than an item.
    OFFICE_PAGE = "halaman-resmi"
    UNKNOWN = "tidak-ditemukan"
    TOO_SHORT = "terlalu-pendek"


@dataclass(frozen=True)
class Finding:
    """Result of a check: the item as live now, the version of the text, and the differences."""

    verdict: Verdict
    page: NewsPage | None = None
    version: Version | None = None
    places: tuple[str, ...] = ()
    #: Words around the official ones, as written.
    additions: tuple[str, ...] = ()
    change: TextChange | None = None
    #: Numbers, times and dates that differ from the official text.
    differences: tuple[Difference, ...] = ()
    withdrawal: Withdrawal | None = None
    #: Foreign URLs in the text, and the number of further ones.
    foreign: tuple[Foreign, ...] = ()
    more_foreign: int = 0
    #: Words with lookalike letters, and whether the text contains bidirectional controls.
    disguised: tuple[str, ...] = ()
    is_turned: bool = False
    #: Public corrections of the item, newest first.
    corrections: tuple = ()
    #: Whether there are words beside the link that were not found.
    is_only_link_checked: bool = False
    is_our_address: bool = False
    has_words: bool = True

    @property
    def is_title_only(self) -> bool:
        return self.places == (TITLE,)


def check(text: str) -> Finding:
    """Check a pasted text, or the link in it."""
    return _Check(text).answer()


class _Check:
    """One check with the data loaded for it."""

    def __init__(self, text: str):
        self.text = text
        self.identity = Identity.load()
        self.reading = Reading(text, self.identity.words)
        self.words = self.reading.words
        self.ours = [address for address in self.reading.addresses if self.identity.is_ours(address)]
        ours = set(self.ours)
        self.foreign = [address for address in self.reading.addresses if address not in ours]
        self.posts = addresses.look_up_posts(self.foreign)

    def answer(self) -> Finding:
        finding = self._check_words()
        if finding.verdict in (Verdict.UNKNOWN, Verdict.TOO_SHORT):
            finding = self._check_place(finding)
        is_whole = bool(self.reading.addresses) or addresses.is_like_number(self.text.strip())
        if finding.verdict == Verdict.TOO_SHORT and is_whole:
            finding = replace(finding, verdict=Verdict.UNKNOWN)
        return self._add_warnings(finding)

    @cached_property
    def place(self) -> Place:
        """What the first URL of the office or of a post leads to."""
        if self.ours:
            return self.identity.look_up(self.ours[0])
        return addresses.look_up_post(next(iter(self.posts.values()), None))

    @cached_property
    def versions(self) -> list[Version]:
        """The versions to compare with, likeliest first, live ones before past ones."""
        page_id = self.place.withdrawal.page_id if self.place.withdrawal else self.place.page_id
        keys = candidates.find(self.reading.said)
        order = {key: turn for turn, key in enumerate(keys)}
        found = load(keys, page_id) if keys or page_id else []
        return sorted(found, key=lambda each: (not each.is_current, order.get(each.permit_id, len(keys))))

    @cached_property
    def gone(self) -> dict[int, Withdrawal]:
        """The last take-down of each withdrawn item."""
        keys = {version.page_id for version in self.versions if not version.is_live}
        found = Withdrawal.objects.filter(page_id__in=keys).order_by("pk") if keys else []
        return {withdrawal.page_id: withdrawal for withdrawal in found}

    def _check_words(self) -> Finding:
        """Find the version that contains the words, else the most similar one."""
        if not self.words:
            return Finding(Verdict.TOO_SHORT)
        is_short = len(self.words) < FEWEST_WORDS
        matcher = Matcher(self.reading, self.identity.words, Effort())
        best: dict[Extent, tuple[Version, Match]] = {}
        for version in self.versions:
            if is_short and f" {' '.join(self.words)} " != version.title:
                continue
            if not self._is_known(version):
                continue
            match = matcher.match(version.passages)
            if match.extent is Extent.ADDED and version.is_live and not version.is_current:
                # Compare with the live version, to show both the addition and the correction.
                continue
            best.setdefault(match.extent, (version, match))
            if match.extent is Extent.WHOLE:
                break
        for extent in (Extent.WHOLE, Extent.PART, Extent.ADDED):
            if extent in best:
                return self._tell(*best[extent])
        return Finding(Verdict.TOO_SHORT) if is_short else self._find_nearest()

    def _tell(self, version: Version, match: Match) -> Finding:
        """Return the finding of a match, given the item's current state."""
        if version.page_id in self.gone:
            is_added = match.extent is Extent.ADDED
            verdict = Verdict.LIKE_WITHDRAWN if is_added else Verdict.WITHDRAWN
            return Finding(verdict, withdrawal=self.gone[version.page_id])
        verdicts = {Extent.WHOLE: Verdict.GENUINE, Extent.PART: Verdict.PART, Extent.ADDED: Verdict.ADDED}
        verdict = verdicts[match.extent] if version.is_current else Verdict.CORRECTED
        additions = tuple(text[:_LONGEST_ADDITION] for text in match.additions[:_MOST_ADDITIONS])
        return Finding(verdict, _get_page(version.page_id), version, match.places, additions)

    def _find_nearest(self) -> Finding:
        """Return the most similar item; show nothing of a withdrawn one."""
        asked = set(self.words) - STOPWORDS
        best, nearest = None, LIKENESS
        for version in self.versions:
            likeness = max((_measure(asked, passage) for passage in version.statements), default=0.0)
            if self._is_known(version) and (likeness > nearest or (likeness == nearest and best is None)):
                best, nearest = version, likeness
        if best is None:
            return Finding(Verdict.UNKNOWN)
        if best.page_id in self.gone:
            return Finding(Verdict.LIKE_WITHDRAWN, withdrawal=self.gone[best.page_id])
        return self._compare(best, asked)

    def _compare(self, version: Version, asked: set[str]) -> Finding:
        """Return the differences from the live version if the text is similar to it, else from its own."""
        current = next((each for each in self.versions if each.page_id == version.page_id and each.is_current), version)
        if max((_measure(asked, each) for each in current.statements), default=0.0) >= LIKENESS:
            version = current
        official = max(version.statements, key=lambda passage: (_measure(asked, passage), -len(passage.text)))
        said = self.reading.said[:_LONGEST_COMPARED].rstrip(_FULL_STOPS)
        cut = cut_out(official.text, self.words)[: 2 * _LONGEST_COMPARED].rstrip(_FULL_STOPS)
        change = Comparison(Budget(cells=60_000)).compare_plain("Perbedaan", cut, said)
        page, differences = _get_page(version.page_id), find_differences(change)
        return Finding(Verdict.SIMILAR, page, version, change=change, differences=differences)

    def _is_known(self, version: Version) -> bool:
        """Say whether the version's item is live, or was taken down with a record."""
        return version.is_live or version.page_id in self.gone

    def _check_place(self, finding: Finding) -> Finding:
        """Return the finding of the URL alone; it makes no claim about words that were not found."""
        is_number = not self.reading.addresses
        place = addresses.look_up_number(self.text.strip()) if is_number else self.place
        has_more = bool(self.words) and not place.is_number
        is_alone = finding.verdict == Verdict.TOO_SHORT or place.is_number
        if place.page_id is not None:
            verdict = Verdict.GENUINE if is_alone else Verdict.ONLY_LINK
            where = REGISTER_NUMBER if place.is_number else "unggahan kantor" if place.is_post else "alamat di situs"
            known = load((), place.page_id) if is_number else self.versions
            version = next((each for each in known if each.page_id == place.page_id and each.is_current), None)
            return Finding(verdict, _get_page(place.page_id), version, (where,), is_only_link_checked=has_more)
        if place.withdrawal is not None:
            verdict = Verdict.WITHDRAWN if is_alone else Verdict.ONLY_LINK
            return Finding(verdict, withdrawal=place.withdrawal, is_only_link_checked=has_more)
        if place.is_page:
            verdict = Verdict.OFFICE_PAGE if is_alone else Verdict.ONLY_LINK
            return Finding(verdict, is_only_link_checked=has_more)
        return finding

    def _add_warnings(self, finding: Finding) -> Finding:
        """Add the warnings; a text with lookalike letters is never "asli"."""
        named = finding.version.addresses if finding.version else frozenset()
        shown = [
            address
            for address in self.foreign
            if f"@{normalise_address(address)}" not in named and not self._is_own_post(address, finding)
        ]
        verdict = finding.verdict
        is_hidden = bool(self.reading.disguised or self.reading.is_turned) and bool(self.words)
        if is_hidden and verdict in (Verdict.GENUINE, Verdict.PART, Verdict.ADDED, Verdict.CORRECTED):
            verdict = Verdict.SIMILAR
        return replace(
            finding,
            verdict=verdict,
            foreign=tuple(self.identity.judge_foreign(address) for address in shown[:MOST_ADDRESSES]),
            more_foreign=max(0, len(shown) - MOST_ADDRESSES),
            disguised=self.reading.disguised,
            is_turned=self.reading.is_turned,
            corrections=_list_corrections(finding.page) if finding.page is not None else (),
            is_our_address=bool(self.ours),
            has_words=bool(self.words),
        )

    def _is_own_post(self, address: str, finding: Finding) -> bool:
        """Say whether a URL is that of a post of the found item."""
        disposition_id = self.posts.get(address)
        if disposition_id is None:
            return False
        if finding.version is not None:
            return finding.version.disposition_id == disposition_id
        own = [version for version in self.versions if version.disposition_id == disposition_id]
        page_id = finding.withdrawal.page_id if finding.withdrawal else getattr(finding.page, "pk", None)
        return any(version.page_id == page_id for version in own)


def _get_page(page_id: int) -> NewsPage:
    """Return what is shown of a live item, kept until something public changes."""
    return cached_until_change(("checked item", page_id), lambda: NewsPage.objects.only(*_FIELDS).get(pk=page_id))


def _list_corrections(page: NewsPage) -> tuple:
    """Return the public corrections of a live item, newest first, kept until something public changes."""
    return cached_until_change(("checked item's corrections", page.pk), lambda: tuple(corrections.find_public(page)))


def _measure(asked: set[str], passage: Passage) -> float:
    """Return the share of the distinctive words that a text contains."""
    return len(asked & passage.words) / len(asked) if asked else 0.0
