"""Under whose name a card goes out: asked of the app above, which keeps the office's settings."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Brand:
    """The office's name, the line below it, and its logo; without a logo the site's own mark is drawn."""

    name: str = ""
    line: str = ""
    logo: object | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes a card that was drawn before an old one."""
        return self.name, self.line, self.logo.file.name if self.logo else ""


_get_brand: Callable[[], Brand] | None = None


def register_brand(get_brand: Callable[[], Brand]) -> None:
    """Say who knows the office's name and logo; called from an ``AppConfig.ready``."""
    global _get_brand
    _get_brand = get_brand


def get_brand() -> Brand:
    """Return the name and logo of the office as its settings have them now."""
    return _get_brand() if _get_brand else Brand()
