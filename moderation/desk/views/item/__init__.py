"""Screens of one item: worksheet, steps, comments, files, editor."""
