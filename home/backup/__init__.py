"""Backs up the site as one encrypted archive, restores it, and proves that it can be restored."""
