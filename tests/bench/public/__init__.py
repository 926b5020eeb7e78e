"""Measures what public pages cost, kept as files and not."""
