"""Measures what pages, the desk and posting cost."""
