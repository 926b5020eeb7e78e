"""Backs up the site as one encrypted archive, restores it, moves it to PostgreSQL, and proves that all arrived."""
