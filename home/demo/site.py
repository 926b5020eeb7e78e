"""What stands around the news: the office's settings, the welcome, the categories, a page about the kecamatan."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import slugify
from wagtail.models import Site

from home.models import HomePage, OfficeSettings
from home.starter import make_starter_pages
from moderation import sop
from news.models import Kind, NewsCategory, NewsIndexPage, NewsPage

CATEGORIES = (
    "Pemerintahan",
    "Pembangunan",
    "Pemberdayaan Masyarakat",
    "Kesehatan",
    "Sosial",
    "Ketenteraman dan Ketertiban",
    "Pelayanan Publik",
    "Pertanian",
    "Pendidikan dan Kebudayaan",
    "Kebencanaan",
)
#: The end of the rainy season that the demo's warning is about.
BANNER_ENDS = datetime(2027, 3, 31, 17, tzinfo=UTC)
WELCOME = (
    "<p>Berita dan pengumuman resmi dari 13 desa di Kecamatan Mojogedang. Setiap berita disusun dari bahan yang "
    "tercatat, diverifikasi, dan ditayangkan menurut SOP Pengelolaan Website dan Media Sosial.</p>"
)


def make_categories() -> dict[str, NewsCategory]:
    """Return the categories by name; those that are missing are made."""
    return {
        name: NewsCategory.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0] for name in CATEGORIES
    }


def point_site_here() -> None:
    """Let addresses in feeds and posts lead to where the demo runs, as long as the site is a local one."""
    site = Site.objects.get(is_default_site=True)
    here = urlsplit(settings.SITE_URL)
    if site.hostname not in ("localhost", "127.0.0.1"):
        return
    port = here.port or (443 if here.scheme == "https" else 80)
    if (site.hostname, site.port) != (here.hostname, port):
        site.hostname, site.port = here.hostname, port
        site.save()


def dress_site() -> None:
    """Mark the site as a demo and say what it is about; only for a site that has no news yet."""
    site = Site.objects.get(is_default_site=True)
    OfficeSettings.objects.update_or_create(site=site, defaults={"is_demo": True})
    home = HomePage.objects.get()
    home.welcome_heading = "Selamat datang di situs Kecamatan Mojogedang"
    home.welcome_text = WELCOME
    home.save_revision().publish()
    index = NewsIndexPage.objects.get(kind="berita")
    index.introduction = "Kabar kegiatan pemerintahan, pembangunan, dan pelayanan di Kecamatan Mojogedang."
    index.save_revision().publish()
    make_starter_pages()


def put_in_front() -> None:
    """Let a banner warn of the latest urgent item and the front page begin with a story."""
    office = OfficeSettings.objects.get(site__is_default_site=True)
    urgent = NewsPage.objects.live().filter(classification=sop.URGENT).latest_first().first()
    story = NewsPage.objects.live().filter(kind=Kind.NEWS, slug__startswith="musrenbang").first()
    if urgent is not None:
        alert = {"level": "waspada", "page": urgent, "starts_at": None, "ends_at": BANNER_ENDS}
        office.alerts = [("alert", alert)]
    if story is not None:
        office.highlights = [("news", story)]
    office.save()
