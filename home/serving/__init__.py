"""Decides how responses and files leave: site, headers, media."""
