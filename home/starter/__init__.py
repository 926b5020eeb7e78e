"""Reference pages, menus and categories of a new site, for the office to edit."""

from .build import make_categories, make_starter_pages

__all__ = ["make_categories", "make_starter_pages"]
