"""Lead from an item's short address, which its card's QR code holds, to the item."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from moderation.models import Withdrawal
from news.models import NewsPage


@require_safe
def follow(request, number):
    """Redirect to the live item with this number; of a withdrawn one to its address, which tells of the withdrawal.

    What never was public answers as a number that nobody has: 404.
    """
    page = NewsPage.objects.filter(pk=number).defer_streamfields().first()
    is_known = page is not None and (page.live or Withdrawal.objects.filter(page_id=page.pk).exists())
    address = page.get_url(request) if is_known else None
    if address is None:
        raise Http404("Alamat ini tidak dikenal.")
    return HttpResponsePermanentRedirect(address)
