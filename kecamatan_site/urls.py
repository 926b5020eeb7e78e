"""URL patterns of the site; Wagtail's pages come last."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.home import default as answer_unknown
from wagtail.documents import urls as wagtaildocs_urls

from home.serving import media, site_screens  # noqa: F401 - changes Wagtail's screens of sites
from moderation.desk.views.item.source_answer import SourceAnswerView
from moderation.sign_in.views import DeskAccountView

handler400 = "kecamatan_site.failures.bad_request.answer_bad_request"
handler500 = "kecamatan_site.failures.server_error.answer_server_error"

urlpatterns = [
    # These replace Wagtail's views of the same URLs.
    path(f"{settings.ADMIN_PATH}account/", require_admin_access(DeskAccountView.as_view())),
    # Wagtail's deliberate fault, which anybody at the desk could set off: each one is logged and mailed as a real one.
    path(
        f"{settings.ADMIN_PATH}failwhale/", wagtailadmin_urls.display_custom_404(require_admin_access(answer_unknown))
    ),
    path(settings.ADMIN_PATH, include("moderation.sign_in.urls")),
    path(settings.ADMIN_PATH, include("moderation.desk.library.urls")),
    path(settings.ADMIN_PATH, include("home.serving.redirect_screens")),
    path(settings.ADMIN_PATH, include(wagtailadmin_urls)),
    path("dokumen/<int:document_id>/<str:document_filename>", media.serve_document),
    path("media/images/<str:name>", media.serve_rendition),
    path("media/avatar_images/<str:name>", media.serve_avatar),
    path("dokumen/", include(wagtaildocs_urls)),
    path("narasumber/<str:token>/", SourceAnswerView.as_view(), name="source_answer"),
    path("", include("home.urls")),
    path("", include("news.urls")),
    # Replaces a sign-in of Wagtail's for readers of restricted pages, which asks for the password alone.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("", include(wagtail_urls)),
]
