import re

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from news.models import NewsPage

RESULTS_PER_PAGE = 10
QUERY_LENGTH = 200

#: What is searched for; signs would be read as operators, or refused, by SQLite's full text search.
WORD = re.compile(r"\w+")


@require_safe
def search(request):
    """Find live pages of this site by the words of their text; without words, only the form is shown."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]
    context = {"words": words}
    if words:
        pages = Page.objects.descendant_of(Site.find_for_request(request).root_page).live().public()
        found = pages.search(" ".join(WORD.findall(words)))
        page_obj = Paginator(found, RESULTS_PER_PAGE).get_page(request.GET.get("halaman"))
        keys = [page.pk for page in page_obj]
        news = NewsPage.objects.for_cards().in_bulk(keys)
        context |= {"page_obj": page_obj, "results": [news.get(page.pk, page) for page in page_obj]}
    return render(request, "home/search.html", context)


@require_safe
def robots(request):
    """Let search engines read everything but the office's screens and the search itself."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('wagtailadmin_home')}",
        f"Disallow: {reverse('search')}",
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
