"""Reference pages and menus of a new site, for the office to edit."""

from .build import make_starter_pages

__all__ = ["make_starter_pages"]
