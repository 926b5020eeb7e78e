"""Reads the news for the front page, feeds and calendars."""
