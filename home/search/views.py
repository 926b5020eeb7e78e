"""The search page: query, filters, excerpts, and suggestions where nothing was found."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from news.models import NewsPage

from . import query, snippets
from .forms import QUERY_LENGTH, SearchForm
from .models import Entry

RESULTS_PER_PAGE = 10


@require_safe
def search(request):
    """Search public pages; show only the form without a query."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]
    form = SearchForm(request.GET)
    facets = form.get_facets()
    context = {"words": words, "form": form, "filters": _keep_filters(form), "is_filtered": bool(facets)}
    question = query.ask(words, facets) if words else None
    if question:
        results = query.find(question)
        page_obj = Paginator(results, RESULTS_PER_PAGE).get_page(request.GET.get("halaman"))
        context |= {"page_obj": page_obj, "is_capped": results.is_capped}
        context["results"] = _load(list(page_obj), results.question)
    if words and not context.get("results"):
        context["suggestions"] = query.suggest(words, facets)
        context["count_unfiltered"] = len(query.find(query.ask(words))) if question and facets else 0
    return render(request, "home/search.html", context)


def _load(keys: list[int], question) -> list:
    """Return the pages of these keys in order, each with marked title and excerpt."""
    news = NewsPage.objects.for_cards().in_bulk(keys)
    others = Page.objects.in_bulk([key for key in keys if key not in news])
    texts = dict(Entry.objects.filter(page__in=keys).values_list("page_id", "text"))
    pages = [news.get(key) or others[key] for key in keys if key in news or key in others]
    stems = set(question.stems)
    for page in pages:
        page.marked_title = snippets.mark(page.title, stems, is_prefix=question.is_prefix)
        page.marked_lines = snippets.cut_and_mark(texts.get(page.pk, ""), stems, is_prefix=question.is_prefix)
    return pages


def _keep_filters(form) -> str:
    """Return the filters as a query string, for pagination links."""
    kept = {name: form.data.get(name) for name in ("jenis", "kategori", "tahun") if form.cleaned_data.get(name)}
    return f"&{urlencode(kept)}" if kept else ""
