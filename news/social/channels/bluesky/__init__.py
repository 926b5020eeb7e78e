"""Bluesky, behind its AT Protocol."""
