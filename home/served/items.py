"""Each item that was ever live, asked for at its address: what is live is whole, what was taken down answers 410."""

from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from wagtail.models import Page

from moderation.evidence.addresses.guards import get_address
from moderation.management.proof.checks import Part
from moderation.models import PublicationPermit
from moderation.ports.seal import shorten

from .fetching import fetch

ITEMS_A_PART = 20
_GONE = 410
_FILES = (settings.MEDIA_URL, "/dokumen/")


def take_part(cursor) -> Part:
    """Ask for the next items; ``cursor``: the key of the last one's page."""
    published = PublicationPermit.objects.exclude(completed_at=None).values("page_id")
    pages = Page.objects.filter(pk__in=published, pk__gt=cursor or 0).order_by("pk")
    pages = list(pages.only("pk", "live", "url_path", "title")[:ITEMS_A_PART])
    if not pages:
        return Part()
    seals: dict[int, list[str]] = {}
    orders = PublicationPermit.objects.carried_out().filter(page__in=pages)
    for page_id, seal in orders.values_list("page_id", "seal"):
        seals.setdefault(page_id, []).append(seal)
    answered: dict[str, int] = {}
    found = []
    for page in pages:
        ask = _ask_for_live if page.live else _ask_for_gone
        problem = ask(page, seals[page.pk], answered)
        if problem and _is_still(page):
            found.append(f"“{page.title}” {problem}")
    return Part(found, pages[-1].pk)


def _is_still(page) -> bool:
    """Say whether the page did not go live or down since it was read."""
    return Page.objects.filter(pk=page.pk, live=page.live).exists()


def _get_path(page) -> str:
    return f"{get_address(page.url_path) or ''}/"


def _ask_for_live(page, seals, answered) -> str | None:
    path = _get_path(page)
    answer = fetch(path)
    if answer.status != 200:
        return f"tidak terbaca warga di {path}: situs menjawab {_write(answer.status)}."
    if shorten(seals[0]) not in answer.text:
        return f"terbaca di {path} tanpa sidik isinya ({shorten(seals[0])})."
    for file in list_files(answer.text):
        status = answered.get(file) or answered.setdefault(file, fetch(file).status)
        if status != 200:
            return f"menampilkan {file}, tetapi situs menjawab {_write(status)}."
    return None


def list_files(html: str) -> list[str]:
    """Return the pictures and documents of this site that a page shows, each once."""
    soup = BeautifulSoup(html, "html.parser")
    named = [str(tag[name]) for name in ("src", "href") for tag in soup.select(f"[{name}]")]
    sets = [part.split() for tag in soup.find_all(srcset=True) for part in str(tag["srcset"]).split(",")]
    addresses = [*named, *(words[0] for words in sets if words)]
    inside = [address.removeprefix(settings.SITE_URL) for address in addresses]
    return list(dict.fromkeys(address for address in inside if address.startswith(_FILES)))


def _ask_for_gone(page, seals, answered) -> str | None:
    path = _get_path(page)
    status = fetch(path).status
    if status != _GONE:
        return f"telah diturunkan, tetapi {path} menjawab {_write(status)}, bukan {_GONE}."
    cards = [reverse("news:card", args=[seal[:12], shape]) for seal in seals for shape in ("kotak", "tautan")]
    slug = path.rstrip("/").rpartition("/")[2]
    for other in (*cards, reverse("news:calendar_event", args=[slug])):
        if fetch(other).status == 200:
            return f"telah diturunkan, tetapi {other} masih terbaca."
    return None


def _write(status: int) -> str:
    return str(status) if status else "tidak sama sekali"
