from django.urls import path

from .authenticity.views import CheckView
from .layout import style_guide
from .open_data import datasets as open_data
from .open_data import public_lists, sitemaps
from .open_data import robots as views
from .search.views import search

urlpatterns = [
    path("asli-atau-hoaks/", CheckView.as_view(), name="genuine"),
    path("api/v1/dip/", open_data.list_information, name="open_information"),
    path("api/v1/materi/", open_data.list_items, name="open_items"),
    path("api/v1/materi/<int:number>/", open_data.show_item, name="open_item"),
    path("api/v1/register/", open_data.list_register, name="open_register"),
    path("cari/", search, name="search"),
    path("ppid/daftar-informasi-publik/", public_lists.show_public_information, name="public_information"),
    path("ppid/daftar-publikasi/", public_lists.show_register, name="public_register"),
    path("gaya/", style_guide.show_style_guide, name="style_guide"),
    path("data-terbuka/", open_data.describe, name="open_data"),
    path("sitemap.xml", sitemaps.show_sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", sitemaps.show_sitemap, name="sitemap_part"),
    path("robots.txt", views.robots, name="robots"),
]
