from django.apps import AppConfig


class NewsConfig(AppConfig):
    """The office's news: pages that go live through the SOP, their pictures and lists."""

    name = "news"
    verbose_name = "Berita"
