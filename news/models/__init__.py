"""The records of the news. One file a subject; import them from here."""

from .category import NewsCategory
from .index import NewsIndexPage
from .kinds import Kind
from .media import Attachment, Photo, Rendition
from .page import NewsPage, NewsPageTag
from .village import Village

__all__ = [
    "Attachment",
    "Kind",
    "NewsCategory",
    "NewsIndexPage",
    "NewsPage",
    "NewsPageTag",
    "Photo",
    "Rendition",
    "Village",
]
