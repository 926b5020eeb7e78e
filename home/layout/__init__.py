"""Layout of public pages: office, menus, banners, style guide."""
