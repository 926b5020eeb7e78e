"""Prepares what stands on every public page: office, menus, banners."""
