"""Paginates lists of items, renders their teasers and finds their periods."""
