"""Cuts, words and counts lists of items."""
