"""Prepares the layout of public pages: office, menus, banners, style guide."""
