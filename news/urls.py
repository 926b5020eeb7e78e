from django.urls import path, re_path

from .cards.views import show_card
from .feeds import AtomFeed, RssFeed

app_name = "news"
urlpatterns = [
    path("berita/atom.xml", AtomFeed(), name="atom"),
    path("berita/rss.xml", RssFeed(), name="rss"),
    re_path(r"^berita/kartu/(?P<seal>[0-9a-f]{12})/(?P<shape>kotak|tautan)\.jpg$", show_card, name="card"),
]
