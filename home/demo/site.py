"""Fill the demo's office settings, welcome, banner and highlights."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

from home.models import HomePage, OfficeSettings, ServiceIndexPage
from home.starter import make_starter_pages
from moderation import sop
from news.models import Kind, NewsIndexPage, NewsPage

#: When the demo's banner ends: with the rainy season.
BANNER_ENDS = datetime(2027, 3, 31, 17, tzinfo=UTC)
#: Of the demo alone: an office's own are not known before it says them.
HOURS = "Senin–Kamis pukul 07.30–16.00 WIB\nJumat pukul 07.30–11.30 dan 13.00–16.30 WIB"
STANDARD = {
    "facilities": "Ruang tunggu, kursi roda, dan loket yang dapat dicapai tanpa tangga.",
    "competence": "Memahami administrasi kependudukan dan mampu mengoperasikan perangkat perekaman.",
    "supervision": "Oleh Kepala Seksi Pelayanan, setiap bulan.",
    "staff": "Dua orang pada setiap loket.",
    "guarantee": "Dilayani menurut standar ini dan tanpa pungutan.",
    "safety": "Berkas pemohon disimpan dalam lemari terkunci.",
    "evaluation": "Survei kepuasan masyarakat setiap semester.",
}
WELCOME = (
    "<p>Berita dan pengumuman resmi dari {jumlah_desa} desa di {kecamatan}. Setiap berita disusun dari bahan yang "
    "tercatat, diverifikasi, dan ditayangkan menurut SOP Pengelolaan Website dan Media Sosial.</p>"
)


def point_site_here() -> None:
    """Set host and port of a local site to those of SITE_URL."""
    site = Site.objects.get(is_default_site=True)
    here = urlsplit(settings.SITE_URL)
    if site.hostname not in ("localhost", "127.0.0.1"):
        return
    port = here.port or (443 if here.scheme == "https" else 80)
    if (site.hostname, site.port) != (here.hostname, port):
        site.hostname, site.port = here.hostname, port
        site.save()


def dress_site() -> None:
    """Mark the site as a demo and fill its settings; called for a site without news only."""
    site = Site.objects.get(is_default_site=True)
    OfficeSettings.objects.update_or_create(site=site, defaults={"is_demo": True, "hours": HOURS})
    home = HomePage.objects.get()
    home.welcome_heading = f"Selamat datang di situs {settings.OFFICE_FACTS.name}"
    home.welcome_text = settings.OFFICE_FACTS.fill(WELCOME)
    home.save_revision().publish()
    index = NewsIndexPage.objects.get(kind="berita")
    index.introduction = f"Kabar kegiatan pemerintahan, pembangunan, dan pelayanan di {settings.OFFICE_FACTS.name}."
    index.save_revision().publish()
    make_starter_pages()
    services = ServiceIndexPage.objects.get()
    services.standard.extend(STANDARD.items())
    services.save_revision().publish()


def put_in_front() -> None:
    """Put the latest urgent item into a banner and a story at the top of the front page."""
    office = OfficeSettings.objects.get(site__is_default_site=True)
    urgent = NewsPage.objects.live().filter(classification=sop.URGENT).latest_first().first()
    story = NewsPage.objects.live().filter(kind=Kind.NEWS, slug__startswith="musrenbang").first()
    if urgent is not None:
        alert = {"level": "waspada", "page": urgent, "starts_at": None, "ends_at": BANNER_ENDS}
        office.alerts = [("alert", alert)]
    if story is not None:
        office.highlights = [("news", story)]
    office.save()
