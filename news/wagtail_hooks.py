from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from moderation.desk.views.item.editor import EarlierVersionView, EditorPreviewView, EditorView

from .cards.views import preview_card
from .models import NewsCategory, NewsPage, Village


class ChooserOfExisting(SnippetChooserViewSet):
    """Chooser without Wagtail's address for a new object, which fails where no form for one is named."""

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class NewsCategoryViewSet(SnippetViewSet):
    """Admin of the categories."""

    model = NewsCategory
    chooser_viewset_class = ChooserOfExisting
    icon = "folder-open-inverse"
    menu_label = "Kategori berita"
    menu_order = 400
    add_to_admin_menu = True
    list_display = ["name", "slug"]
    ordering = ["name"]
    search_fields = ["name"]


class VillageViewSet(SnippetViewSet):
    """Admin of the villages by which items are found; pages about them are reference pages."""

    model = Village
    chooser_viewset_class = ChooserOfExisting
    icon = "site"
    menu_label = "Desa"
    menu_order = 405
    add_to_admin_menu = True
    list_display = ["name", "code", "slug"]
    ordering = ["code"]
    search_fields = ["name", "code"]


register_snippet(NewsCategoryViewSet)
register_snippet(VillageViewSet)


class NewsPageViewSet(PageViewSet):
    """Admin of the news: our editor views; the explorer's list stays Wagtail's."""

    model = NewsPage
    parent_models = ()
    edit_view_class = EditorView
    revisions_revert_view_class = EarlierVersionView
    preview_on_edit_view_class = EditorPreviewView


@hooks.register("register_admin_viewset")
def register_news_viewset():
    return NewsPageViewSet()


@hooks.register("insert_editor_js")
def add_pasted_blocks():
    """Add the script that makes blocks of pasted tables and headings."""
    return format_html('<script src="{}" defer></script>', static("news/pasted_blocks.js"))


@hooks.register("register_admin_urls")
def register_card_preview():
    """Register the URL of card previews for staff."""
    return [path("kartu/<slug:shape>.jpg", preview_card, name="news_card_preview")]
