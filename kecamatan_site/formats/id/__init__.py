"""Formats of dates and numbers in Indonesian."""
