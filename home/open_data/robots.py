from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from . import sitemaps


@require_safe
def robots(request):
    """Render robots.txt: everything but the admin and the search."""
    lines = [
        "User-agent: *",
        # A path of the office's own is told to nobody.
        *(["Disallow: /admin/"] if settings.ADMIN_PATH == "admin/" else []),
        f"Disallow: {reverse('search')}",
        "",
        *(f"Sitemap: {address}" for address in sitemaps.list_addresses(request)),
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
