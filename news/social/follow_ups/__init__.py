"""Does to a post what a correction or a take-down asks."""
