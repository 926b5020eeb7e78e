"""The reference pages that a site of a kecamatan begins with; from then on they are the office's to edit."""

from .build import make_starter_pages

__all__ = ["make_starter_pages"]
