"""Open data: public items, public register and DIP as JSON. Read-only, without authentication."""

from functools import wraps

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from home.search.indexing import get_text
from moderation.records import public_information, register
from news.models import Kind, NewsPage, NewsPageTag
from news.proof.verification import get_verification, with_verification

ROWS_PER_PAGE = 50
LICENCE = "Informasi publik menurut UU Nomor 14 Tahun 2008. Sebutkan sumbernya dan jangan mengubah isinya."


def readable_by_programs(view):
    """Decorate a view that returns data: answer as JSON in UTF-8 that other origins may read (CORS)."""

    @require_safe
    @wraps(view)
    def wrapped(request, **kwargs):
        response = JsonResponse(view(request, **kwargs), json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped


@require_safe
def describe(request):
    """Render the documentation of the open data."""
    return render(request, "home/open_data.html", {"licence": LICENCE, "rows_per_page": ROWS_PER_PAGE})


@readable_by_programs
def list_items(request):
    """List public items, newest first; ``jenis`` and ``kategori`` filter."""
    items = _find_items(request)
    kind, category = request.GET.get("jenis"), request.GET.get("kategori")
    if kind in Kind.values:
        items = items.filter(kind=kind)
    if category:
        items = items.filter(category__slug=category[:50])
    return _write_page(request, items.latest_first(), lambda page: [_write_item(item, request) for item in page])


@readable_by_programs
def show_item(request, number: int):
    """Return an item with its text."""
    item = _find_items(request).filter(pk=number).first()
    if item is None:
        raise Http404
    return {"lisensi": LICENCE} | _write_item(item, request) | {"teks": get_text(item)}


@readable_by_programs
def list_register(request):
    """List the public rows of the register."""
    items = register.get_public_items({})
    columns = register.PUBLIC_COLUMNS
    return _write_page(request, items, lambda page: [row["cells"] for row in register.get_rows(page, columns)])


@readable_by_programs
def list_information(request):
    """List the DIP: the seven legal columns, classification and links."""
    return _write_page(
        request, public_information.get_rows(), lambda page: [public_information.write_cells(row) for row in page]
    )


def _find_items(request):
    root = Site.find_for_request(request).root_page
    tags = Prefetch("tagged_items", NewsPageTag.objects.select_related("tag"), to_attr="topics")
    items = NewsPage.objects.descendant_of(root).live().select_related("category", "village").prefetch_related(tags)
    return with_verification(items)


def _write_item(item, request) -> dict:
    proof = get_verification(item)
    return {
        "nomor": item.pk,
        "jenis": item.kind,
        "judul": item.title,
        "ringkasan": item.lead,
        "alamat": item.get_full_url(request),
        "kategori": item.shown_category or None,
        "topik": [tagged.tag.name for tagged in item.topics],
        "desa": item.shown_village or None,
        "tempat": item.activity_place,
        "tanggal_kegiatan": item.activity_date,
        "mulai": item.starts_at,
        "selesai": item.ends_at,
        "berlaku_sampai": item.valid_until,
        "tayang": item.first_published_at,
        "diperbarui": item.last_published_at,
        "nomor_register": proof.register_number if proof else None,
        "diverifikasi": proof.verified_at if proof else None,
        "sidik_isi": proof.seal if proof else None,
        "rincian": request.build_absolute_uri(reverse("open_item", args=[item.pk])),
    }


def _write_page(request, rows, write) -> dict:
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("halaman"))
    return {
        "lisensi": LICENCE,
        "jumlah": page.paginator.count,
        "halaman": page.number,
        "halaman_terakhir": page.paginator.num_pages,
        "berikutnya": _get_address(request, page.next_page_number()) if page.has_next() else None,
        "data": write(page),
    }


def _get_address(request, number: int) -> str:
    asked = request.GET.copy()
    asked["halaman"] = number
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
