"""Bounds what one anonymous address may ask, in nginx and in Django, from one table."""
