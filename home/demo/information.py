"""Fill the demo's DIP from items that are live."""

from django.conf import settings
from django.urls import reverse
from wagtail.models import Site

from home.models import ServiceIndexPage, SopPage
from moderation import sop
from moderation.models import Disposition, PublicInformation
from moderation.records import public_information
from news.models import Kind, NewsPage

#: Title, summary, classification, time and place.
_NEWS = ("Berita kegiatan kecamatan dan desa", "Kabar kegiatan pemerintahan, pembangunan, dan pelayanan.", "berkala")
_NOTICES = ("Imbauan kedaruratan", "Imbauan kepada warga tentang bahaya yang mengancam.", sop.URGENT)
_SOP = ("SOP Pengelolaan Website dan Media Sosial", "Prosedur penayangan informasi, baris demi baris.", "setiap_saat")
_SERVICES = ("Standar layanan kantor kecamatan", "Syarat, alur, waktu, dan biaya setiap layanan.", "setiap_saat")
_REGISTER = ("Daftar publikasi", "Materi yang ditayangkan menurut SOP, dengan nomor registernya.", "setiap_saat")


def list_information(keeper) -> int:
    """Add the rows as Bidang, where they are missing; return the number of rows."""
    if PublicInformation.objects.exists():
        return PublicInformation.objects.count()
    live = Disposition.objects.filter(page__live=True).exclude(classification__in=("", sop.EXEMPT))
    urgent = live.filter(classification=sop.URGENT)
    news = live.filter(page__in=NewsPage.objects.filter(kind=Kind.NEWS)).exclude(classification=sop.URGENT)
    root = Site.objects.get(is_default_site=True).root_url
    pages = {model: model.objects.live().first() for model in (SopPage, ServiceIndexPage)}
    rows = [
        (_NEWS, news, ""),
        (_NOTICES, urgent, ""),
        *((words, (), pages[model].full_url) for words, model in ((_SOP, SopPage), (_SERVICES, ServiceIndexPage))),
        (_REGISTER, (), f"{root}{reverse('public_register')}"),
    ]
    for (title, summary, classification), items, link in rows:
        words = {"title": title, "summary": summary, "classification": classification, "link": link}
        made = {"made": f"Tahun 2026, {settings.OFFICE_FACTS.name}"}
        public_information.save(keeper, public_information.propose([]) | words | made, [item.pk for item in items])
    return len(rows)
