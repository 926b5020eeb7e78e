"""The records of the news. One file a subject; import them from here."""

from .category import NewsCategory
from .index import NewsIndexPage
from .media import Attachment, Photo, Rendition
from .page import NewsPage, NewsPageTag

__all__ = [
    "Attachment",
    "NewsCategory",
    "NewsIndexPage",
    "NewsPage",
    "NewsPageTag",
    "Photo",
    "Rendition",
]
