"""Measures what pages, the desk and posting cost, and ends with all figures as JSON (``make bench``)."""
