"""``/gaya/``: every token and component of the design, with invented content, by the site's templates."""

import datetime
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home.blocks import ALERT_LEVELS
from news.blocks import TableBlock
from news.lists.related import get_share_links
from news.models import NewsCategory, NewsPage
from news.proof.verification import Verification

from .alerts import Alert

COLOURS = (
    "paper",
    "tint",
    "raised",
    "ink",
    "muted",
    "line",
    "field",
    "link",
    "soga",
    "indigo",
    "gold",
    "alarm",
    "watch",
)
TYPE = ("text-s", "text-m", "text-l", "title-s", "title-m", "title-l")
SPACE = ("space-1", "space-2", "space-3", "space-4", "space-5")


@require_safe
def show_style_guide(request):
    """Render all components on one page; noindex."""
    now = timezone.make_aware(datetime.datetime(2026, 9, 9, 9, 0))  # noqa: DTZ001 - made aware here
    item = _make_item(now)
    context = {
        "colours": COLOURS,
        "type_sizes": TYPE,
        "spaces": SPACE,
        "alerts_shown": [
            Alert(f"gaya-{level}", level, label, "Judul materi yang sudah tayang", "#contoh")
            for level, label in ALERT_LEVELS.items()
        ],
        "item": item,
        "long_item": _make_item(now, title=("Judul yang sangat panjang " * 8).strip()),
        "event": _make_item(now, starts_at=now, ends_at=now + datetime.timedelta(hours=2)),
        "notice": _make_item(now, valid_until=datetime.date(2026, 12, 31)),
        "page_obj": Paginator(range(100), 10).page(3),
        "verification": Verification("009/400.1/IX/2026", now, "ab12cd34ef56" + "0" * 52),
        "corrections": [SimpleNamespace(at=now, text="Jumlah peserta 52 orang, bukan 62.")],
        "share_links": get_share_links("Judul berita", "https://contoh.go.id/"),
        "facts": [{"label": "Waktu penyelesaian", "value": "15 menit"}, {"label": "Biaya", "value": "Gratis"}],
        "table": TableBlock().to_python(
            {
                "caption": "Jadwal pelayanan",
                "rows": "Hari | Jam\nSenin | 08.00–14.00\nSelasa | 08.00–14.00",
                "header": "both",
            }
        ),
        "quote": {"text": "Usulan harus terukur dan dapat dipertanggungjawabkan.", "source": "Camat"},
        "sample_page": SimpleNamespace(
            urgent_facts=[("Bahaya dan dampak", "Angin kencang."), ("Pihak terdampak", "Warga di tepi tebing.")]
        ),
    }
    return render(request, "home/style_guide.html", context)


def _make_item(now, **changes) -> NewsPage:
    """Return an unsaved item with an invented URL."""
    item = NewsPage(
        title="Kerja Bakti Bersihkan Saluran Irigasi Desa",
        lead="Warga bekerja bakti membersihkan saluran irigasi agar air kembali lancar sampai ke petak terjauh.",
        category=NewsCategory(name="Pembangunan", slug="pembangunan"),
        activity_place="Balai desa",
        first_published_at=now,
    )
    item.relative_url = lambda *args, **kwargs: "#contoh"
    for name, value in changes.items():
        setattr(item, name, value)
    return item
