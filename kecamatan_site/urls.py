"""All addresses of the site; what no other line claims is a Wagtail page."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from moderation.account import DeskAccountView

handler400 = "kecamatan_site.bad_request.answer_bad_request"

urlpatterns = [
    # Before Wagtail's own screen of the same address.
    path("admin/account/", require_admin_access(DeskAccountView.as_view())),
    path("admin/", include(wagtailadmin_urls)),
    path("dokumen/", include(wagtaildocs_urls)),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("", include("home.urls")),
    path("", include("news.urls")),
]

if settings.SERVE_MEDIA:
    # Only what is made for the public: the originals of pictures and the documents have no address.
    urlpatterns.append(
        re_path(r"^media/(?P<path>(?:images|avatar_images)/.+)$", serve, {"document_root": settings.MEDIA_ROOT})
    )

urlpatterns.append(path("", include(wagtail_urls)))
