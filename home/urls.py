from django.urls import path

from .authenticity.views import CheckView
from .layout import style_guide
from .layout.emblem import show_emblem
from .layout.information_forms import show_form
from .open_data import datasets, public_lists, robots, sitemaps
from .search.views import search

urlpatterns = [
    path("asli-atau-hoaks/", CheckView.as_view(), name="genuine"),
    path("api/v1/dip/", datasets.list_information, name="open_information"),
    path("api/v1/materi/", datasets.list_items, name="open_items"),
    path("api/v1/materi/<int:number>/", datasets.show_item, name="open_item"),
    path("api/v1/register/", datasets.list_register, name="open_register"),
    path("cari/", search, name="search"),
    path("ppid/daftar-informasi-publik/", public_lists.show_public_information, name="public_information"),
    path("ppid/formulir/<slug:name>.pdf", show_form, name="information_form"),
    path("ppid/daftar-publikasi/", public_lists.show_register, name="public_register"),
    path("ppid/unduh/<slug:name>.<slug:ending>", public_lists.download, name="public_list_file"),
    path("lambang/", show_emblem, name="emblem"),
    path("gaya/", style_guide.show_style_guide, name="style_guide"),
    path("data-terbuka/", datasets.describe, name="open_data"),
    path("sitemap.xml", sitemaps.show_sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", sitemaps.show_sitemap, name="sitemap_part"),
    path("robots.txt", robots.robots, name="robots"),
]
