"""Read the view restrictions of a page that is no alias, in one query; Wagtail checks for aliases first."""

from wagtail.models import PageViewRestriction


def get_restrictions(page):
    """Return the restrictions on the page and on all pages above it."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return PageViewRestriction.objects.filter(page__path__in=paths)
