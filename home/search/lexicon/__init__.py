"""Knows words: roots by which derived ones are read, and what the office says that citizens type for them."""
