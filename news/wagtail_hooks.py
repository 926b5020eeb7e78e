from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import NewsCategory


class NewsCategoryViewSet(SnippetViewSet):
    """The categories, kept by people who are no engineers."""

    model = NewsCategory
    icon = "folder-open-inverse"
    menu_label = "Kategori berita"
    menu_order = 400
    add_to_admin_menu = True
    list_display = ["name", "slug"]
    ordering = ["name"]
    search_fields = ["name"]


register_snippet(NewsCategoryViewSet)
