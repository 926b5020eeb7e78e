"""Wagtail's screens of sites, which offer no second one and say why."""

from django.forms import ModelForm
from wagtail.models import Site
from wagtail.sites.forms import SiteForm
from wagtail.sites.views import IndexView

from moderation.evidence.addresses import guards as addresses

_get_add_url = IndexView.get_add_url


def clean(form: SiteForm) -> None:
    """Refuse a second site in the form, where what was typed stays."""
    if addresses.is_second_site(form.instance):
        form.add_error(None, addresses.ONE_SITE)
    ModelForm.clean(form)


def get_add_url(view: IndexView) -> str | None:
    """Return the address of the form for a new site; None where there is one."""
    return None if Site.objects.exists() else _get_add_url(view)


# By the time this is imported Wagtail has made its views with these classes.
SiteForm.clean = clean
IndexView.get_add_url = get_add_url
