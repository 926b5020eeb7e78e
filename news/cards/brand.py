"""Port for the office's name and logo on cards, which the app with the office's settings supplies."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Brand:
    """The office's name, the line below it, its logo and colours; without a logo the site's mark is drawn."""

    name: str = ""
    line: str = ""
    logo: object | None = None
    colours: object | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Key of the brand; a change makes earlier cards outdated."""
        return self.name, self.line, self.logo.file.name if self.logo else "", str(self.colours)


_get_brand: Callable[[], Brand] | None = None


def register_brand(get_brand: Callable[[], Brand]) -> None:
    """Register the function that returns the brand; called from an ``AppConfig.ready``."""
    global _get_brand
    _get_brand = get_brand


def get_brand() -> Brand:
    """Return the office's current name and logo."""
    return _get_brand() if _get_brand else Brand()
