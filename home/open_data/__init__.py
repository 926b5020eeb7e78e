"""Publishes what programs read: datasets, sitemaps, structured data, robots.txt."""
