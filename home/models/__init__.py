"""Page types beside the news, and the office's settings; import them from here."""

from .front import HomePage
from .lookup import ContactPage, DownloadsPage, FaqPage, SopPage
from .office import OfficeSettings
from .services import ServiceIndexPage, ServicePage
from .standard import StandardPage
from .synonyms import Synonym
from .villages import VillageIndexPage, VillagePage

__all__ = [
    "ContactPage",
    "DownloadsPage",
    "FaqPage",
    "HomePage",
    "OfficeSettings",
    "ServiceIndexPage",
    "ServicePage",
    "SopPage",
    "StandardPage",
    "Synonym",
    "VillageIndexPage",
    "VillagePage",
]
