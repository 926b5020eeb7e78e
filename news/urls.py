from django.urls import path, re_path

from .cards.views import show_card, show_office_card
from .public import calendars, short_links
from .public.feeds import AtomFeed, RssFeed

app_name = "news"
urlpatterns = [
    # A QR code writes it in capitals.
    re_path(r"^[bB]/(?P<number>[1-9][0-9]{0,8})/?$", short_links.follow, name="short_link"),
    path("berita/atom.xml", AtomFeed(), name="atom"),
    path("berita/rss.xml", RssFeed(), name="rss"),
    path("berita/kategori/<slug:category>/atom.xml", AtomFeed(), name="category_atom"),
    path("berita/kategori/<slug:category>/rss.xml", RssFeed(), name="category_rss"),
    path("berita/tag/<slug:topic>/atom.xml", AtomFeed(), name="topic_atom"),
    path("berita/tag/<slug:topic>/rss.xml", RssFeed(), name="topic_rss"),
    path("agenda/agenda.ics", calendars.show_coming, name="calendar"),
    path("agenda/<int:year>-<int:month>.ics", calendars.show_month, name="calendar_month"),
    path("agenda/acara/<slug:slug>.ics", calendars.show_event, name="calendar_event"),
    path("berita/kartu/kantor.jpg", show_office_card, name="office_card"),
    re_path(r"^berita/kartu/(?P<seal>[0-9a-f]{12})/(?P<shape>kotak|tautan)\.jpg$", show_card, name="card"),
]
