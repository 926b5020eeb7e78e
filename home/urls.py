from django.urls import path

from . import public_lists, style_guide, views
from .genuine.views import CheckView
from .search.views import search

urlpatterns = [
    path("asli-atau-hoaks/", CheckView.as_view(), name="genuine"),
    path("cari/", search, name="search"),
    path("ppid/daftar-informasi-publik/", public_lists.show_public_information, name="public_information"),
    path("ppid/daftar-publikasi/", public_lists.show_register, name="public_register"),
    path("gaya/", style_guide.show_style_guide, name="style_guide"),
    path("robots.txt", views.robots, name="robots"),
]
