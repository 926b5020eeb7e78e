"""Wagtail's forms of a redirect, which say why one is refused; included before Wagtail's own addresses."""

from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.contrib.redirects import views
from wagtail.contrib.redirects.forms import RedirectForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .redirects import find_refusal


class GuardedRedirectForm(RedirectForm):
    """Form of a redirect that leads to what citizens can read."""

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        for field, refusal in find_refusal(self.instance).items():
            self.add_error(field, refusal)

    class Meta(RedirectForm.Meta):
        model = Redirect


# Wagtail's import reads the form of each row from its module; a refused row is named in the report.
views.RedirectForm = GuardedRedirectForm

urlpatterns = decorate_urlpatterns(
    [
        path("redirects/add/", views.CreateView.as_view(form_class=GuardedRedirectForm)),
        path("redirects/<int:redirect_id>/", views.EditView.as_view(form_class=GuardedRedirectForm)),
    ],
    require_admin_access,
)
