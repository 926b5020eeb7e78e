from django.urls import path

from .feeds import AtomFeed, RssFeed

app_name = "news"
urlpatterns = [
    path("berita/atom.xml", AtomFeed(), name="atom"),
    path("berita/rss.xml", RssFeed(), name="rss"),
]
