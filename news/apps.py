from django.apps import AppConfig


class NewsConfig(AppConfig):
    """The office's news: pages that go live through the SOP, their pictures and lists."""

    name = "news"
    verbose_name = "Berita"

    def ready(self):
        from moderation.evidence.triggers import register_triggers
        from moderation.ports.jobs import register_job
        from moderation.ports.signals import page_corrected, page_taken_down

        from .cards.keeping import drop_cards, drop_overtaken_cards
        from .editor.links import label_link_forms
        from .lists import long_lists
        from .models import triggers
        from .picture_files import prerender
        from .picture_files.removal import drop_pictures

        label_link_forms()
        long_lists.connect(self)
        triggers.connect()
        register_triggers(triggers.get_triggers)
        page_taken_down.connect(drop_pictures, dispatch_uid="news_drop_pictures")
        page_taken_down.connect(drop_cards, dispatch_uid="news_drop_cards")
        page_corrected.connect(drop_overtaken_cards, dispatch_uid="news_drop_overtaken_cards")
        register_job("gambar materi", prerender.make_next, every_seconds=2)
