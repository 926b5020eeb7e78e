from django.urls import path

from . import public_lists, views
from .search.views import search

urlpatterns = [
    path("cari/", search, name="search"),
    path("ppid/daftar-informasi-publik/", public_lists.show_public_information, name="public_information"),
    path("ppid/daftar-publikasi/", public_lists.show_register, name="public_register"),
    path("robots.txt", views.robots, name="robots"),
]
