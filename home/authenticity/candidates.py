"""Finds the few items that a text may be of, among all that are live and all that ever were."""

from collections import Counter
from collections.abc import Callable

from home.search import query
from home.search.models import PastText
from home.search.words import STOPWORDS, stem_text
from moderation.models import PublicationPermit
from news.models import NewsPage

from .reading import unmask
from .versions import list_versions

#: Items of each kind that a text is compared with.
CANDIDATES = 12
#: So many neighbouring telling words make a question, and so many where too many items have those.
_WINDOW, _WIDE_WINDOW, _WINDOWS = 4, 12, 8
#: Words of the one question that holds all of them: what was not changed is found by it at once.
_ALL = 64


def find_live(stems: list[str]) -> list[int]:
    """Return the live items in which stretches of the text stand together."""
    return _find(stems, query.find_news)


def find_past(stems: list[str]) -> list[int]:
    """Return the items of which a past version holds such stretches, whatever their age."""
    return _find(stems, query.find_past)


def _find(stems: list[str], ask: Callable[[list[str], int], list[int]]) -> list[int]:
    stems = [stem for stem in stems if stem not in STOPWORDS]
    counted: Counter[int] = Counter()
    whole = list(dict.fromkeys(stems))[:_ALL]
    for stretch in [whole, *_cut(stems, _WINDOW)] if whole else []:
        found = ask(stretch, CANDIDATES)
        counted.update(found)
    if len(counted) >= CANDIDATES:
        # Many items have these words: longer stretches tell the one in question from its like.
        for stretch in _cut(stems, _WIDE_WINDOW):
            counted.update(dict.fromkeys(ask(stretch, CANDIDATES), 2))
    return sorted(counted, key=lambda page_id: (-counted[page_id], -page_id))[:CANDIDATES]


def _cut(stems: list[str], width: int) -> list[list[str]]:
    """Return stretches of this width, spread over the text."""
    last = max(0, len(stems) - width)
    starts = sorted({round(last * turn / (_WINDOWS - 1)) for turn in range(_WINDOWS)})
    return [list(dict.fromkeys(stems[start : start + width])) for start in starts]


def remember(page) -> None:
    """Keep the stems of what citizens read of the page and do not, or not only so, read any more."""
    versions = list_versions([page.pk]).get(page.pk, [])
    if len(versions) > page.live:
        texts = (passage.text for version in versions for passage in version.statements)
        PastText.objects.update_or_create(page_id=page.pk, defaults={"text_stems": stem_text(unmask("\n".join(texts)))})


def on_page_changed(sender, instance, **kwargs) -> None:
    if isinstance(instance, NewsPage):
        remember(instance)


def fill_when_empty(**kwargs) -> None:
    """Remember what was withdrawn or corrected before there was a memory for it."""
    if PastText.objects.exists():
        return
    executed = PublicationPermit.objects.exclude(executed_at=None)
    past = executed.filter(is_correction=True) | executed.filter(page__live=False)
    for page in NewsPage.objects.filter(pk__in=past.values("page_id")).iterator(chunk_size=200):
        remember(page)


def connect() -> None:
    """Follow what goes live and what is taken down."""
    from wagtail.signals import page_published, page_unpublished

    page_published.connect(on_page_changed, dispatch_uid="authenticity_published")
    page_unpublished.connect(on_page_changed, dispatch_uid="authenticity_unpublished")
