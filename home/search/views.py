"""The search page: query, filters, excerpts, and help where nothing was found."""

from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from wagtail.models import Page

from news.memo import cached_for_anybody
from news.models import NewsPage

from . import query, snippets, suggestions
from .forms import QUERY_LENGTH, SearchForm
from .models import Entry

RESULTS_PER_PAGE = 10
#: Results of the first suggestion that are shown at once.
INSTEAD = 3


@require_safe
def search(request):
    """Search public pages; show only the form without a query.

    Where no page has the words, similar queries are offered, and below them, said to be so, either pages with words
    that begin as those typed or the results of the first such query.
    """
    words = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]
    form = SearchForm(request.GET)
    facets = form.get_facets()
    context = {"words": words, "form": form, "filters": _keep_filters(form), "is_filtered": bool(facets)}
    question = query.ask(words, facets) if words else None
    if question:
        results = query.find(question)
        page_obj = Paginator(results, RESULTS_PER_PAGE).get_page(request.GET.get("halaman"))
        context |= {"page_obj": page_obj, "is_capped": results.is_capped, "is_prefix": results.question.is_prefix}
        context["results"] = _load(request, list(page_obj), results.question)
        if not context["results"] or results.question.is_prefix:
            context |= _help(request, words, question, is_answered=bool(context["results"]))
    return render(request, "home/search.html", context)


def _help(request, text: str, question, *, is_answered: bool) -> dict:
    """Return what the page says where no page has the words as they are; beginnings of words may be an answer."""
    found = suggestions.suggest(text, question.facets)
    if is_answered:
        return {"suggestions": found.texts if found.are_spelling else []}
    context = {"suggestions": found.texts, "are_spelling": found.are_spelling}
    if found.texts:
        instead = query.ask(found.texts[0], question.facets)
        keys = query.list_first(instead, INSTEAD)
        context |= {"instead": _load(request, keys, instead), "instead_words": found.texts[0]}
    if question.facets:
        context["count_unfiltered"] = len(query.find(replace(question, facets=())))
    return context


@dataclass(frozen=True)
class Result:
    """A page that was found, with marked title and excerpt."""

    page: Page
    title: SafeString
    lines: SafeString

    @property
    def label(self) -> str:
        """What a page beside the news is called."""
        return "Layanan" if self.page.cached_content_type.model == "servicepage" else "Halaman"


def _load(request, keys: list[int], question) -> list[Result]:
    """Return the results of these keys in order; pages not cached are fetched together."""
    fetch = cache(lambda: _fetch(keys))
    found = [cached_for_anybody(request, ("found", key), lambda key=key: fetch().get(key)) for key in keys]
    stems = question.stems
    return [
        Result(
            page,
            snippets.mark(page.title, stems, is_prefix=question.is_prefix),
            snippets.cut_and_mark(text, stems, is_prefix=question.is_prefix),
        )
        for page, text in filter(None, found)
    ]


def _fetch(keys: list[int]) -> dict[int, tuple[Page, str]]:
    """Return pages with what a result shows of them, and their texts, by key."""
    news = NewsPage.objects.for_cards().in_bulk(keys)
    others = Page.objects.in_bulk([key for key in keys if key not in news])
    texts = dict(Entry.objects.filter(page__in=keys).values_list("page_id", "text"))
    return {key: (page, texts.get(key, "")) for key, page in (others | news).items()}


def _keep_filters(form) -> str:
    """Return the filters as a query string, for pagination links."""
    kept = {name: form.data.get(name) for name in ("jenis", "kategori", "tahun") if form.cleaned_data.get(name)}
    return f"&{urlencode(kept)}" if kept else ""
