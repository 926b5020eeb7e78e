"""Adds to Wagtail's editor what an item needs."""
